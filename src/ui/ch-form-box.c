#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "flow/ch-choice.h"
#include "ui/ch-again-button.h"
#include "ui/ch-consent-row.h"
#include "ui/ch-form-box.h"

struct _ChFormBox
{
  GtkBox parent_instance;

  ChFront *front;            /* (owned) */
  const ChForm *form;        /* static */
  const ChFormCode *code;    /* static, (nullable) */
  GCancellable *cancellable; /* (owned): ends the waiting when the form goes */
  ChErrorBar *bar;           /* (unowned) (nullable) */
  GPtrArray *rows;           /* (owned): ChFieldRow, in the order of the form */
  GPtrArray *consents;       /* (unowned elements): ChConsentRow */
  GtkBox *consent_box;       /* (unowned) */
  ChAgainButton *send;       /* (unowned) (nullable): beside the code */
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChFormBox, ch_form_box, GTK_TYPE_BOX)

/* -- The code -- */

static ChFieldRow *
find_code_row (ChFormBox *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_field_row_get_field (self->rows->pdata[i])->kind == CH_FIELD_SMS_CODE)
      return self->rows->pdata[i];
  return NULL;
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChFormBox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSmsSent) sent = self->code->by_mail
                                   ? ch_front_care_finish (CH_FRONT (source), result, &error)
                                   : ch_front_send_code_finish (CH_FRONT (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  ch_again_button_set_busy (self->send, FALSE);
  if (sent != NULL)
    {
      ch_again_button_set_time (self->send, sent->again);
      ch_field_row_grab_focus (find_code_row (self));
    }
  else
    ch_form_box_show_error (self, error);
}

static ChReason
check_row (ChFormBox *self, ChFieldRow *row, GHashTable *answers)
{
  const ChField *field = ch_field_row_get_field (row);

  return ch_field_is_secret (field)
             ? ch_field_row_check_secret (row)
             : ch_field_check (field, g_hash_table_lookup (answers, field->id), answers);
}

/* Where the code goes must be right before it is sent */
static gboolean
check_target (ChFormBox *self, const char *field, GHashTable *answers)
{
  ChFieldRow *row = field != NULL ? ch_form_box_get_row (self, field) : NULL;
  ChReason reason = row != NULL ? check_row (self, row, answers) : CH_REASON_OK;

  if (row == NULL)
    return TRUE;
  ch_field_row_set_reason (row, reason, NULL);
  if (reason != CH_REASON_OK)
    ch_field_row_grab_focus (row);
  return reason == CH_REASON_OK;
}

static void
on_send_clicked_cb (ChAgainButton *button, ChFormBox *self)
{
  g_autoptr (GHashTable) answers = ch_form_box_collect (self);
  const char *field = self->code->by_mail ? "email" : self->code->field;
  const char *target = field != NULL ? g_hash_table_lookup (answers, field) : NULL;
  ChEmailRequest request = { .email = (char *) target };

  if (self->bar != NULL)
    ch_error_bar_hide (self->bar);
  if (!check_target (self, field, answers))
    return;

  ch_again_button_set_busy (self->send, TRUE);
  if (self->code->by_mail)
    ch_front_care_async (self->front, &ch_route_email_code, NULL, &request, self->cancellable,
                         on_code_sent_cb, g_object_ref (self));
  else
    ch_front_send_code_async (self->front, target, self->code->purpose, self->cancellable, on_code_sent_cb,
                              g_object_ref (self));
}

/* -- Rows -- */

static gboolean
store_reason (const guint8 *data, gsize len, gpointer reason)
{
  *(ChReason *) reason = ch_validate_passphrase (data, len);
  return TRUE;
}

/* Whether a password is good enough is said while it is typed */
static void
judge_new_secret (ChFieldRow *row)
{
  g_autoptr (ChSecret) secret = ch_field_row_copy_secret (row);
  ChReason reason = CH_REASON_OK;

  if (secret != NULL)
    ch_secret_with (secret, store_reason, &reason);
  ch_field_row_set_reason (row, reason, NULL);
}

static void
on_row_changed_cb (ChFieldRow *row, ChFormBox *self)
{
  if (ch_field_row_get_field (row)->kind == CH_FIELD_NEW_SECRET)
    judge_new_secret (row);
  else
    ch_field_row_set_reason (row, CH_REASON_OK, NULL);
}

static void
on_row_left_cb (ChFieldRow *row, ChFormBox *self)
{
  g_autoptr (GHashTable) answers = ch_form_box_collect (self);

  /* An empty field is not wrong before the button was pressed */
  if (!ch_field_row_is_empty (row) && ch_field_row_get_field (row)->kind != CH_FIELD_NEW_SECRET)
    ch_field_row_set_reason (row, check_row (self, row, answers), NULL);
}

static void
on_row_activated_cb (ChFieldRow *row, ChFormBox *self)
{
  guint i;

  if (g_ptr_array_find (self->rows, row, &i) && i + 1 < self->rows->len)
    ch_field_row_grab_focus (self->rows->pdata[i + 1]);
  else
    g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
add_send_button (ChFormBox *self, ChFieldRow *row)
{
  self->send = CH_AGAIN_BUTTON (ch_again_button_new (FALSE));
  g_signal_connect_object (self->send, "clicked", G_CALLBACK (on_send_clicked_cb), self, 0);
  ch_field_row_add_suffix (row, GTK_WIDGET (self->send));
}

static void
fill_in_choices (ChFormBox *self, ChFieldRow *row)
{
  const ChField *field = ch_field_row_get_field (row);
  g_autoptr (GHashTable) answers = ch_form_box_collect (self);
  g_autoptr (GPtrArray) choices = ch_choices_list (field, ch_front_get_profile (self->front), NULL, answers);

  ch_field_row_set_choices (row, choices);
  if (field->initial != NULL)
    ch_field_row_set_value (row, field->initial);
}

static void
add_rows (ChFormBox *self)
{
  GtkWidget *group = NULL;
  const char *title = NULL;

  for (gsize i = 0; self->form->fields[i] != NULL; i++)
    {
      const ChField *field = self->form->fields[i];
      ChFieldRow *row = ch_field_row_new (field);

      if (group == NULL || g_strcmp0 (field->group, title) != 0)
        {
          title = field->group;
          group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ (title), NULL);
          gtk_box_append (GTK_BOX (self), group);
        }
      ch_field_row_add_to (row, ADW_PREFERENCES_GROUP (group));
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed_cb), self, 0);
      g_signal_connect_object (row, "left", G_CALLBACK (on_row_left_cb), self, 0);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated_cb), self, 0);
      g_ptr_array_add (self->rows, row);
      if (field->kind == CH_FIELD_SMS_CODE && self->code != NULL)
        add_send_button (self, row);
      if (field->kind == CH_FIELD_CHOICE)
        fill_in_choices (self, row);
    }
}

