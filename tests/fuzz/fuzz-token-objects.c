#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "token/ch-p11-objects.h"

/* What a token may say of its objects: kind, then each attribute with its length. Whatever it is, what comes
 * of it can be shown and has an id. */

#define ABSENT 0xffff

static GBytes *
take (const uint8_t **data, size_t *size)
{
  size_t len;
  GBytes *bytes;

  if (*size < 2)
    return NULL;
  len = (size_t) (*data)[0] << 8 | (*data)[1];
  *data += 2;
  *size -= 2;
  if (len == ABSENT)
    return NULL;
  len = MIN (len, *size);
  bytes = g_bytes_new (*data, len);
  *data += len;
  *size -= len;
  return bytes;
}

static ChP11Object *
take_object (const uint8_t **data, size_t *size, gulong handle)
{
  static const CK_OBJECT_CLASS kinds[] = { CKO_PUBLIC_KEY, CKO_CERTIFICATE, CKO_PRIVATE_KEY };
  uint8_t first = **data;
  ChP11Object *object = ch_p11_object_new (kinds[(first & 0x7f) % G_N_ELEMENTS (kinds)], handle);

  (*data)++;
  (*size)--;
  object->has_own_pin = (first & 0x80) != 0;
  object->id = take (data, size);
  object->label = take (data, size);
  object->value = take (data, size);
  object->type = take (data, size);
  object->modulus = take (data, size);
  object->exponent = take (data, size);
  object->params = take (data, size);
  object->point = take (data, size);
  return object;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_p11_object_free);
  g_autoptr (GPtrArray) entries = NULL;
  gboolean sees_private = size > 0 && (data[0] & 0x40) != 0;

  while (size > 0 && objects->len < CH_P11_MAX_OBJECTS)
    g_ptr_array_add (objects, take_object (&data, &size, objects->len + 1));

  entries = ch_p11_objects_join (objects, sees_private);
  g_assert_cmpuint (entries->len, <=, objects->len);
  for (guint i = 0; i < entries->len; i++)
    {
      const ChP11Entry *entry = entries->pdata[i];
      const ChTokenObject *object = entry->object;

      g_assert_cmpuint (strlen (object->key_id), ==, 40);
      g_assert_true (ch_p11_objects_find (entries, object->key_id) == entry);
      g_assert_true (object->label == NULL || g_utf8_validate (object->label, -1, NULL));
      g_assert_true (object->has_key || object->cert != NULL);
      g_assert_true (object->cert == NULL || object->spki != NULL);
    }
  return 0;
}
