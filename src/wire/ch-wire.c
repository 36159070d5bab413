#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "wire/ch-wire.h"

#define MAX_TEXT 4096

const ChWireType ChNothing_wire = { "nothing", sizeof (ChNothing), NULL, 0, g_free };

static gpointer decode_object (const ChWireType *type, JsonObject *object, GError **error);
static JsonNode *encode_object (const ChWireType *type, gconstpointer self);

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
 * ch_wire_enum_get_id:
 *
 * Returns: (transfer none): the id; never %NULL
 */
const char *
ch_wire_enum_get_id (const ChWireEnum *self, int value)
{
  g_return_val_if_fail (value >= 0 && (guint) value < self->n_ids, self->ids[0]);

  return self->ids[value];
}

/**
 * ch_wire_enum_from_id:
 * @id: (nullable): from outside
 * @value: (out): set on success
 */
gboolean
ch_wire_enum_from_id (const ChWireEnum *self, const char *id, int *value)
{
  for (guint i = 0; i < self->n_ids; i++)
    if (g_strcmp0 (self->ids[i], id) == 0)
      {
        *value = i;
        return TRUE;
      }

  return FALSE;
}

static const char *
get_text (JsonNode *node, gsize max)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (node);
  return text != NULL && strlen (text) <= max ? text : NULL;
}

static gboolean
decode_bytes (const ChWireField *field, const char *text, GBytes **dest, GError **error)
{
  g_autofree guchar *raw = NULL;
  g_autofree char *again = NULL;
  gsize len = 0;

  if (text != NULL)
    raw = g_base64_decode (text, &len);
  if (raw != NULL)
    again = g_base64_encode (raw, len);
  /* GLib passes over what is not base64: only the one right spelling is accepted */
  if (text == NULL || len > (gsize) field->max || strcmp (again, text) != 0)
    return refuse (error, "%s: not base64 of at most %" G_GINT64_FORMAT " bytes", field->name, field->max);

  *dest = g_bytes_new_take (g_steal_pointer (&raw), len);
  return TRUE;
}

static gboolean
decode_list (const ChWireField *field, JsonNode *node, GPtrArray **dest, GError **error)
{
  g_autoptr (GPtrArray) list = ch_wire_list_new (field->aux);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > field->max)
    return refuse (error, "%s: not a list of at most %" G_GINT64_FORMAT, field->name, field->max);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      gpointer item;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return refuse (error, "%s: an element is no object", field->name);
      item = decode_object (field->aux, json_node_get_object (element), error);
      if (item == NULL)
        return FALSE;
      g_ptr_array_add (list, item);
    }

  *dest = g_steal_pointer (&list);
  return TRUE;
}

static gboolean
decode_strings (const ChWireField *field, JsonNode *node, GStrv *dest, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > field->max)
    return refuse (error, "%s: not a list of at most %" G_GINT64_FORMAT, field->name, field->max);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = get_text (json_array_get_element (array, i), 1024);

      if (text == NULL)
        return refuse (error, "%s: an element is no short string", field->name);
      g_strv_builder_add (builder, text);
    }

  *dest = g_strv_builder_end (builder);
  return TRUE;
}

/* Names in a map are ids of fields and details */
static gboolean
is_id (const char *name)
{
  gsize len = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_.");

  return len > 0 && len <= 64 && name[len] == 0;
}

static gboolean
decode_map (const ChWireField *field, JsonNode *node, GHashTable **dest, GError **error)
{
  g_autoptr (GHashTable) map = ch_wire_map_new ();
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL || json_object_get_size (object) > field->max)
    return refuse (error, "%s: not an object of at most %" G_GINT64_FORMAT " members", field->name,
                   field->max);

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      const char *text = get_text (value, MAX_TEXT);

      if (text == NULL || !is_id (name))
        return refuse (error, "%s: a member is no short string under an id", field->name);
      g_hash_table_insert (map, g_strdup (name), g_strdup (text));
    }

  *dest = g_steal_pointer (&map);
  return TRUE;
}

