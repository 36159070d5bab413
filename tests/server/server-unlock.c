#include "config.h"

#include <string.h>

#include "pki/ch-envelope.h"
#include "pki/ch-statement.h"
#include "server/ch-escrow.h"
#include "server-unlock.h"
#include "wire/messages-account.h"

static gpointer
write_begun (ChDbTx *tx, gpointer data, GError **error)
{
  ServerMedium *self = data;

  return ch_escrow_begin (tx, self->server->service, self->serial, self->application, "staff:max", error);
}

static ChNonce *
ask_nonce (ServerWorld *server, const char *label)
{
  const ChNonceRequest wanted = { .label = (char *) label };
  g_autoptr (GError) error = NULL;
  ChNonce *nonce = server_call (server, NULL, &ch_route_nonce, NULL, &wanted, &error);

  g_assert_no_error (error);
  return nonce;
}

/* Issues a certificate for a key, and proves that it is where it should be. Returns: (transfer full): the key
 */
ChKey *
server_install (ServerWorld *server,
                const char *member,
                const char *application,
                ChKey *key,
                ChCertificate **certificate)
{
  g_autoptr (GError) error = NULL;
  ChKey *own = key != NULL ? ch_key_ref (key) : ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChCertificate) issued = server_issue (server, member, application, own, &error);
  g_autoptr (ChNonce) nonce = ask_nonce (server, CH_STATEMENT_POSSESSION);
  g_autoptr (GBytes) statement = NULL;
  g_autoptr (ChPossession) proof = ch_wire_new (&ChPossession_wire);
  g_autoptr (ChApplication) done = NULL;

  g_assert_no_error (error);
  statement = ch_statement_build (CH_STATEMENT_POSSESSION, ch_service_get_tls_certificate (server->service),
                                  issued->der, nonce->nonce, NULL, &error);
  g_assert_no_error (error);
  proof->nonce = g_bytes_ref (nonce->nonce);
  proof->signature = ch_key_sign (own, statement, NULL, &error);
  done = server_call (server, member, &ch_route_installed, application, proof, &error);
  g_assert_no_error (error);
  if (certificate != NULL)
    *certificate = g_steal_pointer (&issued);
  return own;
}

ServerMedium *
server_medium_new (ServerWorld *server, const char *member, const char *serial)
{
  ServerMedium *self = g_new0 (ServerMedium, 1);
  g_autoptr (GError) error = NULL;

  self->server = server;
  self->serial = g_strdup (serial);
  self->application = server_bring_to_approval (server, member);
  self->so_pin = ch_db_write (ch_service_get_db (server->service), write_begun, self,
                              (GDestroyNotify) ch_secret_unref, &error);
  g_assert_no_error (error);
  self->key = server_install (server, member, self->application, NULL, &self->certificate);
  return self;
}

void
server_medium_free (ServerMedium *self)
{
  g_free (self->serial);
  g_free (self->application);
  ch_secret_unref (self->so_pin);
  ch_key_unref (self->key);
  ch_certificate_free (self->certificate);
  g_free (self);
}

void
server_ask_unlock_code (ServerWorld *server, const char *serial, const char *mobile, GError **error)
{
  g_autoptr (ChSmsSent) sent = server_ask_code_for (server, mobile, CH_SMS_UNLOCK, serial, error);
}

ChUnlockTicket *
server_show_unlock_code (ServerWorld *server,
                         const char *serial,
                         const char *mobile,
                         const char *code,
                         GError **error)
{
  g_autoptr (ChUnlockRequest) request = ch_wire_new (&ChUnlockRequest_wire);

  request->token_serial = g_strdup (serial);
  request->mobile = g_strdup (mobile);
  request->code = ch_secret_new (code, strlen (code));
  return server_call (server, NULL, &ch_route_unlock_ticket, NULL, request, error);
}

char *
server_take_unlock_ticket (ServerWorld *server, const char *serial, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;
  g_autoptr (ChUnlockTicket) ticket = NULL;
  ChSession session = { 0 };

  server_ask_unlock_code (server, serial, mobile, &error);
  g_assert_no_error (error);
  code = server_await_text (server, mobile, "code ");
  code[6] = 0;
  ticket = server_show_unlock_code (server, serial, mobile, code, &error);
  g_assert_no_error (error);
  session.token = ticket->token;
  return server_take_token (&session);
}

static ChSecret *
open_pin (ServerRun *self, const char *what, const char *serial, GBytes *sealed)
{
  g_autofree char *about = g_strconcat (what, serial, NULL);
  g_autoptr (GError) error = NULL;
  ChSecret *pin = ch_envelope_open (self->key, about, sealed, &error);

  g_assert_no_error (error);
  return pin;
}

ServerRun *
server_run_new (ServerWorld *server, const char *ticket, const char *serial, GError **error)
{
  g_autoptr (ServerRun) self = g_new0 (ServerRun, 1);
  g_autoptr (ChUnlockRelease) request = ch_wire_new (&ChUnlockRelease_wire);

  self->key = ch_key_generate (CH_KEY_P256, NULL);
  request->token_serial = g_strdup (serial);
  request->officer_pin = CH_OFFICER_PIN_GOOD;
  request->key = g_bytes_ref (ch_key_get_spki (self->key));
  self->answer = server_call (server, ticket, &ch_route_unlock_release, NULL, request, error);
  if (self->answer == NULL)
    return NULL;
  self->current = open_pin (self, CH_OFFICER_CURRENT, serial, self->answer->current);
  self->next = open_pin (self, CH_OFFICER_NEXT, serial, self->answer->next);
  return g_steal_pointer (&self);
}

void
server_run_free (ServerRun *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->key, ch_key_unref);
  g_clear_pointer (&self->answer, ch_unlock_pins_free);
  g_clear_pointer (&self->current, ch_secret_unref);
  g_clear_pointer (&self->next, ch_secret_unref);
  g_free (self);
}

/* What the key of @medium, or @key, says of the medium @serial */
ChUnlockConfirm *
server_make_confirmation (ServerMedium *medium, const char *serial, ChKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChNonce) nonce = ask_nonce (medium->server, CH_STATEMENT_CONFIRM);
  g_autoptr (GBytes) digest = ch_statement_digest_unlock (serial);
  g_autoptr (GBytes) statement
      = ch_statement_build (CH_STATEMENT_CONFIRM, ch_service_get_tls_certificate (medium->server->service),
                            medium->certificate->der, nonce->nonce, digest, &error);
  ChUnlockConfirm *request = ch_wire_new (&ChUnlockConfirm_wire);

  g_assert_no_error (error);
  request->token_serial = g_strdup (serial);
  request->certificate = g_strdup (medium->certificate->serial);
  request->nonce = g_bytes_ref (nonce->nonce);
  request->signature = ch_key_sign (key != NULL ? key : medium->key, statement, NULL, &error);
  g_assert_no_error (error);
  return request;
}

gboolean
server_confirm (ServerWorld *server, const char *ticket, ChUnlockConfirm *request, GError **error)
{
  gpointer answer = server_call (server, ticket, &ch_route_unlock_confirm, NULL, request, error);

  ch_wire_free (&ChNothing_wire, answer);
  return answer != NULL;
}
