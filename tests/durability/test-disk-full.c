#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/ch-error.h"
#include "server-world.h"

/* The disk of the server is full: who wants something written is told so, who reads is served, nothing is
 * lost, and when there is room again everything goes on. */

static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static rlim_t
get_size (ServerWorld *world, const char *name)
{
  g_autofree char *path = g_build_filename (world->dir, name, NULL);
  struct stat info;

  return stat (path, &info) == 0 ? (rlim_t) info.st_size : 0;
}

static ChApplication *
save_name (ServerWorld *world,
           const char *token,
           const ChApplication *application,
           const char *name,
           GError **error)
{
  return server_save (world, token, application, "unit-name", name, error);
}

/* @slack: bytes until nothing more can be written, so that it happens in another place each time */
static void
test_full (gconstpointer slack)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000061");
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) seen = NULL;
  g_autoptr (ChApplication) saved = NULL;
  g_autoptr (GError) error = NULL;
  ChApplication *newest = g_steal_pointer (&draft);

  limit_files (MAX (get_size (world, "certhall.db-wal"), get_size (world, "certhall.db"))
               + GPOINTER_TO_SIZE (slack));
  for (guint i = 0; error == NULL && i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("天津市滨海测试单位%u", i);
      ChApplication *next = save_name (world, token, newest, name, &error);

      if (next != NULL)
        {
          ch_application_free (newest);
          newest = next;
        }
    }
  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);
  g_clear_error (&error);

  /* what was acknowledged is there, and can be read */
  seen = server_get (world, token, newest->id);
  g_assert_cmpint (seen->version, ==, newest->version);
  g_assert_cmpstr (g_hash_table_lookup (seen->answers, "unit-name"), ==,
                   g_hash_table_lookup (newest->answers, "unit-name"));

  limit_files (RLIM_INFINITY);
  saved = save_name (world, token, seen, "天津市又有地方", &error);
  g_assert_no_error (error);
  server_world_restart (world);
  ch_application_free (newest);
  newest = server_get (world, token, saved->id);
  g_assert_cmpint (newest->version, ==, saved->version);
  g_assert_cmpstr (g_hash_table_lookup (newest->answers, "unit-name"), ==, "天津市又有地方");
  ch_application_free (newest);
}

/* A certificate is wanted while nothing can be written: none is signed; later there is one */
static void
test_issue (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000062");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) certificate = NULL;

  limit_files (1);
  g_assert_null (server_issue (world, token, id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);
  g_clear_error (&error);
  limit_files (RLIM_INFINITY);
  certificate = server_issue (world, token, id, key, &error);
  g_assert_no_error (error);
  g_assert_nonnull (certificate);
}

int
main (int argc, char **argv)
{
  static const gsize slacks[] = { 0, 3000, 20000 };
  int status;

  signal (SIGXFSZ, SIG_IGN);
  server_world_init (&argc, &argv);
  server_world_set_keys ("p256");
  for (guint i = 0; i < G_N_ELEMENTS (slacks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/durability/disk-full/%u", (guint) slacks[i]);

      g_test_add_data_func (path, GSIZE_TO_POINTER (slacks[i]), test_full);
    }
  g_test_add_func ("/durability/disk-full/issue", test_issue);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
