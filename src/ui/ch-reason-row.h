#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* One thing a reviewer wants corrected: what, why, what was given, and the button that leads there.
 * Signal: `open`. */
#define CH_TYPE_REASON_ROW (ch_reason_row_get_type ())
G_DECLARE_FINAL_TYPE (ChReasonRow, ch_reason_row, CH, REASON_ROW, AdwPreferencesRow)

GtkWidget *ch_reason_row_new (const char *field,
                              const char *name,
                              const char *reason,
                              const char *given,
                              const char *button);
const char *ch_reason_row_get_field (ChReasonRow *self);
void ch_reason_row_set_mended (ChReasonRow *self, gboolean mended);
void ch_reason_row_set_can_open (ChReasonRow *self, gboolean can_open);
gboolean ch_reason_row_grab_button (ChReasonRow *self);

G_END_DECLS
