#include "config.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-csr.h"
#include "pki/ch-statement.h"
#include "server-world.h"
#include "wire/messages-certificate.h"

#define GRACE "365"
#define DAY   86400

/* A member with one certificate, and its key */
typedef struct
{
  ServerWorld *server;
  char *member;
  char *application;
  ChKey *key;
  ChCertificate *certificate;
} World;

static void
set_grace (ChProfile *profile, const char *value)
{
  profile->limits->grace_days = atoi (value);
}

static void
set_sm2_id (ChProfile *profile, const char *value)
{
  g_free (profile->issue->sm2_id);
  profile->issue->sm2_id = g_strdup (value);
}

static gpointer
write_sound (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "UPDATE certificate SET state = 'issued', revoked = 0", NULL, error) ? CH_DB_DONE
                                                                                             : NULL;
}

static void
bring_certificate (World *world, ChKeySpec spec)
{
  g_autoptr (GError) error = NULL;

  world->application = server_bring_to_approval (world->server, world->member);
  world->key = ch_key_generate (spec, &error);
  g_assert_no_error (error);
  world->certificate = server_issue (world->server, world->member, world->application, world->key, &error);
  g_assert_no_error (error);
}

static void
drop_certificate (World *world)
{
  g_clear_pointer (&world->key, ch_key_unref);
  g_clear_pointer (&world->certificate, ch_certificate_free);
  g_clear_pointer (&world->application, g_free);
}

/* One server, one member and one certificate serve all tests: what they do to it is undone */
static World common;

static void
set_up (World *world, gconstpointer spec)
{
  if (common.server == NULL)
    {
      server_world_set_keys ("rsa-2048 p256 sm2");
      server_world_change_profile (set_grace, GRACE);
      common.server = server_world_new ();
      common.member = server_register (common.server, "13811110001");
      bring_certificate (&common, CH_KEY_P256);
    }

  *world = common;
  if (GPOINTER_TO_INT (spec) != CH_KEY_P256)
    bring_certificate (world, GPOINTER_TO_INT (spec));
}

static void
tear_down (World *world, gconstpointer spec)
{
  ch_clock_set_offset (0);
  if (GPOINTER_TO_INT (spec) != CH_KEY_P256)
    drop_certificate (world);
  ch_db_write (ch_service_get_db (common.server->service), write_sound, NULL, NULL, NULL);
}

static void
world_clear (World *world)
{
  drop_certificate (world);
  g_free (world->member);
  server_world_free (world->server);
}

