#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A place of GB/T 2260 */
typedef struct
{
  char *code; /* 2, 4 or 6 digits */
  char *name;
} ChRegion;

GPtrArray *ch_regions_list_provinces (void);
GPtrArray *ch_regions_list_cities (const char *province);
gboolean ch_regions_has_province (const char *name);
gboolean ch_regions_has_city (const char *province, const char *name);
char *ch_regions_normalize (const char *value);

G_END_DECLS
