#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-sealed.h"
#include "pki/ch-sealing.h"

/* Authenticated as well; then what ch_sealing_seal() makes */
#define LABEL     "certhall-sealed/1\n"
#define LABEL_LEN (sizeof LABEL - 1)

/**
 * ch_sealed_is_sealed:
 *
 * Returns: whether @file says of itself that it was made by ch_sealed_make()
 */
gboolean
ch_sealed_is_sealed (GBytes *file)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (file, &len);

  return len >= LABEL_LEN && memcmp (data, LABEL, LABEL_LEN) == 0;
}

/**
 * ch_sealed_make:
 *
 * Returns: (transfer full): what may lie in a file
 */
GBytes *
ch_sealed_make (ChSecret *clear, ChSecret *passphrase, GError **error)
{
  g_autoptr (GBytes) label = g_bytes_new_static (LABEL, LABEL_LEN);
  g_autoptr (GBytes) sealed = ch_sealing_seal (clear, label, passphrase, error);
  GByteArray *file;

  if (sealed == NULL)
    return NULL;

  file = g_byte_array_new ();
  g_byte_array_append (file, (const guint8 *) LABEL, LABEL_LEN);
  g_byte_array_append (file, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (file);
}

/**
 * ch_sealed_open:
 * @file: made by ch_sealed_make()
 * @error: %CH_ERROR_FILE when it is none, %CH_ERROR_PIN_WRONG when @passphrase is not the right one
 *
 * Returns: (transfer full): what was sealed
 */
ChSecret *
ch_sealed_open (GBytes *file, ChSecret *passphrase, GError **error)
{
  g_autoptr (GBytes) label = g_bytes_new_static (LABEL, LABEL_LEN);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GError) local = NULL;
  ChSecret *clear;

  if (!ch_sealed_is_sealed (file))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "this is no sealed file");
      return NULL;
    }

  sealed = g_bytes_new_from_bytes (file, LABEL_LEN, g_bytes_get_size (file) - LABEL_LEN);
  clear = ch_sealing_open (sealed, label, passphrase, &local);
  if (g_error_matches (local, CH_ERROR, CH_ERROR_FILE_PASSPHRASE))
    g_set_error_literal (error, CH_ERROR, CH_ERROR_PIN_WRONG, local->message);
  else if (local != NULL)
    g_set_error_literal (error, CH_ERROR, CH_ERROR_FILE, local->message);
  return clear;
}
