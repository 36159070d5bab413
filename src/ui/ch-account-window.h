#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The account: what is known, what can be changed, where one is logged in, what one agreed to, and the end.
 */
#define CH_TYPE_ACCOUNT_WINDOW (ch_account_window_get_type ())
G_DECLARE_FINAL_TYPE (ChAccountWindow, ch_account_window, CH, ACCOUNT_WINDOW, AdwWindow)

GtkWidget *ch_account_window_new (ChFront *front, GtkWindow *parent);

G_END_DECLS
