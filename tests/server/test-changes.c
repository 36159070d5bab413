#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-certificate.h"
#include "server/ch-before.h"
#include "wire/ch-field.h"

/* What is changed about a certificate that stays: its handler */

#define FLOW    "change-handler.enterprise.soft.self-pay"
#define OLD     "13800000000"
#define NEW     "13900000007"
#define PROJECT "ra-test"

static ChApplication *
begin (ServerWorld *world, const char *token, const char *flow, const char *serial, GError **error)
{
  g_autoptr (ChApplicationNew) request = ch_wire_new (&ChApplicationNew_wire);

  request->flow = g_strdup (flow);
  request->project = g_strdup (g_str_has_suffix (flow, "self-pay") ? PROJECT : "ra-test-key-account");
  request->certificate = g_strdup (serial);
  return server_call (world, token, &ch_route_application_new, NULL, request, error);
}

static void
assert_refused (ServerWorld *world, const char *token, const char *flow, const char *serial, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) application = begin (world, token, flow, serial, &error);

  g_assert_null (application);
  g_assert_error (error, CH_ERROR, (int) code);
}

/* All that was answered for the certificate, with @mobile */
static ChApplication *
hand_over_to (ServerWorld *world,
              const char *token,
              const ChApplication *application,
              const char *mobile,
              GError **error)
{
  g_autoptr (ChAnswers) request = ch_wire_new (&ChAnswers_wire);

  request->version = application->version;
  request->answers = ch_wire_map_new ();
  for (gsize i = 0; ch_form_handler.fields[i] != NULL; i++)
    {
      const char *id = ch_form_handler.fields[i]->id;
      const char *value = g_hash_table_lookup (application->before, id);

      if (value != NULL)
        g_hash_table_insert (request->answers, g_strdup (id), g_strdup (value));
    }
  g_hash_table_insert (request->answers, g_strdup ("handler-mobile"), g_strdup (mobile));
  return server_call (world, token, &ch_route_application_answers, application->id, request, error);
}

static gpointer
read_mobile (ChDbTx *tx, gpointer serial, GError **error)
{
  return ch_before_get_handler_answer (tx, serial, "handler-mobile", error);
}

static void
assert_mobile (ServerWorld *world, const char *serial, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *is
      = ch_db_read (ch_service_get_db (world->service), read_mobile, (gpointer) serial, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (is, ==, mobile);
}

/* Handed in with another mobile */
static ChApplication *
submit_change (ServerWorld *world, const char *token, const char *serial, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) begun = begin (world, token, FLOW, serial, &error);
  g_autoptr (ChApplication) filled = NULL;
  g_autoptr (ChApplication) whole = NULL;
  ChApplication *submitted;

  g_assert_no_error (error);
  filled = hand_over_to (world, token, begun, mobile, &error);
  g_assert_no_error (error);
  whole = server_upload_all (world, token, filled->id);
  submitted = server_submit (world, token, whole, &error);
  g_assert_no_error (error);
  return submitted;
}

/* Nothing changes before the CA has agreed; the old mobile is told twice: when it is asked for, when it is so
 */
static void
test_handed_over (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) submitted = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChApplication) again = NULL;
  g_autoptr (ChApplication) issued_on = NULL;
  g_autofree char *asked = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *told = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);

  submitted = submit_change (world, token, old->serial, NEW);
  g_assert_cmpint (submitted->state, ==, CH_APPLICATION_SUBMITTED);
  asked = server_await_text (world, OLD, "handler-asked ");
  assert_mobile (world, old->serial, OLD);

  done = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);
  g_assert_false (server_has_fact (done, CH_FACT_ISSUED));
  g_assert_false (server_has_fact (done, CH_FACT_INSTALLED));
  assert_mobile (world, old->serial, NEW);
  told = server_await_text (world, NEW, "carried-out ");
  changed = server_await_text (world, OLD, "handler-changed ");

  /* What was answered when the certificate was issued stays as it was: receipts are made of it */
  issued_on = server_get (world, token, old->application);
  g_assert_cmpstr (g_hash_table_lookup (issued_on->answers, "handler-mobile"), ==, OLD);
  /* No certificate comes of it, whoever asks */
  g_assert_null (server_issue (world, token, done->id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_APPROVED);
  g_clear_error (&error);

  /* The next one begins with the new one, and what was before still says what it was */
  again = begin (world, token, FLOW, old->serial, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (again->before, "handler-mobile"), ==, NEW);
  g_clear_pointer (&again, ch_application_free);
  again = server_get (world, token, done->id);
  g_assert_cmpstr (g_hash_table_lookup (again->before, "handler-mobile"), ==, OLD);
}

/* What is renewed afterwards is renewed for who acts now */
static void
test_taken_over (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) submitted = submit_change (world, token, old->serial, NEW);
  g_autoptr (ChApplication) done = server_review (world, submitted, NULL, &error);
  g_autoptr (ChApplication) renewal = NULL;
  g_autofree char *later = NULL;

  g_assert_no_error (error);
  later = server_come_back (world, OLD, old->not_after - 10 * 24 * 60 * 60);
  renewal = begin (world, later, "renew.enterprise.soft.self-pay", old->serial, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (renewal->answers, "handler-mobile"), ==, NEW);
  g_assert_null (renewal->before);
}

