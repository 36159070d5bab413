#pragma once

#include "ui/ch-ui.h"

#include "base/ch-error.h"

G_BEGIN_DECLS

/* Headline · what to do · the id, small · one action by the error’s advice. Goes when the cause goes; nobody
 * closes it. Signals: `retry`; `log-in`. */
#define CH_TYPE_ERROR_BAR (ch_error_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChErrorBar, ch_error_bar, CH, ERROR_BAR, AdwBin)

GtkWidget *ch_error_bar_new (void);
void ch_error_bar_show (ChErrorBar *self, const GError *error);
void ch_error_bar_hide (ChErrorBar *self);

G_END_DECLS