static void
assert_refused (World *world, const ChHolderLogin *request, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (server_call (world->server, NULL, &ch_route_holder_login, NULL, request, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static ChHolderLogin *
sign_in (World *world)
{
  return server_sign_in (world->server, world->certificate->der, world->key, NULL);
}

/* Signs something else with the nonce of @request */
static void
sign_again (ChHolderLogin *request, ChKey *key, GBytes *what)
{
  g_autoptr (GError) error = NULL;

  g_bytes_unref (request->signature);
  request->signature = ch_key_sign (key, what, NULL, &error);
  g_assert_no_error (error);
}

static void
test_login (World *world, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session
      = server_holder_login (world->server, world->certificate->der, world->key, &error);
  g_autofree char *token = NULL;
  g_autoptr (ChHolder) holder = NULL;
  g_autoptr (ChApplicationList) applications = NULL;
  g_autoptr (ChCertificateList) certificates = NULL;
  g_autoptr (ChApplication) another = server_apply (world->server, world->member, "self-pay");

  g_assert_no_error (error);
  g_assert_cmpstr (session->principal, ==, "holder");
  g_assert_cmpstr (session->name, ==, world->certificate->name);
  token = server_take_token (session);

  holder = server_call (world->server, token, &ch_route_holder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (holder->certificate, ==, world->certificate->serial);
  g_assert_cmpstr (holder->application, ==, world->application);
  g_assert_false (holder->renewal_only);

  /* its own business, and not what else belongs to the account */
  applications = server_call (world->server, token, &ch_route_application_list, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (applications->items->len, ==, 1);
  g_assert_cmpstr (((ChApplication *) applications->items->pdata[0])->id, ==, world->application);
  certificates = server_call (world->server, token, &ch_route_certificate_list, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (certificates->items->len, ==, 1);
  g_assert_null (server_call (world->server, token, &ch_route_application, another->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (server_call (world->server, token, &ch_route_account, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

static void
test_replay (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session
      = server_call (world->server, NULL, &ch_route_holder_login, NULL, request, &error);

  g_assert_no_error (error);
  assert_refused (world, request, CH_ERROR_NONCE_SPENT);
}

/* A nonce is used up by a wrong signature too: nobody tries twice with one */
static void
test_nonce_of_wrong_signature (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);
  g_autoptr (GBytes) right = g_steal_pointer (&request->signature);

  request->signature = g_bytes_new ("nothing", 7);
  assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);
  g_bytes_unref (request->signature);
  request->signature = g_steal_pointer (&right);
  assert_refused (world, request, CH_ERROR_NONCE_SPENT);
}

static void
test_old_nonce (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);

  ch_clock_set_offset (ch_clock_get_offset () + 121);
  assert_refused (world, request, CH_ERROR_NONCE_SPENT);
}

/* The nonce is of one label, and so is what is signed */
static void
test_other_label (World *world, gconstpointer spec)
{
  static const char *const labels[] = { CH_STATEMENT_POSSESSION, CH_STATEMENT_CONFIRM };
  GBytes *tls = ch_service_get_tls_certificate (world->server->service);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (ChHolderLogin) request = sign_in (world);
      g_autoptr (ChHolderLogin) foreign = sign_in (world);
      g_autoptr (ChNonceRequest) wanted = ch_wire_new (&ChNonceRequest_wire);
      g_autoptr (ChNonce) nonce = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) statement
          = ch_statement_build (labels[i], tls, world->certificate->der, request->nonce, NULL, &error);
      g_autoptr (GBytes) right = NULL;

      g_assert_no_error (error);
      sign_again (request, world->key, statement);
      assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);

      wanted->label = g_strdup (labels[i]);
      nonce = server_call (world->server, NULL, &ch_route_nonce, NULL, wanted, &error);
      g_assert_no_error (error);
      right
          = ch_statement_build (CH_STATEMENT_LOGIN, tls, world->certificate->der, nonce->nonce, NULL, &error);
      g_bytes_unref (foreign->nonce);
      foreign->nonce = g_bytes_ref (nonce->nonce);
      sign_again (foreign, world->key, right);
      assert_refused (world, foreign, CH_ERROR_NONCE_SPENT);
    }
}

/* What was signed for another server is worth nothing here */
static void
test_other_server (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);
  g_autoptr (GBytes) statement = ch_statement_build (CH_STATEMENT_LOGIN, world->certificate->issuing_ca,
                                                     world->certificate->der, request->nonce, NULL, NULL);

  sign_again (request, world->key, statement);
  assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);
}

/* Another’s key, and a certificate that was never issued here though it carries the same serial number */
static void
test_other_key (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);
  g_autoptr (ChHolderLogin) unknown = sign_in (world);
  g_autoptr (ChKey) other = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (GBytes) statement
      = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (world->server->service),
                            world->certificate->der, request->nonce, NULL, NULL);
  gsize len = 0;
  guint8 *changed = g_bytes_unref_to_data (g_bytes_ref (world->certificate->der), &len);

  sign_again (request, other, statement);
  assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);

  /* the last byte is of the CA’s signature */
  changed[len - 1] ^= 1;
  g_bytes_unref (unknown->certificate);
  unknown->certificate = g_bytes_new_take (changed, len);
  g_clear_pointer (&statement, g_bytes_unref);
  statement = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (world->server->service),
                                  unknown->certificate, unknown->nonce, NULL, NULL);
  sign_again (unknown, world->key, statement);
  assert_refused (world, unknown, CH_ERROR_HOLDER_UNKNOWN);
}

/* A signature over the hash of the statement, which a page could have had made as one over bytes of its own
 */
static void
test_bare_hash (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);
  g_autoptr (GBytes) statement
      = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (world->server->service),
                            world->certificate->der, request->nonce, NULL, NULL);
  guint8 digest[SHA256_DIGEST_LENGTH];
  g_autoptr (GBytes) hash = NULL;

  SHA256 (g_bytes_get_data (statement, NULL), g_bytes_get_size (statement), digest);
  hash = g_bytes_new (digest, sizeof digest);
  sign_again (request, world->key, hash);
  assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);

  g_bytes_unref (request->nonce);
  request->nonce = g_bytes_ref (hash);
  assert_refused (world, request, CH_ERROR_NONCE_SPENT);
}

static void
test_consents (World *world, gconstpointer spec)
{
  g_autoptr (ChHolderLogin) request = sign_in (world);

  g_ptr_array_set_size (request->consents, 0);
  assert_refused (world, request, CH_ERROR_CONSENT_MISSING);
}

