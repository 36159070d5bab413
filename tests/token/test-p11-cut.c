#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "card-world.h"
#include "pki/ch-cert.h"
#include "token/ch-p11-hub.h"
#include "token/token-asker.h"
#include "token/token-world.h"
#include "unit/pki-world.h"

/* Whatever is done to a card, with the card pulled out before, during or after each command of it: it ends
 * with words about that, and can be done once more */

#define LIMIT_MS  20000
#define OTHER_PIN "937205"
#define THIRD_PIN "518364"
/* Of so many positions one is tried, unless all are */
#define SHARE 5

typedef struct
{
  CardWorld *cards;
  ChTokenHub *hub;
  PkiWorld *pki;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *module = card_world_get_module ();

  self->cards = card_world_new ();
  self->pki = pki_world_new (CH_KEY_P256);
  self->hub = token_world_open_module (card_world_get_dir (self->cards), module, LIMIT_MS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->hub);
  pki_world_free (self->pki);
  card_world_free (self->cards);
}

static void
wait_for_tokens (Fixture *self, guint n)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) != n)
    g_main_context_iteration (NULL, TRUE);
}

static ChToken *
get_token (Fixture *self, guint i)
{
  return g_list_model_get_item (G_LIST_MODEL (self->hub), i);
}

/* The only card, with a label and a PIN */
static ChToken *
begin (Fixture *self)
{
  card_world_insert (self->cards, 0);
  card_world_initialise (self->cards, 0, TOKEN_WORLD_LABEL);
  token_world_settle (self->hub);
  return get_token (self, 0);
}

static GTlsInteraction *
make_asker (const char *pin)
{
  const char *const answers[] = { pin, NULL };

  return token_asker_new (answers);
}

/* What is done, with what was there before; what is left of it must be of use */
typedef struct
{
  const char *name;
  gboolean wants_key;
  gboolean wants_cert;
  gboolean leaves_cert; /* in the end, on the key it was given */
  gboolean (*work) (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error);
} Deed;

static gboolean
do_generate (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
  g_autoptr (GBytes) spki = token_generate (token, CH_KEY_P256, "certhall:A1", asker, error);

  return spki != NULL;
}

static gboolean
do_store (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);

  return token_store (token, key_id, cert, asker, error);
}

static gboolean
do_sign (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
  g_autoptr (GBytes) signature = token_sign (token, key_id, cert, asker, error);

  return signature != NULL;
}

/* What was deleted before it broke off need not be deleted again */
static gboolean
do_delete (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
  g_autoptr (GError) local = NULL;

  if (token_delete (token, key_id, asker, &local) || g_error_matches (local, CH_ERROR, CH_ERROR_KEY_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* One of the two PINs is right, and there are tries for both; the new one is another each time */
static gboolean
do_change_pin (Fixture *self, ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  const char *const answers[] = { CARD_WORLD_PIN, OTHER_PIN, THIRD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);

  return token_change_pin (token, asker, error);
}

static const Deed deeds[] = {
  { "generate", FALSE, FALSE, FALSE, do_generate },
  { "store", TRUE, FALSE, TRUE, do_store },
  { "sign", TRUE, TRUE, TRUE, do_sign },
  { "delete", TRUE, TRUE, FALSE, do_delete },
  { "change-pin", TRUE, TRUE, TRUE, do_change_pin },
};

/* How it is broken off at a command */
static const char *const cuts[] = { "remove=before", "remove=lost", "remove=after", "kill" };

/* The card anew as it was saved, in its reader */
static ChToken *
put_back (Fixture *self, const char *saved)
{
  card_world_remove (self->cards, 0);
  wait_for_tokens (self, 0);
  if (saved != NULL)
    card_world_tell (self->cards, "load 0 %s", saved);
  card_world_tell (self->cards, "heal 0");
  card_world_insert (self->cards, 0);
  wait_for_tokens (self, 1);
  return get_token (self, 0);
}

/* Whatever lies on the card can be read, and is something. Returns: (nullable): the one with that id */
static const ChTokenObject *
check_objects (GPtrArray *objects, const char *key_id)
{
  const ChTokenObject *found = NULL;

  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      g_assert_true (object->has_key || object->cert != NULL);
      if (g_strcmp0 (object->key_id, key_id) == 0)
        found = object;
    }
  return found;
}

static GPtrArray *
read_objects (ChToken *token)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *objects = token_list (token, &error);

  g_assert_no_error (error);
  return objects;
}

/* Whoever reads it plugs the card in again; that OpenSC was killed looks the same. OpenSC does not always
 * know yet that it has gone: then it is a fault. */
static void
expect_replug (const GError *error)
{
  g_assert_true (error->domain == CH_ERROR);
  g_assert_cmpint (ch_error_code_get_info (error->code)->advice, ==, CH_ADVICE_REPLUG);
}

/* The process in which OpenSC is: our only child besides the card */
static int
find_module_host (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", task, "children", NULL);
      g_autofree char *text = NULL;
      g_auto (GStrv) children = NULL;

      g_file_get_contents (path, &text, NULL, NULL);
      children = g_strsplit (text != NULL ? text : "", " ", -1);
      for (guint i = 0; children[i] != NULL; i++)
        {
          g_autofree char *comm = g_strdup_printf ("/proc/%s/comm", children[i]);
          g_autofree char *name = NULL;

          if (g_file_get_contents (comm, &name, NULL, NULL) && g_str_has_prefix (name, "certhall-module"))
            return g_ascii_strtoull (children[i], NULL, 10);
        }
    }
  g_assert_not_reached ();
}

