#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-certificate.h"
#include "server/ch-store-certificates.h"

/* Revocation: confirmed by the handler, on hold while it is looked at, then for ever or not at all */

#define FLOW   "revoke.enterprise.soft.self-pay"
#define MOBILE "13800000000"

static ChApplication *
begin (ServerWorld *world, const char *token, const char *serial, GError **error)
{
  return server_begin_about (world, token, FLOW, serial, error);
}

/* All that is asked for but the code */
static ChApplication *
fill_in (ServerWorld *world, const char *token, const char *serial)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) begun = begin (world, token, serial, &error);
  g_autoptr (ChApplication) reasoned = NULL;

  g_assert_no_error (error);
  g_assert_true (server_has_fact (begun, CH_FACT_HANDLER | CH_FACT_SETTLED));
  g_assert_false (server_has_fact (begun, CH_FACT_SUBJECT));
  reasoned = server_save (world, token, begun, "revocation-reason", "cessation", &error);
  g_assert_no_error (error);
  return server_upload_all (world, token, reasoned->id);
}

/* Without the right code, for just this, nothing happens */
static void
test_proved (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autofree char *other = server_register (world, "13800000001");
  g_autoptr (ChCertificate) first = server_make_certificate (world, token);
  g_autoptr (ChCertificate) second = server_make_certificate (world, token);
  g_autoptr (ChApplication) whole = fill_in (world, token, first->serial);
  g_autoptr (ChApplication) another = fill_in (world, token, second->serial);
  g_autofree char *code = NULL;
  g_autofree char *wrong = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (server_submit (world, token, whole, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);

  g_assert_null (server_call (world, other, &ch_route_application_code, whole->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  code = server_have_code (world, token, MOBILE, whole);
  wrong = g_strdup (code);
  wrong[5] = wrong[5] == '9' ? '0' : wrong[5] + 1;
  g_assert_null (server_prove (world, token, whole, wrong, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);
  g_assert_null (server_prove (world, token, another, code, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  server_assert_certificate (world, first->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
}

/* On hold from the submission; approved it is revoked for the reason that was given */
static void
test_revoked (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) whole = fill_in (world, token, old->serial);
  g_autoptr (ChApplication) submitted = server_prove_and_submit (world, token, MOBILE, whole);
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChApplication) again = NULL;
  g_autoptr (GError) error = NULL;

  server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);
  done = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_REVOKED, CH_REVOCATION_CESSATION);

  again = begin (world, token, old->serial, &error);
  g_assert_null (again);
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_REVOKED);
}

/* Refused twice, then withdrawn: good each time, and confirmed anew each time */
static void
test_released (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) whole = fill_in (world, token, old->serial);
  g_autoptr (ChApplication) submitted = server_prove_and_submit (world, token, MOBILE, whole);
  g_autoptr (ChApplication) withdrawn = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ChApplication) refused = server_review (world, submitted, "revocation-reason", &error);
      g_autoptr (ChApplication) mended = NULL;

      g_assert_no_error (error);
      g_assert_false (server_has_fact (refused, CH_FACT_PROVED));
      server_assert_certificate (world, old->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
      mended = server_save (world, token, refused, "revocation-reason",
                            i == 0 ? "superseded" : "key-compromise", &error);
      g_assert_no_error (error);
      g_assert_null (server_submit (world, token, mended, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
      g_clear_error (&error);
      server_move_to (ch_clock_now () + 61);
      g_clear_pointer (&submitted, ch_application_free);
      submitted = server_prove_and_submit (world, token, MOBILE, mended);
      server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);
    }

  version->version = submitted->version;
  withdrawn = server_call (world, token, &ch_route_application_withdraw, submitted->id, version, &error);
  g_assert_no_error (error);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
}

/* What the CA revoked meanwhile stays revoked, whatever becomes of the application */
static void
test_revoked_meanwhile (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) whole = fill_in (world, token, old->serial);
  g_autoptr (ChApplication) submitted = server_prove_and_submit (world, token, MOBILE, whole);
  g_autoptr (ChApplication) refused = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (server_revoke (world, old->serial, CH_REVOCATION_KEY_COMPROMISE));
  refused = server_review (world, submitted, "revocation-reason", &error);
  g_assert_no_error (error);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_REVOKED, CH_REVOCATION_KEY_COMPROMISE);
}

/* By the certificate itself, without an account: up to the hold, which ends the session */
static void
test_by_its_holder (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChCertificate) old = server_issue (world, token, id, key, &error);
  g_autoptr (ChApplication) installed = server_install (world, token, id, old, key, &error);
  g_autoptr (ChSession) session = server_holder_login (world, old->der, key, &error);
  g_autofree char *holder = NULL;
  g_autoptr (ChApplication) whole = NULL;
  g_autoptr (ChApplication) submitted = NULL;

  g_assert_no_error (error);
  holder = server_take_token (session);
  whole = fill_in (world, holder, old->serial);
  submitted = server_prove_and_submit (world, holder, MOBILE, whole);
  g_assert_null (server_call (world, holder, &ch_route_application, submitted->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
}

int
main (int argc, char *argv[])
{
  int result;

  server_world_init (&argc, &argv);

  g_test_add_func ("/revoking/proved", test_proved);
  g_test_add_func ("/revoking/revoked", test_revoked);
  g_test_add_func ("/revoking/released", test_released);
  g_test_add_func ("/revoking/revoked-meanwhile", test_revoked_meanwhile);
  g_test_add_func ("/revoking/by-its-holder", test_by_its_holder);

  result = g_test_run ();
  ch_clock_set_offset (0);
  server_world_clean_up ();
  return result;
}
