#pragma once

#include "ui/ch-ui.h"

#include "front/ch-desk.h"
#include "front/ch-front.h"

G_BEGIN_DECLS

/* Who of the staff makes USB keys here: by a certificate of their own, or by password where the CA takes it.
 * Signal: `logged-in`, with the serial number of the USB key it was done by, or NULL. */
#define CH_TYPE_MAKE_LOGIN (ch_make_login_get_type ())
G_DECLARE_FINAL_TYPE (ChMakeLogin, ch_make_login, CH, MAKE_LOGIN, AdwBin)

void ch_make_login_set_up (ChMakeLogin *self, ChFront *front, ChDesk *desk);
void ch_make_login_begin (ChMakeLogin *self);

G_END_DECLS
