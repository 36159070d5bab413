#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-pem.h"
#include "pki/ch-spki.h"
#include "token/ch-soft-file.h"

/* The file is text:
 *
 *   Certhall software token 1
 *   Serial: 5303201812011331
 *   Label: …
 *
 *   Key: 40 hex digits
 *   Label: certhall:APPLICATION, or what the certificate’s owner is called
 *   …encrypted private key, public key and perhaps certificate in PEM…
 *
 *   Lock:
 *   …encrypted private key in PEM…
 *   Checksum: SHA-256 of all before this line
 *
 * The checksum tells a damaged file from a wrong passphrase; it does not protect against anybody. */
#define FIRST_LINE "Certhall software token 1"
#define MAX_LABEL  256

#define PEM_SEALED "ENCRYPTED PRIVATE KEY"
#define PEM_SPKI   "PUBLIC KEY"
#define PEM_CERT   "CERTIFICATE"

typedef struct
{
  const char *at;
  const char *end;
} Reader;

static void
entry_free (gpointer data)
{
  ChSoftEntry *entry = data;

  g_free (entry->key_id);
  g_free (entry->label);
  g_clear_pointer (&entry->sealed, g_bytes_unref);
  g_clear_pointer (&entry->spki, g_bytes_unref);
  g_clear_pointer (&entry->cert, g_bytes_unref);
  g_free (entry);
}

/**
 * ch_soft_file_clean_label:
 * @label: from anywhere
 *
 * Returns: (transfer full): @label as one line of decent length
 */
char *
ch_soft_file_clean_label (const char *label)
{
  g_autofree char *valid = g_utf8_make_valid (label, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = valid; *p != 0 && out->len < MAX_LABEL - 8; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (out, g_unichar_isprint (c) ? c : ' ');
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/**
 * ch_soft_file_new:
 * @serial: of the new token
 * @label: name for people
 * @lock: an encrypted key by which a passphrase is tried
 *
 * Returns: (transfer full): a token without keys
 */
ChSoftFile *
ch_soft_file_new (const char *serial, const char *label, GBytes *lock)
{
  ChSoftFile *self = g_new0 (ChSoftFile, 1);

  self->serial = g_strdup (serial);
  self->label = ch_soft_file_clean_label (label);
  self->lock = g_bytes_ref (lock);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
ch_soft_file_free (ChSoftFile *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->label);
  g_clear_pointer (&self->lock, g_bytes_unref);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * ch_soft_file_find:
 * @self: a file
 * @key_id: hex
 *
 * Returns: (transfer none) (nullable): the key of that id
 */
ChSoftEntry *
ch_soft_file_find (ChSoftFile *self, const char *key_id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      ChSoftEntry *entry = g_ptr_array_index (self->entries, i);

      if (g_ascii_strcasecmp (entry->key_id, key_id) == 0)
        return entry;
    }

  return NULL;
}

/**
 * ch_soft_file_add:
 * @self: a file
 * @label: of the key
 * @sealed: EncryptedPrivateKeyInfo
 * @spki: the public key
 *
 * Returns: (transfer none): the new key
 */
ChSoftEntry *
ch_soft_file_add (ChSoftFile *self, const char *label, GBytes *sealed, GBytes *spki)
{
  ChSoftEntry *entry = g_new0 (ChSoftEntry, 1);

  entry->key_id = ch_spki_get_key_id_hex (spki);
  entry->label = ch_soft_file_clean_label (label);
  entry->sealed = g_bytes_ref (sealed);
  entry->spki = g_bytes_ref (spki);
  g_ptr_array_add (self->entries, entry);
  return entry;
}

/**
 * ch_soft_file_remove:
 * @self: a file
 * @entry: (transfer full): one of its keys
 */
void
ch_soft_file_remove (ChSoftFile *self, ChSoftEntry *entry)
{
  g_ptr_array_remove (self->entries, entry);
}

static void
append_pem (GString *out, const char *kind, GBytes *der)
{
  g_autofree char *pem = ch_pem_encode (kind, der);

  g_string_append (out, pem);
}

/**
 * ch_soft_file_format:
 * @self: a file
 *
 * Returns: (transfer full): what is to be written
 */
GBytes *
ch_soft_file_format (ChSoftFile *self)
{
  g_autoptr (GString) out = g_string_new (FIRST_LINE "\n");
  g_autofree char *checksum = NULL;
  gsize len;

  g_string_append_printf (out, "Serial: %s\nLabel: %s\n\n", self->serial, self->label);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const ChSoftEntry *entry = g_ptr_array_index (self->entries, i);

      g_string_append_printf (out, "Key: %s\nLabel: %s\n", entry->key_id, entry->label);
      append_pem (out, PEM_SEALED, entry->sealed);
      append_pem (out, PEM_SPKI, entry->spki);
      if (entry->cert != NULL)
        append_pem (out, PEM_CERT, entry->cert);
      g_string_append_c (out, '\n');
    }
  g_string_append (out, "Lock:\n");
  append_pem (out, PEM_SEALED, self->lock);

  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) out->str, out->len);
  g_string_append_printf (out, "Checksum: %s\n", checksum);
  len = out->len;
  return g_bytes_new_take (g_string_free (g_steal_pointer (&out), FALSE), len);
}

