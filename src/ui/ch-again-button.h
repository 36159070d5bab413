#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Beside a code that is sent to a mobile or by mail: has it sent, and once more when the time has come. Until
 * then it counts the seconds. */
#define CH_TYPE_AGAIN_BUTTON (ch_again_button_get_type ())
G_DECLARE_FINAL_TYPE (ChAgainButton, ch_again_button, CH, AGAIN_BUTTON, AdwBin)

GtkWidget *ch_again_button_new (gboolean was_sent);
void ch_again_button_set_time (ChAgainButton *self, gint64 again);
void ch_again_button_set_busy (ChAgainButton *self, gboolean is_busy);

G_END_DECLS
