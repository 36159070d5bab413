#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-file.h"

#define PASSPHRASE "fuzz"

/* A back-up from outside, and the token’s file that is in it. What derives a key costs the same whatever the file
 * says, and nothing is derived for a file that is damaged. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) move = NULL;
  g_autoptr (ChSoftFile) inner = NULL;
  g_autoptr (ChSoftFile) outer = ch_soft_file_parse (input, NULL);
  g_autofree char *label = NULL;

  if (!ch_soft_backup_is_one (input))
    return 0;
  label = ch_soft_backup_get_label (input);
  content = ch_soft_backup_open (input, passphrase, &move, NULL);
  inner = content != NULL ? ch_soft_file_parse (content, NULL) : NULL;
  return 0;
}