/* Revoked and on hold: nobody gets in, and who is in is out. Only who has the key hears which of them it is. */
static void
test_revoked (World *world, gconstpointer spec)
{
  static const ChRevocation reasons[] = { CH_REVOCATION_HOLD, CH_REVOCATION_SUPERSEDED };

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ChHolderLogin) request = NULL;

      if (i == 0)
        {
          g_autoptr (ChSession) session
              = server_holder_login (world->server, world->certificate->der, world->key, &error);
          g_autofree char *token = NULL;

          g_assert_no_error (error);
          token = server_take_token (session);
          g_assert_true (server_revoke (world->server, world->certificate->serial, reasons[i]));
          g_assert_null (server_call (world->server, token, &ch_route_holder, NULL, NULL, &error));
          g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
        }
      else
        g_assert_true (server_revoke (world->server, world->certificate->serial, reasons[i]));

      request = sign_in (world);
      assert_refused (world, request, i == 0 ? CH_ERROR_HOLDER_HELD : CH_ERROR_HOLDER_REVOKED);
      g_clear_pointer (&request, ch_holder_login_free);
      request = sign_in (world);
      g_bytes_unref (request->signature);
      request->signature = g_bytes_new ("nothing", 7);
      assert_refused (world, request, CH_ERROR_CERTIFICATE_REFUSED);
    }
}

