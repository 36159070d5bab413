#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

GPtrArray *ch_media_list (ChRun *run);
ChToken *ch_media_take (ChRun *run, GError **error);
void ch_media_look (ChRun *run, GTask *task);

G_END_DECLS
