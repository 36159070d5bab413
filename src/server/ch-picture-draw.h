#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CH_PICTURE_LENGTH 4

void ch_picture_choose (char *code);
GBytes *ch_picture_draw (const char *code);

G_END_DECLS
