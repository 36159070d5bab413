#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "base/ch-secret.h"
#include "base/ch-sentences.h"
#include "base/ch-sniff.h"

static char *dir;

static gboolean
is_text (const guint8 *data, gsize len, gpointer text)
{
  return len == strlen (text) && memcmp (data, text, len) == 0 && data[len] == 0;
}

static void
test_secret_takes_over (void)
{
  guint8 *bytes = (guint8 *) g_strdup ("123456");
  g_autoptr (ChSecret) secret = ch_secret_take_bytes (bytes, 6);
  g_autoptr (ChSecret) same = ch_secret_new ("123456", 6);
  g_autoptr (ChSecret) other = ch_secret_new ("123457", 6);
  g_autoptr (ChSecret) longer = ch_secret_new ("1234567", 7);

  g_assert_cmpuint (ch_secret_get_size (secret), ==, 6);
  g_assert_true (ch_secret_with (secret, is_text, (gpointer) "123456"));
  g_assert_true (ch_secret_equal (secret, same));
  g_assert_false (ch_secret_equal (secret, other));
  g_assert_false (ch_secret_equal (secret, longer));
}

static void
test_secret_password (void)
{
  g_autoptr (GTlsPassword) password = g_tls_password_new (G_TLS_PASSWORD_NONE, "token");
  g_autoptr (ChSecret) secret = NULL;
  gsize len = 1;

  g_tls_password_set_value (password, (const guchar *) "correct horse", -1);
  secret = ch_secret_take_password (password);
  g_assert_true (ch_secret_with (secret, is_text, (gpointer) "correct horse"));
  g_tls_password_get_value (password, &len);
  g_assert_cmpuint (len, ==, 0);
}

static void
test_wipe (void)
{
  char text[] = "secret";

  ch_secret_wipe (text, sizeof text);
  for (gsize i = 0; i < sizeof text; i++)
    g_assert_cmpint (text[i], ==, 0);
}