/* Ended within the grace: in, but only for what renewal needs; later: not at all */
static void
test_expired (World *world, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autoptr (ChHolder) holder = NULL;
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (ChHolderLogin) request = NULL;
  g_autofree char *token = NULL;
  gint64 end = world->certificate->not_after;

  ch_clock_set_offset (end + DAY - g_get_real_time () / G_USEC_PER_SEC);
  session = server_holder_login (world->server, world->certificate->der, world->key, &error);
  g_assert_no_error (error);
  token = server_take_token (session);
  holder = server_call (world->server, token, &ch_route_holder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (holder->renewal_only);
  certificate
      = server_call (world->server, token, &ch_route_certificate, world->certificate->serial, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (server_call (world->server, token, &ch_route_application_list, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);

  ch_clock_set_offset (end + (atoi (GRACE) + 1) * DAY - g_get_real_time () / G_USEC_PER_SEC);
  request = sign_in (world);
  assert_refused (world, request, CH_ERROR_HOLDER_ENDED);
}

/* The certificate ends while somebody is logged in by it */
static void
test_ends_meanwhile (World *world, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autoptr (ChApplicationList) list = NULL;
  g_autofree char *token = NULL;
  gint64 end = world->certificate->not_after;

  ch_clock_set_offset (end - 60 - g_get_real_time () / G_USEC_PER_SEC);
  session = server_holder_login (world->server, world->certificate->der, world->key, &error);
  g_assert_no_error (error);
  token = server_take_token (session);
  list = server_call (world->server, token, &ch_route_application_list, NULL, NULL, &error);
  g_assert_no_error (error);
  ch_clock_set_offset (ch_clock_get_offset () + 120);
  g_assert_null (server_call (world->server, token, &ch_route_application_list, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

/* The distinguishing id is the profile’s: signed under another one it is no signature */
static void
test_sm2_id (void)
{
  World world = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_SM2, &error);
  g_autoptr (ChSubject) name = ch_subject_new ();
  g_autoptr (ChCsrMessage) wrong = ch_wire_new (&ChCsrMessage_wire);
  g_autoptr (ChCsrMessage) right = ch_wire_new (&ChCsrMessage_wire);
  g_autoptr (ChHolderLogin) by_default = NULL;
  g_autoptr (ChHolderLogin) by_profile = NULL;
  g_autoptr (ChSession) session = NULL;

  server_world_set_keys ("sm2");
  server_world_change_profile (set_sm2_id, "TEST-CA@2026");
  world.server = server_world_new ();
  world.member = server_register (world.server, "13811110001");
  world.application = server_bring_to_approval (world.server, world.member);
  world.key = ch_key_ref (key);
  ch_subject_add (name, "CN", "Somebody", NULL);

  wrong->csr = ch_csr_make (key, name, NULL, NULL);
  g_assert_null (server_call (world.server, world.member, &ch_route_issue, world.application, wrong, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CSR_REFUSED);
  g_clear_error (&error);
  right->csr = ch_csr_make (key, name, "TEST-CA@2026", NULL);
  world.certificate
      = server_call (world.server, world.member, &ch_route_issue, world.application, right, &error);
  g_assert_no_error (error);

  by_default = server_sign_in (world.server, world.certificate->der, key, NULL);
  assert_refused (&world, by_default, CH_ERROR_CERTIFICATE_REFUSED);
  by_profile = server_sign_in (world.server, world.certificate->der, key, "TEST-CA@2026");
  session = server_call (world.server, NULL, &ch_route_holder_login, NULL, by_profile, &error);
  g_assert_no_error (error);
  world_clear (&world);
}

/* -- Staff -- */

static ChStaffLogin *
sign_in_as_staff (World *world, const char *name)
{
  g_autoptr (ChHolderLogin) signed_in = sign_in (world);
  ChStaffLogin *request = ch_wire_new (&ChStaffLogin_wire);

  request->name = g_strdup (name);
  request->certificate = g_steal_pointer (&signed_in->certificate);
  request->nonce = g_steal_pointer (&signed_in->nonce);
  request->signature = g_steal_pointer (&signed_in->signature);
  return request;
}

static void
assert_staff_refused (World *world, const ChStaffLogin *request, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (server_call (world->server, NULL, &ch_route_staff_login, NULL, request, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
test_staff (World *world, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChStaffLogin) request = NULL;
  g_autoptr (ChStaffLogin) other_name = NULL;
  g_autoptr (ChStaffLogin) other_key = NULL;
  g_autoptr (ChStaffLogin) revoked = NULL;
  g_autoptr (ChStaffLogin) bare = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (ChApplicationList) list = NULL;
  g_autofree char *token = NULL;

  ch_staff_add (world->server->service, "berta", CH_PRINCIPAL_REVIEWER, NULL, world->certificate->der,
                &error);
  g_assert_no_error (error);

  request = sign_in_as_staff (world, "berta");
  session = server_call (world->server, NULL, &ch_route_staff_login, NULL, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (session->principal, ==, "staff");
  token = server_take_token (session);
  list = server_call (world->server, token, &ch_route_staff_list, NULL, NULL, &error);
  g_assert_no_error (error);

  assert_staff_refused (world, request, CH_ERROR_NONCE_SPENT);
  other_name = sign_in_as_staff (world, "anna");
  assert_staff_refused (world, other_name, CH_ERROR_LOGIN_WRONG);
  other_key = sign_in_as_staff (world, "berta");
  g_bytes_unref (other_key->signature);
  other_key->signature = g_bytes_new ("nothing", 7);
  assert_staff_refused (world, other_key, CH_ERROR_LOGIN_WRONG);
  bare->name = g_strdup ("berta");
  assert_staff_refused (world, bare, CH_ERROR_BAD_ANSWER);

  /* revoked: who is in is out, and nobody gets in */
  g_assert_true (server_revoke (world->server, world->certificate->serial, CH_REVOCATION_HOLD));
  g_assert_null (server_call (world->server, token, &ch_route_staff_list, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
  revoked = sign_in_as_staff (world, "berta");
  assert_staff_refused (world, revoked, CH_ERROR_CERTIFICATE_REVOKED);
}

static void
test_staff_expired (World *world, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChStaffLogin) request = NULL;

  ch_staff_add (world->server->service, "clara", CH_PRINCIPAL_REVIEWER, NULL, world->certificate->der,
                &error);
  g_assert_no_error (error);
  ch_clock_set_offset (world->certificate->not_after + DAY - g_get_real_time () / G_USEC_PER_SEC);
  request = sign_in_as_staff (world, "clara");
  assert_staff_refused (world, request, CH_ERROR_CERTIFICATE_EXPIRED);
}

/* clang-format off */
static const struct
{
  const char *name;
  void (*test) (World *world, gconstpointer spec);
  ChKeySpec spec;
} tests[] = {
  { "login/rsa",          test_login,                    CH_KEY_RSA_2048 },
  { "login/p256",         test_login,                    CH_KEY_P256 },
  { "login/sm2",          test_login,                    CH_KEY_SM2 },
  { "replay",             test_replay,                   CH_KEY_P256 },
  { "wrong-signature",    test_nonce_of_wrong_signature, CH_KEY_P256 },
  { "old-nonce",          test_old_nonce,                CH_KEY_P256 },
  { "other-label",        test_other_label,              CH_KEY_P256 },
  { "other-server",       test_other_server,             CH_KEY_P256 },
  { "other-key",          test_other_key,                CH_KEY_P256 },
  { "bare-hash",          test_bare_hash,                CH_KEY_P256 },
  { "consents",           test_consents,                 CH_KEY_P256 },
  { "revoked",            test_revoked,                  CH_KEY_P256 },
  { "expired",            test_expired,                  CH_KEY_P256 },
  { "ends-meanwhile",     test_ends_meanwhile,           CH_KEY_P256 },
  { "staff",              test_staff,                    CH_KEY_P256 },
  { "staff/expired",      test_staff_expired,            CH_KEY_P256 },
};
/* clang-format on */

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/server/holder/", tests[i].name, NULL);

      g_test_add (path, World, GINT_TO_POINTER (tests[i].spec), set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/server/holder/sm2-id", test_sm2_id);
  status = g_test_run ();
  if (common.server != NULL)
    world_clear (&common);
  server_world_clean_up ();
  return status;
}
