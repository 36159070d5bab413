#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/ch-validate.h"
#include "wire/ch-regions.h"

#define RESOURCE "/org/certhall/Certhall/regions.tsv"

typedef struct
{
  GPtrArray *all;       /* (element-type ChRegion): every place, in the order of the codes */
  GPtrArray *provinces; /* those with 2 digits */
  GHashTable *codes;    /* code → ChRegion */
} Regions;

/* 120000 is a province, 140200 a city: the closing pairs of zeros say so */
static void
trim_code (char *code)
{
  for (gsize len = strlen (code); len > 2 && strcmp (code + len - 2, "00") == 0; len -= 2)
    code[len - 2] = 0;
}

static gpointer
load (gpointer data)
{
  Regions *self = g_new0 (Regions, 1);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) lines = NULL;

  self->all = g_ptr_array_new ();
  self->provinces = g_ptr_array_new ();
  self->codes = g_hash_table_new (g_str_hash, g_str_equal);
  g_return_val_if_fail (bytes != NULL, self);

  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *tab = strchr (lines[i], '\t');
      ChRegion *region;

      if (tab == NULL || !g_ascii_isdigit (lines[i][0]))
        continue;
      region = g_new0 (ChRegion, 1);
      region->code = g_strndup (lines[i], tab - lines[i]);
      trim_code (region->code);
      region->name = g_strdup (tab + 1);
      g_ptr_array_add (self->all, region);
      g_hash_table_insert (self->codes, region->code, region);
      if (strlen (region->code) == 2)
        g_ptr_array_add (self->provinces, region);
    }

  return self;
}

static Regions *
get_regions (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load, NULL);
}

static const ChRegion *
find_province (const char *name)
{
  Regions *self = get_regions ();

  for (guint i = 0; i < self->provinces->len; i++)
    {
      const ChRegion *region = self->provinces->pdata[i];

      if (g_strcmp0 (region->name, name) == 0)
        return region;
    }

  return NULL;
}

/* Municipalities have no cities between them and their districts, some provinces have counties of their own:
 * these stand beside the cities, as on the CA’s form. */
static gboolean
is_child (const ChRegion *region, const char *province)
{
  gsize digits = strlen (region->code);
  char city[5] = { 0 };

  if (digits < 4 || strncmp (region->code, province, 2) != 0)
    return FALSE;

  memcpy (city, region->code, 4);
  return digits == 4 || !g_hash_table_contains (get_regions ()->codes, city);
}

/**
 * ch_regions_list_provinces:
 *
 * Returns: (transfer none) (element-type ChRegion): provinces, municipalities and regions of their rank
 */
GPtrArray *
ch_regions_list_provinces (void)
{
  return get_regions ()->provinces;
}

/**
 * ch_regions_list_cities:
 * @province: its name
 *
 * Returns: (transfer container) (element-type ChRegion): its cities; the districts of a municipality. Empty
 * for an unknown province.
 */
GPtrArray *
ch_regions_list_cities (const char *province)
{
  GPtrArray *list = g_ptr_array_new ();
  const ChRegion *parent = find_province (province);

  if (parent == NULL)
    return list;

  for (guint i = 0; i < get_regions ()->all->len; i++)
    {
      ChRegion *region = get_regions ()->all->pdata[i];

      if (is_child (region, parent->code))
        g_ptr_array_add (list, region);
    }

  return list;
}

gboolean
ch_regions_has_province (const char *name)
{
  return find_province (name) != NULL;
}

/**
 * ch_regions_has_city:
 *
 * Returns: whether @name is among ch_regions_list_cities() of @province
 */
gboolean
ch_regions_has_city (const char *province, const char *name)
{
  g_autoptr (GPtrArray) cities = ch_regions_list_cities (province);

  for (guint i = 0; i < cities->len; i++)
    if (g_strcmp0 (((const ChRegion *) cities->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ch_regions_normalize:
 * @value: a name, or a code of GB/T 2260 with or without closing zeros
 *
 * Returns: (transfer full): the name; @value itself where it is no code
 */
char *
ch_regions_normalize (const char *value)
{
  g_autofree char *text = ch_normalize_text (value);
  g_autofree char *code = g_strdup (text);
  const ChRegion *region;

  if (!g_ascii_isdigit (*code))
    return g_steal_pointer (&text);

  trim_code (code);
  region = g_hash_table_lookup (get_regions ()->codes, code);
  return region != NULL ? g_strdup (region->name) : g_steal_pointer (&text);
}
