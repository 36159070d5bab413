#pragma once

#include "ui/ch-ui.h"

#include "front/ch-front.h"

G_BEGIN_DECLS

/* Choosing one of the certificates on the media of one kind that are here, and its PIN or passphrase. It
 * follows plugging in and out; how often the PIN may be tried is said before it is typed. Signals:
 * `activated`: Enter in the last field; `changed`: there are others to choose of, or the chosen one stands otherwise. */
#define CH_TYPE_TOKEN_LOGIN (ch_token_login_get_type ())
G_DECLARE_FINAL_TYPE (ChTokenLogin, ch_token_login, CH, TOKEN_LOGIN, GtkBox)

GtkWidget *ch_token_login_new (ChFront *front, const char *medium);
guint ch_token_login_get_n_choices (ChTokenLogin *self);
ChCertItem *ch_token_login_get_chosen (ChTokenLogin *self);
gboolean ch_token_login_is_locked (ChTokenLogin *self);
gboolean ch_token_login_check (ChTokenLogin *self);
GTlsInteraction *ch_token_login_make_asker (ChTokenLogin *self);
void ch_token_login_show_failure (ChTokenLogin *self, const GError *error);
void ch_token_login_clear (ChTokenLogin *self);
void ch_token_login_focus (ChTokenLogin *self);

G_END_DECLS
