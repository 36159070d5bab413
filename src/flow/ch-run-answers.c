#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "flow/ch-run-private.h"

#define DRAFT_DELAY_MS 400

/* Before there is an application the draft belongs to the flow */
static const char *
get_draft_id (ChRun *self)
{
  return self->application != NULL ? self->application->id : self->flow->id;
}

static void
on_draft_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChRun) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ch_vault_put_finish (CH_VAULT (source), result, &error))
    {
      g_warning ("the draft could not be kept: %s", error->message);
      return;
    }

  self->draft_saved = ch_clock_now ();
  g_object_notify (G_OBJECT (self), "draft-saved");
}

static gboolean
on_keep_draft_cb (gpointer user_data)
{
  ChRun *self = user_data;
  ChAnswers draft = { .version = self->application != NULL ? self->application->version : 0 };
  g_autoptr (GHashTable) changed = ch_wire_map_new ();
  g_autoptr (GBytes) content = NULL;
  GHashTableIter iter;
  gpointer field;

  self->draft_id = 0;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &field, NULL))
    g_hash_table_insert (changed, g_strdup (field), g_strdup (g_hash_table_lookup (self->answers, field)));

  draft.answers = changed;
  content = ch_wire_encode (&ChAnswers_wire, &draft);
  ch_vault_put_async (ch_ports_get_vault (self->ports), CH_VAULT_DRAFT, get_draft_id (self), content,
                      on_draft_kept_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/**
 * ch_run_keep_draft:
 *
 * Keeps what was typed at once, where that is still to be done.
 */
void
ch_run_keep_draft (ChRun *self)
{
  g_return_if_fail (CH_IS_RUN (self));

  if (self->draft_id == 0)
    return;
  g_clear_handle_id (&self->draft_id, g_source_remove);
  on_keep_draft_cb (self);
}

/* What was typed on this PC and never reached the server */
void
ch_run_load_draft (ChRun *self)
{
  g_autoptr (GBytes) content
      = ch_vault_get (ch_ports_get_vault (self->ports), CH_VAULT_DRAFT, get_draft_id (self));
  g_autoptr (ChAnswers) draft = content != NULL ? ch_wire_decode (&ChAnswers_wire, content, NULL) : NULL;
  GHashTableIter iter;
  gpointer field, value;

  if (draft == NULL)
    return;

  g_hash_table_iter_init (&iter, draft->answers);
  while (g_hash_table_iter_next (&iter, &field, &value))
    if (ch_field_lookup (field) != NULL)
      {
        g_hash_table_replace (self->answers, g_strdup (field), g_strdup (value));
        g_hash_table_add (self->changed, g_strdup (field));
      }
}

/* The server has it: nothing stays on this PC */
void
ch_run_drop_draft (ChRun *self)
{
  g_clear_handle_id (&self->draft_id, g_source_remove);
  ch_vault_remove (ch_ports_get_vault (self->ports), CH_VAULT_DRAFT, get_draft_id (self));
}

static gboolean
has_answer_to (const ChForm *form, GHashTable *answers)
{
  for (gsize i = 0; form->fields[i] != NULL; i++)
    if (g_hash_table_contains (answers, form->fields[i]->id))
      return TRUE;
  return FALSE;
}

/* A form in which something is to be changed begins with what holds now; once it was handed in it says
 * itself what is in it */
static void
begin_with_before (ChRun *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const ChForm *form = ((const ChStep *) self->steps->pdata[i])->form;

      if (form == NULL || has_answer_to (form, self->application->answers))
        continue;
      for (gsize j = 0; form->fields[j] != NULL; j++)
        {
          const char *id = form->fields[j]->id;
          const char *value = g_hash_table_lookup (self->application->before, id);

          if (value != NULL && !g_hash_table_contains (self->changed, id))
            g_hash_table_replace (self->answers, g_strdup (id), g_strdup (value));
        }
    }
}

/**
 * ch_run_forget_draft:
 *
 * What was typed has served its purpose: nothing of it is kept on this PC. For a business without an
 * application, which keeps it otherwise.
 */