static void
ch_form_box_dispose (GObject *object)
{
  ChFormBox *self = CH_FORM_BOX (object);

  g_cancellable_cancel (self->cancellable);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_form_box_parent_class)->dispose (object);
}

static void
ch_form_box_finalize (GObject *object)
{
  ChFormBox *self = CH_FORM_BOX (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->consents);
  G_OBJECT_CLASS (ch_form_box_parent_class)->finalize (object);
}

static void
ch_form_box_class_init (ChFormBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_form_box_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_form_box_finalize;

  signals[SIGNAL_DONE]
      = g_signal_new ("done", CH_TYPE_FORM_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ch_form_box_init (ChFormBox *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->consents = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 24);
}

/**
 * ch_form_box_new:
 * @front: who asks
 * @form: what is asked for
 * @code: (nullable): static: how the code it asks for is had
 * @consents: (nullable): `register` or `login`: whose agreements are to be ticked
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
ch_form_box_new (ChFront *front, const ChForm *form, const ChFormCode *code, const char *consents)
{
  ChFormBox *self = g_object_new (CH_TYPE_FORM_BOX, NULL);
  g_autoptr (GPtrArray) texts = consents != NULL ? ch_front_list_consents (front, consents) : NULL;

  self->front = g_object_ref (front);
  self->form = form;
  self->code = code;
  add_rows (self);
  self->consent_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->consent_box));
  gtk_widget_set_visible (GTK_WIDGET (self->consent_box), FALSE);
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    ch_form_box_add_consent (self, texts->pdata[i]);
  return GTK_WIDGET (self);
}

/**
 * ch_form_box_set_error_bar:
 * @bar: (transfer none): says what belongs to no field
 */
void
ch_form_box_set_error_bar (ChFormBox *self, ChErrorBar *bar)
{
  self->bar = bar;
}

/**
 * ch_form_box_add_consent:
 * @text: an agreement that is to be ticked too
 */
void
ch_form_box_add_consent (ChFormBox *self, const ChConsentText *text)
{
  GtkWidget *row = ch_consent_row_new (text);

  gtk_box_append (self->consent_box, row);
  gtk_widget_set_visible (GTK_WIDGET (self->consent_box), TRUE);
  g_ptr_array_add (self->consents, row);
}

/**
 * ch_form_box_get_row:
 *
 * Returns: (transfer none) (nullable): the rows of a field
 */
ChFieldRow *
ch_form_box_get_row (ChFormBox *self, const char *field)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_strcmp0 (ch_field_row_get_field (self->rows->pdata[i])->id, field) == 0)
      return self->rows->pdata[i];

  return NULL;
}

