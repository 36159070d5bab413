#include "config.h"

#include <string.h>

#include "wire/ch-batch.h"
#include "wire/ch-field.h"

#define LABEL "certhall-batch/1"

static const ChFact facts[] = { CH_FACT_SUBJECT, CH_FACT_HANDLER };

/* With its zero: no two texts one behind the other are the same as two others */
static void
add_text (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *) text, strlen (text) + 1);
}

static void
add_pair (GChecksum *sum, const char *id, const char *value)
{
  if (value == NULL || *value == 0)
    return;
  add_text (sum, id);
  add_text (sum, value);
}

/**
 * ch_batch_digest_row:
 * @axes: what kind of application it is
 * @answers: field id → value, normalised; what is empty counts as not there
 * @files: document id → SHA-256 of what was chosen, in hexadecimal digits
 * @digest: (out caller-allocates): %CH_BATCH_DIGEST_SIZE bytes
 *
 * Takes together all that is applied for in a row, each field in the order of its form.
 */
void
ch_batch_digest_row (const ChAxes *axes, GHashTable *answers, GHashTable *files, guint8 *digest)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GList) documents = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) g_strcmp0);
  gsize size = CH_BATCH_DIGEST_SIZE;

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const ChForm *form = ch_form_of_fact (facts[i], axes);

      for (gsize j = 0; form != NULL && form->fields[j] != NULL; j++)
        add_pair (sum, form->fields[j]->id, g_hash_table_lookup (answers, form->fields[j]->id));
    }
  add_text (sum, "");
  for (GList *item = documents; item != NULL; item = item->next)
    add_pair (sum, item->data, g_hash_table_lookup (files, item->data));
  g_checksum_get_digest (sum, digest, &size);
}

/**
 * ch_batch_describe:
 * @digests: of the rows, one behind the other
 *
 * Returns: (transfer full): the bytes that stand for the whole batch
 */
GBytes *
ch_batch_describe (const char *flow, const char *project, GBytes *digests)
{
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, (const guint8 *) LABEL, sizeof LABEL);
  g_byte_array_append (out, (const guint8 *) flow, strlen (flow) + 1);
  g_byte_array_append (out, (const guint8 *) project, strlen (project) + 1);
  g_byte_array_append (out, g_bytes_get_data (digests, NULL), g_bytes_get_size (digests));
  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_batch_digest:
 *
 * Returns: (transfer full): SHA-256 of ch_batch_describe(): what the user confirms
 */
GBytes *
ch_batch_digest (const char *flow, const char *project, GBytes *digests)
{
  g_autoptr (GBytes) all = ch_batch_describe (flow, project, digests);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[CH_BATCH_DIGEST_SIZE];
  gsize size = sizeof digest;

  g_checksum_update (sum, g_bytes_get_data (all, NULL), g_bytes_get_size (all));
  g_checksum_get_digest (sum, digest, &size);
  return g_bytes_new (digest, size);
}

/**
 * ch_batch_format_digest:
 *
 * Returns: (transfer full): in hexadecimal digits
 */
char *
ch_batch_format_digest (GBytes *digest)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (digest, &size);
  GString *text = g_string_sized_new (2 * size);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}