static void
test_file_replaces (void)
{
  g_autofree char *path = g_build_filename (dir, "a", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GDir) entries = NULL;
  GStatBuf st;
  guint n_entries = 0;

  g_assert_true (g_file_set_contents (path, "old and longer", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_true (ch_file_write_durably (path, "new", 3, 0600, &error));
  g_assert_no_error (error);

  bytes = ch_file_read (path, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "new", 3);
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);

  entries = g_dir_open (dir, 0, NULL);
  while (g_dir_read_name (entries) != NULL)
    n_entries++;
  g_assert_cmpuint (n_entries, ==, 1);

  g_assert_true (ch_file_remove_durably (path, &error));
  g_assert_true (ch_file_remove_durably (path, &error));
  g_assert_no_error (error);
}

/* A failure leaves neither the target nor a temporary file */
static void
test_file_fails_cleanly (void)
{
  g_autofree char *path = g_build_filename (dir, "missing", "a", NULL);
  g_autofree char *folder = g_build_filename (dir, "folder", NULL);
  g_autofree char *inside = g_build_filename (folder, "x", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) replace_error = NULL;

  g_assert_false (ch_file_write_durably (path, "x", 1, 0600, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  /* A folder with something in it cannot be replaced by a file */
  g_assert_true (ch_file_make_dir (folder, NULL));
  g_assert_true (g_file_set_contents (inside, "x", 1, NULL));
  g_assert_false (ch_file_write_durably (folder, "x", 1, 0600, &replace_error));
  g_assert_nonnull (replace_error);
  g_assert_true (g_file_test (inside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (inside), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_file_read_refuses (void)
{
  g_autofree char *big = g_build_filename (dir, "big", NULL);
  g_autofree char *pipe = g_build_filename (dir, "pipe", NULL);
  g_autoptr (GError) big_error = NULL;
  g_autoptr (GError) pipe_error = NULL;
  g_autoptr (GError) dir_error = NULL;
  g_autoptr (GError) device_error = NULL;

  g_assert_true (g_file_set_contents (big, "12345", 5, NULL));
  g_assert_null (ch_file_read (big, 4, &big_error));
  g_assert_error (big_error, CH_ERROR, CH_ERROR_TOO_LARGE);

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (ch_file_read (pipe, 4, &pipe_error));
  g_assert_error (pipe_error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_null (ch_file_read (dir, 4, &dir_error));
  g_assert_nonnull (dir_error);
  g_assert_null (ch_file_read ("/dev/zero", 4, &device_error));
  g_assert_error (device_error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);

  g_assert_cmpint (g_unlink (big), ==, 0);
  g_assert_cmpint (g_unlink (pipe), ==, 0);
}

/* Every row can be found by its id, says something, and has a status a shell and a browser know */
static void
test_error_table (void)
{
  for (int code = 0; code < CH_N_ERRORS; code++)
    {
      const ChErrorInfo *info = ch_error_code_get_info (code);
      ChErrorCode found = CH_N_ERRORS;

      g_test_message ("%s", info->id);
      g_assert_true (ch_error_code_from_id (info->id, &found));
      g_assert_cmpint (found, ==, code);
      g_assert_cmpuint (strlen (info->title), >, 0);
      g_assert_cmpuint (strlen (info->todo), >, 0);
      g_assert_cmpint (info->exit_status, >, 0);
      g_assert_cmpint (info->exit_status, <, 128);
      g_assert_cmpint (info->http_status, >=, 400);
      g_assert_cmpint (info->http_status, <, 600);
    }
}

/* A full disk is not “no network” */
static void
test_error_map (void)
{
  const struct
  {
    GQuark domain;
    int code;
    const char *id;
  } rows[] = {
    { G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no-space" },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "server-unreachable" },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed-out" },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled" },
    { G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "file" },
    { G_FILE_ERROR, G_FILE_ERROR_NOSPC, "no-space" },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "server-unreachable" },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "server-identity" },
    { G_MARKUP_ERROR, 0, "internal" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (rows[i].domain, rows[i].code, "x");

      g_assert_cmpstr (ch_error_get_info (error)->id, ==, rows[i].id);
    }
}

/* What an error carries survives copying */
static void
test_error_fields (void)
{
  g_autoptr (GError) error = ch_error_new_fields ();
  g_autoptr (GError) copy = NULL;
  GPtrArray *fields;
  const ChFieldError *row;

  ch_error_add_field (error, "unit-code", CH_REASON_USCC_CHECK, NULL);
  ch_error_add_field (error, "unit-name", CH_REASON_REVIEW, "see the licence");
  ch_error_set_detail (error, "retry-after", "30");
  copy = g_error_copy (error);
  g_clear_error (&error);

  fields = ch_error_get_fields (copy);
  g_assert_cmpuint (fields->len, ==, 2);
  row = fields->pdata[1];
  g_assert_cmpstr (row->field, ==, "unit-name");
  g_assert_cmpint (row->reason, ==, CH_REASON_REVIEW);
  g_assert_cmpstr (row->remark, ==, "see the licence");
  g_assert_cmpstr (ch_error_get_detail (copy, "retry-after"), ==, "30");
  g_assert_null (ch_error_get_detail (copy, "other"));
}

static void
test_clock (void)
{
  gint64 seconds = 0;
  gint64 now = ch_clock_now ();
  g_autofree char *text = NULL;

  g_assert_true (ch_clock_parse ("2026-11-21T16:00:01+08:00", &seconds));
  text = ch_clock_format (seconds);
  g_assert_cmpstr (text, ==, "2026-11-21T08:00:01Z");
  g_assert_false (ch_clock_parse ("2026-11-21T08:00:01", &seconds));
  g_assert_false (ch_clock_parse ("2026-11-21", &seconds));
  g_assert_false (ch_clock_parse ("0728-11-21T08:00:01Z", &seconds));
  g_assert_false (ch_clock_parse ("20261121T080001Z", &seconds));

  ch_clock_set_offset (86400);
  g_assert_cmpint (ch_clock_now (), >=, now + 86400);
  ch_clock_set_offset (0);
}

static void
test_sniff (void)
{
  const struct
  {
    const char *bytes;
    gsize len;
    ChContent content;
  } rows[] = {
    { "\377\330\377\340\0\020JFIF", 10, CH_CONTENT_JPEG },
    { "\211PNG\r\n\032\n", 8, CH_CONTENT_PNG },
    { "GIF89a", 6, CH_CONTENT_GIF },
    { "%PDF-1.7\n", 9, CH_CONTENT_PDF },
    { "PK\003\004", 4, CH_CONTENT_ZIP },
    { "Rar!\032\007\001\0", 8, CH_CONTENT_RAR },
    { "BMnot a picture", 15, CH_CONTENT_TEXT },
    { "\320\317\021\340\241\261\032\341", 8, CH_CONTENT_OFFICE },
    { "RIFF\4\0\0\0WEBP", 12, CH_CONTENT_WEBP },
    { "RIFX\4\0\0\0WEBP", 12, CH_CONTENT_UNKNOWN },
    { "\0\0\0\030ftypheic", 12, CH_CONTENT_HEIC },
    { "\0\0\0\030ftypqt  ", 12, CH_CONTENT_FILM },
    { "<?xml version='1.0'?><svg/>", 27, CH_CONTENT_SVG },
    { "\357\273\277 <!DOCTYPE HTML>", 19, CH_CONTENT_WEB },
    { "#!/bin/sh", 9, CH_CONTENT_PROGRAM },
    { "MZ\220\0", 4, CH_CONTENT_UNKNOWN },
    { "", 0, CH_CONTENT_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (ch_sniff ((const guint8 *) rows[i].bytes, rows[i].len), ==, rows[i].content);
}

static void
test_sentences (void)
{
  g_autofree char *three = ch_sentences_join ("One.", "Two.", "Three.", NULL);
  g_autofree char *one = ch_sentences_join ("One.", NULL);

  g_assert_cmpstr (three, ==, "One. Two. Three.");
  g_assert_cmpstr (one, ==, "One.");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = g_dir_make_tmp ("certhall-base-XXXXXX", NULL);
  g_assert_nonnull (dir);

  g_test_add_func ("/base/sentences", test_sentences);
  g_test_add_func ("/secret/takes-over", test_secret_takes_over);
  g_test_add_func ("/secret/password", test_secret_password);
  g_test_add_func ("/secret/wipe", test_wipe);
  g_test_add_func ("/file/replaces", test_file_replaces);
  g_test_add_func ("/file/fails-cleanly", test_file_fails_cleanly);
  g_test_add_func ("/file/read-refuses", test_file_read_refuses);
  g_test_add_func ("/error/table", test_error_table);
  g_test_add_func ("/error/map", test_error_map);
  g_test_add_func ("/error/fields", test_error_fields);
  g_test_add_func ("/clock", test_clock);
  g_test_add_func ("/sniff", test_sniff);

  status = g_test_run ();
  g_rmdir (dir);
  g_free (dir);
  return status;
}