void
ch_run_forget_draft (ChRun *self)
{
  g_return_if_fail (CH_IS_RUN (self));

  ch_run_drop_draft (self);
}

/* Takes over the server’s answers, but for what was changed here since */
void
ch_run_merge_answers (ChRun *self)
{
  GHashTableIter iter;
  gpointer field, value;

  if (self->application == NULL || self->application->answers == NULL)
    return;

  g_hash_table_iter_init (&iter, self->application->answers);
  while (g_hash_table_iter_next (&iter, &field, &value))
    {
      if (g_strcmp0 (g_hash_table_lookup (self->answers, field), value) == 0)
        g_hash_table_remove (self->changed, field);
      if (!g_hash_table_contains (self->changed, field))
        g_hash_table_replace (self->answers, g_strdup (field), g_strdup (value));
    }

  if (self->application->before != NULL)
    begin_with_before (self);
  if (g_hash_table_size (self->changed) == 0)
    ch_run_drop_draft (self);
}

/**
 * ch_run_get_answer:
 * @field: id of a field
 *
 * Returns: (transfer none) (nullable): the answer so far
 */
const char *
ch_run_get_answer (ChRun *self, const char *field)
{
  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  return g_hash_table_lookup (self->answers, field);
}

/**
 * ch_run_set_answer:
 * @field: id of a field; a secret one is refused
 * @value: (nullable): as typed; mended by ch_field_normalize()
 *
 * Sets an answer. It is kept as a draft on this PC until the server has acknowledged it.
 */
void
ch_run_set_answer (ChRun *self, const char *field, const char *value)
{
  const ChField *declared = ch_field_lookup (field);
  g_autofree char *normal = NULL;

  g_return_if_fail (CH_IS_RUN (self));
  g_return_if_fail (declared == NULL || !ch_field_is_secret (declared));

  normal = declared != NULL ? ch_field_normalize (declared, value != NULL ? value : "") : g_strdup (value);
  if (g_strcmp0 (g_hash_table_lookup (self->answers, field), normal) == 0)
    return;

  g_hash_table_replace (self->answers, g_strdup (field), g_strdup (normal != NULL ? normal : ""));

  /* What depends on another answer falls with it */
  if (g_str_equal (field, "province"))
    ch_run_set_answer (self, "city", "");
  if (g_str_equal (field, "project"))
    ch_run_set_answer (self, "term", "");

  /* What no application keeps would stay on this PC for ever */
  if (declared == NULL || ch_forms_find_field (&self->flow->axes, field) == NULL)
    return;
  g_hash_table_add (self->changed, g_strdup (field));
  if (self->draft_id == 0)
    self->draft_id = g_timeout_add (DRAFT_DELAY_MS, on_keep_draft_cb, self);
}

/**
 * ch_run_get_answers:
 *
 * Returns: (transfer none): all answers, field id → value
 */
GHashTable *
ch_run_get_answers (ChRun *self)
{
  return self->answers;
}

/**
 * ch_run_set_secret:
 * @field: id of a secret field
 * @secret: (nullable) (transfer none): never kept anywhere but here
 */
void
ch_run_set_secret (ChRun *self, const char *field, ChSecret *secret)
{
  g_return_if_fail (CH_IS_RUN (self));

  if (secret == NULL)
    g_hash_table_remove (self->secrets, field);
  else
    g_hash_table_replace (self->secrets, g_strdup (field), ch_secret_ref (secret));
}

/**
 * ch_run_get_secret:
 *
 * Returns: (transfer none) (nullable): the secret
 */
ChSecret *
ch_run_get_secret (ChRun *self, const char *field)
{
  return g_hash_table_lookup (self->secrets, field);
}

