#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The resource path of a template: CH_UI_TEMPLATE ("ch-wizard") */
#define CH_UI_TEMPLATE(name) "/org/certhall/Certhall/ui/" name ".ui"

void ch_ui_init (void);
AdwToast *ch_ui_make_toast (const char *text);

G_END_DECLS
