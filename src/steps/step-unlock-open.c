#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-envelope.h"
#include "pki/ch-statement.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

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

/* The proof on its way */
typedef struct
{
  GTask *task;    /* (owned) */
  ChNonce *nonce; /* (owned) (nullable) */
  char *serial;   /* (owned) (nullable): of the certificate */
} Proof;

static void
proof_free (Proof *self)
{
  g_object_unref (self->task);
  g_clear_pointer (&self->nonce, ch_nonce_free);
  g_free (self->serial);
  g_free (self);
}

static void
proof_fail (Proof *self, GError *error) /* (transfer full) */
{
  g_task_return_error (self->task, error);
  proof_free (self);
}

static void
on_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  gpointer answer = ch_run_call_finish (run, result, &error);

  if (answer == NULL)
    {
      proof_fail (self, error);
      return;
    }

  ch_wire_free (&ChNothing_wire, answer);
  ch_run_forget_draft (run);
  g_task_return_int (self->task, CH_STEP_DONE);
  proof_free (self);
}

static void
on_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = g_task_get_source_object (self->task);
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  ChUnlockConfirm request;

  if (signature == NULL)
    {
      proof_fail (self, error);
      return;
    }

  request = (ChUnlockConfirm){ .token_serial = ch_token_get_info (CH_TOKEN (source))->serial,
                               .certificate = self->serial,
                               .nonce = self->nonce->nonce,
                               .signature = signature };
  ch_run_call_async (run, &ch_route_unlock_confirm, NULL, &request, g_task_get_cancellable (self->task),
                     on_confirmed_cb, self);
}

static GBytes *
find_certificate (GPtrArray *objects, const char *key_id)
{
  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (object->cert != NULL && g_strcmp0 (object->key_id, key_id) == 0)
        return object->cert;
    }
  return NULL;
}

/* Built here of what lies on the medium: label, both certificates, a nonce, and which medium was opened */
static GBytes *
build_statement (Proof *self, ChToken *token, GPtrArray *objects, GError **error)
{
  ChRun *run = g_task_get_source_object (self->task);
  g_autoptr (GBytes) tls = ch_server_get_peer_certificate (ch_ports_get_server (ch_run_get_ports (run)));
  g_autoptr (GBytes) digest = ch_statement_digest_unlock (ch_token_get_info (token)->serial);
  GBytes *own = find_certificate (objects, ch_run_get_key_id (run));
  g_autoptr (ChCertInfo) info = own != NULL ? ch_cert_info_new (own, error) : NULL;

  if (own == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "the certificate is no longer on the medium");
  if (info == NULL)
    return NULL;
  self->serial = g_strdup (info->serial);
  return ch_statement_build (CH_STATEMENT_CONFIRM, tls, own, self->nonce->nonce, digest, error);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = g_task_get_source_object (self->task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);
  g_autoptr (GBytes) statement
      = objects != NULL ? build_statement (self, CH_TOKEN (source), objects, &error) : NULL;

  if (statement == NULL)
    proof_fail (self, error);
  else
    ch_token_sign_as_async (CH_TOKEN (source), ch_run_get_key_id (run), statement,
                            ch_profile_get_sm2_id (ch_run_get_profile (run)), ch_run_get_asker (run),
                            g_task_get_cancellable (self->task), on_signed_cb, self);
}

static void
on_nonce_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;

  self->nonce = ch_run_call_finish (run, result, &error);
  if (self->nonce == NULL)
    proof_fail (self, error);
  else
    ch_token_list_objects_async (ch_run_get_token (run), g_task_get_cancellable (self->task), on_listed_cb,
                                 self);
}

static void
confirm (ChRun *run, GTask *task)
{
  ChNonceRequest request = { .label = (char *) CH_STATEMENT_CONFIRM };
  Proof *proof = g_new0 (Proof, 1);

  proof->task = task;
  ch_run_call_async (run, &ch_route_nonce, NULL, &request, g_task_get_cancellable (task), on_nonce_cb, proof);
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
