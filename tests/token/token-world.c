#include "config.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-paths.h"
#include "card-world.h"
#include "token/ch-p11-hub.h"
#include "token/ch-soft-hub.h"
#include "token/ch-soft-token.h"
#include "token/token-asker.h"
#include "token/token-world.h"

#define LIMIT_MS       20000
#define SOFT_SERIAL    "1234567890123456"
#define SOFTHSM_MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define SOFTHSM_SO_PIN "12345678"
#define SOFTHSM_PIN    "648219"

static ChTokenHub *
make_soft (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, SOFT_SERIAL ".token", NULL);
  g_autoptr (ChSecret) passphrase = ch_secret_new ("correct horse 电池", strlen ("correct horse 电池"));
  g_autoptr (GError) error = NULL;

  g_assert_true (ch_soft_token_create (path, TOKEN_WORLD_LABEL, passphrase, &error));
  g_assert_no_error (error);
  return CH_TOKEN_HUB (ch_soft_hub_new (dir));
}

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) tool = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (tool, NULL, &error));
}

/* A SoftHSM of one’s own, with one token in it. Returns: (transfer full): its module */
char *
token_world_make_softhsm (const char *dir, const char *label)
{
  g_autofree char *tokens = g_build_filename (dir, "tokens", NULL);
  g_autofree char *path = g_build_filename (dir, "softhsm2.conf", NULL);
  g_autofree char *conf = g_strdup_printf ("directories.tokendir = %s\nlog.level = ERROR\n", tokens);
  const char *const argv[] = { "softhsm2-util", "--init-token", "--free", "--label",   label,
                               "--so-pin",      SOFTHSM_SO_PIN, "--pin",  SOFTHSM_PIN, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (tokens, 0700), ==, 0);
  g_file_set_contents (path, conf, -1, &error);
  g_assert_no_error (error);
  g_setenv ("SOFTHSM2_CONF", path, TRUE);
  run (argv);
  return g_strdup (SOFTHSM_MODULE);
}

ChTokenHub *
token_world_open_module (const char *dir, const char *module, guint limit_ms)
{
  g_autofree char *program = ch_paths_find_helper ("certhall-module");
  g_autofree char *lock_dir = g_build_filename (dir, "locks", NULL);

  return CH_TOKEN_HUB (ch_p11_hub_new (program, module, limit_ms, lock_dir));
}

static ChTokenHub *
make_softhsm (const char *dir)
{
  g_autofree char *module = token_world_make_softhsm (dir, TOKEN_WORLD_LABEL);

  return token_world_open_module (dir, module, LIMIT_MS);
}

static void
end_softhsm (void)
{
  g_unsetenv ("SOFTHSM2_CONF");
}

static CardWorld *cards;

/* OpenSC over a virtual card: what users have, as far as a PC can tell */
static ChTokenHub *
make_card (const char *dir)
{
  g_autofree char *module = card_world_get_module ();

  cards = card_world_new ();
  card_world_insert (cards, 0);
  card_world_initialise (cards, 0, TOKEN_WORLD_LABEL);
  return token_world_open_module (dir, module, LIMIT_MS);
}

static void
end_card (void)
{
  g_clear_pointer (&cards, card_world_free);
}

const TokenBackend token_backends[] = {
  {
      .name = "soft",
      .medium = "soft",
      .pin = "correct horse 电池",
      .other_pin = "another horse 电池",
      .wrong_pin = "no horse at all",
      .make_hub = make_soft,
  },
  {
      .name = "softhsm",
      .medium = "ukey",
      .pin = SOFTHSM_PIN,
      .other_pin = "937205",
      .wrong_pin = "111111",
      .asks_for_pin = TRUE,
      .make_hub = make_softhsm,
      .end = end_softhsm,
  },
  {
      .name = "card",
      .medium = "ukey",
      .pin = CARD_WORLD_PIN,
      .other_pin = "937205",
      .wrong_pin = "111111",
      .asks_for_pin = TRUE,
      .make_hub = make_card,
      .end = end_card,
  },
};

