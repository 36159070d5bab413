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
} Regions;

/* Municipalities have no cities of their own: their districts stand in for them, as on the CA’s form */
static const char *const municipalities[] = { "11", "12", "31", "50" };

static gpointer
load (gpointer data)
{
  Regions *self = g_new0 (Regions, 1);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) lines = NULL;

  self->all = g_ptr_array_new ();
  self->provinces = g_ptr_array_new ();
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
      region->name = g_strdup (tab + 1);
      g_ptr_array_add (self->all, region);
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

static gboolean
is_municipality (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (municipalities); i++)
    if (g_str_equal (municipalities[i], code))
      return TRUE;
  return FALSE;
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
  gsize digits;

  if (parent == NULL)
    return list;

  digits = is_municipality (parent->code) ? 6 : 4;
  for (guint i = 0; i < get_regions ()->all->len; i++)
    {
      ChRegion *region = get_regions ()->all->pdata[i];

      if (strlen (region->code) == digits && g_str_has_prefix (region->code, parent->code))
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
  Regions *self = get_regions ();

  for (gsize digits = strlen (text); digits >= 2 && g_ascii_isdigit (*text); digits -= 2)
    {
      for (guint i = 0; i < self->all->len; i++)
        {
          const ChRegion *region = self->all->pdata[i];

          if (strlen (region->code) == digits && strncmp (region->code, text, digits) == 0)
            return g_strdup (region->name);
        }
      if (digits < 4 || strncmp (text + digits - 2, "00", 2) != 0)
        break;
    }

  return g_steal_pointer (&text);
}
