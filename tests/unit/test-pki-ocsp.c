#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-authority.h"
#include "pki/ch-ocsp.h"

static const ChKeySpec all_specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

typedef struct
{
  PkiWorld *world;
  GBytes *good;
  GBytes *revoked;
  GBytes *unknown;
  char *good_serial;
  char *revoked_serial;
  GBytes *signer_cert;
  ChIssuer *signer;
  ChOcspResponder *responder;
} Fixture;

static GBytes *
issue (PkiWorld *world, char **serial)
{
  g_autoptr (GError) error = NULL;
  GBytes *cert = pki_issue (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, &error);

  g_assert_no_error (error);
  if (serial != NULL)
    *serial = g_strdup (info->serial);
  return cert;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (spec, &error);
  g_autoptr (ChSubject) name = pki_subject ("状态应答");

  self->world = pki_world_new (spec);
  self->good = issue (self->world, &self->good_serial);
  self->revoked = issue (self->world, &self->revoked_serial);
  self->unknown = issue (self->world, NULL);
  self->signer_cert = ch_authority_make_ocsp_signer (self->world->issuer, ch_key_get_spki (key), name,
                                                     self->world->now - 60, self->world->now + 86400, &error);
  g_assert_no_error (error);
  self->signer = ch_issuer_new (key, self->signer_cert, NULL, NULL, &error);
  g_assert_no_error (error);
  self->responder = ch_ocsp_responder_new (self->world->ca, self->signer, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ch_ocsp_responder_free (self->responder);
  ch_issuer_unref (self->signer);
  g_bytes_unref (self->signer_cert);
  g_bytes_unref (self->good);
  g_bytes_unref (self->revoked);
  g_bytes_unref (self->unknown);
  g_free (self->good_serial);
  g_free (self->revoked_serial);
  pki_world_free (self->world);
}

static gboolean
look_up (const char *serial, ChOcspState *state, gpointer user_data)
{
  Fixture *self = user_data;

  if (g_str_equal (serial, self->good_serial))
    state->status = CH_OCSP_GOOD;
  else if (g_str_equal (serial, self->revoked_serial))
    *state = (ChOcspState){ CH_OCSP_REVOKED, CH_REVOCATION_KEY_COMPROMISE, self->world->now - 7 };
  return TRUE;
}

static gboolean
look_up_later (const char *serial, ChOcspState *state, gpointer user_data)
{
  return FALSE;
}

static GBytes *
answer (Fixture *self, ChOcspRequest *request)
{
  return ch_ocsp_responder_answer (self->responder, ch_ocsp_request_get_der (request), self->world->now,
                                   self->world->now + 600, look_up, self);
}

static void
test_states (Fixture *self, gconstpointer data)
{
  const struct
  {
    GBytes *cert;
    ChOcspState state;
  } cases[] = {
    { self->good, { CH_OCSP_GOOD, CH_REVOCATION_UNSPECIFIED, 0 } },
    { self->revoked, { CH_OCSP_REVOKED, CH_REVOCATION_KEY_COMPROMISE, self->world->now - 7 } },
    { self->unknown, { CH_OCSP_UNKNOWN, CH_REVOCATION_UNSPECIFIED, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ChOcspRequest) request = ch_ocsp_request_new (cases[i].cert, self->world->ca, &error);
      g_autoptr (GBytes) response = answer (self, request);
      ChOcspState state;

      g_assert_true (ch_ocsp_request_verify (request, response, self->world->now, NULL, &state, &error));
      g_assert_no_error (error);
      g_assert_cmpint (state.status, ==, cases[i].state.status);
      g_assert_cmpint (state.reason, ==, cases[i].state.reason);
      g_assert_cmpint (state.revoked_at, ==, cases[i].state.revoked_at);
    }
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOcspRequest) request = ch_ocsp_request_new (self->good, self->world->ca, &error);
  g_autoptr (ChOcspRequest) again = ch_ocsp_request_new (self->good, self->world->ca, &error);
  g_autoptr (GBytes) response = answer (self, request);
  g_autoptr (GBytes) later = NULL;
  g_autoptr (GBytes) by_customer = NULL;
  g_autoptr (ChIssuer) customer = ch_issuer_new (self->world->root_key, self->good, NULL, NULL, &error);
  g_autoptr (ChOcspResponder) forger = ch_ocsp_responder_new (self->world->ca, customer, &error);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (GBytes) malformed = NULL;
  gsize len = 0;
  const guint8 *bytes = g_bytes_get_data (response, &len);
  ChOcspState state;

  g_assert_no_error (error);
  /* An old answer, an answer of tomorrow, the answer to another question */
  g_assert_false (ch_ocsp_request_verify (request, response, self->world->now + 3600, NULL, &state, NULL));
  g_assert_false (ch_ocsp_request_verify (request, response, self->world->now - 3600, NULL, &state, NULL));
  g_assert_false (ch_ocsp_request_verify (again, response, self->world->now, NULL, &state, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_clear_error (&error);

  /* A customer of the CA answers in its name */
  by_customer = ch_ocsp_responder_answer (forger, ch_ocsp_request_get_der (request), self->world->now,
                                          self->world->now + 600, look_up, self);
  g_assert_false (ch_ocsp_request_verify (request, by_customer, self->world->now, NULL, &state, NULL));

  later = ch_ocsp_responder_answer (self->responder, ch_ocsp_request_get_der (request), self->world->now,
                                    self->world->now + 600, look_up_later, self);
  g_assert_false (ch_ocsp_request_verify (request, later, self->world->now, NULL, &state, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BUSY);
  g_clear_error (&error);
  malformed
      = ch_ocsp_responder_answer (self->responder, junk, self->world->now, self->world->now, look_up, self);
  g_assert_cmpmem (g_bytes_get_data (malformed, NULL), g_bytes_get_size (malformed), "\x30\x03\x0a\x01\x01",
                   5);

  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, len);
      g_autoptr (GBytes) cut = g_bytes_new (bytes, i);
      g_autoptr (GBytes) flipped = NULL;

      g_assert_false (ch_ocsp_request_verify (request, cut, self->world->now, NULL, &state, NULL));
      copy[i] ^= 1 << (i % 8);
      flipped = g_bytes_new (copy, len);
      /* Most flips are refused; some are in parts nobody signs, and must then leave the state as it is */
      if (ch_ocsp_request_verify (request, flipped, self->world->now, NULL, &state, NULL))
        g_assert_cmpint (state.status, ==, CH_OCSP_GOOD);
    }
}

static void
test_openssl (Fixture *self, gconstpointer data)
{
  g_autofree char *dir = pki_write_chain (self->world);
  g_autofree char *good = pki_write_pem (self->world, "good.pem", self->good);
  g_autofree char *revoked = pki_write_pem (self->world, "revoked.pem", self->revoked);
  g_autofree char *request_path = g_build_filename (dir, "request.der", NULL);
  g_autofree char *response_path = NULL;
  g_autofree char *asked = NULL;
  g_autofree char *output = NULL;
  g_autofree char *data_read = NULL;
  gsize len = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GBytes) response = NULL;

  asked = pki_openssl (self->world, 0,
                       "ocsp -issuer ca.pem -cert good.pem -sha256 -cert revoked.pem -reqout request.der");
  g_file_get_contents (request_path, &data_read, &len, &error);
  g_assert_no_error (error);
  request = g_bytes_new (data_read, len);
  response = ch_ocsp_responder_answer (self->responder, request, self->world->now, self->world->now + 600,
                                       look_up, self);
  response_path = pki_write (self->world, "response.der", response);

  /* The tool checks signer, nonce and times */
  output = pki_openssl (
      self->world, 0,
      "ocsp -no_nonce -issuer ca.pem -cert good.pem -sha256 -cert revoked.pem -reqin request.der -respin "
      "response.der -CAfile root.pem -verify_other ca.pem");
  g_assert_nonnull (strstr (output, "Response verify OK"));
  g_assert_nonnull (strstr (output, "good.pem: good"));
  g_assert_nonnull (strstr (output, "revoked.pem: revoked"));
  g_assert_nonnull (strstr (output, "Reason: keyCompromise"));
  g_assert_null (strstr (output, "WARNING"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      const char *id = ch_key_spec_get_id (all_specs[i]);
      g_autofree char *states = g_strconcat ("/pki/ocsp/states/", id, NULL);
      g_autofree char *openssl = g_strconcat ("/pki/ocsp/openssl/", id, NULL);

      g_test_add (states, Fixture, &all_specs[i], set_up, test_states, tear_down);
      /* OpenSSL 3.0 cannot verify SM2 answers: it has no way to be told the distinguishing id */
      if (all_specs[i] != CH_KEY_SM2)
        g_test_add (openssl, Fixture, &all_specs[i], set_up, test_openssl, tear_down);
    }
  g_test_add ("/pki/ocsp/refused", Fixture, &all_specs[1], set_up, test_refused, tear_down);
  g_test_add ("/pki/ocsp/refused/sm2", Fixture, &all_specs[2], set_up, test_refused, tear_down);

  return g_test_run ();
}
