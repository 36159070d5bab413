#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-again-button.h"
#include "ui/ch-field-row.h"
#include "ui/ch-form-page.h"
#include "ui/ch-page-header.h"

struct _ChFormPage
{
  ChPage parent_instance;

  GPtrArray *rows;      /* (owned) (element-type ChFieldRow) */
  ChAgainButton *again; /* (unowned) (nullable): beside the code that was sent */
  gboolean filling;     /* an answer is being handed over: the run’s news is our own */
};

G_DEFINE_FINAL_TYPE (ChFormPage, ch_form_page, CH_TYPE_PAGE)

static ChFieldRow *
find_row (ChFormPage *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (ch_field_row_get_field (self->rows->pdata[i])->id, id))
      return self->rows->pdata[i];
  return NULL;
}

static ChFieldRow *
find_code_row (ChFormPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_field_row_get_field (self->rows->pdata[i])->kind == CH_FIELD_SMS_CODE)
      return self->rows->pdata[i];
  return NULL;
}

static ChReason
check_row (ChFormPage *self, ChFieldRow *row)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const ChField *field = ch_field_row_get_field (row);

  if (ch_field_is_secret (field))
    return ch_field_row_check_secret (row);
  /* Which projects and types fit is the step’s to say: the flow may still turn */
  if (field->kind == CH_FIELD_PROJECT || field->kind == CH_FIELD_SUBJECT)
    return ch_field_row_is_empty (row) ? CH_REASON_MISSING : CH_REASON_OK;
  return ch_field_check_in (field, ch_run_get_profile (run), ch_run_get_axes (run), ch_run_get_answers (run));
}

/* Hands the row’s value to the run; what depends on it (cities, terms) is asked anew */
static void
hand_over (ChFormPage *self, ChFieldRow *row)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const ChField *field = ch_field_row_get_field (row);

  self->filling = TRUE;
  if (ch_field_is_secret (field))
    {
      g_autoptr (ChSecret) secret = ch_field_row_copy_secret (row);

      ch_run_set_secret (run, field->id, secret);
    }
  else
    {
      g_autofree char *value = ch_field_row_dup_value (row);

      ch_run_set_answer (run, field->id, value);
    }
  self->filling = FALSE;
}

/* The type chosen before, if the project has it too; a single one needs no choosing */
static void
propose_subject (ChFormPage *self, ChFieldRow *row, GPtrArray *choices)
{
  const ChField *field = ch_field_row_get_field (row);
  const char *answer = ch_run_get_answer (ch_page_get_run (CH_PAGE (self)), field->id);
  const char *wanted = choices->len == 1                ? ((const ChChoice *) choices->pdata[0])->id
                       : answer != NULL && *answer != 0 ? answer
                                                        : field->initial;

  if (choices->len == 0 || !ch_field_row_is_empty (row))
    return;
  ch_field_row_set_value (row, wanted);
  hand_over (self, row);
}

static void
refresh_choices (ChFormPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      ChFieldRow *row = self->rows->pdata[i];
      const ChField *field = ch_field_row_get_field (row);
      g_autoptr (GPtrArray) choices = ch_run_list_choices (run, field);

      ch_field_row_set_choices (row, choices);
      if (field->kind == CH_FIELD_SUBJECT)
        propose_subject (self, row, choices);
    }
}

/* What is not asked for after the other answers is not there */
static void
refresh_asked (ChFormPage *self)
{
  GHashTable *answers = ch_run_get_answers (ch_page_get_run (CH_PAGE (self)));

  for (guint i = 0; i < self->rows->len; i++)
    ch_field_row_set_visible (self->rows->pdata[i],
                              ch_field_is_asked (ch_field_row_get_field (self->rows->pdata[i]), answers));
}

static void
on_row_changed_cb (ChFieldRow *row, ChFormPage *self)
{
  ChFieldKind kind = ch_field_row_get_field (row)->kind;

  /* Nobody is told off while mending */
  ch_field_row_set_reason (row, CH_REASON_OK, NULL);
  if (!ch_field_is_secret (ch_field_row_get_field (row)))
    hand_over (self, row);
  if (kind == CH_FIELD_PROVINCE || kind == CH_FIELD_PROJECT)
    refresh_choices (self);
  if (kind == CH_FIELD_CHOICE)
    refresh_asked (self);
}

static void
on_row_left_cb (ChFieldRow *row, ChFormPage *self)
{
  /* Leaving an empty field is no mistake yet: Next will say it */
  if (ch_field_row_is_empty (row))
    return;
  ch_field_row_set_reason (row, check_row (self, row), NULL);
}

