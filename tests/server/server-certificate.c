#include "config.h"

#include "base/ch-clock.h"
#include "pki/ch-statement.h"
#include "server-certificate.h"
#include "wire/messages-account.h"

ChApplication *
server_install (ServerWorld *self,
                const char *token,
                const char *application,
                const ChCertificate *certificate,
                ChKey *key,
                GError **error)
{
  g_autoptr (ChNonceRequest) wanted = ch_wire_new (&ChNonceRequest_wire);
  g_autoptr (ChPossession) proof = ch_wire_new (&ChPossession_wire);
  g_autoptr (ChNonce) nonce = NULL;
  g_autoptr (GBytes) statement = NULL;

  wanted->label = g_strdup (CH_STATEMENT_POSSESSION);
  nonce = server_call (self, token, &ch_route_nonce, NULL, wanted, error);
  g_assert_nonnull (nonce);
  statement = ch_statement_build (CH_STATEMENT_POSSESSION, ch_service_get_tls_certificate (self->service),
                                  certificate->der, nonce->nonce, NULL, error);
  g_assert_nonnull (statement);
  proof->nonce = g_bytes_ref (nonce->nonce);
  proof->signature = ch_key_sign (key, statement, NULL, error);
  return server_call (self, token, &ch_route_installed, application, proof, error);
}

/* A certificate as a member has it: issued and proved to work */
ChCertificate *
server_make_certificate (ServerWorld *self, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = server_bring_to_approval (self, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  ChCertificate *certificate = server_issue (self, token, id, key, &error);
  g_autoptr (ChApplication) done = NULL;

  g_assert_no_error (error);
  done = server_install (self, token, id, certificate, key, &error);
  g_assert_no_error (error);
  return certificate;
}

/* Sessions do not last from one year to the next */
void
server_move_to (gint64 when)
{
  ch_clock_set_offset (ch_clock_get_offset () + when - ch_clock_now ());
}

char *
server_come_back (ServerWorld *self, const char *mobile, gint64 when)
{
  server_move_to (when);
  return server_login_from (self, mobile, NULL);
}
