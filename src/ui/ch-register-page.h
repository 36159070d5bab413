#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Making an account. Signals: `back`; `registered`. */
#define CH_TYPE_REGISTER_PAGE (ch_register_page_get_type ())
G_DECLARE_FINAL_TYPE (ChRegisterPage, ch_register_page, CH, REGISTER_PAGE, AdwBin)

GtkWidget *ch_register_page_new (ChFront *front);
const char *ch_register_page_get_user_name (ChRegisterPage *self);
void ch_register_page_focus (ChRegisterPage *self);

G_END_DECLS
