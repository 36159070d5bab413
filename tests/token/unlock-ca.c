#include "config.h"

#include "pki/ch-statement.h"
#include "server/ch-escrow.h"
#include "server/server-unlock.h"
#include "token/unlock-ca.h"
#include "wire/messages-account.h"

struct _UnlockCa
{
  ServerWorld *server;
  char *member;
  char *application;
  const char *serial; /* while a medium is begun */
};

void
unlock_ca_init (int *argc, char ***argv)
{
  server_world_init (argc, argv);
}

void
unlock_ca_clean_up (void)
{
  server_world_clean_up ();
}

UnlockCa *
unlock_ca_new (void)
{
  UnlockCa *self = g_new0 (UnlockCa, 1);

  self->server = server_world_new ();
  self->member = server_register (self->server, "13811110001");
  self->application = server_bring_to_approval (self->server, self->member);
  return self;
}

void
unlock_ca_free (UnlockCa *self)
{
  g_free (self->member);
  g_free (self->application);
  server_world_free (self->server);
  g_free (self);
}

const char *
unlock_ca_get_url (UnlockCa *self)
{
  return self->server->url;
}

const char *
unlock_ca_get_dir (UnlockCa *self)
{
  return self->server->dir;
}

const ChProfile *
unlock_ca_get_profile (UnlockCa *self)
{
  return self->server->profile;
}

static gpointer
write_begun (ChDbTx *tx, gpointer data, GError **error)
{
  UnlockCa *self = data;

  return ch_escrow_begin (tx, self->server->service, self->serial, self->application, "staff:max", error);
}

/* What a medium is to be initialised with */
ChSecret *
unlock_ca_begin (UnlockCa *self, const char *serial)
{
  g_autoptr (GError) error = NULL;
  ChSecret *pin;

  self->serial = serial;
  pin = ch_db_write (ch_service_get_db (self->server->service), write_begun, self,
                     (GDestroyNotify) ch_secret_unref, &error);
  g_assert_no_error (error);
  return pin;
}

GBytes *
unlock_ca_issue (UnlockCa *self, GBytes *csr)
{
  const ChCsrMessage message = { .csr = csr };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) certificate
      = server_call (self->server, self->member, &ch_route_issue, self->application, &message, &error);

  g_assert_no_error (error);
  return g_bytes_ref (certificate->der);
}

/* What the key on the medium is to sign, so that it counts as installed */
GBytes *
unlock_ca_make_statement (UnlockCa *self, GBytes *cert, GBytes **nonce)
{
  const ChNonceRequest wanted = { .label = (char *) CH_STATEMENT_POSSESSION };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChNonce) made = server_call (self->server, NULL, &ch_route_nonce, NULL, &wanted, &error);
  GBytes *statement;

  g_assert_no_error (error);
  *nonce = g_bytes_ref (made->nonce);
  statement
      = ch_statement_build (CH_STATEMENT_POSSESSION, ch_service_get_tls_certificate (self->server->service),
                            cert, made->nonce, NULL, &error);
  g_assert_no_error (error);
  return statement;
}

void
unlock_ca_confirm (UnlockCa *self, GBytes *nonce, GBytes *signature)
{
  const ChPossession proof = { .nonce = nonce, .signature = signature };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) done
      = server_call (self->server, self->member, &ch_route_installed, self->application, &proof, &error);

  g_assert_no_error (error);
}

void
unlock_ca_clear_phone (UnlockCa *self)
{
  test_phone_clear (self->server->phone, SERVER_UNLOCK_MOBILE);
}

ChSecret *
unlock_ca_await_code (UnlockCa *self)
{
  g_autofree char *text = server_await_text (self->server, SERVER_UNLOCK_MOBILE, "code ");

  return ch_secret_new (text, 6);
}

static gpointer
write_aged (ChDbTx *tx, gpointer data, GError **error)
{
  static const char *const aged[] = {
    "UPDATE escrow_history SET at = at - 86401",
    "UPDATE sms_code SET sent = sent - 86401, expires = expires - 86401",
    "UPDATE counter SET since = since - 86401, ends = ends - 86401",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (aged); i++)
    if (!ch_db_run (tx, aged[i], NULL, error))
      return NULL;
  return CH_DB_DONE;
}

/* A day later: what has happened is a day old. Program and server share a clock here, which the program sets
 * by the server’s as it always does, so it cannot be turned on. */
void
unlock_ca_pass_a_day (UnlockCa *self)
{
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (self->server->service), write_aged, NULL, NULL, &error);
  g_assert_no_error (error);
}

static gpointer
read_escrow (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_escrow_load (tx, data, error);
}

ChEscrowState
unlock_ca_get_state (UnlockCa *self, const char *serial, gint64 *runs)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChEscrow) escrow
      = ch_db_read (ch_service_get_db (self->server->service), read_escrow, (gpointer) serial, &error);

  g_assert_no_error (error);
  if (runs != NULL)
    *runs = escrow->runs;
  return escrow->state;
}
