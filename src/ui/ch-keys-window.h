#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The keys that are plugged in and the software tokens of this PC: how the PIN of each stands, what is on it,
 * and what can be done. Follows plugging in and out; needs neither a login nor the CA. */
#define CH_TYPE_KEYS_WINDOW (ch_keys_window_get_type ())
G_DECLARE_FINAL_TYPE (ChKeysWindow, ch_keys_window, CH, KEYS_WINDOW, AdwWindow)

GtkWidget *ch_keys_window_new (ChFront *front, GtkWindow *parent);

G_END_DECLS
