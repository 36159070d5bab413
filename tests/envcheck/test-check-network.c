#include "config.h"

#include "api/api-world.h"
#include <string.h>

#include "base/ch-clock.h"
#include "check-world.h"
#include "tls-server.h"
#include "envcheck/check-proxy.h"

/* -- Servers as they may be ---------------------------------------------------------------------------- */

/* Certificate and anchor of a kind, and a server that shows it */
typedef struct
{
  char *dir;
  char *trust_file;
  TlsServer *server;
  const char *url;
} Site;

static Site *
site_new (WorldCertificate kind, TlsServerFunc func, gconstpointer data)
{
  Site *self = g_new0 (Site, 1);
  g_autoptr (GTlsCertificate) certificate = NULL;

  self->dir = check_make_dir ();
  self->trust_file = g_build_filename (self->dir, "anchor.pem", NULL);
  certificate = world_make_certificate (kind, self->trust_file);
  self->server = tls_server_new (certificate, func, data);
  self->url = tls_server_get_url (self->server);
  return self;
}

static void
site_free (Site *self)
{
  tls_server_free (self->server);
  check_remove_dir (self->dir);
  g_free (self->trust_file);
  g_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

static char *
format_answer (const char *status, const char *body)
{
  return g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %u\r\nConnection: close\r\n\r\n%s", status,
                          (guint) strlen (body), body);
}

/* The time, shifted by the seconds in data */
static char *
answer_time (const char *head, gconstpointer data)
{
  int shift = data != NULL ? *(const int *) data : 0;
  g_autofree char *now = ch_clock_format (g_get_real_time () / G_USEC_PER_SEC + shift);
  g_autofree char *body = g_strdup_printf ("{\"now\":\"%s\"}", now);

  /* A question that says nothing about who asks */
  g_assert_true (g_str_has_prefix (head, "GET /v1/time HTTP/1.1\r\n"));
  g_assert_null (strstr (head, "Authorization"));
  return format_answer ("200 OK", body);
}

static char *
answer_busy (const char *head, gconstpointer data)
{
  return format_answer ("503 Service Unavailable", "");
}

static char *
answer_page (const char *head, gconstpointer data)
{
  return format_answer ("200 OK", "<html>It works!</html>");
}

/* The line is cut in the middle of the answer */
static char *
answer_half (const char *head, gconstpointer data)
{
  return g_strdup ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
}

static ChCheckRun *
run_against (const char *url, const char *trust_file)
{
  g_autoptr (ChCheckContext) context = ch_check_context_new (NULL, url, trust_file);
  static const char *const none[] = { NULL };

  ch_check_context_set_data_dir (context, g_get_tmp_dir ());
  ch_check_context_set_driver_dirs (context, none);
  context->time_limit = 120000;
  return check_run (context);
}

/* A port that was free a moment ago */
static char *
find_closed_url (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return g_strdup_printf ("https://127.0.0.1:%d", port);
}

static void
test_good (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_time, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);
  ChCheckResult *result = check_expect (run, "entry.server", CH_CHECK_PASSED);

  /* The name of 127.0.0.1 need not be looked up, but all else is measured */
  for (const char *const *phase = (const char *const[]){ "connect", "tls", "answer", "total", NULL }; *phase;
       phase++)
    g_assert_nonnull (g_hash_table_lookup (result->times, *phase));
  g_assert_true (result->has_offset);
  check_expect (run, "clock", CH_CHECK_PASSED);
}

/* -- Each way it can fail ------------------------------------------------------------------------------ */

static void
test_closed (void)
{
  g_autofree char *url = find_closed_url ();
  g_autoptr (ChCheckRun) run = run_against (url, NULL);

  check_expect_failed (run, "entry.server", CH_ERROR_SERVER_UNREACHABLE);
  /* Without a server there is nothing to compare the clock with: that is not the clock’s failure */
  check_expect (run, "clock", CH_CHECK_PASSED);
}

static void
test_no_name (void)
{
  g_autoptr (ChCheckRun) run = run_against ("https://no-such-host.invalid", NULL);

  check_expect_failed (run, "entry.server", CH_ERROR_SERVER_UNREACHABLE);
  g_assert_nonnull (strstr (check_expect (run, "entry.server", CH_CHECK_FAILED)->detail, "stopped at name"));
}

