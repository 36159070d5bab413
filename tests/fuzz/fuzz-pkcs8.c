#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "pki/ch-pkcs8.h"

/* The seeds are encrypted under this with next to no derivation, so that inputs get through to the key */
#define PASSPHRASE "fuzz"
#define MAX_COST   64

/* A key file from outside: nothing costly is derived, and what opens is a key that can be written again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (GBytes) der = ch_pkcs8_from_data (input, NULL);
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChKey) key = NULL;
  g_autoptr (ChSecret) plain = NULL;

  if (der == NULL)
    return 0;

  passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  key = ch_pkcs8_decrypt_within (der, passphrase, MAX_COST, NULL);
  if (key != NULL)
    plain = ch_key_to_pkcs8 (key, NULL);
  return 0;
}
