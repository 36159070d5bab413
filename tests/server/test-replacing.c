#include "config.h"

#include <stdlib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "server-certificate.h"
#include "server/ch-store-certificates.h"
#include "wire/messages-certificate.h"

/* Renewal: when, of what, by whom, and what becomes of the old certificate */

#define DAY (24 * 60 * 60)

static ChApplication *
renew (ServerWorld *world, const char *token, const char *serial, GError **error)
{
  g_autoptr (ChApplicationNew) request = ch_wire_new (&ChApplicationNew_wire);

  request->flow = g_strdup ("renew.enterprise.soft.self-pay");
  request->project = g_strdup ("ra-test");
  request->certificate = g_strdup (serial);
  return server_call (world, token, &ch_route_application_new, NULL, request, error);
}

static void
assert_refused (ServerWorld *world, const char *token, const char *serial, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) application = renew (world, token, serial, &error);

  g_assert_null (application);
  g_assert_error (error, CH_ERROR, (int) code);
}

static ChApplication *
choose_term_and_pay (ServerWorld *world, const char *token, const char *serial)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) begun = renew (world, token, serial, &error);
  g_autoptr (ChApplication) chosen = NULL;

  g_assert_no_error (error);
  g_assert_true (server_has_fact (begun, CH_FACT_HANDLER | CH_FACT_DOCUMENTS));
  g_assert_false (server_has_fact (begun, CH_FACT_SUBJECT));
  chosen = server_save (world, token, begun, "term", "one-year", &error);
  g_assert_no_error (error);
  g_assert_true (server_has_fact (chosen, CH_FACT_SUBJECT));
  return server_pay (world, token, chosen);
}

/* By the second, and by the clock of the server */
static void
test_when (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autofree char *late = NULL;
  g_autofree char *early = NULL;
  g_autofree char *begin_text = ch_clock_format (old->not_after - 90 * DAY);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) none = NULL;
  g_autoptr (ChApplication) begun = NULL;

  assert_refused (world, token, old->serial, CH_ERROR_RENEW_EARLY);
  early = server_come_back (world, "13800000000", old->not_after - 90 * DAY - 60);
  none = renew (world, early, old->serial, &error);
  g_assert_null (none);
  g_assert_error (error, CH_ERROR, CH_ERROR_RENEW_EARLY);
  g_assert_cmpstr (ch_error_get_detail (error, "from"), ==, begin_text);
  g_clear_error (&error);

  late = server_come_back (world, "13800000000", old->not_after + 2);
  assert_refused (world, late, old->serial, CH_ERROR_RENEW_LATE);

  g_free (g_steal_pointer (&early));
  early = server_come_back (world, "13800000000", old->not_after - 90 * DAY);
  begun = renew (world, early, old->serial, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (begun->base, ==, old->serial);
  g_assert_cmpint (begun->base_end, ==, old->not_after);
}

/* The borders themselves, where no test of the whole can stand still */
static void
test_borders (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  const gint64 end = 2000000000;
  ChProfile *profile = world->profile;
  gint64 grace = profile->limits->grace_days;

  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end - 90 * DAY - 1), ==, CH_RENEWAL_EARLY);
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end - 90 * DAY), ==, CH_RENEWAL_OPEN);
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end), ==, CH_RENEWAL_OPEN);
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end + 1), ==, CH_RENEWAL_LATE);

  profile->limits->grace_days = 30;
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end + 1), ==, CH_RENEWAL_GRACE);
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end + 30 * DAY), ==, CH_RENEWAL_GRACE);
  g_assert_cmpint (ch_profile_judge_renewal (profile, end, end + 30 * DAY + 1), ==, CH_RENEWAL_LATE);
  profile->limits->grace_days = grace;
}

static void
set_grace (ChProfile *profile, const char *value)
{
  profile->limits->grace_days = atoi (value);
}

static ServerWorld *
new_world_with_grace (const char *days)
{
  server_world_change_profile (set_grace, days);
  return server_world_new ();
}

/* Where the CA gives days of grace one that has ended is renewed all the same, from now on; by the clock of
 * the server, and to the second */
