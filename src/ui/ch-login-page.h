#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Logging in with an account. Signals: `back`; `logged-in`; `register`. */
#define CH_TYPE_LOGIN_PAGE (ch_login_page_get_type ())
G_DECLARE_FINAL_TYPE (ChLoginPage, ch_login_page, CH, LOGIN_PAGE, AdwBin)

GtkWidget *ch_login_page_new (ChFront *front, const char *user_name);
void ch_login_page_set_user_name (ChLoginPage *self, const char *user_name);
const char *ch_login_page_get_user_name (ChLoginPage *self);
void ch_login_page_focus (ChLoginPage *self);

G_END_DECLS
