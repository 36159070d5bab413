#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "card-world.h"
#include "token/ch-joined-hub.h"
#include "token/token-asker.h"
#include "token/token-world.h"
#include "unit/pki-world.h"

/* What only a real medium does: it comes and goes, and its PIN locks */

#define LIMIT_MS 20000

typedef struct
{
  CardWorld *cards;
  char *dir;
  ChTokenHub *hub;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *module = card_world_get_module ();
  g_autoptr (GError) error = NULL;

  self->cards = card_world_new ();
  self->dir = g_dir_make_tmp ("certhall-card-XXXXXX", &error);
  card_world_insert (self->cards, 0);
  card_world_initialise (self->cards, 0, TOKEN_WORLD_LABEL);
  self->hub = token_world_open_module (self->dir, module, LIMIT_MS);
  token_world_settle (self->hub);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->hub);
  token_world_remove_dir (self->dir);
  g_free (self->dir);
  card_world_free (self->cards);
}

static ChToken *
get_token (Fixture *self, guint i)
{
  ChToken *token = g_list_model_get_item (G_LIST_MODEL (self->hub), i);

  g_assert_nonnull (token);
  return token;
}

static void
wait_for_n (Fixture *self, guint n)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) != n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_plugging (Fixture *self, gconstpointer data)
{
  g_autoptr (ChToken) first = get_token (self, 0);
  g_autoptr (ChToken) again = NULL;
  g_autoptr (ChToken) second = NULL;
  g_autoptr (GError) error = NULL;

  card_world_remove (self->cards, 0);
  wait_for_n (self, 0);
  g_assert_null (token_list (first, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE);
  g_clear_error (&error);

  card_world_insert (self->cards, 0);
  wait_for_n (self, 1);
  again = get_token (self, 0);
  g_assert_cmpstr (ch_token_get_info (again)->serial, ==, ch_token_get_info (first)->serial);

  /* The order is that of the serials, whoever came first and wherever it is */
  card_world_insert (self->cards, 1);
  wait_for_n (self, 2);
  second = get_token (self, 1);
  g_assert_cmpstr (ch_token_get_info (second)->serial, ==, "CHTEST00002");
  card_world_remove (self->cards, 0);
  wait_for_n (self, 1);
  card_world_insert (self->cards, 0);
  wait_for_n (self, 2);
  g_assert_true (second == g_list_model_get_item (G_LIST_MODEL (self->hub), 1));
  g_object_unref (second);
}

/* One card, seen by two modules */
static void
test_twice (Fixture *self, gconstpointer data)
{
  g_autofree char *module = card_world_get_module ();
  GPtrArray *hubs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (ChTokenHub) joined = NULL;
  g_autoptr (ChToken) found = NULL;

  g_ptr_array_add (hubs, g_object_ref (self->hub));
  g_ptr_array_add (hubs, token_world_open_module (self->dir, module, LIMIT_MS));
  joined = CH_TOKEN_HUB (ch_joined_hub_new (hubs));
  token_world_settle (joined);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (joined)), ==, 1);
  found = g_list_model_get_item (G_LIST_MODEL (joined), 0);
  g_assert_true (found == token);
}

static void
test_lock (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "111111", "111111", "111111", "111111", NULL };
  static const char *const right[] = { CARD_WORLD_PIN, NULL };
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GTlsInteraction) asker = token_asker_new (wrong);
  g_autoptr (GTlsInteraction) late = token_asker_new (right);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (ch_token_get_pin_state (token), ==, CH_PIN_GOOD);
  g_assert_null (token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_LOCKED);
  g_clear_error (&error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 3);
  g_assert_cmpint (token_asker_get_flags (asker, 0), ==, G_TLS_PASSWORD_NONE);
  g_assert_cmpint (token_asker_get_flags (asker, 1), ==, G_TLS_PASSWORD_RETRY | G_TLS_PASSWORD_MANY_TRIES);
  g_assert_cmpint (token_asker_get_flags (asker, 2) & G_TLS_PASSWORD_FINAL_TRY, !=, 0);
  g_assert_cmpint (ch_token_get_pin_state (token), ==, CH_PIN_LOCKED);

  /* Nobody is asked for a PIN that opens nothing */
  g_assert_null (token_generate (token, CH_KEY_P256, "certhall:A1", late, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_LOCKED);
  g_assert_cmpuint (token_asker_get_n_asked (late), ==, 0);
}

