#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Looking up applications without an account: document number and SMS code, then what was found, to be looked
 * at only. Signal: `back`. */
#define CH_TYPE_LOOKUP_PAGE (ch_lookup_page_get_type ())
G_DECLARE_FINAL_TYPE (ChLookupPage, ch_lookup_page, CH, LOOKUP_PAGE, AdwBin)

GtkWidget *ch_lookup_page_new (ChFront *front);
void ch_lookup_page_focus (ChLookupPage *self);
gboolean ch_lookup_page_go_back (ChLookupPage *self);

G_END_DECLS
