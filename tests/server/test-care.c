#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-world.h"
#include "server/ch-erase.h"
#include "wire/messages-care.h"
#include "wire/messages-certificate.h"

#define PASSWORD "Ein langes Kennwort"
#define OTHER    "Ein anderes Kennwort"

static ChSecret *
make_secret (const char *text)
{
  return ch_secret_new (text, strlen (text));
}

static ChSession *
try_login (ServerWorld *world, const ChLogin *login, GError **error)
{
  return server_call (world, NULL, &ch_route_login, NULL, login, error);
}

static void
assert_login_fails (ServerWorld *world, const ChLogin *login, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (try_login (world, login, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
assert_ended (ServerWorld *world, const char *token, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (server_call (world, token, &ch_route_application_list, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
assert_holds (ServerWorld *world, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCare) care = server_call (world, token, &ch_route_care, NULL, NULL, &error);

  g_assert_no_error (error);
}

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

/* -- Pictures -- */

static ChPicture *
ask_picture (ServerWorld *world)
{
  g_autoptr (GError) error = NULL;
  ChPicture *picture = server_call (world, NULL, &ch_route_picture, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (memcmp (g_bytes_get_data (picture->image, NULL), "\x89PNG", 4), ==, 0);
  return picture;
}

/* Three wrong passwords and a picture is asked for, of the same kind of names that are not there; a wrong
 * code counts, and a picture serves once. */
static void
test_picture (void)
{
  static const char *const names[] = { "13900000001", "nobody-at-all" };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, names[0]);

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autoptr (ChLogin) wrong = server_make_login (world, names[n], "not the password", NULL);
      g_autoptr (ChPicture) picture = ask_picture (world);

      pass (1000); /* what the address did is forgotten */
      for (guint i = 0; i < 3; i++)
        {
          assert_login_fails (world, wrong, CH_ERROR_LOGIN_WRONG);
          pass (10);
        }
      assert_login_fails (world, wrong, CH_ERROR_PICTURE_NEEDED);
      wrong->picture = g_strdup (picture->id);
      wrong->picture_code = g_strdup ("????");
      for (guint i = 0; i < 4; i++)
        assert_login_fails (world, wrong, CH_ERROR_PICTURE_WRONG);
    }
}

/* The code itself is nowhere but in the picture: so it is written by hand here, as the server keeps it. */
static gpointer
write_known_picture (ChDbTx *tx, gpointer data, GError **error)
{
  ChService *service = data;
  g_autoptr (GBytes) mac = ch_service_make_mac (service, "picture", "known\nAB7K", strlen ("known\nAB7K"));

  return ch_db_run (tx, "INSERT INTO picture (id, code, expires, tries) VALUES ('known', $1, $2, 0)",
                    CH_BIND (CH_BYTES (mac), CH_INT (ch_clock_now () + 300)), error)
             ? CH_DB_DONE
             : NULL;
}

static void
test_picture_right (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000002");
  g_autoptr (ChLogin) wrong = server_make_login (world, "13900000002", "not the password", NULL);
  g_autoptr (ChLogin) right = server_make_login (world, "13900000002", PASSWORD, NULL);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      assert_login_fails (world, wrong, CH_ERROR_LOGIN_WRONG);
      pass (10);
    }
  assert_login_fails (world, right, CH_ERROR_PICTURE_NEEDED);
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (world->service), write_known_picture, world->service, NULL, &error));
  right->picture = g_strdup ("known");
  right->picture_code = g_strdup ("ab7k");
  wrong->picture = g_strdup ("known");
  wrong->picture_code = g_strdup ("AB7K");
  session = try_login (world, right, &error);
  g_assert_no_error (error);

  /* once; the address has had its three tries all the same */
  assert_login_fails (world, wrong, CH_ERROR_PICTURE_WRONG);
}

/* -- Delays -- */

/* A stranger’s tries keep no one out who comes from a PC that is known, or has the mobile at hand. */
static void
test_delay_passed (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000003");
  g_autofree char *known = server_login_from (world, "13900000003", "a PC that is known");
  g_autoptr (ChLogin) wrong = server_make_login (world, "13900000003", "not the password", "a stranger's");
  g_autoptr (ChLogin) right = server_make_login (world, "13900000003", PASSWORD, "another PC");
  g_autofree char *again = NULL, *code = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      assert_login_fails (world, wrong, CH_ERROR_LOGIN_WRONG);
      pass (5);
    }
  assert_login_fails (world, wrong, CH_ERROR_LOGIN_WRONG);
  assert_login_fails (world, right, CH_ERROR_TOO_OFTEN);

  again = server_login_from (world, "13900000003", "a PC that is known");

  server_ask_code (world, "13900000003", CH_SMS_LOGIN);
  right->sms_code = make_secret ("000000");
  assert_login_fails (world, right, CH_ERROR_CODE_WRONG);
  g_clear_pointer (&right->sms_code, ch_secret_unref);
  code = server_await_text (world, "13900000003", "code ");
  right->sms_code = make_secret (code);
  session = try_login (world, right, &error);
  g_assert_no_error (error);

  /* of a mobile nobody has, nothing is sent, and nothing is said */
  server_ask_code (world, "13999999999", CH_SMS_LOGIN);
  g_assert_null (test_phone_get_text (world->phone, "13999999999"));
}

