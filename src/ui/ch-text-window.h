#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A text to be read before it leaves this PC, with what can be done with it: copied, and saved under @name if
 * that is given. Signal: `save`. */
#define CH_TYPE_TEXT_WINDOW (ch_text_window_get_type ())
G_DECLARE_FINAL_TYPE (ChTextWindow, ch_text_window, CH, TEXT_WINDOW, AdwWindow)

GtkWidget *ch_text_window_new (GtkWindow *parent,
                               const char *title,
                               const char *subtitle,
                               const char *text,
                               const char *save_label);

G_END_DECLS
