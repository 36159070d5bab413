#pragma once

#include "server/ch-dispatch.h"

G_BEGIN_DECLS

void ch_demo_set_up (ChService *service);
gboolean ch_demo_add_handlers (ChDispatch *dispatch, const char *token_path, GError **error);

extern const ChHandlerRow ch_demo_desk_handlers[];

G_END_DECLS
