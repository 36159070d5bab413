#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-csr.h"
#include "server-world.h"
#include "wire/messages-account.h"
#include "wire/messages-certificate.h"
#include "wire/messages-ticket.h"

#define PASSWORD "Ein langes Kennwort"

typedef struct
{
  ServerWorld *server;
  char *member;
  char *support;
  char *application;
} World;

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

static gboolean
copy_text (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static char *
reveal (ChSecret *secret)
{
  char *text = NULL;

  g_assert_true (ch_secret_with (secret, copy_text, &text));
  return text;
}

/* An approved application, and somebody of the customer service */
static void
set_up (World *world, gconstpointer data)
{
  g_autoptr (ChSecret) password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  world->server = server_world_new ();
  world->member = server_register (world->server, "13811110001");
  world->application = server_bring_to_approval (world->server, world->member);
  ch_staff_add (world->server->service, "susi", CH_PRINCIPAL_SUPPORT, password, NULL, &error);
  g_assert_no_error (error);
  login->name = g_strdup ("susi");
  login->password = ch_secret_ref (password);
  session = server_call (world->server, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  world->support = server_take_token (session);
}

static void
tear_down (World *world, gconstpointer data)
{
  server_world_free (world->server);
  g_free (world->member);
  g_free (world->support);
  g_free (world->application);
}

static ChDownloadCode *
ask (World *world, const char *what, gboolean again, GError **error)
{
  g_autoptr (ChDownloadCodeNew) request = ch_wire_new (&ChDownloadCodeNew_wire);

  request->what = g_strdup (what);
  request->again = again;
  return server_call (world->server, world->support, &ch_route_staff_download_code, NULL, request, error);
}

static char *
make_code (World *world, gboolean again)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDownloadCode) code = ask (world, world->application, again, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (code->application, ==, world->application);
  return reveal (code->code);
}

static ChInstallTicket *
redeem (World *world, const char *code, GError **error)
{
  g_autoptr (ChDownloadRequest) request = ch_wire_new (&ChDownloadRequest_wire);

  request->code = ch_secret_new (code, strlen (code));
  return server_call (world->server, NULL, &ch_route_download_ticket, NULL, request, error);
}

static void
assert_refused (World *world, const char *code, ChErrorCode expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (redeem (world, code, &error));
  g_assert_error (error, CH_ERROR, (int) expected);
}

/* What is shown is what is issued then; the ticket does that and no more */
static void
test_download (World *world, gconstpointer data)
{
  g_autofree char *code = make_code (world, FALSE);
  g_autofree char *typed = g_strdup_printf (" %.5s-%.5s %s", code, code + 5, code + 10);
  g_autofree char *lower = g_ascii_strdown (typed, -1);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInstallTicket) download = redeem (world, lower, &error);
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (ChApplication) own = NULL;
  g_autofree char *ticket = NULL;
  g_autofree char *other = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (code), ==, 19);
  g_assert_cmpstr (download->name, ==, "天津市滨海测试单位");
  g_assert_nonnull (strstr (download->subject, "CN=天津市滨海测试单位"));
  g_assert_null (download->serial);
  g_assert_null (g_hash_table_lookup (download->application->answers, "handler-email"));

  ticket = reveal (download->token);
  own = server_call (world->server, ticket, &ch_route_application, world->application, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (g_hash_table_lookup (own->answers, "handler-email"));
  g_assert_null (server_call (world->server, ticket, &ch_route_application_list, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);

  certificate = server_issue (world->server, ticket, world->application, key, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (certificate->name, ==, download->name);

  /* another application of the same member is none of it */
  other = server_bring_to_approval (world->server, world->member);
  g_assert_null (server_issue (world->server, ticket, other, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* Once; a newer one ends the older; not after its day; and what is wrong is called so */
static void
test_once (World *world, gconstpointer data)
{
  g_autofree char *older = make_code (world, FALSE);
  g_autofree char *code = make_code (world, FALSE);
  g_autofree char *late = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInstallTicket) download = NULL;

  assert_refused (world, "A2RKB2W8ITF8E4GED9J", CH_ERROR_DOWNLOAD_CODE_WRONG);
  assert_refused (world, older, CH_ERROR_DOWNLOAD_CODE_EXPIRED);
  download = redeem (world, code, &error);
  g_assert_no_error (error);
  assert_refused (world, code, CH_ERROR_DOWNLOAD_CODE_USED);

  late = make_code (world, FALSE);
  pass (86401);
  assert_refused (world, late, CH_ERROR_DOWNLOAD_CODE_EXPIRED);
}

static void
test_guessed (World *world, gconstpointer data)
{
  g_autofree char *code = make_code (world, FALSE);

  for (guint i = 0; i < 20; i++)
    assert_refused (world, "A2RKB2W8ITF8E4GED9J", CH_ERROR_DOWNLOAD_CODE_WRONG);
  assert_refused (world, code, CH_ERROR_TOO_OFTEN);
}

/* Issued, but its key is out of reach: the code can be asked for by its serial number, and another
 * certificate is issued in its place when the staff say so */
static void
test_again (World *world, gconstpointer data)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChKey) later = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) first
      = server_issue (world->server, world->member, world->application, key, &error);
  g_autoptr (ChCertificate) second = NULL;
  g_autoptr (ChDownloadCode) by_serial = ask (world, first->serial, FALSE, &error);
  g_autofree char *code = NULL;
  g_autofree char *ticket = NULL;
  g_autoptr (ChInstallTicket) download = NULL;

  g_assert_no_error (error);
  code = reveal (by_serial->code);
  download = redeem (world, code, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (download->serial, ==, first->serial);
  g_clear_pointer (&download, ch_install_ticket_free);

  g_free (code);
  code = make_code (world, TRUE);
  download = redeem (world, code, &error);
  g_assert_no_error (error);
  g_assert_null (download->serial);
  ticket = reveal (download->token);
  second = server_issue (world->server, ticket, world->application, later, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->serial, !=, first->serial);
}

/* Neither before the approval nor after the installation, nor for what is not there */
static void
test_states (World *world, gconstpointer data)
{
  g_autoptr (ChApplication) draft = server_apply (world->server, world->member, "self-pay");
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (world, draft->id, FALSE, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_null (ask (world, "nothing", FALSE, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* A quarter of an hour after it was redeemed the ticket is over, and says so */
static void
test_end (World *world, gconstpointer data)
{
  g_autofree char *code = make_code (world, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInstallTicket) download = redeem (world, code, &error);
  g_autofree char *ticket = NULL;

  g_assert_no_error (error);
  ticket = reveal (download->token);
  pass (901);
  g_assert_null (
      server_call (world->server, ticket, &ch_route_application, world->application, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TICKET_ENDED);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (World *world, gconstpointer data);
  } cases[] = {
    { "/server/download/download", test_download }, { "/server/download/once", test_once },
    { "/server/download/guessed", test_guessed },   { "/server/download/again", test_again },
    { "/server/download/states", test_states },     { "/server/download/end", test_end },
  };
  int status;

  server_world_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, World, NULL, set_up, cases[i].func, tear_down);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
