#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "pki/ch-pkcs12.h"

/* The seeds are encrypted under this with next to no derivation, so that inputs get through to the keys */
#define PASSPHRASE "fuzz"
#define MAX_COST   64

/* A PKCS #12 file from outside: nothing costly is derived, and each key that comes out has its public half.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GPtrArray) items = NULL;

  ch_pkcs12_is_one (input);
  items = ch_pkcs12_import (input, passphrase, MAX_COST, NULL);
  for (guint i = 0; items != NULL && i < items->len; i++)
    g_assert (ch_key_get_spki (((ChPkcs12Item *) items->pdata[i])->key) != NULL);
  return 0;
}
