#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-pem.h"
#include "pki/ch-sealing.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-file.h"

/* The file is text, so that who finds it knows what it is:
 *
 *   Certhall back-up of a software token 1
 *   Who has this file and the passphrase of the token can sign in its owner’s name. Keep it safe.
 *   Serial: 5303201812011331
 *   Label: …
 *   Made: 2026-11-21T11:00:00Z
 *   …CERTHALL BACK-UP in PEM: salt, nonce, encrypted content, tag…
 *   Checksum: SHA-256 of all before this line
 *
 * What is in clear is bound to what is encrypted. The content is the number for moving (zeros if it is not
 * moved), then the token’s file. The checksum tells a damaged file from a wrong passphrase. */
#define FIRST_LINE  "Certhall back-up of a software token 1"
#define FIRST_WORDS "Certhall back-up of a software token "
#define WARNING_LINE                                                                                         \
  "Who has this file and the passphrase of the token can sign in its owner’s name. Keep it safe."
#define PEM_SEALED    "CERTHALL BACK-UP"
#define CODE_DIGITS   8
#define CODE_PURPOSE  "certhall-move/1"
#define CHECKSUM_SIZE (10 + 64 + 1)

/**
 * ch_soft_backup_make:
 * @serial: of the token
 * @label: its name
 * @token_file: as it lies on the disk
 * @move: (nullable): %CH_SOFT_MOVE_SIZE random bytes when it is to be moved
 * @passphrase: of the token
 *
 * Takes half a second, so call it in a worker.
 *
 * Returns: (transfer full): the back-up’s file
 */
GBytes *
ch_soft_backup_make (const char *serial,
                     const char *label,
                     GBytes *token_file,
                     GBytes *move,
                     ChSecret *passphrase,
                     GError **error)
{
  static const guint8 nothing[CH_SOFT_MOVE_SIZE];
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (ch_clock_now ());
  g_autofree char *made = g_date_time_format_iso8601 (now);
  g_autofree char *clean = ch_soft_file_clean_label (label);
  g_autoptr (GString) out = g_string_new (FIRST_LINE "\n" WARNING_LINE "\n");
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (ChSecret) content = NULL;
  g_autoptr (GBytes) about = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *checksum = NULL;
  gsize len;

  g_string_append_printf (out, "Serial: %s\nLabel: %s\nMade: %s\n", serial, clean, made);
  g_byte_array_append (plain, move != NULL ? g_bytes_get_data (move, NULL) : nothing, CH_SOFT_MOVE_SIZE);
  g_byte_array_append (plain, g_bytes_get_data (token_file, NULL), g_bytes_get_size (token_file));
  content = ch_secret_new (plain->data, plain->len);
  about = g_bytes_new (out->str, out->len);
  sealed = ch_sealing_seal (content, about, passphrase, error);
  if (sealed == NULL)
    return NULL;

  pem = ch_pem_encode (PEM_SEALED, sealed);
  g_string_append (out, pem);
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) out->str, out->len);
  g_string_append_printf (out, "Checksum: %s\n", checksum);
  len = out->len;
  return g_bytes_new_take (g_string_free (g_steal_pointer (&out), FALSE), len);
}

/**
 * ch_soft_backup_is_one:
 * @data: a file from outside
 *
 * Returns: whether it says that it is a back-up, of whatever version
 */
gboolean
ch_soft_backup_is_one (GBytes *data)
{
  return g_bytes_get_size (data) > strlen (FIRST_WORDS)
         && memcmp (g_bytes_get_data (data, NULL), FIRST_WORDS, strlen (FIRST_WORDS)) == 0;
}

/* Whether the file is whole, and where what is encrypted begins */
static const char *
find_sealed (GBytes *data, gsize *n_about, gsize *n_sealed)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (data, &len);
  g_autofree char *checksum = NULL;
  g_autofree char *line = NULL;
  const char *begin;

  if (len < strlen (FIRST_LINE) + 1 + CHECKSUM_SIZE
      || memcmp (text, FIRST_LINE "\n", strlen (FIRST_LINE) + 1) != 0)
    return NULL;
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text, len - CHECKSUM_SIZE);
  line = g_strdup_printf ("Checksum: %s\n", checksum);
  if (memcmp (line, text + len - CHECKSUM_SIZE, CHECKSUM_SIZE) != 0)
    return NULL;

  begin = g_strstr_len (text, len - CHECKSUM_SIZE, "-----BEGIN " PEM_SEALED "-----");
  if (begin == NULL)
    return NULL;
  *n_about = begin - text;
  *n_sealed = len - CHECKSUM_SIZE - *n_about;
  return begin;
}