static void
test_grace (void)
{
  g_autoptr (ServerWorld) world = new_world_with_grace ("30");
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChCertificate) forgotten = server_make_certificate (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autofree char *in_grace = NULL;
  g_autofree char *late = NULL;
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChCertificate) made = NULL;
  g_autoptr (GError) error = NULL;

  in_grace = server_come_back (world, "13800000000", old->not_after + 29 * DAY);
  paid = choose_term_and_pay (world, in_grace, old->serial);
  approved = server_submit (world, in_grace, paid, &error);
  g_assert_no_error (error);
  made = server_issue (world, in_grace, approved->id, key, &error);
  g_assert_no_error (error);
  /* The days between are not paid for: a year from now, not from the old end */
  g_assert_cmpint (made->not_after, >=, old->not_after + (29 + 365) * DAY);
  done = server_install (world, in_grace, approved->id, made, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);

  late = server_come_back (world, "13800000000", forgotten->not_after + 30 * DAY + 2);
  assert_refused (world, late, forgotten->serial, CH_ERROR_RENEW_LATE);
  server_world_change_profile (set_grace, "0");
}

/* Another’s looks like none; what is on hold or revoked says so; one application at a time */
static void
test_of_what (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autofree char *other = server_register (world, "13800000001");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChCertificate) seen = NULL;
  g_autoptr (ChApplication) begun = NULL;
  g_autoptr (ChApplication) again = NULL;
  g_autoptr (ChFlowChange) change = ch_wire_new (&ChFlowChange_wire);
  g_autoptr (GError) error = NULL;

  server_move_to (old->not_after - 10 * DAY);
  g_free (g_steal_pointer (&token));
  g_free (g_steal_pointer (&other));
  token = server_login_from (world, "13800000000", NULL);
  other = server_login_from (world, "13800000001", NULL);

  assert_refused (world, other, old->serial, CH_ERROR_NOT_FOUND);
  assert_refused (world, token, "AB", CH_ERROR_NOT_FOUND);
  assert_refused (world, token, NULL, CH_ERROR_NOT_OFFERED);

  begun = renew (world, token, old->serial, &error);
  g_assert_no_error (error);
  again = renew (world, token, old->serial, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_OPEN);
  g_assert_cmpstr (ch_error_get_detail (error, "application"), ==, begun->id);
  g_clear_error (&error);
  seen = server_call (world, token, &ch_route_certificate, old->serial, NULL, &error);
  g_assert_cmpstr (seen->open, ==, begun->id);
  g_assert_cmpstr (seen->flow, ==, "apply.enterprise.soft.self-pay");

  /* What is taken over stays as it is */
  g_assert_null (server_save (world, token, begun, "unit-name", "另一个单位", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (server_save (world, token, begun, "certificate", "AB", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (server_save (world, token, begun, "handler-mobile", "13800000009", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);

  change->version = begun->version;
  change->flow = g_strdup ("renew.enterprise.soft.enterprise-pay");
  change->project = g_strdup ("ra-test-key-account");
  g_assert_null (server_call (world, token, &ch_route_application_flow, begun->id, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  g_assert_true (server_revoke (world, old->serial, CH_REVOCATION_HOLD));
  g_clear_error (&error);
  assert_refused (world, token, old->serial, CH_ERROR_CERTIFICATE_HELD);
  g_assert_true (server_revoke (world, old->serial, CH_REVOCATION_KEY_COMPROMISE));
  assert_refused (world, token, old->serial, CH_ERROR_CERTIFICATE_REVOKED);
}

static gpointer
read_certificate (ChDbTx *tx, gpointer serial, GError **error)
{
  return ch_certificate_record_load (tx, serial, error);
}

/* Until the new key has signed nothing happens to the old certificate; then it is superseded at once */
static void
test_superseded (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChCertificate) made = NULL;
  g_autoptr (ChCertificateRecord) record = NULL;
  g_autoptr (GDateTime) from = g_date_time_new_from_unix_utc (old->not_after);
  g_autoptr (GDateTime) to = g_date_time_add_months (from, 12);
  g_autoptr (GError) error = NULL;

  server_move_to (old->not_after - 10 * DAY);
  g_free (g_steal_pointer (&token));
  token = server_login_from (world, "13800000000", NULL);
  paid = choose_term_and_pay (world, token, old->serial);
  approved = server_submit (world, token, paid, &error);
  g_assert_no_error (error);
  g_assert_cmpint (approved->state, ==, CH_APPLICATION_APPROVED);
  made = server_issue (world, token, approved->id, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (made->not_after, ==, g_date_time_to_unix (to));

  record = ch_db_read (ch_service_get_db (world->service), read_certificate, old->serial, &error);
  g_assert_cmpint (record->state, ==, CH_CERTIFICATE_INSTALLED);
  g_clear_pointer (&record, ch_certificate_record_free);

  done = server_install (world, token, approved->id, made, key, &error);
  g_assert_no_error (error);
  record = ch_db_read (ch_service_get_db (world->service), read_certificate, old->serial, &error);
  g_assert_cmpint (record->state, ==, CH_CERTIFICATE_REVOKED);
  g_assert_cmpint (record->reason, ==, CH_REVOCATION_SUPERSEDED);
}

/* What was revoked after it was paid is not replaced any more: the money goes back by withdrawing */
static void
test_revoked_meanwhile (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChApplication) withdrawn = NULL;
  g_autoptr (GError) error = NULL;

  server_move_to (old->not_after - 10 * DAY);
  g_free (g_steal_pointer (&token));
  token = server_login_from (world, "13800000000", NULL);
  paid = choose_term_and_pay (world, token, old->serial);
  approved = server_submit (world, token, paid, &error);
  g_assert_no_error (error);
  g_assert_true (server_revoke (world, old->serial, CH_REVOCATION_KEY_COMPROMISE));
  g_assert_null (server_issue (world, token, approved->id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_REVOKED);
  g_clear_error (&error);

  version->version = approved->version;
  withdrawn = server_call (world, token, &ch_route_application_withdraw, approved->id, version, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (withdrawn->refunds->len, ==, 1);
}

/* A key that has ended while it was paid was in time; what was not paid was not */
static void
test_ended_meanwhile (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChCertificate) old = server_make_certificate (world, token);
  g_autoptr (ChCertificate) second = server_make_certificate (world, token);
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) begun = NULL;
  g_autoptr (ChApplication) chosen = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (GError) error = NULL;

  server_move_to (old->not_after - 10 * DAY);
  g_free (g_steal_pointer (&token));
  token = server_login_from (world, "13800000000", NULL);
  paid = choose_term_and_pay (world, token, old->serial);
  begun = renew (world, token, second->serial, &error);
  g_assert_no_error (error);
  chosen = server_save (world, token, begun, "term", "two-years", &error);
  g_assert_no_error (error);

  server_move_to (second->not_after + 10);
  g_free (g_steal_pointer (&token));
  token = server_login_from (world, "13800000000", NULL);
  approved = server_submit (world, token, paid, &error);
  g_assert_no_error (error);
  version->version = chosen->version;
  g_assert_null (server_call (world, token, &ch_route_order_new, chosen->id, version, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RENEW_LATE);
}

/* By the certificate itself, without an account: what it is about, and nothing else */
static void
test_by_its_holder (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (GError) error = NULL;
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChKey) new_key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChCertificate) old = server_issue (world, token, id, key, &error);
  g_autoptr (ChApplication) first = server_install (world, token, id, old, key, &error);
  g_autoptr (ChCertificate) other = server_make_certificate (world, token);
  g_autoptr (ChSession) session = NULL;
  g_autofree char *holder = NULL;
  g_autoptr (ChApplication) paid = NULL;
  g_autoptr (ChApplication) approved = NULL;
  g_autoptr (ChApplication) done = NULL;
  g_autoptr (ChApplicationList) list = NULL;
  g_autoptr (ChCertificate) made = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);

  g_assert_no_error (error);
  server_move_to (old->not_after - 10 * DAY);
  session = server_holder_login (world, old->der, key, &error);
  g_assert_no_error (error);
  holder = server_take_token (session);

  assert_refused (world, holder, other->serial, CH_ERROR_NOT_FOUND);
  version->version = first->version;
  g_assert_null (server_call (world, holder, &ch_route_application_withdraw, id, version, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  paid = choose_term_and_pay (world, holder, old->serial);
  list = server_call (world, holder, &ch_route_application_list, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 2);
  approved = server_submit (world, holder, paid, &error);
  g_assert_no_error (error);
  made = server_issue (world, holder, approved->id, new_key, &error);
  g_assert_no_error (error);
  done = server_install (world, holder, approved->id, made, new_key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_APPLICATION_DONE);
}

int
main (int argc, char *argv[])
{
  int result;

  server_world_init (&argc, &argv);

  g_test_add_func ("/replacing/when", test_when);
  g_test_add_func ("/replacing/borders", test_borders);
  g_test_add_func ("/replacing/grace", test_grace);
  g_test_add_func ("/replacing/of-what", test_of_what);
  g_test_add_func ("/replacing/superseded", test_superseded);
  g_test_add_func ("/replacing/revoked-meanwhile", test_revoked_meanwhile);
  g_test_add_func ("/replacing/ended-meanwhile", test_ended_meanwhile);

  g_test_add_func ("/replacing/by-its-holder", test_by_its_holder);

  result = g_test_run ();
  ch_clock_set_offset (0);
  server_world_clean_up ();
  return result;
}