static void
on_row_activated_cb (ChFieldRow *row, ChFormPage *self)
{
  guint index = 0;

  if (g_ptr_array_find (self->rows, row, &index))
    index++;
  while (index < self->rows->len && !ch_field_row_get_visible (self->rows->pdata[index]))
    index++;
  if (index < self->rows->len)
    ch_field_row_grab_focus (self->rows->pdata[index]);
  else
    ch_page_ask_next (CH_PAGE (self));
}

/* The answers as the run has them; what was refused is marked with the reviewer’s words */
static void
fill (ChFormPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));

  refresh_choices (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      ChFieldRow *row = self->rows->pdata[i];
      const ChField *field = ch_field_row_get_field (row);
      g_autofree char *value = ch_field_row_dup_value (row);
      const char *answer;

      if (ch_field_is_secret (field))
        continue;
      answer = ch_run_get_answer (run, field->id);
      if (g_strcmp0 (answer != NULL ? answer : "", value != NULL ? value : "") != 0)
        ch_field_row_set_value (row, answer);
    }
  refresh_asked (self);
}

static void
mark_refused (ChFormPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const ChApplication *application = ch_run_get_application (run);

  if (application == NULL || application->state != CH_APPLICATION_REFUSED
      || ch_run_is_done (run, ch_page_get_step (CH_PAGE (self))))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChField *field = ch_field_row_get_field (self->rows->pdata[i]);
      const ChFieldReason *reason = ch_run_get_reason (run, field->id);

      if (reason != NULL)
        ch_field_row_set_reason (self->rows->pdata[i], ch_reason_from_id (reason->reason), reason->remark);
    }
}

static void
focus_first_wrong (ChFormPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_field_row_is_wrong (self->rows->pdata[i]))
      {
        ch_field_row_grab_focus (self->rows->pdata[i]);
        return;
      }
}

static void
ch_form_page_refresh (ChPage *page)
{
  ChFormPage *self = CH_FORM_PAGE (page);
  gboolean busy = ch_run_get_state (ch_page_get_run (page)) == CH_RUN_BUSY;

  if (self->filling)
    return;

  ch_page_set_busy (page, busy);
  if (self->again != NULL)
    ch_again_button_set_time (self->again, ch_run_get_again_at (ch_page_get_run (page)));
  if (!busy && ch_page_is_current (page))
    fill (self);
}

static gboolean
ch_form_page_commit (ChPage *page)
{
  ChFormPage *self = CH_FORM_PAGE (page);
  gboolean fine = TRUE;

  for (guint i = 0; i < self->rows->len; i++)
    hand_over (self, self->rows->pdata[i]);
  for (guint i = 0; i < self->rows->len; i++)
    {
      ChReason reason = check_row (self, self->rows->pdata[i]);

      ch_field_row_set_reason (self->rows->pdata[i], reason, NULL);
      fine &= reason == CH_REASON_OK;
    }

  if (!fine)
    focus_first_wrong (self);
  return fine;
}

static void
ch_form_page_focus (ChPage *page)
{
  ChFormPage *self = CH_FORM_PAGE (page);
  ChFieldRow *first = NULL;

  mark_refused (self);
  for (guint i = 0; i < self->rows->len && first == NULL; i++)
    if (ch_field_row_is_wrong (self->rows->pdata[i]))
      first = self->rows->pdata[i];
  for (guint i = 0; i < self->rows->len && first == NULL; i++)
    if (ch_field_row_is_empty (self->rows->pdata[i]) && ch_field_row_get_visible (self->rows->pdata[i])
        && !ch_field_row_get_field (self->rows->pdata[i])->optional)
      first = self->rows->pdata[i];
  if (first == NULL && self->rows->len > 0)
    first = self->rows->pdata[0];
  if (first != NULL)
    ch_field_row_grab_focus (first);
}

static const char *
ch_form_page_get_next_label (ChPage *page)
{
  return _ ("Next");
}

/* The one that was typed serves no more: another one is typed or sent, and nobody sends the same once more */
static void
explain_code (ChFormPage *self, ChFieldRow *row, const GError *error)
{
  const ChErrorInfo *info = ch_error_get_info (error);
  /* Translators: what happened, and what to do */
  g_autofree char *text = g_strdup_printf (_ ("%s. %s"), _ (info->title), _ (info->todo));

  ch_field_row_clear_secret (row);
  ch_field_row_set_message (row, text);
  focus_first_wrong (self);
}

