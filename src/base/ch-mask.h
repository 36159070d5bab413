#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ch_mask_number (const char *value);
char *ch_mask_email (const char *value);

G_END_DECLS