/* A change that changes nothing is none; of what is copied nothing can be answered */
static void
test_nothing_changed (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) begun = begin (world, token, FLOW, old->serial, &error);
  g_autoptr (ChApplication) same = NULL;
  g_autoptr (ChApplication) whole = NULL;

  g_assert_no_error (error);
  g_assert_true (server_has_fact (begun, CH_FACT_SUBJECT | CH_FACT_SETTLED));
  g_assert_false (server_has_fact (begun, CH_FACT_HANDLER));
  same = hand_over_to (world, token, begun, OLD, &error);
  g_assert_no_error (error);
  g_assert_false (server_has_fact (same, CH_FACT_HANDLER));
  whole = server_upload_all (world, token, same->id);
  g_assert_null (server_submit (world, token, whole, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOTHING_CHANGED);
  g_clear_error (&error);
  g_assert_null (server_save (world, token, whole, "unit-name", "另一个单位", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
}

/* Of another, of another kind, unknown, on hold, revoked, ended, and a second time at once */
static void
test_of_what (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autofree char *other = server_register (world, "13800000001");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChCertificate) second = server_make_certificate (world, token);
  g_autoptr (ChApplication) begun = NULL;
  g_autofree char *later = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (world, other, FLOW, old->serial, CH_ERROR_NOT_FOUND);
  assert_refused (world, token, FLOW, "AB", CH_ERROR_NOT_FOUND);
  assert_refused (world, token, FLOW, NULL, CH_ERROR_NOT_OFFERED);
  assert_refused (world, token, "change-handler.person.soft.self-pay", old->serial, CH_ERROR_NOT_OFFERED);
  assert_refused (world, token, "change-handler.enterprise.soft.enterprise-pay", old->serial,
                  CH_ERROR_NOT_OFFERED);

  begun = begin (world, token, FLOW, old->serial, &error);
  g_assert_no_error (error);
  assert_refused (world, token, FLOW, old->serial, CH_ERROR_CERTIFICATE_OPEN);

  g_assert_true (server_revoke (world, second->serial, CH_REVOCATION_HOLD));
  assert_refused (world, token, FLOW, second->serial, CH_ERROR_CERTIFICATE_HELD);
  g_assert_true (server_revoke (world, second->serial, CH_REVOCATION_KEY_COMPROMISE));
  assert_refused (world, token, FLOW, second->serial, CH_ERROR_CERTIFICATE_REVOKED);

  later = server_come_back (world, OLD, old->not_after + 2);
  g_clear_pointer (&begun, ch_application_free);
  begun = NULL;
  assert_refused (world, later, FLOW, old->serial, CH_ERROR_CERTIFICATE_OPEN);
}

static void
test_ended (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) submitted = submit_change (world, token, old->serial, NEW);
  g_autoptr (ChApplication) withdrawn = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (GError) error = NULL;
  g_autofree char *later = server_come_back (world, OLD, old->not_after + 2);

  server_world_log_in_staff (world);
  /* What ended while it was looked at is not handed over any more */
  g_assert_null (server_review (world, submitted, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_ENDED);
  g_clear_error (&error);
  version->version = submitted->version;
  withdrawn = server_call (world, later, &ch_route_application_withdraw, submitted->id, version, &error);
  g_assert_no_error (error);
  assert_refused (world, later, FLOW, old->serial, CH_ERROR_CERTIFICATE_ENDED);
}

/* Refused twice, mended, agreed */
static void
test_refused_twice (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, OLD);
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChApplication) submitted = submit_change (world, token, old->serial, NEW);
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *mobile = g_strdup_printf ("1390000001%u", i);
      g_autoptr (ChApplication) refused = server_review (world, submitted, "handler-mobile", &error);
      g_autoptr (ChApplication) mended = NULL;

      g_assert_no_error (error);
      g_assert_false (server_has_fact (refused, CH_FACT_HANDLER));
      g_assert_null (server_submit (world, token, refused, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
      g_clear_error (&error);
      mended = server_save (world, token, refused, "handler-mobile", mobile, &error);
      g_assert_no_error (error);
      g_clear_pointer (&submitted, ch_application_free);
      submitted = server_submit (world, token, mended, &error);
      g_assert_no_error (error);
      assert_mobile (world, old->serial, OLD);
    }

  done = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  assert_mobile (world, old->serial, "13900000011");
  /* Over is over */
  g_assert_null (server_review (world, done, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

int
main (int argc, char *argv[])
{
  int result;

  server_world_init (&argc, &argv);

  g_test_add_func ("/changes/handed-over", test_handed_over);
  g_test_add_func ("/changes/taken-over", test_taken_over);
  g_test_add_func ("/changes/nothing-changed", test_nothing_changed);
  g_test_add_func ("/changes/of-what", test_of_what);
  g_test_add_func ("/changes/ended", test_ended);
  g_test_add_func ("/changes/refused-twice", test_refused_twice);

  result = g_test_run ();
  ch_clock_set_offset (0);
  server_world_clean_up ();
  return result;
}
