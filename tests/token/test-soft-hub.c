#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "token/ch-soft-hub.h"
#include "token/ch-soft-token.h"
#include "token/token-asker.h"

#define PASSPHRASE "correct horse 电池"

typedef struct
{
  char *dir;
  ChTokenHub *hub;
  guint n_changes;
} Fixture;

static void
on_items_changed_cb (GListModel *list, guint position, guint removed, guint added, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_changes++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *base = NULL;
  g_autoptr (GError) error = NULL;

  base = g_dir_make_tmp ("certhall-hub-XXXXXX", &error);
  g_assert_no_error (error);
  self->dir = g_build_filename (base, "tokens", NULL);
  self->hub = CH_TOKEN_HUB (ch_soft_hub_new (self->dir));
  g_signal_connect (self->hub, "items-changed", G_CALLBACK (on_items_changed_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  g_autofree char *base = g_path_get_dirname (self->dir);
  gpointer hub = self->hub;
  const char *name;

  g_signal_handlers_disconnect_by_data (self->hub, self);
  g_object_add_weak_pointer (G_OBJECT (self->hub), &hub);
  g_object_unref (self->hub);
  /* A scan that is under way holds the hub, and its thread may be the one to drop it */
  while (g_atomic_pointer_get (&hub) != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->dir);
  g_rmdir (base);
  g_free (self->dir);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static ChToken *
create (Fixture *self, const char *medium, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_hub_create_async (self->hub, medium, "我的证书", asker, NULL, on_created_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ch_token_hub_create_finish (self->hub, result, error);
}

static void
wait_for_items (Fixture *self, guint n)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) != n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_create (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { "short", "1234567890", PASSPHRASE, NULL };
  static const char *const weak[] = { "a", "b", "c", "d", "e", PASSPHRASE, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GTlsInteraction) stubborn = token_asker_new (weak);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autoptr (ChToken) found = NULL;
  g_autoptr (ChTokenHub) other = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->hub)), ==, 0);
  g_assert_true (ch_token_hub_can_create (self->hub, "soft"));
  g_assert_false (ch_token_hub_can_create (self->hub, "ukey"));
  token = create (self, "soft", asker, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 3);
  g_assert_true (token_asker_was_new (asker, 0));
  g_assert_cmpint (token_asker_get_flags (asker, 2), ==, G_TLS_PASSWORD_RETRY);

  /* It is in the list at once, and in that of whoever comes later */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->hub)), ==, 1);
  g_assert_cmpuint (self->n_changes, ==, 1);
  g_assert_cmpstr (ch_token_get_info (token)->label, ==, "我的证书");
  g_assert_cmpstr (ch_token_get_info (token)->medium, ==, "soft");
  g_assert_cmpuint (strlen (ch_token_get_info (token)->serial), ==, 16);
  found = ch_token_hub_find (self->hub, ch_token_get_info (token)->serial);
  g_assert_true (found == token);
  other = CH_TOKEN_HUB (ch_soft_hub_new (self->dir));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, 1);

  g_assert_null (create (self, "ukey", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE);
  g_clear_error (&error);
  g_assert_null (create (self, "soft", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (create (self, "soft", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
  g_clear_error (&error);
  g_assert_null (create (self, "soft", stubborn, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSPHRASE_WEAK);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->hub)), ==, 1);
}

static void
test_follow (Fixture *self, gconstpointer data)
{
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autofree char *first = g_build_filename (self->dir, "2222222222222222.token", NULL);
  g_autofree char *second = g_build_filename (self->dir, "1111111111111111.token", NULL);
  g_autofree char *away = g_build_filename (self->dir, "away", NULL);
  g_autofree char *content = NULL;
  gsize len = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autoptr (ChToken) same = NULL;
  g_autoptr (ChToken) broken = NULL;
  g_autoptr (ChToken) mended = NULL;
  guint n_changes;

  /* Another program makes a token, and one that sorts before it */
  g_assert_true (ch_soft_token_create (first, "甲", passphrase, &error));
  wait_for_items (self, 1);
  token = g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
  g_assert_cmpstr (ch_token_get_info (token)->serial, ==, "2222222222222222");
  g_assert_true (g_file_set_contents (second, "not a token", -1, NULL));
  wait_for_items (self, 2);
  broken = g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
  g_assert_true (ch_soft_token_is_broken (CH_SOFT_TOKEN (broken)));
  g_assert_cmpstr (ch_token_get_info (broken)->serial, ==, "1111111111111111");
  same = g_list_model_get_item (G_LIST_MODEL (self->hub), 1);
  g_assert_true (same == token);

  /* A change is told, and the object stays */
  n_changes = self->n_changes;
  g_assert_true (g_file_get_contents (first, &content, &len, NULL));
  g_assert_true (g_file_set_contents (first, content, len, NULL));
  while (self->n_changes == n_changes)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&same);
  same = g_list_model_get_item (G_LIST_MODEL (self->hub), 1);
  g_assert_true (same == token);

  /* A damaged one that is mended becomes another */
  g_assert_cmpint (g_unlink (second), ==, 0);
  wait_for_items (self, 1);
  g_assert_true (ch_soft_token_create (second, "乙", passphrase, &error));
  wait_for_items (self, 2);
  mended = g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
  g_assert_false (ch_soft_token_is_broken (CH_SOFT_TOKEN (mended)));

  g_assert_cmpint (g_rename (first, away), ==, 0);
  wait_for_items (self, 1);
  g_assert_cmpint (g_rename (away, first), ==, 0);
  wait_for_items (self, 2);
}

static void
test_strange_files (Fixture *self, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (self->dir, "3333333333333333.token", NULL);
  g_autofree char *hidden = g_build_filename (self->dir, ".token", NULL);
  g_autofree char *other = g_build_filename (self->dir, "readme.txt", NULL);
  g_autofree char *marker = g_build_filename (self->dir, "4444444444444444.token", NULL);

  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (hidden, "x", -1, NULL));
  g_assert_true (g_file_set_contents (other, "x", -1, NULL));
  g_assert_true (g_file_set_contents (marker, "x", -1, NULL));
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->hub)), ==, 1);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/token/hub/create", Fixture, NULL, set_up, test_create, tear_down);
  g_test_add ("/token/hub/follow", Fixture, NULL, set_up, test_follow, tear_down);
  g_test_add ("/token/hub/strange-files", Fixture, NULL, set_up, test_strange_files, tear_down);
  return g_test_run ();
}