/* The CA gives it a PIN again; what it does that with is another afterwards */
static void
test_unlock (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "111111", "111111", "111111", NULL };
  static const char *const chosen[] = { "1", "937205", NULL };
  static const char next[] = "a1b2c3d4e5f60718";
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GTlsInteraction) guesser = token_asker_new (wrong);
  g_autoptr (GTlsInteraction) asker = token_asker_new (chosen);
  g_autoptr (GTlsInteraction) silent = token_asker_new (chosen + 2);
  g_autoptr (GTlsInteraction) last = token_asker_new (chosen + 1);
  g_autoptr (ChSecret) so_pin = ch_secret_new (CARD_WORLD_SO_PIN, strlen (CARD_WORLD_SO_PIN));
  g_autoptr (ChSecret) next_so_pin = ch_secret_new (next, strlen (next));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = NULL;

  g_assert_null (token_generate (token, CH_KEY_P256, "certhall:A1", guesser, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_LOCKED);
  g_clear_error (&error);

  g_assert_true (token_unlock (token, so_pin, next_so_pin, asker, &error));
  g_assert_no_error (error);
  g_assert_cmpint (token_asker_get_kind (asker, 0), ==, CH_ASK_PIN_NEW);
  g_assert_cmpint (token_asker_get_flags (asker, 1), ==, G_TLS_PASSWORD_RETRY);
  g_assert_cmpint (ch_token_get_pin_state (token), ==, CH_PIN_GOOD);
  /* It is open now */
  spki = token_generate (token, CH_KEY_P256, "certhall:A1", silent, &error);
  g_assert_no_error (error);

  g_assert_false (token_unlock (token, so_pin, NULL, last, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_SO_PIN_WRONG);
  g_clear_error (&error);
  g_assert_cmpuint (card_world_get (self->cards, 0, "so-tries"), ==, 14);
}

static void
test_initialise (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { CARD_WORLD_PIN, NULL };
  static const char *const first[] = { "482915", "482915", NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GTlsInteraction) chooser = token_asker_new (first);
  g_autoptr (GTlsInteraction) again = token_asker_new (first);
  g_autoptr (ChSecret) so_pin = ch_secret_new (CARD_WORLD_SO_PIN, strlen (CARD_WORLD_SO_PIN));
  g_autoptr (ChToken) used = get_token (self, 0);
  g_autoptr (ChToken) blank = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (used, CH_KEY_P256, "certhall:A1", asker, &error);
  g_autoptr (GPtrArray) objects = NULL;

  /* A blank one is there with nothing on it; OpenSC says all the same that it has a PIN */
  g_assert_no_error (error);
  card_world_insert (self->cards, 1);
  wait_for_n (self, 2);
  blank = get_token (self, 1);
  objects = token_list (blank, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 0);
  g_assert_true (token_initialise (blank, "乙公司", so_pin, NULL, chooser, &error));
  g_assert_no_error (error);

  /* Its name, and what it can do, are new: so is what stands for it */
  g_clear_object (&blank);
  while (blank == NULL || !g_str_equal (ch_token_get_info (blank)->label, "乙公司"))
    {
      g_main_context_iteration (NULL, TRUE);
      g_clear_object (&blank);
      blank = g_list_model_get_item (G_LIST_MODEL (self->hub), 1);
    }
  g_clear_pointer (&spki, g_bytes_unref);
  spki = token_generate (blank, CH_KEY_P256, "certhall:A2", chooser, &error);
  g_assert_no_error (error);

  /* Nothing is deleted by mistake */
  g_assert_false (token_initialise (used, "甲公司", so_pin, NULL, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_NOT_BLANK);
  g_clear_error (&error);
  g_assert_true (token_initialise (used, "丙公司", so_pin, ch_token_get_info (used)->serial, again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (card_world_get (self->cards, 0, "keys"), ==, 0);
}

/* Another card is pulled out while the first PIN is asked for: the hub looks at a medium that is half made */
typedef struct
{
  GTlsInteraction parent_instance;
  Fixture *desk;
} LookingAsker;

typedef GTlsInteractionClass LookingAskerClass;
GType looking_asker_get_type (void);
G_DEFINE_TYPE (LookingAsker, looking_asker, G_TYPE_TLS_INTERACTION)

static GTlsInteractionResult
looking_asker_ask_password (GTlsInteraction *interaction,
                            GTlsPassword *password,
                            GCancellable *cancellable,
                            GError **error)
{
  Fixture *desk = ((LookingAsker *) interaction)->desk;

  card_world_remove (desk->cards, 0);
  wait_for_n (desk, 1);
  g_tls_password_set_value (password, (const guchar *) "482915", 6);
  return G_TLS_INTERACTION_HANDLED;
}

static void
looking_asker_class_init (LookingAskerClass *klass)
{
  klass->ask_password = looking_asker_ask_password;
}

static void
looking_asker_init (LookingAsker *self)
{
}

static void
test_looked_at_half_made (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) asker = g_object_new (looking_asker_get_type (), NULL);
  g_autoptr (ChSecret) so_pin = ch_secret_new (CARD_WORLD_SO_PIN, strlen (CARD_WORLD_SO_PIN));
  g_autoptr (ChToken) blank = NULL;
  g_autoptr (GError) error = NULL;

  ((LookingAsker *) asker)->desk = self;
  card_world_insert (self->cards, 1);
  wait_for_n (self, 2);
  blank = get_token (self, 1);
  g_assert_true (token_initialise (blank, "乙公司", so_pin, NULL, asker, &error));
  g_assert_no_error (error);
}

/* The card is pulled out while the PIN is asked for, and while it signs */
typedef struct
{
  GTlsInteraction parent_instance;
  CardWorld *cards;
} PullingAsker;

typedef GTlsInteractionClass PullingAskerClass;
GType pulling_asker_get_type (void);
G_DEFINE_TYPE (PullingAsker, pulling_asker, G_TYPE_TLS_INTERACTION)

static void
on_cancelled_cb (GCancellable *cancellable, gpointer task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the question went away");
}

static void
pulling_asker_ask_password_async (GTlsInteraction *interaction,
                                  GTlsPassword *password,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (interaction, NULL, callback, user_data);

  /* Never answered: only the question’s end ends it */
  g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), g_object_ref (task), g_object_unref);
  card_world_remove (((PullingAsker *) interaction)->cards, 0);
}

static GTlsInteractionResult
pulling_asker_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  g_task_propagate_boolean (G_TASK (result), error);
  return G_TLS_INTERACTION_FAILED;
}

