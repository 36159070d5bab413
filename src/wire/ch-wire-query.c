#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "wire/ch-wire.h"

/* Messages of a GET stand behind the `?` of its address: name=value, joined by `&`, percent-encoded. They are
 * read strictly: nobody else writes them, and what is passed over silently filters nothing. */

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (CH_ERROR, CH_ERROR_BAD_ANSWER, format, args);
  va_end (args);

  return FALSE;
}

/**
 * ch_wire_kind_fits_query:
 *
 * Returns: whether a value of this kind can stand behind the `?` of an address. Secrets cannot: addresses are
 *   logged on their way.
 */
gboolean
ch_wire_kind_fits_query (ChWireKind kind)
{
  return kind == CH_WIRE_STRING || kind == CH_WIRE_INT || kind == CH_WIRE_BOOL || kind == CH_WIRE_TIME
         || kind == CH_WIRE_ENUM;
}

/* (transfer full) (nullable): NULL when it says nothing that is not so anyway */
static char *
format_value (const ChWireField *field, gconstpointer src)
{
  gboolean is_required = field->need == CH_WIRE_REQUIRED;

  switch (field->kind)
    {
    case CH_WIRE_STRING:
      return g_strdup (*(char *const *) src);
    case CH_WIRE_INT:
      return *(const gint64 *) src != 0 || is_required
                 ? g_strdup_printf ("%" G_GINT64_FORMAT, *(const gint64 *) src)
                 : NULL;
    case CH_WIRE_BOOL:
      return *(const gboolean *) src || is_required ? g_strdup (*(const gboolean *) src ? "true" : "false")
                                                    : NULL;
    case CH_WIRE_TIME:
      return *(const gint64 *) src != 0 ? ch_clock_format (*(const gint64 *) src) : NULL;
    case CH_WIRE_ENUM:
      return *(const int *) src != 0 || is_required
                 ? g_strdup (ch_wire_enum_get_id (field->aux, *(const int *) src))
                 : NULL;
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * ch_wire_encode_query:
 * @type: the type of @self, of kinds that fit
 * @self: a message
 *
 * Writes one message as it stands behind the `?` of an address. What is optional and 0, false or the first
 * word is left out.
 *
 * Returns: (transfer full): ASCII; empty when there is nothing to say
 */
char *
ch_wire_encode_query (const ChWireType *type, gconstpointer self)
{
  GString *query = g_string_new (NULL);

  for (guint i = 0; i < type->n_fields; i++)
    {
      const ChWireField *field = &type->fields[i];
      g_autofree char *value = format_value (field, G_STRUCT_MEMBER_P (self, field->offset));

      if (value == NULL)
        continue;
      g_string_append_printf (query, "%s%s=", query->len > 0 ? "&" : "", field->name);
      g_string_append_uri_escaped (query, value, NULL, FALSE);
    }
  return g_string_free (query, FALSE);
}

/* A number has one spelling: no sign, no blank, no zero before it */
static gboolean
parse_int (const char *text, gint64 max, gint64 *value)
{
  gsize len = strspn (text, "0123456789");

  if (len == 0 || len > 18 || text[len] != 0 || (len > 1 && *text == '0'))
    return FALSE;
  *value = g_ascii_strtoll (text, NULL, 10);
  return *value <= max;
}

static gboolean
parse_value (const ChWireField *field, const char *text, gpointer dest, GError **error)
{
  switch (field->kind)
    {
    case CH_WIRE_STRING:
      if (strlen (text) > (gsize) field->max)
        return refuse (error, "%s: more than %" G_GINT64_FORMAT " bytes", field->name, field->max);
      *(char **) dest = g_strdup (text);
      return TRUE;
    case CH_WIRE_INT:
      return parse_int (text, field->max, dest)
             || refuse (error, "%s: not an integer from 0 to %" G_GINT64_FORMAT, field->name, field->max);
    case CH_WIRE_BOOL:
      *(gboolean *) dest = g_str_equal (text, "true");
      return *(gboolean *) dest || g_str_equal (text, "false")
             || refuse (error, "%s: not true or false", field->name);
    case CH_WIRE_TIME:
      return ch_clock_parse (text, dest) || refuse (error, "%s: not a time", field->name);
    case CH_WIRE_ENUM:
      return ch_wire_enum_from_id (field->aux, text, dest) || refuse (error, "%s: unknown word", field->name);
    default:
      return refuse (error, "%s: cannot stand in an address", field->name);
    }
}

static const ChWireField *
find_field (const ChWireType *type, const char *name, guint *position)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (g_str_equal (type->fields[i].name, name))
      {
        *position = i;
        return &type->fields[i];
      }
  return NULL;
}

static gboolean
read_pair (const ChWireType *type, const char *pair, gboolean *seen, gpointer self, GError **error)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = equals != NULL ? g_strndup (pair, equals - pair) : NULL;
  g_autofree char *value = equals != NULL ? g_uri_unescape_segment (equals + 1, NULL, NULL) : NULL;
  const ChWireField *field;
  guint position;

  if (value == NULL || !g_utf8_validate (value, -1, NULL))
    return refuse (error, "%s: a parameter is not NAME=VALUE", type->name);
  field = find_field (type, name, &position);
  if (field == NULL)
    return refuse (error, "%s: there is no such parameter", type->name);
  if (seen[position])
    return refuse (error, "%s: given twice", field->name);

  seen[position] = TRUE;
  return parse_value (field, value, G_STRUCT_MEMBER_P (self, field->offset), error);
}

static gboolean
read_pairs (const ChWireType *type, const char *query, gpointer self, GError **error)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", type->n_fields + 1);
  g_autofree gboolean *seen = g_new0 (gboolean, type->n_fields + 1);

  for (gsize i = 0; pairs[i] != NULL; i++)
    if (!read_pair (type, pairs[i], seen, self, error))
      return FALSE;
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].need == CH_WIRE_REQUIRED && !seen[i])
      return refuse (error, "%s: %s is missing", type->name, type->fields[i].name);
  return TRUE;
}

/**
 * ch_wire_decode_query:
 * @type: what @query should hold, of kinds that fit
 * @query: (nullable): what stood behind the `?`, still percent-encoded
 * @error: %CH_ERROR_BAD_ANSWER with the place
 *
 * Reads one message from an address. What @type does not know, or what is there twice, is refused.
 *
 * Returns: (transfer full): the message; %NULL with @error set on failure
 */
gpointer
ch_wire_decode_query (const ChWireType *type, const char *query, GError **error)
{
  gpointer self = ch_wire_new (type);

  if (read_pairs (type, query != NULL ? query : "", self, error))
    return self;
  ch_wire_free (type, self);
  return NULL;
}
