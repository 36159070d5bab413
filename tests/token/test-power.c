#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "token/ch-soft-token.h"
#include "token/forgetful.h"
#include "token/token-asker.h"
#include "unit/pki-world.h"

#define PASSPHRASE "correct horse 电池"
#define SERIAL     "1234567890123456"
#define MAX_CALLS  64

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* The first object on the token; NULL when the file is broken */
static GPtrArray *
list (const char *path, GError **error)
{
  g_autoptr (ChToken) token = CH_TOKEN (ch_soft_token_new (path));
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_list_objects_async (token, NULL, on_done_cb, &result);
  return ch_token_list_objects_finish (token, wait_for (&result), error);
}

static gboolean
store (const char *path, const char *key_id, GBytes *cert)
{
  g_autoptr (ChToken) token = CH_TOKEN (ch_soft_token_new (path));
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_store_cert_async (token, key_id, cert, NULL, NULL, on_done_cb, &result);
  return ch_token_store_cert_finish (token, wait_for (&result), NULL);
}

/* Stores certificate after certificate; at each call the power fails once. */
static void
sweep_token (PkiWorld *world, const char *path, const char *key_id, GBytes *spki, gboolean half)
{
  g_autoptr (GBytes) before = pki_issue (world, spki, "甲");
  gboolean is_through = FALSE;

  g_assert_true (store (path, key_id, before));
  for (guint call = 0; !is_through; call++)
    {
      g_autofree char *name = g_strdup_printf ("乙%u", call);
      g_autoptr (GBytes) after = pki_issue (world, spki, name);
      g_autofree char *dir = g_path_get_dirname (path);
      g_autoptr (GPtrArray) objects = NULL;
      g_autoptr (GError) error = NULL;
      gboolean is_acknowledged;
      GBytes *now;

      g_assert_cmpuint (call, <, MAX_CALLS);
      forgetful_watch (dir);
      forgetful_fail_at (call, half);
      is_acknowledged = store (path, key_id, after);
      is_through = !forgetful_has_failed ();
      forgetful_wake_up ();

      objects = list (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (objects->len, ==, 1);
      now = ((ChTokenObject *) objects->pdata[0])->cert;
      g_assert_nonnull (now);
      g_assert_true (g_bytes_equal (now, after) || (!is_acknowledged && g_bytes_equal (now, before)));
      g_bytes_unref (before);
      before = g_bytes_ref (now);
    }
}

static void
test_token (gconstpointer half)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autofree char *dir = g_build_filename (world->dir, "tokens", NULL);
  g_autofree char *path = g_build_filename (dir, SERIAL ".token", NULL);
  g_autofree char *lock = g_build_filename (dir, "." SERIAL ".token.lock", NULL);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GTlsInteraction) asker = token_asker_new ((const char *const[]){ PASSPHRASE, NULL });
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autofree char *key_id = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ch_file_make_dir (dir, &error));
  g_assert_true (ch_soft_token_create (path, "我的证书", passphrase, &error));
  token = CH_TOKEN (ch_soft_token_new (path));
  ch_token_generate_key_async (token, CH_KEY_P256, "certhall:A1", asker, NULL, on_done_cb, &result);
  spki = ch_token_generate_key_finish (token, wait_for (&result), &error);
  g_assert_no_error (error);
  key_id = ch_spki_get_key_id_hex (spki);
  sweep_token (world, path, key_id, spki, GPOINTER_TO_INT (half));

  forgetful_watch ("/nowhere");
  g_unlink (path);
  g_unlink (lock);
  g_rmdir (dir);
}

static char *
read_text (const char *path)
{
  g_autoptr (GBytes) bytes = ch_file_read (path, 4096, NULL);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

/* What journal and drafts are written by: the key of a call is there whole, or the call was not made yet */
static void
test_file (gconstpointer half)
{
  g_autofree char *dir = g_dir_make_tmp ("certhall-power-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "journal", NULL);
  gboolean is_through = FALSE;

  for (guint call = 0; !is_through; call++)
    {
      g_autofree char *now = NULL;
      gboolean is_acknowledged;

      g_assert_cmpuint (call, <, MAX_CALLS);
      g_assert_true (ch_file_write_durably (path, "the old key", 11, 0600, NULL));
      forgetful_watch (dir);
      forgetful_fail_at (call, GPOINTER_TO_INT (half));
      is_acknowledged = ch_file_write_durably (path, "another one", 11, 0600, NULL);
      is_through = !forgetful_has_failed ();
      forgetful_wake_up ();
      now = read_text (path);
      if (is_acknowledged)
        g_assert_cmpstr (now, ==, "another one");
      else
        g_assert_true (g_strcmp0 (now, "the old key") == 0 || g_strcmp0 (now, "another one") == 0);
    }

  is_through = FALSE;
  for (guint call = 0; !is_through; call++)
    {
      g_autofree char *now = NULL;
      gboolean is_acknowledged;

      g_assert_true (ch_file_write_durably (path, "the old key", 11, 0600, NULL));
      forgetful_watch (dir);
      forgetful_fail_at (call, GPOINTER_TO_INT (half));
      is_acknowledged = ch_file_remove_durably (path, NULL);
      is_through = !forgetful_has_failed ();
      forgetful_wake_up ();
      now = read_text (path);
      g_assert_true (now == NULL || (!is_acknowledged && g_str_equal (now, "the old key")));
    }

  forgetful_watch ("/nowhere");
  {
    g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);

    g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/token/power/file/synced-only", GINT_TO_POINTER (FALSE), test_file);
  g_test_add_data_func ("/token/power/file/half", GINT_TO_POINTER (TRUE), test_file);
  g_test_add_data_func ("/token/power/token/synced-only", GINT_TO_POINTER (FALSE), test_token);
  g_test_add_data_func ("/token/power/token/half", GINT_TO_POINTER (TRUE), test_token);
  return g_test_run ();
}
