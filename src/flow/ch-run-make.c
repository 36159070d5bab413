#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "flow/ch-run-private.h"

/* Making runs, and looking at them */

/* What is proposed, where nothing was answered */
void
ch_run_prefill (ChRun *self)
{
  const ChAccount *account = ch_ports_get_account (self->ports);

  for (guint i = 0; i < self->steps->len; i++)
    {
      const ChForm *form = ((const ChStep *) self->steps->pdata[i])->form;

      for (gsize j = 0; form != NULL && form->fields[j] != NULL; j++)
        {
          const ChField *field = form->fields[j];
          const char *value = field->initial;

          if (account != NULL && g_strcmp0 (field->prefill, "handler-name") == 0)
            value = account->name;
          if (value != NULL && !g_hash_table_contains (self->answers, field->id))
            g_hash_table_insert (self->answers, g_strdup (field->id), g_strdup (value));
        }
    }
}

static ChRun *
make (const ChFlow *flow, const ChFlow *const *flows, ChPorts *ports)
{
  ChRun *self = g_object_new (CH_TYPE_RUN, NULL);

  self->ports = g_object_ref (ports);
  self->flow = flow;
  self->flows = flows;
  self->steps = ch_flow_list_steps (flow, ch_ports_get_profile (ports));
  ch_run_fill_attachments (self);
  ch_run_listen (self);
  return self;
}

/**
 * ch_run_new:
 * @flow: a flow of the catalogue
 * @ports: what it reaches the world through; its profile must be known
 *
 * Returns: (transfer full): a run of @flow and no other
 */
ChRun *
ch_run_new (const ChFlow *flow, ChPorts *ports)
{
  ChRun *self = make (flow, NULL, ports);

  ch_run_load_draft (self);
  ch_run_prefill (self);
  return self;
}

/**
 * ch_run_new_open:
 * @flows: (array zero-terminated=1): flows that begin alike; must outlive the run
 * @ports: what it reaches the world through
 *
 * Returns: (transfer full): a run that turns to one of @flows when the project is chosen
 */
ChRun *
ch_run_new_open (const ChFlow *const *flows, ChPorts *ports)
{
  ChRun *self;

  g_return_val_if_fail (flows != NULL && flows[0] != NULL, NULL);

  self = make (flows[0], flows, ports);
  ch_run_load_draft (self);
  ch_run_prefill (self);
  return self;
}

/**
 * ch_run_resume:
 * @flow: the flow of @application
 * @ports: what it reaches the world through
 * @application: the server’s state; copied
 *
 * Goes on with what was begun: before a crash, on another PC, or before a refusal. ch_run_start() then stands
 * on the first step whose facts are missing.
 *
 * Returns: (transfer full): the run
 */
ChRun *
ch_run_resume (const ChFlow *flow, ChPorts *ports, const ChApplication *application)
{
  ChRun *self = make (flow, NULL, ports);

  self->application = ch_wire_copy (&ChApplication_wire, application);
  ch_run_load_draft (self);
  ch_run_take_application (self, ch_wire_copy (&ChApplication_wire, application));
  ch_run_prefill (self);
  return self;
}

const ChFlow *
ch_run_get_flow (ChRun *self)
{
  return self->flow;
}

/**
 * ch_run_get_steps:
 *
 * Returns: (transfer none) (element-type ChStep): the steps of this run, automatic ones too
 */
GPtrArray *
ch_run_get_steps (ChRun *self)
{
  return self->steps;
}

/**
 * ch_run_get_step:
 *
 * Returns: (transfer none) (nullable): the step the run stands on; %NULL when it is done
 */
const ChStep *
ch_run_get_step (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  return self->position < (int) self->steps->len ? self->steps->pdata[self->position] : NULL;
}

ChRunState
ch_run_get_state (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), CH_RUN_DONE);

  return self->state;
}

/**
 * ch_run_get_error:
 *
 * Returns: (transfer none) (nullable): what went wrong last; while resting: why the server could not be asked
 */
const GError *
ch_run_get_error (ChRun *self)
{
  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  return self->error;
}

ChFact
ch_run_get_facts (ChRun *self)
{
  return self->facts;
}

/**
 * ch_run_get_progress:
 *
 * Returns: of the work going on, from 0 to 1
 */
double
ch_run_get_progress (ChRun *self)
{
  return self->progress;
}

/**
 * ch_run_get_draft_saved:
 *
 * Returns: when what was typed last came on the disk, seconds since 1970; 0 before the first time
 */
gint64
ch_run_get_draft_saved (ChRun *self)
{
  return self->draft_saved;
}

/**
 * ch_run_is_done:
 * @step: one of ch_run_get_steps()
 *
 * Returns: whether what @step gives is there
 */
gboolean
ch_run_is_done (ChRun *self, const ChStep *step)
{
  guint index;

  if (step->gives != CH_FACT_NONE)
    return (step->gives & ~self->facts) == 0;
  return g_ptr_array_find (self->steps, step, &index) && (int) index < self->position;
}

/**
 * ch_run_get_missing_field:
 *
 * Returns: (transfer none) (nullable): after a failed or resting step, the first field or document that was
 * not given
 */