const guint n_token_backends = G_N_ELEMENTS (token_backends);

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
token_world_settle (ChTokenHub *hub)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_hub_settle_async (hub, on_done_cb, &result);
  ch_token_hub_settle_finish (hub, wait_for (&result));
}

TokenWorld *
token_world_new (const TokenBackend *backend)
{
  TokenWorld *self = g_new0 (TokenWorld, 1);
  g_autoptr (GError) error = NULL;

  self->backend = backend;
  self->dir = g_dir_make_tmp ("certhall-token-XXXXXX", &error);
  g_assert_no_error (error);
  self->hub = backend->make_hub (self->dir);
  token_world_settle (self->hub);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->hub)), ==, 1);
  self->token = g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
  return self;
}

static int
remove_path (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  return g_remove (path);
}

void
token_world_remove_dir (const char *dir)
{
  nftw (dir, remove_path, 16, FTW_DEPTH | FTW_PHYS);
}

void
token_world_free (TokenWorld *self)
{
  g_object_unref (self->token);
  g_object_unref (self->hub);
  if (self->backend->end != NULL)
    self->backend->end ();
  token_world_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self);
}

/* Returns: (transfer full): one who knows the PIN, and says it once */
GTlsInteraction *
token_world_asker (TokenWorld *self)
{
  const char *const answers[] = { self->backend->pin, NULL };

  return token_asker_new (answers);
}

GPtrArray *
token_list (ChToken *token, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_list_objects_async (token, NULL, on_done_cb, &result);
  return ch_token_list_objects_finish (token, wait_for (&result), error);
}

GBytes *
token_generate (ChToken *token, ChKeySpec spec, const char *label, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_generate_key_async (token, spec, label, asker, NULL, on_done_cb, &result);
  return ch_token_generate_key_finish (token, wait_for (&result), error);
}

GBytes *
token_sign (ChToken *token, const char *key_id, GBytes *data, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_sign_async (token, key_id, data, asker, NULL, on_done_cb, &result);
  return ch_token_sign_finish (token, wait_for (&result), error);
}

gboolean
token_store (ChToken *token, const char *key_id, GBytes *cert, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_store_cert_async (token, key_id, cert, asker, NULL, on_done_cb, &result);
  return ch_token_store_cert_finish (token, wait_for (&result), error);
}

gboolean
token_delete (ChToken *token, const char *key_id, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_delete_object_async (token, key_id, asker, NULL, on_done_cb, &result);
  return ch_token_delete_object_finish (token, wait_for (&result), error);
}

gboolean
token_change_pin (ChToken *token, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_change_pin_async (token, asker, NULL, on_done_cb, &result);
  return ch_token_change_pin_finish (token, wait_for (&result), error);
}

gboolean
token_unlock (ChToken *token, ChSecret *so_pin, ChSecret *next_so_pin, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_unlock_async (token, so_pin, next_so_pin, FALSE, asker, NULL, on_done_cb, &result);
  return ch_token_unlock_finish (token, wait_for (&result), error);
}

/* After a run that broke off: the medium may have either */
gboolean
token_unlock_again (ChToken *token,
                    ChSecret *so_pin,
                    ChSecret *next_so_pin,
                    GTlsInteraction *asker,
                    GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_unlock_async (token, so_pin, next_so_pin, TRUE, asker, NULL, on_done_cb, &result);
  return ch_token_unlock_finish (token, wait_for (&result), error);
}

gboolean
token_initialise (ChToken *token,
                  const char *label,
                  ChSecret *so_pin,
                  const char *typed_serial,
                  GTlsInteraction *asker,
                  GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_initialise_async (token, label, so_pin, typed_serial, asker, NULL, on_done_cb, &result);
  return ch_token_initialise_finish (token, wait_for (&result), error);
}
