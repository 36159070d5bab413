#include "config.h"

#include <glib.h>
#include <string.h>

#include "base/ch-sniff.h"
#include "base/ch-validate.h"
#include "fuzz/fuzz.h"

static ChReason (*const validators[]) (const char *value) = {
  ch_validate_name,      ch_validate_text,        ch_validate_uscc,
  ch_validate_org_code,  ch_validate_resident_id, ch_validate_document_number,
  ch_validate_mobile,    ch_validate_phone,       ch_validate_email,
  ch_validate_user_name, ch_validate_sms_code,
};

/* What people type: every validator takes any text, and what was normalised once stays as it is. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *once = ch_normalize_text (valid);
  g_autofree char *twice = ch_normalize_text (once);
  g_autofree char *code = ch_normalize_code (valid);
  g_autofree char *code_twice = ch_normalize_code (code);

  g_assert_cmpstr (once, ==, twice);
  g_assert_cmpstr (code, ==, code_twice);

  for (guint i = 0; i < G_N_ELEMENTS (validators); i++)
    {
      validators[i](valid);
      validators[i](once);
    }
  ch_validate_passphrase (data, size);
  ch_sniff (data, size);

  return 0;
}