static gboolean
decode_field (const ChWireField *field, JsonNode *node, gpointer dest, GError **error)
{
  GType holds = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  const char *text;

  switch (field->kind)
    {
    case CH_WIRE_STRING:
      text = get_text (node, field->max);
      if (text == NULL)
        return refuse (error, "%s: not a string of at most %" G_GINT64_FORMAT " bytes", field->name,
                       field->max);
      *(char **) dest = g_strdup (text);
      return TRUE;

    case CH_WIRE_SECRET:
      text = get_text (node, field->max);
      if (text == NULL)
        return refuse (error, "%s: not a string of at most %" G_GINT64_FORMAT " bytes", field->name,
                       field->max);
      *(ChSecret **) dest = ch_secret_new (text, strlen (text));
      ch_secret_wipe ((gpointer) text, strlen (text)); /* the parser’s copy, which nobody reads again */
      return TRUE;

    case CH_WIRE_INT:
      if (holds != G_TYPE_INT64 || json_node_get_int (node) < 0 || json_node_get_int (node) > field->max)
        return refuse (error, "%s: not an integer from 0 to %" G_GINT64_FORMAT, field->name, field->max);
      *(gint64 *) dest = json_node_get_int (node);
      return TRUE;

    case CH_WIRE_BOOL:
      if (holds != G_TYPE_BOOLEAN)
        return refuse (error, "%s: not true or false", field->name);
      *(gboolean *) dest = json_node_get_boolean (node);
      return TRUE;

    case CH_WIRE_BYTES:
      return decode_bytes (field, get_text (node, G_MAXSSIZE), dest, error);

    case CH_WIRE_TIME:
      text = get_text (node, 40);
      if (text == NULL || !ch_clock_parse (text, dest))
        return refuse (error, "%s: not a time", field->name);
      return TRUE;

    case CH_WIRE_ENUM:
      if (!ch_wire_enum_from_id (field->aux, get_text (node, 64), dest))
        return refuse (error, "%s: unknown word", field->name);
      return TRUE;

    case CH_WIRE_OBJECT:
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return refuse (error, "%s: not an object", field->name);
      *(gpointer *) dest = decode_object (field->aux, json_node_get_object (node), error);
      return *(gpointer *) dest != NULL;

    case CH_WIRE_LIST:
      return decode_list (field, node, dest, error);

    case CH_WIRE_STRINGS:
      return decode_strings (field, node, dest, error);

    case CH_WIRE_MAP:
      return decode_map (field, node, dest, error);

    default:
      g_return_val_if_reached (FALSE);
    }
}

static gpointer
decode_object (const ChWireType *type, JsonObject *object, GError **error)
{
  gpointer self = ch_wire_new (type);

  for (guint i = 0; i < type->n_fields; i++)
    {
      const ChWireField *field = &type->fields[i];
      JsonNode *node = json_object_get_member (object, field->name);

      if (node == NULL || JSON_NODE_HOLDS_NULL (node))
        {
          if (field->need == CH_WIRE_OPTIONAL)
            continue;
          refuse (error, "%s: %s is missing", type->name, field->name);
        }
      else if (decode_field (field, node, G_STRUCT_MEMBER_P (self, field->offset), error))
        continue;

      ch_wire_free (type, self);
      return NULL;
    }

  return self;
}

/**
 * ch_wire_decode:
 * @type: what @json should hold
 * @json: bytes from outside
 * @error: %CH_ERROR_BAD_ANSWER with the place
 *
 * Reads one message. Members that @type does not know are passed over, so that old clients outlive new
 * servers. Lists and maps that are absent stay %NULL.
 *
 * Returns: (transfer full): the message, to be freed with ch_wire_free(); %NULL with @error set on failure
 */
gpointer
ch_wire_decode (const ChWireType *type, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local = NULL;
  JsonNode *root;

  if (!ch_wire_scan (json, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, g_bytes_get_data (json, NULL), g_bytes_get_size (json), &local))
    {
      refuse (error, "%s: %s", type->name, local->message);
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      refuse (error, "%s: not an object", type->name);
      return NULL;
    }

  return decode_object (type, json_node_get_object (root), error);
}

static JsonNode *
encode_list (const ChWireType *type, GPtrArray *list)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_element (array, encode_object (type, list->pdata[i]));
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
encode_strings (GStrv strings)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (gsize i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
encode_map (GHashTable *map)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (map), (GCompareFunc) g_strcmp0);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_string_member (object, l->data, g_hash_table_lookup (map, l->data));
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
add_secret (const guint8 *data, gsize len, gpointer node)
{
  json_node_init_string (node, (const char *) data);
  return TRUE;
}

