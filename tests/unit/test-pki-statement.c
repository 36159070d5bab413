#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-statement.h"

/* rules.md: label ‖ 0 ‖ SHA-256 (TLS certificate) ‖ SHA-256 (own certificate) ‖ nonce ‖ SHA-256 (what was
 * confirmed) */
static void
test_bytes (void)
{
  g_autoptr (GBytes) tls = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) own = g_bytes_new_static ("def", 3);
  g_autoptr (GBytes) nonce = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  g_autoptr (GBytes) confirmed = g_bytes_new_static ("ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP", 32);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) login = ch_statement_build (CH_STATEMENT_LOGIN, tls, own, nonce, NULL, &error);
  g_autoptr (GBytes) confirm = ch_statement_build (CH_STATEMENT_CONFIRM, tls, own, nonce, confirmed, &error);
  g_autofree char *hex = ch_bytes_to_hex (login);

  g_assert_no_error (error);
  g_assert_cmpstr (hex, ==,
                   "6365727468616c6c2d6c6f67696e2f3100"
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                   "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34"
                   "3031323334353637383961626364656630313233343536373839616263646566");
  g_assert_cmpuint (g_bytes_get_size (confirm), ==, strlen (CH_STATEMENT_CONFIRM) + 1 + 4 * 32);
  g_assert_cmpmem ((const char *) g_bytes_get_data (confirm, NULL) + g_bytes_get_size (confirm) - 32, 32,
                   g_bytes_get_data (confirmed, NULL), 32);
}

static void
test_refused (void)
{
  g_autoptr (GBytes) cert = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) nonce = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  const struct
  {
    const char *label;
    GBytes *tls;
    GBytes *own;
    GBytes *nonce;
    GBytes *confirmed;
  } cases[] = {
    { "certhall-login/2", cert, cert, nonce, NULL },  { "", cert, cert, nonce, NULL },
    { CH_STATEMENT_LOGIN, empty, cert, nonce, NULL }, { CH_STATEMENT_LOGIN, cert, empty, nonce, NULL },
    { CH_STATEMENT_LOGIN, cert, cert, cert, NULL },   { CH_STATEMENT_LOGIN, cert, cert, nonce, empty },
    { CH_STATEMENT_LOGIN, cert, cert, nonce, cert },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ch_statement_build (cases[i].label, cases[i].tls, cases[i].own, cases[i].nonce,
                                         cases[i].confirmed, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
    }
}

/* A signature is about one label, one server, one certificate, one nonce, one content. */
static void
test_bound (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GBytes) nonce = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  g_autoptr (GBytes) other_nonce = g_bytes_new_static ("0123456789abcdef0123456789abcdeg", 32);
  g_autoptr (GBytes) signed_bytes
      = ch_statement_build (CH_STATEMENT_LOGIN, world->root, world->ca, nonce, NULL, NULL);
  g_autoptr (GBytes) signature = ch_key_sign (world->ca_key, signed_bytes, NULL, NULL);
  GBytes *others[] = {
    ch_statement_build (CH_STATEMENT_POSSESSION, world->root, world->ca, nonce, NULL, NULL),
    ch_statement_build (CH_STATEMENT_LOGIN, world->ca, world->ca, nonce, NULL, NULL),
    ch_statement_build (CH_STATEMENT_LOGIN, world->root, world->root, nonce, NULL, NULL),
    ch_statement_build (CH_STATEMENT_LOGIN, world->root, world->ca, other_nonce, NULL, NULL),
    ch_statement_build (CH_STATEMENT_LOGIN, world->root, world->ca, nonce, nonce, NULL),
  };

  g_assert_true (ch_spki_verify (ch_key_get_spki (world->ca_key), signed_bytes, signature, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_nonnull (others[i]);
      g_assert_false (ch_spki_verify (ch_key_get_spki (world->ca_key), others[i], signature, NULL, NULL));
      g_bytes_unref (others[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/statement/bytes", test_bytes);
  g_test_add_func ("/pki/statement/refused", test_refused);
  g_test_add_func ("/pki/statement/bound", test_bound);
  return g_test_run ();
}
