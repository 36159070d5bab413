#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "pay-provider.h"
#include "server/ch-backup.h"
#include "server/pay/ch-pay-setup.h"
#include "server-world.h"

#define PASSPHRASE "a passphrase of the store"

/* A store that takes money, and an empty place for its copy */
static PayProvider *provider;
static ServerWorld *world;

static char *
in_world (const char *name)
{
  return g_build_filename (world->dir, name, NULL);
}

static GPtrArray *
list_files (const char *dir)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *names = ch_pay_setup_list_files (dir, &error);

  g_assert_no_error (error);
  return names;
}

static gboolean
back_up (const char *to, GError **error)
{
  g_autoptr (GPtrArray) more = list_files (world->dir);

  return ch_backup_make (world->dir, to, more, error);
}

static gboolean
restore (const char *from, const char *dir, GError **error)
{
  g_autoptr (GPtrArray) more = list_files (from);

  return ch_backup_restore (from, dir, more, error);
}

static void
write_text (const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
exists (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Another line in place of one of payment.conf */
static void
change_setup (const char *from, const char *to)
{
  g_autofree char *path = in_world (CH_PAY_SETUP_FILE);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, changed->len, NULL));
}

/* Providers, their keys and ours: the restored store takes money as the other did */
static void
test_carried_along (void)
{
  g_autofree char *copy = in_world ("copy"), *restored = in_world ("restored"), *pay = in_world ("pay");
  g_autofree char *from = in_world ("alipay.pem"), *to = g_build_filename (pay, "alipay.pem", NULL);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (ChGateway) gateway = NULL;
  g_autoptr (GError) error = NULL;
  ChGateway *none = NULL;

  /* in a folder of its own too */
  g_assert_cmpint (g_mkdir (pay, 0700), ==, 0);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  change_setup ("alipay-key=alipay.pem", "alipay-key=pay/alipay.pem");

  back_up (copy, &error);
  g_assert_no_error (error);
  restore (copy, restored, &error);
  g_assert_no_error (error);
  g_assert_true (ch_pay_setup_load (restored, passphrase, TRUE, &gateway, &error));
  g_assert_no_error (error);
  g_assert_nonnull (gateway);
  g_assert_cmpstr (ch_gateway_get_merchant (gateway, "alipay"), !=, "");
  g_assert_cmpstr (ch_gateway_get_merchant (gateway, "wechat"), !=, "");

  /* sealed as they were: the copy alone opens nothing */
  g_clear_pointer (&passphrase, ch_secret_unref);
  passphrase = ch_secret_new ("another passphrase", strlen ("another passphrase"));
  g_assert_false (ch_pay_setup_load (restored, passphrase, TRUE, &none, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
}

/* A key in the clear is not carried off, whatever it is called */
static void
test_clear_keys (void)
{
  static const char clear[] = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
  static const char *const names[] = { "keys/wechat-key.sealed", "wechat-platform.pem" };
  g_autofree char *copy = in_world ("copy-of-clear");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = in_world (names[i]);
      g_autofree char *kept = NULL;
      g_autoptr (GError) error = NULL;
      gsize len;

      g_assert_true (g_file_get_contents (path, &kept, &len, NULL));
      write_text (world->dir, names[i], clear);
      g_assert_false (back_up (copy, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
      g_assert_false (exists (copy, names[i]));
      g_assert_false (exists (copy, CH_PAY_SETUP_FILE));
      g_assert_true (g_file_set_contents (path, kept, (gssize) len, NULL));
    }
}

/* What payment.conf names elsewhere, or what must never be copied, is left out: the rest is whole */
static void
test_elsewhere (void)
{
  static const char *const names[] = { "../outside.pem", "/tmp/outside.pem",      "a/b/c.pem",
                                       "key-passphrase", "offline/root-rsa.key",  "certhall.db-wal",
                                       ".hidden",        "pay/../../outside.pem", "pay/" };
  g_autofree char *copy = in_world ("copy-without"), *restored = in_world ("restored-without");
  g_autofree char *conf = g_build_filename (copy, CH_PAY_SETUP_FILE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_false (ch_backup_can_hold (names[i]));
  g_assert_true (ch_backup_can_hold ("alipay.pem"));
  g_assert_true (ch_backup_can_hold ("pay/alipay.pem"));

  change_setup ("alipay-key=pay/alipay.pem", "alipay-key=key-passphrase");
  write_text (world->dir, "key-passphrase", "what opens it all");
  back_up (copy, &error);
  g_assert_no_error (error);
  g_assert_false (exists (copy, "key-passphrase"));
  g_assert_true (exists (copy, "wechat-platform.pem"));
  restore (copy, restored, &error);
  g_assert_no_error (error);
  g_assert_true (exists (restored, "keys/wechat-key.sealed"));
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  provider = pay_provider_new ();
  world = server_world_new ();
  pay_provider_write_setup (provider, world->dir, PASSPHRASE, TRUE);

  g_test_add_func ("/server/payment-backup/carried-along", test_carried_along);
  g_test_add_func ("/server/payment-backup/clear-keys", test_clear_keys);
  g_test_add_func ("/server/payment-backup/elsewhere", test_elsewhere);
  status = g_test_run ();
  server_world_free (world);
  pay_provider_free (provider);
  server_world_clean_up ();
  return status;
}