const char *
ch_run_get_missing_field (ChRun *self)
{
  GPtrArray *fields = self->error != NULL ? ch_error_get_fields (self->error) : NULL;

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *field = fields->pdata[i];

      if (field->reason == CH_REASON_MISSING || field->reason == CH_REASON_FILE_MISSING)
        return field->field;
    }

  return NULL;
}

/**
 * ch_run_find_flow:
 * @axes: what the answers ask for
 *
 * Returns: (transfer none) (nullable): the flow of @axes among those this run may turn to
 */
const ChFlow *
ch_run_find_flow (ChRun *self, const ChAxes *axes)
{
  const ChFlow *const only[] = { self->flow, NULL };
  const ChFlow *const *flows = self->flows != NULL ? self->flows : only;

  for (gsize i = 0; flows[i] != NULL; i++)
    if (memcmp (&flows[i]->axes, axes, sizeof *axes) == 0)
      return flows[i];
  return NULL;
}

/**
 * ch_run_get_application:
 *
 * Returns: (transfer none) (nullable): the newest state the server told
 */
const ChApplication *
ch_run_get_application (ChRun *self)
{
  return self->application;
}

const ChOrder *
ch_run_get_order (ChRun *self)
{
  return self->order;
}

/**
 * ch_run_take_order:
 * @order: (transfer full) (nullable): the server’s newest answer
 */
void
ch_run_take_order (ChRun *self, ChOrder *order)
{
  g_clear_pointer (&self->order, ch_order_free);
  self->order = order;
  g_object_notify (G_OBJECT (self), "facts");
}

const ChCertificate *
ch_run_get_certificate (ChRun *self)
{
  return self->certificate;
}

/**
 * ch_run_take_certificate:
 * @certificate: (transfer full) (nullable): what the CA issued
 */
void
ch_run_take_certificate (ChRun *self, ChCertificate *certificate)
{
  g_clear_pointer (&self->certificate, ch_certificate_free);
  self->certificate = certificate;
}

/**
 * ch_run_take_certificates:
 * @list: (transfer full): the user’s certificates, of which one is to be chosen
 */
void
ch_run_take_certificates (ChRun *self, ChCertificateList *list)
{
  g_clear_pointer (&self->certificates, ch_certificate_list_free);
  self->certificates = list;
}

/**
 * ch_run_find_certificate:
 * @serial: (nullable): of one of those that were taken
 *
 * Returns: (transfer none) (nullable): the certificate
 */
const ChCertificate *
ch_run_find_certificate (ChRun *self, const char *serial)
{
  for (guint i = 0; serial != NULL && self->certificates != NULL && i < self->certificates->items->len; i++)
    {
      const ChCertificate *certificate = self->certificates->items->pdata[i];

      if (g_ascii_strcasecmp (certificate->serial, serial) == 0)
        return certificate;
    }

  return NULL;
}

/**
 * ch_run_explain:
 * @step: one of ch_run_get_steps()
 *
 * Returns: (transfer full) (nullable): what the user should know at @step beside its lead
 */
char *
ch_run_explain (ChRun *self, const ChStep *step)
{
  return step->explain != NULL ? step->explain (self) : NULL;
}

ChToken *
ch_run_get_token (ChRun *self)
{
  return self->token;
}

/**
 * ch_run_set_token:
 * @token: (nullable): the token that is to hold the key
 * @key_id: (nullable): the key on it, once it is there
 */
void
ch_run_set_token (ChRun *self, ChToken *token, const char *key_id)
{
  char *copy = g_strdup (key_id);

  g_set_object (&self->token, token);
  g_free (self->key_id);
  self->key_id = copy;
}

const char *
ch_run_get_key_id (ChRun *self)
{
  return self->key_id;
}

ChPorts *
ch_run_get_ports (ChRun *self)
{
  return self->ports;
}

const ChProfile *
ch_run_get_profile (ChRun *self)
{
  return ch_ports_get_profile (self->ports);
}

const ChAxes *
ch_run_get_axes (ChRun *self)
{
  return &self->flow->axes;
}

static void
on_sent_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChRun *self = CH_RUN (source);
  GError *error = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (g_task_propagate_int (G_TASK (result), &error) < 0)
    ch_run_fail (self, error);
  else
    ch_run_be_ready (self);
}

/**
 * ch_run_send_again:
 * @self: a run at a step that asks for a code, and can have it sent once more
 *
 * Has it sent; the step stays.
 */
void
ch_run_send_again (ChRun *self)
{
  const ChStep *step = ch_run_get_step (self);

  g_return_if_fail (step != NULL && step->again != NULL);

  if (self->state != CH_RUN_BUSY && self->cancellable == NULL)
    step->again (self, ch_run_begin_task (self, on_sent_again_cb, FALSE));
}

/**
 * ch_run_get_again_at:
 *
 * Returns: when another code may be sent, seconds since 1970; 0 when nobody has said
 */
gint64
ch_run_get_again_at (ChRun *self)
{
  return self->again_at;
}

void
ch_run_set_again_at (ChRun *self, gint64 when)
{
  self->again_at = when;
}

/**
 * ch_run_get_asker:
 *
 * Returns: (transfer none): answers tokens from the secrets of the run, else asks the front end
 */
GTlsInteraction *
ch_run_get_asker (ChRun *self)
{
  return self->asker;
}
