#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "pki/ch-csr.h"
#include "pki/ch-spki.h"

/* A certificate request from outside: what is accepted has a key whose id is that of what it is written as.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (ChSubject) subject = NULL;
  g_autoptr (GBytes) spki = ch_csr_verify (input, NULL, &subject, NULL);

  if (spki != NULL)
    {
      g_autofree char *text = ch_subject_format (subject);
      g_autofree char *key = ch_spki_describe (spki);

      ch_spki_check_policy (spki, (1 << CH_N_KEY_SPECS) - 1, NULL);
    }
  g_clear_pointer (&subject, ch_subject_unref);
  subject = ch_subject_new_from_der (input, NULL);
  return 0;
}