static void
test_silent (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *url
      = g_strdup_printf ("https://127.0.0.1:%d", g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  g_autoptr (ChCheckContext) context = ch_check_context_new (NULL, url, NULL);
  g_autoptr (ChCheckRun) run = NULL;

  context->time_limit = 200;
  run = check_run (context);
  check_expect_failed (run, "entry.server", CH_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (check_expect (run, "entry.server", CH_CHECK_FAILED)->detail, "stopped at tls"));
}

typedef struct
{
  const char *name;
  WorldCertificate certificate;
  ChCheckState state;
  ChErrorCode error;
  const char *says; /* (nullable): part of the summary */
} CertificateCase;

/* The same verdicts as the program’s own calls give (tests/api) */
static const CertificateCase certificate_cases[] = {
  { "other-anchor", CERTIFICATE_OTHER_ANCHOR, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY, "“Stranger”" },
  { "same-name", CERTIFICATE_SAME_NAME, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY, "“Anchor”" },
  { "self-signed", CERTIFICATE_SELF_SIGNED, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY, "“certhalld”" },
  { "other-host", CERTIFICATE_OTHER_HOST, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY, "another server" },
  { "expired", CERTIFICATE_EXPIRED, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY, "expired" },
  { "future", CERTIFICATE_FUTURE, CH_CHECK_WARNING, 0, "begins later" },
  { "future-other-anchor", CERTIFICATE_FUTURE_OTHER_ANCHOR, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY,
    "“Stranger”" },
  { "future-other-host", CERTIFICATE_FUTURE_OTHER_HOST, CH_CHECK_FAILED, CH_ERROR_SERVER_IDENTITY,
    "another server" },
};

static void
test_certificate (gconstpointer data)
{
  const CertificateCase *row = data;
  g_autoptr (Site) site = site_new (row->certificate, answer_time, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);
  ChCheckResult *result = check_expect (run, "entry.server", row->state);

  if (row->state == CH_CHECK_FAILED)
    check_expect_failed (run, "entry.server", row->error);
  g_assert_nonnull (strstr (result->summary, row->says));
  /* What a stranger says about the time is worth nothing */
  g_assert_false (result->has_offset);
}

static void
test_no_anchor (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_time, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, "/nonexistent/anchor.pem");

  check_expect_failed (run, "entry.server", CH_ERROR_FILE);
}

/* Without a file the system’s anchors count, and they do not know the CA of the test */
static void
test_system_anchors (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_time, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, NULL);

  check_expect (run, "entry.server", CH_CHECK_FAILED);
}

static void
test_http_error (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_busy, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);

  check_expect_failed (run, "entry.server", CH_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (check_expect (run, "entry.server", CH_CHECK_FAILED)->summary, "503"));
}

static void
test_other_service (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_page, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);

  check_expect_failed (run, "entry.server", CH_ERROR_BAD_ANSWER);
}

static void
test_cut (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_half, NULL);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);

  check_expect_failed (run, "entry.server", CH_ERROR_BAD_ANSWER);
}

/* -- The clock ----------------------------------------------------------------------------------------- */

static void
test_clock (gconstpointer data)
{
  int shift = *(const int *) data;
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_time, data);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);
  ChCheckResult *result = check_expect (run, "clock", ABS (shift) > 300 ? CH_CHECK_WARNING : CH_CHECK_PASSED);

  check_expect (run, "entry.server", CH_CHECK_PASSED);
  g_assert_nonnull (strstr (result->summary, shift > 0 ? "behind" : "ahead"));
  g_assert_cmpint (ch_check_run_get_exit_status (run), !=,
                   ch_error_code_get_info (CH_ERROR_SERVER_IDENTITY)->exit_status);
}

/* An expired certificate that was valid at the server’s own time: this PC’s clock is ahead, and that is said
 */
static void
test_clock_ahead_of_certificate (void)
{
  static const int back = -10 * 24 * 3600;
  g_autoptr (Site) site = site_new (CERTIFICATE_EXPIRED, answer_time, &back);
  g_autoptr (ChCheckRun) run = run_against (site->url, site->trust_file);

  check_expect_failed (run, "entry.server", CH_ERROR_SERVER_IDENTITY);
  g_assert_cmpstr (check_expect (run, "clock", CH_CHECK_WARNING)->summary, ==, "10 days ahead of the server");
}

/* -- Several entries, and the way there ---------------------------------------------------------------- */

