#include "config.h"

#include "daemon-world.h"

#include <string.h>

#include "base/ch-error.h"

static DaemonWorld *world;

static void
assert_field (GError *error, const char *field, ChReason reason)
{
  GPtrArray *fields = ch_error_get_fields (error);

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *row = fields->pdata[i];

      if (g_str_equal (row->field, field) && row->reason == reason)
        return;
    }
  g_test_message ("%s is not marked", field);
  g_test_fail ();
}

/* -- Codes -- */

static ChSmsSent *
ask_code (const char *mobile, const char *key, GError **error)
{
  DaemonCall how = { .key = key };
  g_autoptr (ChSmsRequest) request = daemon_world_make_sms_request (world, mobile);

  return daemon_world_call (world, &ch_route_sms, &how, request, error);
}

static void
test_code_work (void)
{
  DaemonCall how = { 0 };
  g_autoptr (ChSmsRequest) request = daemon_world_make_sms_request (world, "13900000001");
  g_autoptr (ChSmsRequest) other = daemon_world_make_sms_request (world, "13900000001");
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (GError) error = NULL;

  /* no work, work of another challenge */
  g_free (other->work);
  other->work = g_strdup ("1");
  g_assert_null (daemon_world_call (world, &ch_route_sms, &how, other, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WORK_WRONG);
  g_clear_error (&error);
  g_clear_pointer (&other->work, g_free);
  g_assert_null (daemon_world_call (world, &ch_route_sms, &how, other, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WORK_WRONG);
  g_clear_error (&error);

  /* right once */
  sent = daemon_world_call (world, &ch_route_sms, &how, request, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sent->expires - sent->again, ==, 240);
  daemon_world_move_clock (world, 61);
  g_assert_null (daemon_world_call (world, &ch_route_sms, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WORK_WRONG);
}

static void
test_code_pace (void)
{
  g_autoptr (ChSmsSent) first = NULL;
  g_autoptr (GError) error = NULL;

  first = ask_code ("13900000002", NULL, &error);
  g_assert_no_error (error);

  g_assert_null (ask_code ("13900000002", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN);
  g_assert_nonnull (ch_error_get_detail (error, "retry-after"));
  g_clear_error (&error);

  /* ten a day */
  for (int i = 1; i < 10; i++)
    {
      g_autoptr (ChSmsSent) sent = NULL;

      daemon_world_move_clock (world, 61);
      sent = ask_code ("13900000002", NULL, &error);
      g_assert_no_error (error);
    }
  daemon_world_move_clock (world, 61);
  g_assert_null (ask_code ("13900000002", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN);
  g_clear_error (&error);
}

static ChAccount *
try_register (const char *user, const char *mobile, const char *code, GError **error)
{
  DaemonCall how = { 0 };
  g_autoptr (ChRegister) request = daemon_world_make_register (world, user, mobile, code);

  return daemon_world_call (world, &ch_route_register, &how, request, error);
}

static void
test_code_tries (void)
{
  const char *mobile = "13900000003";
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (ChSmsSent) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL, *newer = NULL;

  sent = ask_code (mobile, NULL, &error);
  g_assert_no_error (error);
  code = daemon_world_get_code (world, mobile);

  for (int i = 0; i < 5; i++)
    {
      g_assert_null (
          try_register ("tries-1", mobile, g_str_equal (code, "123456") ? "654321" : "123456", &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
      g_clear_error (&error);
    }
  g_assert_null (try_register ("tries-1", mobile, code, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);

  /* too old by one second */
  daemon_world_move_clock (world, 61);
  again = ask_code (mobile, NULL, &error);
  g_assert_no_error (error);
  newer = daemon_world_get_code (world, mobile);
  daemon_world_move_clock (world, 301);
  g_assert_null (try_register ("tries-1", mobile, newer, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
}

/* -- Registering -- */

static void
test_register (void)
{
  DaemonCall how = { 0 };
  g_autoptr (ChAccount) account = NULL;
  g_autofree char *session = NULL;
  g_autoptr (GError) error = NULL;

  daemon_world_register (world, "li-hua", "13800000001");
  session = daemon_world_login (world, "li-hua");
  how.session = session;
  account = daemon_world_call (world, &ch_route_account, &how, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->name, ==, "王小明");
  g_assert_cmpstr (account->mobile, ==, "138****0001");
  g_assert_cmpstr (account->document_number, ==, "110***********002X");
}

static void
test_register_wrong (void)
{
  DaemonCall how = { 0 };
  g_autoptr (ChRegister) request = daemon_world_make_register (world, "li-wei", "13800000002", "000000");
  g_autoptr (GError) error = NULL;

  g_hash_table_replace (request->answers, g_strdup ("handler-document-number"),
                        g_strdup ("110105194912310021"));
  g_hash_table_remove (request->answers, "handler-name");
  g_clear_pointer (&request->password, ch_secret_unref);
  request->password = ch_secret_new ("short", 5);
  g_assert_null (daemon_world_call (world, &ch_route_register, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_assert_cmpuint (world->status, ==, 422);
  assert_field (error, "handler-document-number", CH_REASON_ID_CHECK);
  assert_field (error, "handler-name", CH_REASON_MISSING);
  assert_field (error, "password", CH_REASON_PASSWORD_SHORT);
}

static void
test_register_consents (void)
{
  DaemonCall how = { 0 };
  g_autoptr (ChRegister) request = daemon_world_make_register (world, "li-wei", "13800000002", "000000");
  ChConsent *consent = request->consents->pdata[0];
  g_autoptr (GError) error = NULL;

  g_free (consent->version);
  consent->version = g_strdup ("1999-01");
  g_assert_null (daemon_world_call (world, &ch_route_register, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING);
}

/* One account for each mobile; that it is taken is told only to who has the code. */
static void
test_register_taken (void)
{
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;

  daemon_world_register (world, "chen-yu", "13800000003");
  g_assert_null (try_register ("chen-yu", "13800000003", "999999", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);

  daemon_world_move_clock (world, 61);
  sent = ask_code ("13800000003", NULL, &error);
  g_assert_no_error (error);
  code = daemon_world_get_code (world, "13800000003");
  g_assert_null (try_register ("chen-yu", "13800000003", code, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACCOUNT_EXISTS);
  assert_field (error, "user-name", CH_REASON_TAKEN);
  assert_field (error, "handler-mobile", CH_REASON_TAKEN);
}

/* -- Logging in -- */

static void
test_login_delay (void)
{
  static const char *const names[] = { "zhou-min", "nobody-at-all" };
  g_autofree char *session = NULL;

  daemon_world_register (world, "zhou-min", "13800000004");

  /* 1, 2, 4 … seconds; the same for who is not there */
  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    for (int wait = 1; wait <= 60; wait *= 2)
      {
        g_autoptr (GError) error = NULL;
        int told;

        g_assert_null (daemon_world_try_login (world, names[n], "not-the-password", &error));
        g_assert_error (error, CH_ERROR, CH_ERROR_LOGIN_WRONG);
        g_assert_cmpstr (error->message, ==, "user name or password is wrong");
        g_clear_error (&error);

        /* a slow machine lets the short ones pass before the second try */
        if (wait >= 16)
          {
            g_assert_null (daemon_world_try_login (world, names[n], "not-the-password", &error));
            g_assert_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN);
            told = atoi (ch_error_get_detail (error, "retry-after"));
            g_assert_cmpint (told, <=, wait);
            g_assert_cmpint (told, >, wait / 2);
          }
        daemon_world_move_clock (world, wait + 1);
      }

  /* and never locks out */
  session = daemon_world_login (world, "zhou-min");
  g_assert_nonnull (session);
}

static void
test_session_ends (void)
{
  DaemonCall how = { 0 };
  g_autofree char *idle = NULL, *total = NULL, *left = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree ChNothing *nothing = NULL;

  daemon_world_register (world, "sun-li", "13800000005");

  idle = daemon_world_login (world, "sun-li");
  how.session = idle;
  daemon_world_move_clock (world, 901);
  g_assert_null (daemon_world_call (world, &ch_route_account, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
  g_assert_cmpuint (world->status, ==, 401);
  g_clear_error (&error);

  /* used again and again, it ends all the same */
  total = daemon_world_login (world, "sun-li");
  how.session = total;
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (ChAccount) account = NULL;
      g_autofree char *another = NULL;

      daemon_world_move_clock (world, 600);
      account = daemon_world_call (world, &ch_route_account, &how, NULL, &error);
      g_assert_no_error (error);
      /* when this is written, so is the last use, which nobody waits for */
      another = daemon_world_login (world, "sun-li");
    }
  daemon_world_move_clock (world, 600);
  g_assert_null (daemon_world_call (world, &ch_route_account, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
  g_clear_error (&error);

  left = daemon_world_login (world, "sun-li");
  how.session = left;
  nothing = daemon_world_call (world, &ch_route_logout, &how, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (daemon_world_call (world, &ch_route_account, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
}

/* -- Repetition -- */

static void
test_repetition (void)
{
  const char *mobile = "13800000006";
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *sms_key = g_uuid_string_random ();
  DaemonCall how = { .key = sms_key };
  g_autoptr (ChSmsRequest) sms = daemon_world_make_sms_request (world, mobile);
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (ChSmsSent) again = NULL;
  g_autoptr (ChRegister) request = NULL;
  g_autoptr (ChAccount) first = NULL;
  g_autoptr (ChAccount) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL, *outbox = NULL;

  /* the same twice: one message */
  sent = daemon_world_call (world, &ch_route_sms, &how, sms, &error);
  g_assert_no_error (error);
  again = daemon_world_call (world, &ch_route_sms, &how, sms, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sent->expires, ==, again->expires);
  outbox = daemon_world_desk (world, "GET", "/demo/v1/sms?mobile=13800000006", NULL);
  g_assert_true (strstr (outbox, "\"at\"") == g_strrstr (outbox, "\"at\""));

  /* one account, the same answer, though the code is spent */
  code = daemon_world_get_code (world, mobile);
  request = daemon_world_make_register (world, "wu-fang", mobile, code);
  how.key = key;
  first = daemon_world_call (world, &ch_route_register, &how, request, &error);
  g_assert_no_error (error);
  second = daemon_world_call (world, &ch_route_register, &how, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->id, ==, second->id);

  /* another body under the same key */
  g_hash_table_replace (request->answers, g_strdup ("user-name"), g_strdup ("wu-fang-2"));
  g_assert_null (daemon_world_call (world, &ch_route_register, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_REUSED);
  g_assert_cmpuint (world->status, ==, 409);
  g_clear_error (&error);

  /* no key, no key at all */
  how.key = "";
  g_assert_null (daemon_world_call (world, &ch_route_register, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_clear_error (&error);
  how.key = "1234";
  g_assert_null (daemon_world_call (world, &ch_route_register, &how, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

/* -- Staff -- */

static void
test_staff (void)
{
  DaemonCall how = { 0 };
  g_autofree char *session = daemon_world_staff_login (world);
  char draft[] = "draft";
  const ChListQuery drafts = { .state = draft }, too_many = { .limit = CH_LIST_MAX_LIMIT + 1 };
  g_autoptr (ChApplicationList) list = NULL;
  g_autoptr (GError) error = NULL;

  how.session = session;
  list = daemon_world_call (world, &ch_route_staff_list, &how, NULL, &error);
  g_assert_no_error (error);

  /* what the query does not know, or asks too much, is refused; what follows the ? reaches the handler */
  g_assert_null (daemon_world_call (world, &ch_route_staff_list, &how, &drafts, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_null (daemon_world_call (world, &ch_route_staff_list, &how, &too_many, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_assert_cmpuint (world->status, ==, 400);
  g_clear_error (&error);

  /* staff have no account and do not apply */
  g_assert_null (daemon_world_call (world, &ch_route_account, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);
  daemon_world_move_clock (world, 601);
  g_assert_null (daemon_world_call (world, &ch_route_staff_list, &how, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  world = daemon_world_new ();
  g_test_add_func ("/server/account/code/work", test_code_work);
  g_test_add_func ("/server/account/code/pace", test_code_pace);
  g_test_add_func ("/server/account/code/tries", test_code_tries);
  g_test_add_func ("/server/account/register", test_register);
  g_test_add_func ("/server/account/register/wrong", test_register_wrong);
  g_test_add_func ("/server/account/register/consents", test_register_consents);
  g_test_add_func ("/server/account/register/taken", test_register_taken);
  g_test_add_func ("/server/account/login/delay", test_login_delay);
  g_test_add_func ("/server/account/session", test_session_ends);
  g_test_add_func ("/server/account/repetition", test_repetition);
  g_test_add_func ("/server/account/staff", test_staff);
  status = g_test_run ();
  daemon_world_free (world);
  return status;
}
