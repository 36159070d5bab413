#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-certificate.h"

/* Another key in the place of one that is lost or broken: the old certificate is on hold from the submission
 * on, and revoked once the new one works. That is no matter of the medium: here the keys are in this process.
 */

#define FLOW   "replace.enterprise.soft.self-pay"
#define MOBILE "13800000000"

static void
offer (ChProfile *profile, const char *flow)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **) profile->flows);
  g_strv_builder_add (builder, flow);
  g_strfreev (profile->flows);
  profile->flows = g_strv_builder_end (builder);
}

/* Everything asked for is given and paid, and it is handed in */
static ChApplication *
hand_in (ServerWorld *world, const char *token, const char *serial, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) begun = server_begin_about (world, token, FLOW, serial, &error);
  g_autoptr (ChApplication) said = NULL;
  g_autoptr (ChApplication) whole = NULL;
  g_autoptr (ChApplication) paid = NULL;

  g_assert_no_error (error);
  g_assert_true (server_has_fact (begun, CH_FACT_HANDLER));
  g_assert_false (server_has_fact (begun, CH_FACT_SUBJECT) || server_has_fact (begun, CH_FACT_SETTLED));
  said = server_save (world, token, begun, "replacement-reason", reason, &error);
  g_assert_no_error (error);
  whole = server_upload_all (world, token, said->id);
  paid = server_pay (world, token, whole);
  g_assert_true (server_has_fact (paid, CH_FACT_SETTLED));
  server_assert_certificate (world, serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
  return server_prove_and_submit (world, token, MOBILE, paid);
}

typedef struct
{
  const char *said;
  ChRevocation reason;
} Case;

static const Case cases[] = {
  { "lost", CH_REVOCATION_KEY_COMPROMISE },
  { "broken", CH_REVOCATION_SUPERSEDED },
};

/* On hold until the new one was proved to work; revoked then, and the list says why */
static void
test_replaced (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) submitted = hand_in (world, token, old->serial, row->said);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChCertificate) made = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (GError) error = NULL;

  server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);
  approved = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);

  made = server_issue (world, token, approved->id, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (made->not_after, ==, old->not_after);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);

  done = server_install (world, token, approved->id, made, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_REVOKED, row->reason);
  server_assert_certificate (world, made->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
}

/* The old key turned up again: refused, or withdrawn before as well as after the approval, it is good as
 * before */
static void
test_released (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) submitted = hand_in (world, token, old->serial, "lost");
  g_autoptr (ChApplication) refused = NULL;
  g_autoptr (ChApplication) mended = NULL;
  g_autoptr (ChApplication) again = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChApplication) withdrawn = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (GError) error = NULL;

  refused = server_review (world, submitted, "replacement-reason", &error);
  g_assert_no_error (error);
  g_assert_true (server_has_fact (refused, CH_FACT_SETTLED));
  g_assert_false (server_has_fact (refused, CH_FACT_PROVED));
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);

  mended = server_save (world, token, refused, "replacement-reason", "broken", &error);
  g_assert_no_error (error);
  server_move_to (ch_clock_now () + 61);
  again = server_prove_and_submit (world, token, MOBILE, mended);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_ON_HOLD, CH_REVOCATION_HOLD);
  approved = server_review (world, again, NULL, &error);
  g_assert_no_error (error);

  version->version = approved->version;
  withdrawn = server_call (world, token, &ch_route_application_withdraw, approved->id, version, &error);
  g_assert_no_error (error);
  server_assert_certificate (world, old->serial, CH_CERTIFICATE_INSTALLED, CH_REVOCATION_UNSPECIFIED);
}

/* Nothing follows on what the CA has revoked for reasons of its own, and nothing is begun about what it holds
 */
static void
test_revoked_meanwhile (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChCertificate) held = server_make_certificate (world, token);
  g_autoptr (ChApplication) submitted = hand_in (world, token, old->serial, "lost");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) approved = server_review (world, submitted, NULL, &error);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);

  g_assert_no_error (error);
  g_assert_true (server_revoke (world, old->serial, CH_REVOCATION_KEY_COMPROMISE));
  g_assert_null (server_issue (world, token, approved->id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_REVOKED);
  g_clear_error (&error);

  g_assert_true (server_revoke (world, held->serial, CH_REVOCATION_HOLD));
  g_assert_null (server_begin_about (world, token, FLOW, held->serial, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_HELD);
}

int
main (int argc, char *argv[])
{
  int result;

  server_world_init (&argc, &argv);
  server_world_change_profile (offer, FLOW);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/lost/replaced/", cases[i].said, NULL);

      g_test_add_data_func (path, &cases[i], test_replaced);
    }
  g_test_add_func ("/lost/released", test_released);
  g_test_add_func ("/lost/revoked-meanwhile", test_revoked_meanwhile);

  result = g_test_run ();
  ch_clock_set_offset (0);
  server_world_clean_up ();
  return result;
}