static ChEntry *
make_entry (const char *id, const char *url)
{
  ChEntry *entry = ch_wire_new (&ChEntry_wire);

  entry->id = g_strdup (id);
  entry->url = g_strdup (url);
  entry->name = ch_wire_new (&ChText_wire);
  entry->name->zh = g_strdup (id);
  entry->name->en = g_strdup (id);
  return entry;
}

static void
test_one_is_enough (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_RIGHT, answer_time, NULL);
  g_autofree char *closed = find_closed_url ();
  g_autoptr (ChProfile) profile = ch_wire_new (&ChProfile_wire);
  g_autoptr (ChCheckContext) context = NULL;
  g_autoptr (ChCheckRun) run = NULL;
  ChCheckResult *result;

  profile->flows = g_strsplit ("apply.enterprise.ukey.self-pay", " ", -1);
  profile->entries = ch_wire_list_new (&ChEntry_wire);
  g_ptr_array_add (profile->entries, make_entry ("first", closed));
  g_ptr_array_add (profile->entries, make_entry ("second", site->url));
  context = ch_check_context_new (profile, NULL, site->trust_file);
  ch_check_context_set_data_dir (context, g_get_tmp_dir ());
  g_assert_true (context->wants_ukey);

  run = check_run (context);
  check_expect (run, "entry.second", CH_CHECK_PASSED);
  result = check_expect (run, "entry.first", CH_CHECK_WARNING);
  g_assert_nonnull (strstr (result->meaning, "Another entry"));
  check_expect (run, "clock", CH_CHECK_PASSED);
}

static void
test_proxy (void)
{
  g_autofree char *url = find_closed_url ();
  g_autofree char *plain = ch_check_strip_proxy ("http://anna:secret@proxy.example:3128/");
  g_autofree char *nonsense = ch_check_strip_proxy ("anna:secret");
  g_autoptr (ChCheckReport) report = NULL;
  g_autoptr (ChCheckRun) run = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpstr (plain, ==, "http://proxy.example:3128");
  g_assert_cmpstr (nonsense, ==, "?");

  g_setenv ("https_proxy", "http://anna:secret@proxy.example:3128", TRUE);
  run = run_against (url, NULL);
  g_unsetenv ("https_proxy");
  report = ch_check_report_new (run);
  text = ch_check_report_to_text (report);
  g_assert_nonnull (strstr (text, "http://proxy.example:3128"));
  g_assert_null (strstr (text, "anna"));
  g_assert_null (strstr (text, "secret"));
}

static void
test_exit_status (void)
{
  g_autoptr (Site) site = site_new (CERTIFICATE_OTHER_ANCHOR, answer_time, NULL);
  g_autoptr (ChCheckContext) context = ch_check_context_new_shipped (site->url, site->trust_file);
  g_autoptr (ChCheckRun) run = NULL;
  g_autofree char *dir = check_make_dir ();

  ch_check_context_set_data_dir (context, dir);
  context->wants_ukey = FALSE;
  run = check_run (context);
  g_assert_cmpint (ch_check_run_get_exit_status (run), ==, 13);
  check_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  static const int shifts[] = { 600, -600, 30, -7200, 3 * 24 * 3600 };

  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", FALSE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envcheck/entry/good", test_good);
  g_test_add_func ("/envcheck/entry/closed", test_closed);
  g_test_add_func ("/envcheck/entry/no-name", test_no_name);
  g_test_add_func ("/envcheck/entry/silent", test_silent);
  for (gsize i = 0; i < G_N_ELEMENTS (certificate_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/envcheck/entry/certificate/", certificate_cases[i].name, NULL);

      g_test_add_data_func (path, &certificate_cases[i], test_certificate);
    }
  g_test_add_func ("/envcheck/entry/no-anchor", test_no_anchor);
  g_test_add_func ("/envcheck/entry/system-anchors", test_system_anchors);
  g_test_add_func ("/envcheck/entry/http-error", test_http_error);
  g_test_add_func ("/envcheck/entry/other-service", test_other_service);
  g_test_add_func ("/envcheck/entry/cut", test_cut);
  g_test_add_func ("/envcheck/entry/one-is-enough", test_one_is_enough);
  for (gsize i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/envcheck/clock/%d", shifts[i]);

      g_test_add_data_func (path, &shifts[i], test_clock);
    }
  g_test_add_func ("/envcheck/clock/ahead-of-certificate", test_clock_ahead_of_certificate);
  g_test_add_func ("/envcheck/proxy", test_proxy);
  g_test_add_func ("/envcheck/exit-status", test_exit_status);
  return g_test_run ();
}
