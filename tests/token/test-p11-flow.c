#include "config.h"

#include "base/ch-error.h"
#include "card-world.h"
#include "ch-world.h"
#include "flow/ch-run.h"
#include "pki/ch-cert.h"
#include "steps/ch-catalog.h"
#include "token/token-asker.h"
#include "token/token-world.h"

/* A new certificate on a USB key, against a real CA: the same steps as for a software token */

/* As the virtual cards are numbered */
#define FIRST  "CHTEST00001"
#define SECOND "CHTEST00002"

static const char *const answers[] = { CARD_WORLD_PIN, CARD_WORLD_PIN, CARD_WORLD_PIN, NULL };

typedef struct
{
  CardWorld *cards;
  ChWorld *world;
  GTlsInteraction *asker;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *module = card_world_get_module ();

  self->cards = card_world_new ();
  card_world_insert (self->cards, 0);
  card_world_initialise (self->cards, 0, TOKEN_WORLD_LABEL);
  self->world = ch_world_new ();
  /* The keys are those of the people who have them in hand */
  ch_world_change_profile (self->world, "\"made-here\": [\"ukey\"]", "\"made-here\": []");
  ch_world_change_profile (self->world, "\"medium\": \"ukey\"", "\"medium\": \"phone\"");
  ch_world_change_profile (self->world, ".soft.", ".ukey.");
  ch_world_change_profile (self->world, "\"medium\": \"soft\"", "\"medium\": \"ukey\"");
  self->world->media = token_world_open_module (self->world->dir, module, 20000);
  self->asker = token_asker_new (answers);
  ch_world_sit_at (self->world, "pc");
  ch_ports_set_asker (self->world->ports, self->asker);
  ch_world_connect (self->world);
  ch_world_register (self->world, "card-user", "13800000001");
  ch_world_log_in (self->world, "card-user");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ch_world_free (self->world);
  g_object_unref (self->asker);
  card_world_free (self->cards);
}

static const char *
get_step_id (ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  return step != NULL ? step->id : "end";
}

static void
act_outside (Fixture *self, ChRun *run)
{
  g_autofree char *path = NULL;
  g_autofree char *answer = NULL;

  if (g_str_equal (get_step_id (run), "review"))
    path = g_strdup_printf ("/demo/v1/applications/%s/review", ch_run_get_application (run)->id);
  if (path != NULL)
    answer = ch_world_demo (self->world, "POST", path, "{}");
}

/* Returns: whether it went well */
static gboolean
push (Fixture *self, ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  ch_world_answer_all (self->world, run);
  if (ch_run_get_state (run) == CH_RUN_RESTING)
    act_outside (self, run);
  if (ch_run_get_step (run) == step)
    ch_run_next (run);
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
  return ch_run_get_state (run) != CH_RUN_FAILED;
}

static void
push_until (Fixture *self, ChRun *run, const char *step)
{
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), step); i++)
    if (!push (self, run))
      g_error ("step %s: %s", get_step_id (run), ch_run_get_error (run)->message);
  g_assert_cmpstr (get_step_id (run), ==, step);
}

static void
assert_on_card (Fixture *self, ChRun *run)
{
  ChToken *token = ch_run_get_token (run);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = token_list (token, &error);
  const ChTokenObject *object;

  g_assert_no_error (error);
  g_assert_cmpint (ch_run_get_application (run)->state, ==, CH_APPLICATION_DONE);
  g_assert_cmpuint (objects->len, ==, 1);
  object = objects->pdata[0];
  g_assert_true (object->has_key);
  g_assert_cmpstr (object->key_id, ==, ch_run_get_key_id (run));
  g_assert_true (g_bytes_equal (object->cert, ch_run_get_certificate (run)->der));
  g_assert_cmpuint (card_world_get (self->cards, 0, "keys"), ==, 1);
}

static void
test_apply (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run
      = ch_catalog_start ("apply.enterprise.ukey.enterprise-pay", self->world->ports, &error);

  g_assert_no_error (error);
  ch_run_start (run);
  push_until (self, run, "result");
  assert_on_card (self, run);
  /* One PIN for key, request and proof */
  g_assert_cmpuint (token_asker_get_n_asked (self->asker), ==, 1);
}

