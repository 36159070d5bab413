#include "config.h"

#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-statement.h"

static const char *const labels[] = { CH_STATEMENT_LOGIN, CH_STATEMENT_CONFIRM, CH_STATEMENT_POSSESSION };

static void
append_digest (GByteArray *out, GBytes *of)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (of, &len);
  guint8 digest[SHA256_DIGEST_LENGTH];

  SHA256 (data, len, digest);
  g_byte_array_append (out, digest, sizeof digest);
}

/**
 * ch_statement_build:
 * @label: one of `CH_STATEMENT_*`
 * @tls_cert: the certificate the server showed in this connection, in DER
 * @own_cert: the certificate of the key that signs, in DER
 * @nonce: the server’s, %CH_STATEMENT_NONCE_SIZE bytes
 * @confirmed_sha256: (nullable): SHA-256 of what the user confirmed; %NULL when there is nothing but the
 * login itself
 * @error: %CH_ERROR_INVALID_INPUT when a part has the wrong size
 *
 * Builds what a token signs. Program and server both call this, and a token never signs bytes that came from
 * outside: these keys sign contracts too, and no contract begins like this.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
ch_statement_build (const char *label,
                    GBytes *tls_cert,
                    GBytes *own_cert,
                    GBytes *nonce,
                    GBytes *confirmed_sha256,
                    GError **error)
{
  gboolean is_known = FALSE;
  GByteArray *out;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    is_known = is_known || g_strcmp0 (labels[i], label) == 0;

  if (!is_known || g_bytes_get_size (nonce) != CH_STATEMENT_NONCE_SIZE || g_bytes_get_size (tls_cert) == 0
      || g_bytes_get_size (own_cert) == 0
      || (confirmed_sha256 != NULL && g_bytes_get_size (confirmed_sha256) != SHA256_DIGEST_LENGTH))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "a part of a statement has the wrong size");
      return NULL;
    }

  out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) label, strlen (label) + 1);
  append_digest (out, tls_cert);
  append_digest (out, own_cert);
  g_byte_array_append (out, g_bytes_get_data (nonce, NULL), CH_STATEMENT_NONCE_SIZE);
  if (confirmed_sha256 != NULL)
    g_byte_array_append (out, g_bytes_get_data (confirmed_sha256, NULL), SHA256_DIGEST_LENGTH);

  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_statement_digest_unlock:
 * @token_serial: of the medium
 *
 * Returns: (transfer full): SHA-256 of what is confirmed by unlocking a medium, for ch_statement_build()
 */
GBytes *
ch_statement_digest_unlock (const char *token_serial)
{
  g_autofree char *text = g_strconcat ("certhall-unlock/1 ", token_serial, NULL);
  guint8 digest[SHA256_DIGEST_LENGTH];

  SHA256 ((const guint8 *) text, strlen (text), digest);
  return g_bytes_new (digest, sizeof digest);
}

/**
 * ch_statement_build_possession:
 * @own_cert: the certificate of the key that signs, in DER
 *
 * Builds what a key signs to show to this program that it is here. Nobody is at the other end: where the
 * server’s certificate stands otherwise stands the own one, and the nonce is random, so that no server takes
 * it for an answer of its own.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
ch_statement_build_possession (GBytes *own_cert, GError **error)
{
  guint8 random[CH_STATEMENT_NONCE_SIZE];
  g_autoptr (GBytes) nonce = NULL;

  if (RAND_bytes (random, sizeof random) != 1)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "there is nothing random to be had");
      return NULL;
    }

  nonce = g_bytes_new (random, sizeof random);
  return ch_statement_build (CH_STATEMENT_POSSESSION, own_cert, own_cert, nonce, NULL, error);
}

/**
 * ch_statement_build_test:
 * @own_cert: the certificate of the key that is tried, in DER
 *
 * Builds what a key signs for a test: its label is accepted by no server, and the rest is random.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
ch_statement_build_test (GBytes *own_cert, GError **error)
{
  guint8 nonce[CH_STATEMENT_NONCE_SIZE];
  GByteArray *out;

  if (RAND_bytes (nonce, sizeof nonce) != 1)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "there is nothing random to be had");
      return NULL;
    }

  out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) CH_STATEMENT_TEST, sizeof CH_STATEMENT_TEST);
  append_digest (out, own_cert);
  g_byte_array_append (out, nonce, sizeof nonce);
  return g_byte_array_free_to_bytes (out);
}
