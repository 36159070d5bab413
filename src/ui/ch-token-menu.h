#pragma once

#include "ports/ch-token.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

GMenuModel *ch_token_menu_new (ChToken *token);

G_END_DECLS
