#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-file.h"

#define PASSPHRASE "fuzz"

/* The same with the checksum it should have: else nothing behind the checksum is ever reached */
static GBytes *
mend_checksum (GBytes *input)
{
  static const gsize line_size = 10 + 64 + 1;
  gsize len = 0;
  const char *text = g_bytes_get_data (input, &len);
  gsize n = len > line_size ? len - line_size : 0;
  g_autofree char *checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text, n);
  char *mended = g_strdup_printf ("%.*sChecksum: %s\n", (int) n, text, checksum);

  return g_bytes_new_take (mended, strlen (mended));
}

/* A back-up from outside, and the token’s file that is in it. What derives a key costs the same whatever the
 * file says, and nothing is derived for a file that is damaged. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) move = NULL;
  g_autoptr (ChSoftFile) inner = NULL;
  g_autoptr (ChSoftFile) outer = ch_soft_file_parse (input, NULL);
  g_autoptr (GBytes) mended = NULL;
  g_autofree char *label = NULL;
  g_autofree char *other_label = NULL;

  if (!ch_soft_backup_is_one (input))
    return 0;
  label = ch_soft_backup_get_label (input);
  mended = mend_checksum (input);
  other_label = ch_soft_backup_get_label (mended);
  content = ch_soft_backup_open (input, passphrase, &move, NULL);
  if (move != NULL)
    {
      g_autofree char *code = ch_soft_backup_format_code (move);

      g_assert_cmpuint (strlen (code), ==, 8);
    }
  inner = content != NULL ? ch_soft_file_parse (content, NULL) : NULL;
  return 0;
}