/* (transfer full) (nullable): NULL when the member is absent */
static JsonNode *
encode_field (const ChWireField *field, gconstpointer src)
{
  g_autofree char *text = NULL;
  JsonNode *node;

  switch (field->kind)
    {
    case CH_WIRE_INT:
      return json_node_init_int (json_node_alloc (), *(const gint64 *) src);
    case CH_WIRE_BOOL:
      return json_node_init_boolean (json_node_alloc (), *(const gboolean *) src);
    case CH_WIRE_ENUM:
      return json_node_init_string (json_node_alloc (), ch_wire_enum_get_id (field->aux, *(const int *) src));
    case CH_WIRE_TIME:
      if (*(const gint64 *) src == 0)
        return NULL;
      text = ch_clock_format (*(const gint64 *) src);
      return json_node_init_string (json_node_alloc (), text);
    default:
      break;
    }

  if (*(const gconstpointer *) src == NULL)
    return NULL;

  switch (field->kind)
    {
    case CH_WIRE_STRING:
      return json_node_init_string (json_node_alloc (), *(char *const *) src);
    case CH_WIRE_BYTES:
      text = g_base64_encode (g_bytes_get_data (*(GBytes *const *) src, NULL),
                              g_bytes_get_size (*(GBytes *const *) src));
      return json_node_init_string (json_node_alloc (), text);
    case CH_WIRE_SECRET:
      node = json_node_alloc ();
      ch_secret_with (*(ChSecret *const *) src, add_secret, node);
      return node;
    case CH_WIRE_OBJECT:
      return encode_object (field->aux, *(const gconstpointer *) src);
    case CH_WIRE_LIST:
      return encode_list (field->aux, *(GPtrArray *const *) src);
    case CH_WIRE_STRINGS:
      return encode_strings (*(const GStrv *) src);
    case CH_WIRE_MAP:
      return encode_map (*(GHashTable *const *) src);
    default:
      g_return_val_if_reached (NULL);
    }
}

static JsonNode *
encode_object (const ChWireType *type, gconstpointer self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < type->n_fields; i++)
    {
      JsonNode *node = encode_field (&type->fields[i], G_STRUCT_MEMBER_P (self, type->fields[i].offset));

      if (node != NULL)
        json_object_set_member (object, type->fields[i].name, node);
    }

  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
has_secret (const ChWireType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind == CH_WIRE_SECRET)
      return TRUE;
  return FALSE;
}

static void
wipe_and_free (gpointer data)
{
  ch_secret_wipe (data, strlen (data));
  g_free (data);
}

/**
 * ch_wire_encode:
 * @type: the type of @self
 * @self: a message
 *
 * Writes one message. The text of a message with a secret wipes itself when it is freed.
 *
 * Returns: (transfer full): JSON in UTF-8
 */
GBytes *
ch_wire_encode (const ChWireType *type, gconstpointer self)
{
  g_autoptr (JsonNode) root = encode_object (type, self);
  char *text = json_to_string (root, FALSE);

  return g_bytes_new_with_free_func (text, strlen (text), has_secret (type) ? wipe_and_free : g_free, text);
}

/**
 * ch_wire_copy:
 * @type: the type of @self
 * @self: (nullable): a message
 *
 * Returns: (transfer full) (nullable): a deep copy
 */
gpointer
ch_wire_copy (const ChWireType *type, gconstpointer self)
{
  g_autoptr (JsonNode) node = NULL;

  if (self == NULL)
    return NULL;

  node = encode_object (type, self);
  return decode_object (type, json_node_get_object (node), NULL);
}

static void
clear_field (const ChWireField *field, gpointer member)
{
  switch (field->kind)
    {
    case CH_WIRE_STRING:
      g_clear_pointer ((char **) member, g_free);
      break;
    case CH_WIRE_BYTES:
      g_clear_pointer ((GBytes **) member, g_bytes_unref);
      break;
    case CH_WIRE_SECRET:
      g_clear_pointer ((ChSecret **) member, ch_secret_unref);
      break;
    case CH_WIRE_OBJECT:
      ch_wire_free (field->aux, *(gpointer *) member);
      break;
    case CH_WIRE_LIST:
      g_clear_pointer ((GPtrArray **) member, g_ptr_array_unref);
      break;
    case CH_WIRE_STRINGS:
      g_clear_pointer ((GStrv *) member, g_strfreev);
      break;
    case CH_WIRE_MAP:
      g_clear_pointer ((GHashTable **) member, g_hash_table_unref);
      break;
    default:
      break;
    }
}

/**
 * ch_wire_free:
 * @type: the type of @self
 * @self: (transfer full) (nullable): a message
 */
void
ch_wire_free (const ChWireType *type, gpointer self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < type->n_fields; i++)
    clear_field (&type->fields[i], G_STRUCT_MEMBER_P (self, type->fields[i].offset));

  g_free (self);
}

/**
 * ch_wire_new:
 * @type: a message type
 *
 * Returns: (transfer full): an empty message
 */
gpointer
ch_wire_new (const ChWireType *type)
{
  return g_malloc0 (type->size);
}

/**
 * ch_wire_list_new:
 * @type: the type of the elements
 *
 * Returns: (transfer full): an empty array for a LIST member, which owns its elements
 */
GPtrArray *
ch_wire_list_new (const ChWireType *type)
{
  return g_ptr_array_new_with_free_func (type->free);
}

/**
 * ch_wire_map_new:
 *
 * Returns: (transfer full): an empty table for a MAP member, which owns its strings
 */
GHashTable *
ch_wire_map_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
