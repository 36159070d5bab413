#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The certificates of the tokens here and of the account. Property: `in-detail`. */
#define CH_TYPE_CERTS_VIEW (ch_certs_view_get_type ())
G_DECLARE_FINAL_TYPE (ChCertsView, ch_certs_view, CH, CERTS_VIEW, AdwBin)

void ch_certs_view_set_front (ChCertsView *self, ChFront *front);
void ch_certs_view_show (ChCertsView *self, const char *serial);
gboolean ch_certs_view_is_in_detail (ChCertsView *self);
void ch_certs_view_go_back (ChCertsView *self);

G_END_DECLS
