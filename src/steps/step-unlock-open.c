#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-envelope.h"
#include "pki/ch-statement.h"
#include "steps/ch-proof.h"
#include "steps/steps.h"

/* A USB key is opened with what the CA keeps for it, given a PIN of its owner’s own, and says so itself. Who
 * may is in step-unlock.c. */

/* With what was released once, the medium is tried so often; then the CA is asked once more, which counts. So
 * three runs cost it twelve of its fifteen tries at the very worst. */
#define MAX_ATTEMPTS 2

/* What the run was told, until the medium was opened with it. Never on the disk. */
typedef struct
{
  ChKey *key;        /* (owned): made for this release, and kept until it is answered */
  ChSecret *current; /* (owned) (nullable) */
  ChSecret *next;    /* (owned) (nullable) */
  gboolean is_again; /* next may be there already */
  guint n_attempts;
} Opening;

static const ChOfficerPin states[] = {
  [CH_PIN_UNKNOWN] = CH_OFFICER_PIN_UNKNOWN, [CH_PIN_GOOD] = CH_OFFICER_PIN_GOOD,
  [CH_PIN_LOW] = CH_OFFICER_PIN_LOW,         [CH_PIN_FINAL] = CH_OFFICER_PIN_FINAL,
  [CH_PIN_LOCKED] = CH_OFFICER_PIN_LOCKED,   [CH_PIN_NOT_SET] = CH_OFFICER_PIN_UNKNOWN,
};

G_STATIC_ASSERT (G_N_ELEMENTS (states) == CH_N_PIN_STATES);

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_clear_pointer (&self->key, ch_key_unref);
  g_clear_pointer (&self->current, ch_secret_unref);
  g_clear_pointer (&self->next, ch_secret_unref);
  g_free (self);
}

static Opening *
get_opening (ChRun *run)
{
  return g_object_get_data (G_OBJECT (run), "unlock-opening");
}

static void
take_opening (ChRun *run, Opening *opening) /* (transfer full) (nullable) */
{
  g_object_set_data_full (G_OBJECT (run), "unlock-opening", opening, opening_free);
}

/* -- Asking the CA -- */

static ChSecret *
open_envelope (ChRun *run, const char *what, GBytes *sealed, GError **error)
{
  g_autofree char *about = g_strconcat (what, ch_token_get_info (ch_run_get_token (run))->serial, NULL);

  return ch_envelope_open (get_opening (run)->key, about, sealed, error);
}

static void
on_released_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  Opening *opening = get_opening (run);
  GError *error = NULL;
  g_autoptr (ChUnlockPins) pins = ch_run_call_finish (run, result, &error);

  if (pins != NULL)
    opening->current = open_envelope (run, CH_OFFICER_CURRENT, pins->current, &error);
  if (opening->current != NULL)
    opening->next = open_envelope (run, CH_OFFICER_NEXT, pins->next, &error);
  if (opening->next == NULL)
    {
      g_clear_pointer (&opening->current, ch_secret_unref);
      g_task_return_error (task, error);
      return;
    }

  opening->is_again = pins->again;
  g_task_return_int (task, CH_STEP_DONE);
}

/* An answer that was lost is asked for again with the same key: it is the same release */
static void
release (ChRun *run, GTask *task)
{
  ChToken *token = ch_run_get_token (run);
  Opening *opening = get_opening (run);
  GError *error = NULL;
  ChUnlockRelease request;

  if (opening == NULL || opening->current != NULL)
    {
      opening = g_new0 (Opening, 1);
      opening->key = ch_key_generate (CH_KEY_P256, &error);
      take_opening (run, opening);
    }
  if (opening->key == NULL)
    {
      take_opening (run, NULL);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  request = (ChUnlockRelease){ .token_serial = ch_token_get_info (token)->serial,
                               .officer_pin = states[ch_token_get_officer_state (token)],
                               .key = ch_key_get_spki (opening->key) };
  ch_run_call_async (run, &ch_route_unlock_release, NULL, &request, g_task_get_cancellable (task),
                     on_released_cb, task);
}

const ChStep ch_step_unlock_release = {
  .id = "unlock-release",
  .title = N_ ("Asking the CA for the way in"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_TICKET | CH_FACT_TOKEN,
  .gives = CH_FACT_RELEASED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = release,
};

/* -- Opening the medium -- */

/* Whether the medium may have been touched: who only gave up choosing a PIN has tried nothing */
static gboolean
was_tried (const GError *error)
{
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && !g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED)
         && !g_error_matches (error, CH_ERROR, CH_ERROR_RESTING);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  Opening *opening = get_opening (run);
  GError *error = NULL;

  if (ch_token_unlock_finish (CH_TOKEN (source), result, &error))
    {
      take_opening (run, NULL);
      g_task_return_int (task, CH_STEP_DONE);
      return;
    }

  if (was_tried (error))
    {
      opening->is_again = TRUE;
      opening->n_attempts++;
    }
  if (opening->n_attempts >= MAX_ATTEMPTS || g_error_matches (error, CH_ERROR, CH_ERROR_SO_PIN_WRONG))
    {
      take_opening (run, NULL);
      ch_run_set_facts (run, 0, CH_FACT_RELEASED);
    }
  g_task_return_error (task, error);
}

static void
open_medium (ChRun *run, GTask *task)
{
  Opening *opening = get_opening (run);

  ch_token_unlock_async (ch_run_get_token (run), opening->current, opening->next, opening->is_again,
                         ch_run_get_asker (run), g_task_get_cancellable (task), on_opened_cb, task);
}

const ChStep ch_step_unlock_pin = {
  .id = "unlock-pin",
  .title = N_ ("Setting your new PIN"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_RELEASED | CH_FACT_TOKEN,
  .gives = CH_FACT_UNLOCKED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = open_medium,
};

/* -- Saying so -- */

static void
on_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  gpointer answer = ch_run_call_finish (run, result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_wire_free (&ChNothing_wire, answer);
  ch_run_forget_draft (run);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
on_proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (ChProof) proof = ch_proof_finish (run, result, &error);
  ChUnlockConfirm request;

  if (proof == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  request = (ChUnlockConfirm){ .token_serial = ch_token_get_info (ch_run_get_token (run))->serial,
                               .certificate = proof->serial,
                               .nonce = proof->nonce->nonce,
                               .signature = proof->signature };
  ch_run_call_async (run, &ch_route_unlock_confirm, NULL, &request, cancellable, on_confirmed_cb,
                     g_steal_pointer (&task));
}

/* Over the medium that was opened: its own key says so */
static void
confirm (ChRun *run, GTask *task)
{
  g_autoptr (GBytes) digest = ch_statement_digest_unlock (ch_token_get_info (ch_run_get_token (run))->serial);

  ch_proof_async (run, CH_STATEMENT_CONFIRM, digest, g_task_get_cancellable (task), on_proved_cb, task);
}

const ChStep ch_step_unlock_confirm = {
  .id = "unlock-confirm",
  .title = N_ ("Trying the new PIN"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_UNLOCKED | CH_FACT_TICKET | CH_FACT_TOKEN,
  .gives = CH_FACT_CONFIRMED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = confirm,
};

const ChStep ch_step_unlock_result = {
  .id = "unlock-result",
  .title = N_ ("The USB key is unlocked"),
  .lead = N_ ("Its new PIN was tried: the key signs again. Keep the PIN in mind; nobody else knows it."),
  .page = CH_PAGE_RESULT,
  .needs = CH_FACT_CONFIRMED,
  .gives = CH_FACT_SHOWN,
};
