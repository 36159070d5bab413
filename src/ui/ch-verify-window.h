#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Verification of certificates, one or a folder of them; needs no login, and with what was fetched before no
 * network either. */
#define CH_TYPE_VERIFY_WINDOW (ch_verify_window_get_type ())
G_DECLARE_FINAL_TYPE (ChVerifyWindow, ch_verify_window, CH, VERIFY_WINDOW, AdwWindow)

GtkWidget *ch_verify_window_new (GtkApplication *application, ChFront *front);
void ch_verify_window_look_at_files (ChVerifyWindow *self, const char *const *paths);
void ch_verify_window_look_at_cert (ChVerifyWindow *self, ChCertItem *item);

G_END_DECLS