/* Whether one of the flows is that of project or type @id */
static gboolean
leads_somewhere (ChRun *self, const ChField *field, const char *id)
{
  const char *project_id = field->kind == CH_FIELD_PROJECT ? id : ch_run_get_answer (self, "project");
  const ChProject *project = ch_profile_get_project (ch_run_get_profile (self), project_id);

  for (gsize i = 0; project != NULL && self->flows[i] != NULL; i++)
    {
      const ChAxes *axes = &self->flows[i]->axes;
      const char *subject = ch_wire_enum_get_id (&ChSubjectKind_enum, axes->subject);

      if (ch_project_fits (project, axes) && (field->kind == CH_FIELD_PROJECT || g_str_equal (subject, id)))
        return TRUE;
    }

  return FALSE;
}

/* Of what is put in the place of a certificate: it ends when the rule of the CA says */
static GPtrArray *
list_new_terms (ChRun *self, const ChField *field)
{
  const ChProfile *profile = ch_run_get_profile (self);
  const ChReplacingRule *rule = ch_profile_get_replacing (profile, self->flow->axes.business);
  const ChProject *project = ch_profile_get_project (profile, ch_run_get_answer (self, "project"));
  GPtrArray *list = ch_choices_list (field, profile, &self->flow->axes, self->answers);

  for (guint i = 0; rule != NULL && i < list->len; i++)
    {
      ChChoice *choice = list->pdata[i];

      choice->end = ch_replacing_get_end (rule, ch_project_get_term (project, choice->id),
                                          self->application->base_end, ch_clock_now ());
    }
  return list;
}

/**
 * ch_run_take_media:
 * @media: (transfer full) (element-type ChChoice): serial and name of those that serve
 *
 * What can be chosen where a medium is asked for.
 */
void
ch_run_take_media (ChRun *self, GPtrArray *media)
{
  g_return_if_fail (CH_IS_RUN (self));

  g_clear_pointer (&self->media, g_ptr_array_unref);
  self->media = media;
}

guint
ch_run_get_n_media (ChRun *self)
{
  return self->media != NULL ? self->media->len : 0;
}

/**
 * ch_run_list_choices:
 * @field: a field to choose in
 *
 * Returns: (transfer full) (element-type ChChoice): what can be chosen now
 */
GPtrArray *
ch_run_list_choices (ChRun *self, const ChField *field)
{
  g_autoptr (GPtrArray) all = NULL;

  g_return_val_if_fail (CH_IS_RUN (self), NULL);

  if (field->kind == CH_FIELD_CERTIFICATE)
    return ch_choices_list_certificates (self->certificates != NULL ? self->certificates->items : NULL,
                                         ch_run_get_profile (self), self->flow->axes.business);
  if (field->kind == CH_FIELD_MEDIUM)
    return ch_choices_list_media (self->media, ch_ports_get_hub (self->ports), self->flow->axes.business);
  if (field->kind == CH_FIELD_TERM && self->application != NULL && self->application->base != NULL)
    return list_new_terms (self, field);

  if ((field->kind != CH_FIELD_PROJECT && field->kind != CH_FIELD_SUBJECT) || self->flows == NULL)
    return ch_choices_list (field, ch_run_get_profile (self), &self->flow->axes, self->answers);

  /* Project and type are still to decide the flow: all for which there is one */
  all = ch_choices_list (field, ch_run_get_profile (self), NULL, self->answers);
  for (guint i = all->len; i > 0; i--)
    if (!leads_somewhere (self, field, ((const ChChoice *) all->pdata[i - 1])->id))
      g_ptr_array_remove_index (all, i - 1);
  return g_steal_pointer (&all);
}

/**
 * ch_run_get_reason:
 * @field: id of a field or document
 *
 * Returns: (transfer none) (nullable): what the reviewer wants corrected there
 */
const ChFieldReason *
ch_run_get_reason (ChRun *self, const char *field)
{
  GPtrArray *reasons = self->application != NULL ? self->application->reasons : NULL;

  for (guint i = 0; reasons != NULL && i < reasons->len; i++)
    {
      const ChFieldReason *reason = reasons->pdata[i];

      if (g_strcmp0 (reason->field, field) == 0)
        return reason;
    }

  return NULL;
}
