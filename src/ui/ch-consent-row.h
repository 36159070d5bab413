#pragma once

#include "ui/ch-ui.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* One agreement to be ticked on its own, never preset; its name opens the text. Signal: `changed`. */
#define CH_TYPE_CONSENT_ROW (ch_consent_row_get_type ())
G_DECLARE_FINAL_TYPE (ChConsentRow, ch_consent_row, CH, CONSENT_ROW, GtkBox)

GtkWidget *ch_consent_row_new (const ChConsentText *consent);
gboolean ch_consent_row_is_ticked (ChConsentRow *self);
gboolean ch_consent_row_check (ChConsentRow *self);

G_END_DECLS