static void
pulling_asker_class_init (PullingAskerClass *klass)
{
  klass->ask_password_async = pulling_asker_ask_password_async;
  klass->ask_password_finish = pulling_asker_ask_password_finish;
}

static void
pulling_asker_init (PullingAsker *self)
{
}

static void
test_pulled_while_asking (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) asker = g_object_new (pulling_asker_get_type (), NULL);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GError) error = NULL;

  ((PullingAsker *) asker)->cards = self->cards;
  g_assert_null (token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE);
}

static void
test_pulled_while_signing (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { CARD_WORLD_PIN, CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  g_autoptr (GBytes) signature = NULL;

  g_assert_no_error (error);
  card_world_tell (self->cards, "fault 0 remove=before ins=68 at=1");
  g_assert_null (token_sign (token, key_id, spki, asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE);
  g_clear_error (&error);
  wait_for_n (self, 0);

  /* Whoever works with it goes on with it */
  card_world_insert (self->cards, 0);
  wait_for_n (self, 1);
  signature = token_sign (token, key_id, spki, asker, &error);
  g_assert_no_error (error);
  g_assert_true (ch_spki_verify (spki, spki, signature, NULL, &error));
}

static void
test_full (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  card_world_tell (self->cards, "space 0 100");
  g_assert_null (token_generate (token, CH_KEY_RSA_2048, "certhall:A1", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_FULL);
  g_clear_error (&error);
  objects = token_list (token, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 0);
}

/* What we write, OpenSC’s own tool reads, and signs with */
static void
test_tool (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { CARD_WORLD_PIN, NULL };
  g_autoptr (PkiWorld) pki = pki_world_new (CH_KEY_P256);
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (token, CH_KEY_RSA_2048, "certhall:A1", asker, &error);
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  g_autoptr (GBytes) cert = pki_issue (pki, spki, "甲公司");
  g_autofree char *input = pki_write (pki, "input", cert);
  g_autofree char *output = g_build_filename (pki->dir, "signature", NULL);
  const char *const list[] = { "--list-objects", "--login", "--pin", CARD_WORLD_PIN, NULL };
  const char *const sign[]
      = { "--sign", "--mechanism",  "SHA256-RSA-PKCS", "--id", key_id,          "--login",
          "--pin",  CARD_WORLD_PIN, "--input-file",    input,  "--output-file", output,
          NULL };
  g_autofree char *listed = NULL;
  g_autofree char *signed_text = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) signature = NULL;
  gsize len = 0;

  g_assert_no_error (error);
  g_assert_true (token_store (token, key_id, cert, asker, &error));
  g_assert_no_error (error);
  listed = card_world_run_tool (self->cards, list);
  g_assert_nonnull (strstr (listed, "Private Key Object; RSA"));
  g_assert_nonnull (strstr (listed, "Certificate Object; type = X.509 cert"));
  g_assert_nonnull (strstr (listed, "甲公司"));
  g_assert_nonnull (strstr (listed, key_id));

  signed_text = card_world_run_tool (self->cards, sign);
  g_file_get_contents (output, &bytes, &len, &error);
  g_assert_no_error (error);
  signature = g_bytes_new (bytes, len);
  g_assert_true (ch_spki_verify (spki, cert, signature, NULL, &error));
}

/* The card says that it wrote, and wrote nothing: OpenSC does not notice, and says what it meant to write */
static void
test_lost_write (Fixture *self, gconstpointer data)
{
  const char *const answers[] = { CARD_WORLD_PIN, CARD_WORLD_PIN, CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (PkiWorld) pki = pki_world_new (CH_KEY_P256);
  g_autoptr (ChToken) token = get_token (self, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  g_autoptr (GBytes) cert = pki_issue (pki, spki, "甲公司");
  g_autoptr (ChToken) again = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  card_world_tell (self->cards, "fault 0 sw=9000 ins=D7 at=2");
  g_assert_false (token_store (token, key_id, cert, asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_FAILED);
  g_clear_error (&error);

  /* As the words of that say: plugged in again */
  card_world_remove (self->cards, 0);
  wait_for_n (self, 0);
  card_world_tell (self->cards, "heal 0");
  card_world_insert (self->cards, 0);
  wait_for_n (self, 1);
  again = get_token (self, 0);
  token_store (again, key_id, cert, asker, &error);
  g_assert_no_error (error);
  objects = token_list (again, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_true (g_bytes_equal (((ChTokenObject *) objects->pdata[0])->cert, cert));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/token/card/plugging", test_plugging },
    { "/token/card/twice", test_twice },
    { "/token/card/lock", test_lock },
    { "/token/card/unlock", test_unlock },
    { "/token/card/initialise", test_initialise },
    { "/token/card/looked-at-half-made", test_looked_at_half_made },
    { "/token/card/pulled-while-asking", test_pulled_while_asking },
    { "/token/card/pulled-while-signing", test_pulled_while_signing },
    { "/token/card/full", test_full },
    { "/token/card/lost-write", test_lost_write },
    { "/token/card/tool", test_tool },
  };

  g_test_init (&argc, &argv, NULL);
  /* As a running application does: what is asked is asked here */
  g_assert_true (g_main_context_acquire (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