/**
 * ch_soft_backup_get_label:
 *
 * Returns: (transfer full) (nullable): the name of the token as the file says it, not yet proved
 */
char *
ch_soft_backup_get_label (GBytes *data)
{
  gsize n_about = 0, n_sealed = 0;
  const char *text = g_bytes_get_data (data, NULL);
  const char *label, *end;
  g_autofree char *raw = NULL;

  if (find_sealed (data, &n_about, &n_sealed) == NULL)
    return NULL;
  label = g_strstr_len (text, n_about, "\nLabel: ");
  if (label == NULL)
    return NULL;
  label += strlen ("\nLabel: ");
  end = memchr (label, '\n', text + n_about - label);
  raw = end != NULL ? g_strndup (label, end - label) : NULL;
  return raw != NULL ? ch_soft_file_clean_label (raw) : NULL;
}

static gboolean
copy_clear (const guint8 *data, gsize len, gpointer user_data)
{
  *(GBytes **) user_data = g_bytes_new (data, len);
  return TRUE;
}

/**
 * ch_soft_backup_open:
 * @data: a file from outside
 * @passphrase: what should open it
 * @move: (out) (nullable): the number for moving, when it is moved
 * @error: %CH_ERROR_FILE_DAMAGED, %CH_ERROR_FILE_PASSPHRASE
 *
 * Takes as long as making it, whatever the file says.
 *
 * Returns: (transfer full): the token’s file, not yet read
 */
GBytes *
ch_soft_backup_open (GBytes *data, ChSecret *passphrase, GBytes **move, GError **error)
{
  static const guint8 nothing[CH_SOFT_MOVE_SIZE];
  gsize n_about = 0, n_sealed = 0;
  const char *begin = find_sealed (data, &n_about, &n_sealed);
  const char *rest = NULL;
  g_autoptr (GBytes) sealed = begin != NULL ? ch_pem_decode (PEM_SEALED, begin, n_sealed, &rest) : NULL;
  g_autoptr (GBytes) about = NULL;
  g_autoptr (ChSecret) clear = NULL;
  g_autoptr (GBytes) plain = NULL;

  *move = NULL;
  if (sealed == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "the back-up is damaged, or of a newer program");
      return NULL;
    }

  about = g_bytes_new_from_bytes (data, 0, n_about);
  clear = ch_sealing_open (sealed, about, passphrase, error);
  if (clear == NULL)
    return NULL;
  /* The keys in it are encrypted once more by themselves */
  ch_secret_with (clear, copy_clear, &plain);
  if (g_bytes_get_size (plain) < CH_SOFT_MOVE_SIZE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE_DAMAGED, "there is no token in the back-up");
      return NULL;
    }

  if (memcmp (g_bytes_get_data (plain, NULL), nothing, CH_SOFT_MOVE_SIZE) != 0)
    *move = g_bytes_new_from_bytes (plain, 0, CH_SOFT_MOVE_SIZE);
  return g_bytes_new_from_bytes (plain, CH_SOFT_MOVE_SIZE, g_bytes_get_size (plain) - CH_SOFT_MOVE_SIZE);
}

/**
 * ch_soft_backup_format_code:
 * @move: the number for moving
 *
 * Returns: (transfer full): eight digits that only who has opened the back-up can know
 */
char *
ch_soft_backup_format_code (GBytes *move)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;
  guint32 number;

  g_checksum_update (sum, (const guint8 *) CODE_PURPOSE, sizeof CODE_PURPOSE);
  g_checksum_update (sum, g_bytes_get_data (move, NULL), g_bytes_get_size (move));
  g_checksum_get_digest (sum, digest, &size);
  memcpy (&number, digest, sizeof number);
  return g_strdup_printf ("%0*u", CODE_DIGITS, GUINT32_FROM_BE (number) % 100000000);
}

/**
 * ch_soft_backup_make_move:
 *
 * Returns: (transfer full): a new number for moving
 */
GBytes *
ch_soft_backup_make_move (GError **error)
{
  g_autofree guint8 *bytes = g_malloc0 (CH_SOFT_MOVE_SIZE);

  if (!ch_sealing_fill_random (bytes, CH_SOFT_MOVE_SIZE, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), CH_SOFT_MOVE_SIZE);
}
