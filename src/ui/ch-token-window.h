#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What is done to a software token as a whole, one deed a window: change-passphrase, back-up, export, move,
 * moved, import, test, delete. */
#define CH_TYPE_TOKEN_WINDOW (ch_token_window_get_type ())
G_DECLARE_FINAL_TYPE (ChTokenWindow, ch_token_window, CH, TOKEN_WINDOW, AdwWindow)

GtkWidget *ch_token_window_new (ChFront *front, const char *deed, const char *serial);

G_END_DECLS