static void
prepare_cut (Fixture *self, const char *cut, guint n)
{
  card_world_tell (self->cards, "forget 0");
  if (g_str_equal (cut, "kill"))
    card_world_tell (self->cards, "fault 0 kill=%d at=%u", find_module_host (), n);
  else
    card_world_tell (self->cards, "fault 0 %s at=%u", cut, n);
}

/* Returns: whether the deed was over before its n-th command */
static gboolean
try_position (Fixture *self,
              const Deed *deed,
              const char *saved,
              const char *key_id,
              GBytes *cert,
              const char *cut,
              guint n)
{
  g_autoptr (ChToken) token = put_back (self, saved);
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;
  const ChTokenObject *object;
  gboolean good, is_over;

  prepare_cut (self, cut, n);
  good = deed->work (self, token, key_id, cert, &error);
  is_over = card_world_count (self->cards, 0) < n;
  g_test_message ("%s %s %u: %s", deed->name, cut, n, good ? "done" : error->message);
  /* The very last answers may not matter any more */
  if (is_over)
    g_assert_no_error (error);
  else if (!good)
    expect_replug (error);
  g_clear_error (&error);
  g_clear_object (&token);

  token = put_back (self, NULL);
  rest = read_objects (token);
  check_objects (rest, key_id);
  good = deed->work (self, token, key_id, cert, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  objects = read_objects (token);
  object = check_objects (objects, key_id);
  if (deed->leaves_cert)
    g_assert_true (object != NULL && object->has_key && g_bytes_equal (object->cert, cert));
  else if (deed->wants_cert)
    g_assert_null (object);
  return is_over;
}

static void
test_cut (Fixture *self, gconstpointer data)
{
  const Deed *deed = data;
  g_autofree char *saved = g_build_filename (card_world_get_dir (self->cards), "saved", NULL);
  gboolean all = g_getenv ("CERTHALL_LONG") != NULL;
  guint step = all ? 1 : SHARE;
  guint first = all ? 0 : (guint) g_test_rand_int_range (0, SHARE);
  g_autoptr (ChToken) token = begin (self);
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autofree char *key_id = NULL;
  guint n_tried = 0;

  if (deed->wants_key)
    {
      g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
      g_autoptr (GError) error = NULL;

      spki = token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error);
      g_assert_no_error (error);
      key_id = ch_spki_get_key_id_hex (spki);
      cert = pki_issue (self->pki, spki, "甲公司");
    }
  if (deed->wants_cert)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (do_store (self, token, key_id, cert, &error));
      g_assert_no_error (error);
    }
  card_world_tell (self->cards, "save 0 %s", saved);

  for (guint i = first;; i += step)
    {
      n_tried++;
      if (try_position (self, deed, saved, key_id, cert, cuts[i % G_N_ELEMENTS (cuts)],
                        1 + i / G_N_ELEMENTS (cuts)))
        break;
    }
  g_test_message ("%s: %u positions tried", deed->name, n_tried);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/token/cut/%s", deeds[i].name);

      g_test_add (path, Fixture, &deeds[i], set_up, test_cut, tear_down);
    }
  return g_test_run ();
}