/* Reads `PREFIX…` up to the line’s end. Returns: (transfer full) (nullable): what follows the prefix. */
static char *
read_line (Reader *reader, const char *prefix)
{
  gsize n = strlen (prefix);
  const char *stop = memchr (reader->at, '\n', reader->end - reader->at);
  char *text;

  if (stop == NULL || (gsize) (stop - reader->at) < n || strncmp (reader->at, prefix, n) != 0
      || stop - reader->at > (gssize) (MAX_LABEL + n))
    return NULL;

  text = g_strndup (reader->at + n, stop - reader->at - n);
  reader->at = stop + 1;
  return text;
}

static gboolean
skip_line (Reader *reader, const char *line)
{
  g_autofree char *rest = read_line (reader, line);

  return rest != NULL && *rest == 0;
}

/* Reads a block that must stand right here. */
static GBytes *
read_pem (Reader *reader, const char *kind)
{
  g_autofree char *begin = g_strdup_printf ("-----BEGIN %s-----\n", kind);
  const char *rest = NULL;
  gsize left = reader->end - reader->at;
  GBytes *der;

  if (left < strlen (begin) || strncmp (reader->at, begin, strlen (begin)) != 0)
    return NULL;
  der = ch_pem_decode (kind, reader->at, left, &rest);
  if (der == NULL)
    return NULL;

  reader->at = rest < reader->end && *rest == '\n' ? rest + 1 : rest;
  return der;
}

static gboolean
fits_key (const ChSoftEntry *entry, const char *key_id)
{
  g_autoptr (GBytes) spki = NULL;

  if (g_strcmp0 (entry->key_id, key_id) != 0)
    return FALSE;
  if (entry->cert == NULL)
    return TRUE;

  spki = ch_cert_get_spki (entry->cert, NULL);
  return spki != NULL && g_bytes_equal (spki, entry->spki);
}

static gboolean
read_entry (Reader *reader, ChSoftFile *self)
{
  g_autofree char *key_id = read_line (reader, "Key: ");
  g_autofree char *label = key_id != NULL ? read_line (reader, "Label: ") : NULL;
  g_autoptr (GBytes) sealed = label != NULL ? read_pem (reader, PEM_SEALED) : NULL;
  g_autoptr (GBytes) spki = sealed != NULL ? read_pem (reader, PEM_SPKI) : NULL;
  ChSoftEntry *entry;

  if (spki == NULL || self->entries->len == CH_SOFT_MAX_KEYS)
    return FALSE;

  entry = ch_soft_file_add (self, label, sealed, spki);
  entry->cert = read_pem (reader, PEM_CERT);
  return fits_key (entry, key_id) && skip_line (reader, "");
}

static gboolean
is_checksum_right (GBytes *data)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (data, &len);
  const gsize tail = strlen ("Checksum: ") + 64 + 1;
  g_autofree char *checksum = NULL;
  g_autofree char *line = NULL;

  if (len < tail)
    return FALSE;
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text, len - tail);
  line = g_strdup_printf ("Checksum: %s\n", checksum);
  return memcmp (line, text + len - tail, tail) == 0;
}

static ChSoftFile *
read_file (Reader *reader)
{
  g_autoptr (ChSoftFile) self = g_new0 (ChSoftFile, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  if (!skip_line (reader, FIRST_LINE) || (self->serial = read_line (reader, "Serial: ")) == NULL
      || (self->label = read_line (reader, "Label: ")) == NULL || !skip_line (reader, ""))
    return NULL;
  while (reader->end - reader->at >= 5 && strncmp (reader->at, "Key: ", 5) == 0)
    if (!read_entry (reader, self))
      return NULL;
  if (!skip_line (reader, "Lock:") || (self->lock = read_pem (reader, PEM_SEALED)) == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * ch_soft_file_parse:
 * @data: what lies on the disk
 * @error: %CH_ERROR_TOKEN_BROKEN when a byte of it is wrong
 *
 * Returns: (transfer full): the content
 */
ChSoftFile *
ch_soft_file_parse (GBytes *data, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (data, &len);
  Reader reader = { text, text + len };
  g_autoptr (ChSoftFile) self = NULL;
  g_autofree char *rest = NULL;

  if (len > 0 && is_checksum_right (data) && g_utf8_validate (text, len, NULL))
    self = read_file (&reader);
  if (self != NULL)
    rest = read_line (&reader, "Checksum: ");
  if (rest == NULL || reader.at != reader.end)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN, "the token file is damaged");
      return NULL;
    }

  return g_steal_pointer (&self);
}