/* -- Forgotten passwords -- */

static ChResetDone *
try_reset (ServerWorld *world, const char *mobile, const char *number, const char *code, GError **error)
{
  g_autoptr (ChReset) request = ch_wire_new (&ChReset_wire);

  request->mobile = g_strdup (mobile);
  request->document_number = g_strdup (number);
  request->code = make_secret (code);
  return server_call (world, NULL, &ch_route_password_reset, NULL, request, error);
}

static void
test_forgotten (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000004");
  g_autofree char *fresh = server_forget_password (world, "13900000004");
  g_autoptr (ChPasswordChange) change = ch_wire_new (&ChPasswordChange_wire);
  g_autoptr (ChLogin) old = server_make_login (world, "13900000004", PASSWORD, NULL);
  g_autoptr (ChLogin) newer = server_make_login (world, "13900000004", OTHER, NULL);
  g_autoptr (ChAccount) account = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  /* who was logged in is out; who came in can do one thing */
  assert_ended (world, token, CH_ERROR_NOT_LOGGED_IN);
  assert_ended (world, fresh, CH_ERROR_PASSWORD_EXPIRED);
  /* the old one has had its time */
  assert_login_fails (world, old, CH_ERROR_LOGIN_WRONG);

  change->password = make_secret ("short");
  g_assert_null (server_call (world, fresh, &ch_route_password, NULL, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_clear_pointer (&change->password, ch_secret_unref);
  change->password = make_secret (OTHER);
  account = server_call (world, fresh, &ch_route_password, NULL, change, &error);
  g_assert_no_error (error);
  assert_holds (world, fresh);
  pass (10);
  session = try_login (world, newer, &error);
  g_assert_no_error (error);
  text = server_await_text (world, "13900000004", "password-changed");
}

/* The old password holds until the new one is used; that one serves once and for a quarter of an hour; and
 * the answer is the same where there is no such account. */
static void
test_forgotten_limits (void)
{
  static const char *const numbers[] = { "120106199102021315", "110105194912310021" };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000005");
  g_autoptr (ChLogin) old = server_make_login (world, "13900000005", PASSWORD, NULL);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (try_reset (world, "13900000005", numbers[0], "123456", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);
  g_assert_null (try_reset (world, "13900000099", numbers[0], "123456", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);

  /* another’s number: the same answer, and no message */
  for (int i = 1; i >= 0; i--)
    {
      g_autoptr (ChResetDone) done = NULL;
      g_autofree char *code = NULL;

      pass (61);
      server_ask_code (world, "13900000005", CH_SMS_RESET);
      code = server_await_text (world, "13900000005", "code ");
      done = try_reset (world, "13900000005", numbers[i], code, &error);
      g_assert_no_error (error);
      g_assert_cmpint (done->expires - ch_clock_now (), >=, 890);
    }
  session = try_login (world, old, &error);
  g_assert_no_error (error);
  {
    g_autofree char *once = server_await_text (world, "13900000005", "once ");
    g_autoptr (ChLogin) late = server_make_login (world, "13900000005", once, NULL);

    pass (901);
    assert_login_fails (world, late, CH_ERROR_LOGIN_WRONG);
  }
}

/* -- Changes -- */

static ChAccount *
try_mobile (ServerWorld *world,
            const char *token,
            const char *mobile,
            const char *code,
            const char *password,
            GError **error)
{
  g_autoptr (ChMobileChange) request = ch_wire_new (&ChMobileChange_wire);

  request->mobile = g_strdup (mobile);
  request->code = make_secret (code);
  request->password = make_secret (password);
  return server_call (world, token, &ch_route_mobile, NULL, request, error);
}

static char *
code_for (ServerWorld *world,
          const char *token,
          const char *mobile,
          ChSmsPurpose purpose,
          const char *arrives)
{
  g_autoptr (ChSmsRequest) request = ch_wire_new (&ChSmsRequest_wire);
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (GError) error = NULL;

  request->mobile = g_strdup (mobile);
  request->purpose = purpose;
  test_phone_clear (world->phone, arrives);
  sent = server_call (world, token, &ch_route_sms, NULL, request, &error);
  g_assert_no_error (error);
  return server_await_text (world, arrives, "code ");
}

static void
test_mobile (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000006");
  g_autofree char *other = server_register (world, "13900000007");
  g_autofree char *code = code_for (world, token, "13900000008", CH_SMS_MOBILE, "13900000008");
  g_autofree char *taken = NULL, *notice = NULL;
  g_autoptr (ChAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  /* the password of the account, the code of the new mobile, and of this account alone */
  g_assert_null (try_mobile (world, token, "13900000008", code, "not the password", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSWORD_WRONG);
  g_clear_error (&error);
  pass (3);
  g_assert_null (try_mobile (world, token, "13900000009", code, PASSWORD, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);
  g_assert_null (try_mobile (world, other, "13900000008", code, PASSWORD, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);

  account = try_mobile (world, token, "13900000008", code, PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->mobile, ==, "139****0008");
  notice = server_await_text (world, "13900000006", "mobile-changed ");
  g_assert_cmpstr (notice, ==, "139****0008");

  /* one account for each */
  taken = code_for (world, token, "13900000007", CH_SMS_MOBILE, "13900000007");
  g_assert_null (try_mobile (world, token, "13900000007", taken, PASSWORD, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACCOUNT_EXISTS);
}

static void
test_password (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000010");
  g_autofree char *elsewhere = server_login_from (world, "13900000010", "elsewhere");
  g_autoptr (ChPasswordChange) change = ch_wire_new (&ChPasswordChange_wire);
  g_autoptr (ChAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  change->password = make_secret (OTHER);
  g_assert_null (server_call (world, token, &ch_route_password, NULL, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSWORD_WRONG);
  g_clear_error (&error);
  change->old = make_secret (OTHER);
  g_assert_null (server_call (world, token, &ch_route_password, NULL, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSWORD_WRONG);
  g_clear_error (&error);
  pass (3);
  g_clear_pointer (&change->old, ch_secret_unref);
  change->old = make_secret (PASSWORD);
  account = server_call (world, token, &ch_route_password, NULL, change, &error);
  g_assert_no_error (error);
  assert_holds (world, token);
  assert_ended (world, elsewhere, CH_ERROR_NOT_LOGGED_IN);
}

static void
test_email (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000011");
  g_autoptr (ChEmailRequest) request = ch_wire_new (&ChEmailRequest_wire);
  g_autoptr (ChEmailChange) change = ch_wire_new (&ChEmailChange_wire);
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (ChAccount) account = NULL;
  g_autofree char *code = NULL;
  g_autoptr (GError) error = NULL;

  request->email = g_strdup ("li@example.com");
  sent = server_call (world, token, &ch_route_email_code, NULL, request, &error);
  g_assert_no_error (error);
  code = server_await_text (world, "li@example.com", "mail ");
  change->email = g_strdup ("wang@example.com");
  change->code = make_secret (code);
  g_assert_null (server_call (world, token, &ch_route_email, NULL, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);
  g_free (change->email);
  change->email = g_strdup ("li@example.com");
  account = server_call (world, token, &ch_route_email, NULL, change, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->email, ==, "l***@example.com");
}

static void
test_places (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *first = server_register (world, "13900000012");
  g_autofree char *office = server_login_from (world, "13900000012", "office");
  g_autofree char *home = server_login_from (world, "13900000012", "home");
  g_autoptr (ChCare) care = NULL;
  g_autoptr (ChCare) after = NULL;
  g_autoptr (GError) error = NULL;

  care = server_call (world, home, &ch_route_care, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (care->sessions->len, ==, 3);
  g_assert_cmpuint (care->installations->len, ==, 2);
  g_assert_cmpuint (care->consents->len, >=, 2);
  for (guint i = 0; i < care->installations->len; i++)
    {
      const ChSessionInfo *place = care->installations->pdata[i];

      g_assert_cmpint (place->is_current, ==, g_str_equal (place->name, "home"));
    }

  after = server_call (world, home, &ch_route_sessions_end, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->sessions->len, ==, 1);
  assert_ended (world, office, CH_ERROR_NOT_LOGGED_IN);
  assert_ended (world, first, CH_ERROR_NOT_LOGGED_IN);
}

/* What was agreed to in another version is to be agreed to again. */
static gpointer
make_older (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "UPDATE consent SET version = '1999-01' WHERE consent = 'personal-information'", NULL,
                    error)
             ? CH_DB_DONE
             : NULL;
}

static void
test_consents (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13900000013");
  g_autoptr (ChLogin) login = server_make_login (world, "13900000013", PASSWORD, NULL);
  ChConsent *consent = ch_wire_new (&ChConsent_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (ChSession) later = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (ch_db_write (ch_service_get_db (world->service), make_older, NULL, NULL, &error));
  g_assert_null (try_login (world, login, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING);
  g_assert_cmpstr (ch_error_get_detail (error, "consents"), ==, "personal-information");
  g_clear_error (&error);

  consent->id = g_strdup ("personal-information");
  consent->version = g_strdup ("2021-11");
  g_ptr_array_add (login->consents, consent);
  session = try_login (world, login, &error);
  g_assert_no_error (error);
  g_ptr_array_remove_index (login->consents, login->consents->len - 1);
  later = try_login (world, login, &error);
  g_assert_no_error (error);
}

/* -- The end -- */

static void
close_account (ServerWorld *world, const char *token, const char *mobile, GError **error)
{
  g_autoptr (ChClose) request = ch_wire_new (&ChClose_wire);
  g_autofree char *code = code_for (world, token, NULL, CH_SMS_CLOSE, mobile);
  g_autofree ChNothing *nothing = NULL;

  request->password = make_secret (PASSWORD);
  request->code = make_secret (code);
  nothing = server_call (world, token, &ch_route_close, NULL, request, error);
}

/* What stands in the files of the store, after everything that could be left over was taken out. They are
 * read by others: who opens and closes a file of SQLite in its own process takes its locks away. */
static char *
read_store (ServerWorld *world, gsize *len)
{
  static const char script[] = "sqlite3 certhall.db 'PRAGMA wal_checkpoint (TRUNCATE); VACUUM; PRAGMA "
                               "wal_checkpoint (TRUNCATE);' && "
                               "cat certhall.db certhall.db-wal >everything";
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autofree char *path = g_build_filename (world->dir, "everything", NULL);
  char *all = NULL;
  int status = -1;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (world->dir, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (path, &all, len, &error));
  return all;
}

static gboolean
is_in_store (ServerWorld *world, const char *mark)
{
  gsize len = 0;
  g_autofree char *store = read_store (world, &len);

  return memmem (store, len, mark, strlen (mark)) != NULL;
}

static void
mark_application (ServerWorld *world, const char *token, const char *id, const char *address)
{
  g_autoptr (ChApplication) application = server_get (world, token, id);
  g_autoptr (ChApplication) saved = NULL;
  g_autoptr (GError) error = NULL;

  saved = server_save (world, token, application, "handler-address", address, &error);
  g_assert_no_error (error);
}

/* Nothing was issued and nothing paid: nothing is left. */
static void
test_close (void)
{
  static const char *const marks[] = { "13977770001", "MARK-OF-A-DRAFT", "MARK-OF-A-PC" };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13977770001");
  g_autofree char *pc = server_login_from (world, "13977770001", "MARK-OF-A-PC");
  g_autofree char *again = NULL;
  g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");
  g_autoptr (GError) error = NULL;

  mark_application (world, token, draft->id, "MARK-OF-A-DRAFT");
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    g_assert_true (is_in_store (world, marks[i]));

  close_account (world, token, "13977770001", &error);
  g_assert_no_error (error);
  assert_ended (world, token, CH_ERROR_NOT_LOGGED_IN);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (is_in_store (world, marks[i]))
      {
        g_test_message ("%s is still there", marks[i]);
        g_test_fail ();
      }

  /* mobile and user name are free again */
  pass (61);
  again = server_register (world, "13977770001");
}

/* What is under way comes first. */
static void
test_close_refused (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13977770002");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChClosing) closing = NULL;
  g_autoptr (GError) error = NULL;

  close_account (world, token, "13977770002", &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_CLOSING_REFUSED);
  g_clear_error (&error);
  closing = server_call (world, token, &ch_route_closing, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (closing->obstacles->len, ==, 1);
  g_assert_cmpstr (((ChObstacle *) closing->obstacles->pdata[0])->application, ==, id);
}

static gpointer
set_done (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "UPDATE application SET state = 'done' WHERE id = $1", CH_BIND (CH_TEXT (data)),
                    error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
erase_expired (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_erase_expired (tx, data, error) ? CH_DB_DONE : NULL;
}

/* The law keeps what belongs to a certificate, and not the rest; when its time is over that goes too. The
 * certificate can be verified all the while. */
static void
test_close_kept (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13977770003");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (ChApplication) draft = NULL;
  g_autoptr (ChClosing) closing = NULL;
  g_autoptr (GError) error = NULL;

  certificate = server_issue (world, token, id, key, &error);
  g_assert_no_error (error);
  draft = server_apply (world, token, "self-pay");
  mark_application (world, token, draft->id, "MARK-OF-A-DRAFT");
  g_assert_nonnull (ch_db_write (ch_service_get_db (world->service), set_done, id, NULL, &error));

  closing = server_call (world, token, &ch_route_closing, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (closing->obstacles->len, ==, 0);
  g_assert_cmpuint (closing->kept->len, ==, 2);
  close_account (world, token, "13977770003", &error);
  g_assert_no_error (error);

  g_assert_false (is_in_store (world, "MARK-OF-A-DRAFT"));
  g_assert_false (is_in_store (world, "13977770003"));
  g_assert_true (is_in_store (world, "zhang@example.com")); /* of the application */
  g_assert_true (is_in_store (world, certificate->serial));

  /* one year of the certificate, five years of the law, ten of the accounts */
  pass ((gint64) 7 * 366 * 86400);
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (world->service), erase_expired, world->service, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (is_in_store (world, "zhang@example.com"));
  g_assert_true (is_in_store (world, certificate->serial));
  pass ((gint64) 5 * 366 * 86400);
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (world->service), erase_expired, world->service, NULL, &error));
  g_assert_no_error (error);
  pass ((gint64) -12 * 366 * 86400);
}

static void
test_export (void)
{
  static const char *const wanted[]
      = { "13977770004", "120106199102021315", "MARK-OF-A-DRAFT", "MARK-OF-A-PC",   "service-agreement",
          "licence",     "staff:anna",         "\"purchase\"",    "\"certificate\"" };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13977770004");
  g_autofree char *other = server_register (world, "13977770005");
  g_autofree char *pc = server_login_from (world, "13977770004", "MARK-OF-A-PC");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");
  g_autoptr (ChApplication) looked = NULL;
  g_autoptr (ChExport) export = NULL;
  g_autofree char *zip = g_build_filename (world->dir, "export.zip", NULL);
  const char *script[]
      = { "python3", "-c",
          "import json, sys, zipfile; text = zipfile.ZipFile(sys.argv[1]).read('data.json').decode();"
          "json.loads(text); sys.stdout.write(text)",
          zip, NULL };
  g_autofree char *json = NULL;
  int status = -1;
  g_autoptr (GError) error = NULL;

  mark_application (world, token, draft->id, "MARK-OF-A-DRAFT");
  looked = server_call (world, world->reviewer, &ch_route_staff_application, id, NULL, &error);
  g_assert_no_error (error);
  export = server_call (world, token, &ch_route_export, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (zip, g_bytes_get_data (export->content, NULL),
                                      g_bytes_get_size (export->content), &error));
  g_spawn_sync (NULL, (char **) script, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &json, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strstr (json, wanted[i]) == NULL)
      {
        g_test_message ("%s is not in the export", wanted[i]);
        g_test_fail ();
      }
  g_assert_null (strstr (json, "13977770005"));
  g_assert_null (strstr (json, "$y$"));
  g_assert_null (strstr (json, "\"token\""));
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/care/picture", test_picture);
  g_test_add_func ("/server/care/picture/right", test_picture_right);
  g_test_add_func ("/server/care/delay-passed", test_delay_passed);
  g_test_add_func ("/server/care/forgotten", test_forgotten);
  g_test_add_func ("/server/care/forgotten/limits", test_forgotten_limits);
  g_test_add_func ("/server/care/mobile", test_mobile);
  g_test_add_func ("/server/care/password", test_password);
  g_test_add_func ("/server/care/email", test_email);
  g_test_add_func ("/server/care/places", test_places);
  g_test_add_func ("/server/care/consents", test_consents);
  g_test_add_func ("/server/care/close", test_close);
  g_test_add_func ("/server/care/close/refused", test_close_refused);
  g_test_add_func ("/server/care/close/kept", test_close_kept);
  g_test_add_func ("/server/care/export", test_export);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
