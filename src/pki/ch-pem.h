#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ch_pem_encode (const char *label, GBytes *der);
GBytes *ch_pem_decode (const char *label, const char *text, gsize len, const char **rest);

G_END_DECLS