static gboolean
ch_form_page_explains (ChPage *page, const GError *error)
{
  ChFormPage *self = CH_FORM_PAGE (page);
  GPtrArray *fields = ch_error_get_fields (error);
  gboolean all = fields != NULL && fields->len > 0;
  ChFieldRow *code = find_code_row (self);

  if (code != NULL && g_error_matches (error, CH_ERROR, CH_ERROR_CODE_WRONG))
    {
      explain_code (self, code, error);
      return TRUE;
    }
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *field = fields->pdata[i];
      ChFieldRow *row = find_row (self, field->field);

      if (row != NULL)
        ch_field_row_set_reason (row, field->reason, field->remark);
      all &= row != NULL;
    }

  focus_first_wrong (self);
  return all;
}

static void
ch_form_page_dispose (GObject *object)
{
  ChFormPage *self = CH_FORM_PAGE (object);

  /* A secret stays in no widget that is on its way out */
  for (guint i = 0; self->rows != NULL && i < self->rows->len; i++)
    if (ch_field_is_secret (ch_field_row_get_field (self->rows->pdata[i])))
      ch_field_row_clear_secret (self->rows->pdata[i]);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_form_page_parent_class)->dispose (object);
}

static void
ch_form_page_class_init (ChFormPageClass *klass)
{
  ChPageClass *page_class = CH_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_form_page_dispose;
  page_class->refresh = ch_form_page_refresh;
  page_class->commit = ch_form_page_commit;
  page_class->focus = ch_form_page_focus;
  page_class->get_next_label = ch_form_page_get_next_label;
  page_class->explains = ch_form_page_explains;
}

static void
ch_form_page_init (ChFormPage *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

/* What is plugged in and out while somebody looks at the page */
static void
on_media_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChFormPage *self)
{
  refresh_choices (self);
}

/* The focus is where the new one is to be typed when it comes */
static void
on_again_cb (ChAgainButton *button, ChFormPage *self)
{
  ChFieldRow *row = find_code_row (self);

  ch_field_row_clear_secret (row);
  ch_field_row_set_reason (row, CH_REASON_OK, NULL);
  ch_field_row_grab_focus (row);
  ch_run_send_again (ch_page_get_run (CH_PAGE (self)));
}

static void
add_again (ChFormPage *self, ChFieldRow *row)
{
  self->again = CH_AGAIN_BUTTON (ch_again_button_new (TRUE));
  g_signal_connect_object (self->again, "clicked", G_CALLBACK (on_again_cb), self, 0);
  ch_field_row_add_suffix (row, GTK_WIDGET (self->again));
}

static void
add_rows (ChFormPage *self, GtkBox *box, const ChForm *form)
{
  AdwPreferencesGroup *group = NULL;
  const char *title = NULL;

  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const ChField *field = form->fields[i];
      ChFieldRow *row = ch_field_row_new (field);

      if (group == NULL || g_strcmp0 (title, field->group) != 0)
        {
          title = field->group;
          group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
          if (title != NULL)
            adw_preferences_group_set_title (group, _ (title));
          gtk_box_append (box, GTK_WIDGET (group));
        }

      /* A secret cannot be looked at again: what it must be like is said before */
      if (field->kind == CH_FIELD_NEW_SECRET && field->hint != NULL)
        adw_preferences_group_set_description (group, _ (field->hint));
      ch_field_row_add_to (row, group);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed_cb), self, 0);
      g_signal_connect_object (row, "left", G_CALLBACK (on_row_left_cb), self, 0);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated_cb), self, 0);
      if (field->kind == CH_FIELD_MEDIUM)
        g_signal_connect_object (ch_ports_get_hub (ch_run_get_ports (ch_page_get_run (CH_PAGE (self)))),
                                 "items-changed", G_CALLBACK (on_media_changed_cb), self, 0);
      g_ptr_array_add (self->rows, row);
      if (field->kind == CH_FIELD_SMS_CODE && ch_page_get_step (CH_PAGE (self))->again != NULL)
        add_again (self, row);
    }
}

/**
 * ch_form_page_new:
 * @run: the run
 * @step: a step with a form
 *
 * Returns: (transfer floating): the page of @step
 */
GtkWidget *
ch_form_page_new (ChRun *run, const ChStep *step)
{
  ChFormPage *self = g_object_new (CH_TYPE_FORM_PAGE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  g_autofree char *more = ch_run_explain (run, step);

  ch_page_set_up (CH_PAGE (self), run, step);
  gtk_box_append (GTK_BOX (box), ch_page_header_new (_ (step->title), more != NULL         ? more
                                                                      : step->lead != NULL ? _ (step->lead)
                                                                                           : NULL));
  add_rows (self, GTK_BOX (box), step->form);
  ch_page_set_content (CH_PAGE (self), box, 600);
  return GTK_WIDGET (self);
}