/**
 * ch_form_box_collect:
 *
 * Returns: (transfer full): what was typed and is no secret: field id → value
 */
GHashTable *
ch_form_box_collect (ChFormBox *self)
{
  GHashTable *answers = ch_wire_map_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChField *field = ch_field_row_get_field (self->rows->pdata[i]);
      char *value = ch_field_is_secret (field) ? NULL : ch_field_row_dup_value (self->rows->pdata[i]);

      if (value != NULL)
        g_hash_table_insert (answers, g_strdup (field->id), value);
    }

  return answers;
}

/**
 * ch_form_box_copy_secret:
 *
 * Returns: (transfer full) (nullable): what was typed into a secret field
 */
ChSecret *
ch_form_box_copy_secret (ChFormBox *self, const char *field)
{
  ChFieldRow *row = ch_form_box_get_row (self, field);

  return row != NULL ? ch_field_row_copy_secret (row) : NULL;
}

void
ch_form_box_clear_secrets (ChFormBox *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_field_is_secret (ch_field_row_get_field (self->rows->pdata[i])))
      ch_field_row_clear_secret (self->rows->pdata[i]);
}

/**
 * ch_form_box_check:
 *
 * Marks every wrong field and every box that is not ticked; the focus goes to the first of them.
 */
gboolean
ch_form_box_check (ChFormBox *self)
{
  g_autoptr (GHashTable) answers = ch_form_box_collect (self);
  ChFieldRow *first = NULL;
  gboolean is_ticked = TRUE;

  if (self->bar != NULL)
    ch_error_bar_hide (self->bar);
  for (guint i = self->consents->len; i > 0; i--)
    is_ticked = ch_consent_row_check (self->consents->pdata[i - 1]) && is_ticked;
  for (guint i = self->rows->len; i > 0; i--)
    {
      ChFieldRow *row = self->rows->pdata[i - 1];
      ChReason reason = check_row (self, row, answers);

      ch_field_row_set_reason (row, reason, NULL);
      if (reason != CH_REASON_OK)
        first = row;
    }
  if (first != NULL)
    ch_field_row_grab_focus (first);

  return first == NULL && is_ticked;
}

/**
 * ch_form_box_show_error:
 *
 * Shows what is said of single fields beside them, everything else in the bar.
 */
void
ch_form_box_show_error (ChFormBox *self, const GError *error)
{
  GPtrArray *fields = ch_error_get_fields (error);
  ChFieldRow *first = NULL;

  for (guint i = fields != NULL ? fields->len : 0; i > 0; i--)
    {
      const ChFieldError *wrong = fields->pdata[i - 1];
      ChFieldRow *row = ch_form_box_get_row (self, wrong->field);

      if (row == NULL)
        continue;
      ch_field_row_set_reason (row, wrong->reason, wrong->remark);
      first = row;
    }
  if (first != NULL)
    ch_field_row_grab_focus (first);
  else if (self->bar != NULL)
    ch_error_bar_show (self->bar, error);
}

/**
 * ch_form_box_focus:
 *
 * Puts the focus on the first empty field.
 */
void
ch_form_box_focus (ChFormBox *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_field_row_is_empty (self->rows->pdata[i]))
      {
        ch_field_row_grab_focus (self->rows->pdata[i]);
        return;
      }
}
