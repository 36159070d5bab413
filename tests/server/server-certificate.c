#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "pki/ch-statement.h"
#include "server-certificate.h"
#include "server/ch-store-certificates.h"
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

ChApplication *
server_begin_about (ServerWorld *self,
                    const char *token,
                    const char *flow,
                    const char *serial,
                    GError **error)
{
  g_autoptr (ChApplicationNew) request = ch_wire_new (&ChApplicationNew_wire);

  request->flow = g_strdup (flow);
  request->project = g_strdup ("ra-test");
  request->certificate = g_strdup (serial);
  return server_call (self, token, &ch_route_application_new, NULL, request, error);
}

ChApplication *
server_prove (ServerWorld *self,
              const char *token,
              const ChApplication *application,
              const char *code,
              GError **error)
{
  g_autoptr (ChHandlerProof) request = ch_wire_new (&ChHandlerProof_wire);

  request->version = application->version;
  request->code = ch_secret_new (code, strlen (code));
  return server_call (self, token, &ch_route_application_proof, application->id, request, error);
}

/* Has a code sent to @mobile and returns it */
char *
server_have_code (ServerWorld *self, const char *token, const char *mobile, const ChApplication *application)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSmsSent) sent
      = server_call (self, token, &ch_route_application_code, application->id, NULL, &error);

  g_assert_no_error (error);
  return server_await_text (self, mobile, "code ");
}

ChApplication *
server_prove_and_submit (ServerWorld *self, const char *token, const char *mobile, const ChApplication *whole)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = server_have_code (self, token, mobile, whole);
  g_autoptr (ChApplication) proved = server_prove (self, token, whole, code, &error);
  ChApplication *submitted;

  g_assert_no_error (error);
  g_assert_true (server_has_fact (proved, CH_FACT_PROVED));
  submitted = server_submit (self, token, proved, &error);
  g_assert_no_error (error);
  return submitted;
}

static gpointer
read_certificate (ChDbTx *tx, gpointer serial, GError **error)
{
  return ch_certificate_record_load (tx, serial, error);
}

void
server_assert_certificate (ServerWorld *self,
                           const char *serial,
                           ChCertificateState state,
                           ChRevocation reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificateRecord) record
      = ch_db_read (ch_service_get_db (self->service), read_certificate, (gpointer) serial, &error);

  g_assert_no_error (error);
  g_assert_cmpint (record->state, ==, state);
  g_assert_cmpint (record->reason, ==, reason);
}
