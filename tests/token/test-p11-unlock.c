#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "token/token-asker.h"
#include "token/unlock-world.h"

/* A locked USB key is unlocked, against a real CA: by OpenSC over a virtual card */

static const char *const chosen[] = { UNLOCK_PIN, NULL };
static const char *const unfit[] = { "1", UNLOCK_PIN, NULL };
static const char *const nothing[] = { NULL };

typedef struct
{
  UnlockWorld *world;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->world = unlock_world_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  unlock_world_free (self->world);
}

static ChRun *
unlock (Fixture *self, GTlsInteraction *asker)
{
  ChRun *run;

  unlock_world_sit_at_another (self->world, asker);
  run = unlock_world_begin (self->world, UNLOCK_MOBILE);
  unlock_world_give_code (self->world, run);
  unlock_world_next (run);
  return run;
}

static void
assert_unlocked (Fixture *self, ChRun *run)
{
  gint64 runs = -1;

  if (ch_run_get_error (run) != NULL)
    g_error ("%s: %s", ch_run_get_step (run)->id, ch_run_get_error (run)->message);
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, "unlock-result");
  g_assert_cmpint (unlock_ca_get_state (self->world->ca, self->world->serial, &runs), ==, CH_ESCROW_KEPT);
  g_assert_cmpint (runs, ==, 0);
  g_assert_true (unlock_world_signs (self->world, UNLOCK_PIN));
  g_assert_cmpuint (card_world_get (self->world->cards, 0, "so-tries"), ==, 15);
}

/* Locked before, working after, a PIN the card does not take in between; and the officer’s PIN on the card is
 * the next one, for it opens it again */
static void
test_unlock (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (unfit);
  g_autoptr (GTlsInteraction) later = token_asker_new (chosen);
  g_autoptr (ChToken) token = unlock_world_get_token (self->world);
  g_autoptr (ChRun) run = NULL;
  g_autoptr (ChRun) second = NULL;

  unlock_world_lock (self->world);
  g_assert_cmpint (ch_token_get_pin_state (token), ==, CH_PIN_LOCKED);
  run = unlock (self, asker);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 2);
  g_assert_cmpint (token_asker_get_kind (asker, 0), ==, CH_ASK_PIN_NEW);
  assert_unlocked (self, run);

  unlock_world_lock (self->world);
  unlock_ca_pass_a_day (self->world->ca);
  second = unlock (self, later);
  assert_unlocked (self, second);
}

/* Who gives up choosing a PIN has used up neither a try of the card nor what was released */
static void
test_given_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) silent = token_asker_new (nothing);
  g_autoptr (GTlsInteraction) asker = token_asker_new (chosen);
  g_autoptr (ChRun) run = NULL;

  unlock_world_lock (self->world);
  run = unlock (self, silent);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, "unlock-pin");
  ch_ports_set_asker (self->world->ports, asker);
  g_assert_true (unlock_world_next (run));
  assert_unlocked (self, run);
}

/* A code that is not the one, then one for a number that is not the handler’s: nothing more is told */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (ChSecret) wrong = ch_secret_new ("000000", 6);
  g_autoptr (ChRun) run = NULL;
  g_autoptr (ChRun) other = NULL;

  unlock_world_lock (self->world);
  run = unlock_world_begin (self->world, UNLOCK_MOBILE);
  ch_run_set_secret (run, "unlock-code", wrong);
  g_assert_false (unlock_world_next (run));
  g_assert_error (ch_run_get_error (run), CH_ERROR, CH_ERROR_CODE_WRONG);
  g_assert_true (ch_run_get_can_back (run));
  /* the right one still counts */
  unlock_world_give_code (self->world, run);

  other = unlock_world_begin (self->world, "13900000077");
  ch_run_set_secret (other, "unlock-code", wrong);
  g_assert_false (unlock_world_next (other));
  g_assert_error (ch_run_get_error (other), CH_ERROR, CH_ERROR_CODE_WRONG);
  g_assert_cmpint (unlock_ca_get_state (self->world->ca, self->world->serial, NULL), ==, CH_ESCROW_KEPT);
  g_assert_false (unlock_world_signs (self->world, CARD_WORLD_PIN));
}

/* Everything was done but to tell the CA. The next run, elsewhere, finds the card has what it was changed to:
 * it tries that first, and the card counts nothing wrong */
static void
test_not_told (Fixture *self, gconstpointer fault)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (chosen);
  g_autoptr (GTlsInteraction) again = token_asker_new (chosen);
  g_autoptr (ChRun) run = NULL;
  g_autoptr (ChRun) second = NULL;
  gint64 runs = 0;

  unlock_world_lock (self->world);
  card_world_tell (self->world->cards, "fault 0 %s", (const char *) fault);
  run = unlock (self, asker);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpint (unlock_ca_get_state (self->world->ca, self->world->serial, &runs), ==, CH_ESCROW_RELEASED);
  g_assert_cmpint (runs, ==, 1);
  g_clear_object (&run);

  unlock_world_wait_for_tokens (self->world, 0);
  card_world_tell (self->world->cards, "heal 0");
  card_world_insert (self->world->cards, 0);
  unlock_world_wait_for_tokens (self->world, 1);
  unlock_ca_pass_a_day (self->world->ca);
  second = unlock (self, again);
  g_assert_cmpuint (token_asker_get_n_asked (again), ==, 1);
  assert_unlocked (self, second);
}

/* Three runs that broke off, then the CA opens nothing more, and the card has lost none of its tries */
static void
test_stopped (Fixture *self, gconstpointer data)
{
  g_autoptr (ChRun) last = NULL;

  unlock_world_lock (self->world);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GTlsInteraction) silent = token_asker_new (nothing);
      g_autoptr (ChRun) run = unlock (self, silent);

      g_assert_cmpstr (ch_run_get_step (run)->id, ==, "unlock-pin");
      unlock_ca_pass_a_day (self->world->ca);
    }
  {
    g_autoptr (GTlsInteraction) asker = token_asker_new (chosen);

    last = unlock (self, asker);
    g_assert_cmpstr (ch_run_get_step (last)->id, ==, "unlock-release");
    g_assert_error (ch_run_get_error (last), CH_ERROR, CH_ERROR_UNLOCK_STOPPED);
    g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 0);
  }
  g_assert_cmpuint (card_world_get (self->world->cards, 0, "so-tries"), ==, 15);
}

int
main (int argc, char **argv)
{
  int status;

  unlock_ca_init (&argc, &argv);
  g_test_add ("/token/unlock/unlock", Fixture, NULL, set_up, test_unlock, tear_down);
  g_test_add ("/token/unlock/given-up", Fixture, NULL, set_up, test_given_up, tear_down);
  g_test_add ("/token/unlock/refused", Fixture, NULL, set_up, test_refused, tear_down);
  /* INS 24: the officer’s PIN is changed */
  g_test_add ("/token/unlock/not-told", Fixture, "remove=lost ins=24 at=1", set_up, test_not_told, tear_down);
  g_test_add ("/token/unlock/stopped", Fixture, NULL, set_up, test_stopped, tear_down);
  status = g_test_run ();
  unlock_ca_clean_up ();
  return status;
}