/* Each by its name and number; one that is not there cannot be chosen */
static void
choose (ChRun *run)
{
  const ChField *field = ch_field_lookup ("medium");
  g_autoptr (GPtrArray) choices = ch_run_list_choices (run, field);

  g_assert_cmpuint (choices->len, ==, 2);
  for (guint i = 0; i < choices->len; i++)
    {
      const ChChoice *choice = choices->pdata[i];
      gboolean is_first = g_str_equal (choice->id, FIRST);

      g_assert_true (is_first || g_str_equal (choice->id, SECOND));
      g_assert_cmpstr (choice->note, ==, choice->id);
      g_assert_null (choice->why);
      if (is_first)
        g_assert_true (g_str_has_prefix (choice->label, TOKEN_WORLD_LABEL));
    }

  /* Nobody chooses for the user */
  ch_run_next (run);
  g_assert_cmpstr (ch_run_get_missing_field (run), ==, "medium");
  ch_run_set_answer (run, "medium", "CHTEST99999");
  ch_run_next (run);
  g_assert_error (ch_run_get_error (run), CH_ERROR, CH_ERROR_TOKEN_GONE);
  ch_run_set_answer (run, "medium", FIRST);
  ch_run_next (run);
}

/* Nothing plugged in: said in words. Then two: asked which. The key gets onto that one and no other. */
static void
test_which (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run
      = ch_catalog_start ("apply.enterprise.ukey.enterprise-pay", self->world->ports, &error);
  GListModel *media = G_LIST_MODEL (self->world->media);

  ch_run_start (run);
  push_until (self, run, "review");
  token_world_settle (self->world->media);
  card_world_remove (self->cards, 0);
  while (g_list_model_get_n_items (media) != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (push (self, run));
  g_assert_cmpstr (get_step_id (run), ==, "find-key");
  g_assert_error (ch_run_get_error (run), CH_ERROR, CH_ERROR_TOKEN_NONE);

  card_world_insert (self->cards, 0);
  card_world_insert (self->cards, 1);
  while (g_list_model_get_n_items (media) != 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (push (self, run));
  g_assert_cmpstr (get_step_id (run), ==, "choose-medium");
  choose (run);
  push_until (self, run, "result");
  assert_on_card (self, run);
}

/* Pulled out in the middle: plugged in again, a program that was started anew finishes what the card says is
 * to be done */
static void
test_pulled (Fixture *self, gconstpointer fault)
{
  GListModel *media = G_LIST_MODEL (self->world->media);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run
      = ch_catalog_start ("apply.enterprise.ukey.enterprise-pay", self->world->ports, &error);
  g_autoptr (ChApplication) application = NULL;
  g_autofree char *id = NULL;

  ch_run_start (run);
  push_until (self, run, "review");
  id = g_strdup (ch_run_get_application (run)->id);
  card_world_tell (self->cards, "fault 0 %s", (const char *) fault);
  g_assert_false (push (self, run));
  g_assert_error (ch_run_get_error (run), CH_ERROR, CH_ERROR_TOKEN_GONE);
  while (g_list_model_get_n_items (media) != 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&run);

  card_world_insert (self->cards, 0);
  while (g_list_model_get_n_items (media) != 1)
    g_main_context_iteration (NULL, TRUE);
  application = ch_world_get_application (self->world, id);
  run = ch_catalog_resume (self->world->ports, application, NULL);
  ch_run_start (run);
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
  push_until (self, run, "result");
  g_assert_cmpint (ch_run_get_application (run)->state, ==, CH_APPLICATION_DONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/token/flow/apply", Fixture, NULL, set_up, test_apply, tear_down);
  g_test_add ("/token/flow/which", Fixture, NULL, set_up, test_which, tear_down);
  /* INS 46: makes a key, 68: signs, D7: writes */
  g_test_add ("/token/flow/pulled/key", Fixture, "remove=lost ins=46 at=1", set_up, test_pulled, tear_down);
  g_test_add ("/token/flow/pulled/certificate", Fixture, "remove=before ins=D7 at=6", set_up, test_pulled,
              tear_down);
  if (g_getenv ("CERTHALL_LONG") != NULL)
    {
      g_test_add ("/token/flow/pulled/request", Fixture, "remove=lost ins=68 at=1", set_up, test_pulled,
                  tear_down);
      g_test_add ("/token/flow/pulled/proof", Fixture, "remove=before ins=68 at=2", set_up, test_pulled,
                  tear_down);
    }
  return g_test_run ();
}
