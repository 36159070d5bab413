#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-field-row-private.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-secret-row.h"

G_DEFINE_FINAL_TYPE (ChFieldRow, ch_field_row, G_TYPE_OBJECT)

static guint signals[CH_FIELD_ROW_N_SIGNALS];

GtkWidget *
ch_field_row_get_first (ChFieldRow *self)
{
  return self->rows->len > 0 ? self->rows->pdata[0] : NULL;
}

void
ch_field_row_emit (ChFieldRow *self, guint signal)
{
  if (!self->filling)
    g_signal_emit (self, signals[signal], 0);
}

const ChChoice *
ch_field_row_find_choice (ChFieldRow *self, const char *id)
{
  for (guint i = 0; self->choices != NULL && i < self->choices->len; i++)
    {
      const ChChoice *choice = self->choices->pdata[i];

      if (g_strcmp0 (choice->id, id) == 0)
        return choice;
    }

  return NULL;
}

static void
ch_field_row_dispose (GObject *object)
{
  ChFieldRow *self = CH_FIELD_ROW (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (ch_field_row_parent_class)->dispose (object);
}

static void
ch_field_row_finalize (GObject *object)
{
  ChFieldRow *self = CH_FIELD_ROW (object);

  g_free (self->title);
  g_free (self->value);
  G_OBJECT_CLASS (ch_field_row_parent_class)->finalize (object);
}

static void
ch_field_row_class_init (ChFieldRowClass *klass)
{
  static const char *const names[] = { "changed", "activated", "left" };

  G_OBJECT_CLASS (klass)->dispose = ch_field_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_field_row_finalize;

  for (gsize i = 0; i < CH_FIELD_ROW_N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ch_field_row_init (ChFieldRow *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->message = g_object_ref_sink (CH_FIELD_MESSAGE (ch_field_message_new ()));
}

/**
 * ch_field_row_new:
 * @field: its declaration
 *
 * Returns: (transfer full): the rows of @field, to be added to a group
 */
ChFieldRow *
ch_field_row_new (const ChField *field)
{
  ChFieldRow *self = g_object_new (CH_TYPE_FIELD_ROW, NULL);

  self->field = field;
  /* Translators: %s is the name of a field that may be left empty: E-mail (optional) */
  self->title = field->optional ? g_strdup_printf (_ ("%s (optional)"), _ (field->label))
                                : g_strdup (_ (field->label));
  ch_field_row_build (self);
  return self;
}

/**
 * ch_field_row_get_field:
 *
 * Returns: (transfer none): its declaration
 */
const ChField *
ch_field_row_get_field (ChFieldRow *self)
{
  g_return_val_if_fail (CH_IS_FIELD_ROW (self), NULL);

  return self->field;
}

/**
 * ch_field_row_add_to:
 * @group: where the rows are appended. A project or term must be the last field of its group.
 */
void
ch_field_row_add_to (ChFieldRow *self, AdwPreferencesGroup *group)
{
  g_return_if_fail (CH_IS_FIELD_ROW (self));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_add (group, self->rows->pdata[i]);
  adw_preferences_group_add (group, GTK_WIDGET (self->message));
  self->group = group;
}

/* A group of which nothing is left goes too: the message below the rows is always there */
static void
refresh_group (ChFieldRow *self)
{
  GtkWidget *list = gtk_widget_get_parent (GTK_WIDGET (self->message));
  gboolean has_any = FALSE;

  if (self->group == NULL || list == NULL)
    return;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    has_any = has_any || gtk_widget_get_visible (row);
  gtk_widget_set_visible (GTK_WIDGET (self->group), has_any);
}

static gboolean
is_same_choices (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const ChChoice *one = a->pdata[i];
      const ChChoice *other = b->pdata[i];

      if (g_strcmp0 (one->id, other->id) != 0 || one->fen != other->fen
          || g_strcmp0 (one->why, other->why) != 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * ch_field_row_set_choices:
 * @choices: (element-type ChChoice): what can be chosen now
 *
 * A value that is no longer among them is dropped.
 */
void
ch_field_row_set_choices (ChFieldRow *self, GPtrArray *choices)
{
  g_autoptr (GtkStringList) labels = NULL;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  if (is_same_choices (self->choices, choices))
    return;

  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = g_ptr_array_ref (choices);

  if (ch_field_row_get_shape (self) == CH_SHAPE_COMBO)
    {
      labels = gtk_string_list_new (NULL);
      for (guint i = 0; i < choices->len; i++)
        gtk_string_list_append (labels, ((const ChChoice *) choices->pdata[i])->label);
      self->filling = TRUE;
      adw_combo_row_set_model (ADW_COMBO_ROW (ch_field_row_get_first (self)), G_LIST_MODEL (labels));
      self->filling = FALSE;
    }
  else if (ch_field_row_get_shape (self) == CH_SHAPE_PLANS)
    ch_field_row_build_plans (self);

  if (ch_field_row_find_choice (self, self->value) == NULL)
    g_clear_pointer (&self->value, g_free);
  ch_field_row_set_value (self, self->value);
  refresh_group (self);
}

/**
 * ch_field_row_dup_value:
 *
 * Returns: (transfer full) (nullable): what was typed or chosen, mended as ch_field_normalize() does
 */
char *
ch_field_row_dup_value (ChFieldRow *self)
{
  g_return_val_if_fail (CH_IS_FIELD_ROW (self), NULL);

  switch (ch_field_row_get_shape (self))
    {
    case CH_SHAPE_ENTRY:
      return ch_field_normalize (self->field,
                                 gtk_editable_get_text (GTK_EDITABLE (ch_field_row_get_first (self))));
    case CH_SHAPE_SECRET:
      return NULL;
    default:
      return g_strdup (self->value);
    }
}

/**
 * ch_field_row_set_value:
 * @value: (nullable): what is to be shown; no signal is emitted
 */
void
ch_field_row_set_value (ChFieldRow *self, const char *value)
{
  char *copy;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  copy = g_strdup (value);
  g_free (self->value);
  self->value = copy;

  ch_field_row_show_value (self);
}

/**
 * ch_field_row_is_empty:
 *
 * Returns: whether nothing was typed or chosen yet
 */
gboolean
ch_field_row_is_empty (ChFieldRow *self)
{
  g_autofree char *value = ch_field_row_dup_value (self);

  if (ch_field_row_get_shape (self) == CH_SHAPE_SECRET)
    return ch_secret_row_get_length (CH_SECRET_ROW (ch_field_row_get_first (self))) == 0;
  return value == NULL || *value == 0;
}

/**
 * ch_field_row_check_secret:
 *
 * Returns: what is wrong with a secret as far as the window can know: it is missing, or the two entries
 * differ
 */
ChReason
ch_field_row_check_secret (ChFieldRow *self)
{
  g_return_val_if_fail (CH_IS_FIELD_ROW (self), CH_REASON_OK);

  if (ch_field_row_is_empty (self))
    return CH_REASON_MISSING;
  if (self->rows->len > 1 && !ch_secret_row_is_equal (self->rows->pdata[0], self->rows->pdata[1]))
    return CH_REASON_NOT_EQUAL;
  return CH_REASON_OK;
}

/**
 * ch_field_row_copy_secret:
 *
 * Returns: (transfer full) (nullable): the secret that was typed; it stays in the row
 */
ChSecret *
ch_field_row_copy_secret (ChFieldRow *self)
{
  g_return_val_if_fail (CH_IS_FIELD_ROW (self), NULL);

  return ch_field_row_is_empty (self) ? NULL
                                      : ch_secret_row_copy (CH_SECRET_ROW (ch_field_row_get_first (self)));
}

/**
 * ch_field_row_clear_secret:
 *
 * Wipes what was typed into the rows of a secret.
 */
void
ch_field_row_clear_secret (ChFieldRow *self)
{
  g_return_if_fail (CH_IS_FIELD_ROW (self));

  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    ch_secret_row_clear (self->rows->pdata[i]);
  self->filling = FALSE;
}

/* How long a code is now helps to find what is missing */
static char *
say_reason (ChFieldRow *self, ChReason reason)
{
  const char *text = _ (ch_reason_get_text (reason));
  g_autofree char *value = NULL;
  glong n;

  if (reason != CH_REASON_USCC_LENGTH && reason != CH_REASON_ID_LENGTH)
    return g_strdup (text);

  value = ch_field_row_dup_value (self);
  n = value != NULL ? g_utf8_strlen (value, -1) : 0;
  /* Translators: %s is a sentence: It must have 18 characters. %ld is how many it has */
  return g_strdup_printf (ngettext ("%s It has %ld now.", "%s It has %ld now.", (gulong) n), text, n);
}

/**
 * ch_field_row_set_reason:
 * @reason: what is wrong; %CH_REASON_OK takes the message away
 * @remark: (nullable): a reviewer’s words, shown instead of the reason
 */
void
ch_field_row_set_reason (ChFieldRow *self, ChReason reason, const char *remark)
{
  g_autofree char *text = NULL;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  if (reason != CH_REASON_OK)
    text = remark != NULL && *remark != 0 ? g_strdup (remark) : say_reason (self, reason);
  ch_field_row_set_message (self, text);
}

static void
mark_row (GtkWidget *row, GtkWidget *message)
{
  if (CH_IS_SECRET_ROW (row))
    {
      ch_secret_row_set_wrong (CH_SECRET_ROW (row), message);
      return;
    }

  if (message == NULL)
    {
      gtk_widget_remove_css_class (row, "error");
      gtk_widget_remove_css_class (row, "ch-has-message");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
      return;
    }

  gtk_widget_add_css_class (row, "error");
  gtk_widget_add_css_class (row, "ch-has-message");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, message, NULL,
                                  -1);
}

/**
 * ch_field_row_set_message:
 * @text: (nullable): what is wrong, in the user’s language; %NULL takes the message away
 */
void
ch_field_row_set_message (ChFieldRow *self, const char *text)
{
  GtkWidget *message;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  ch_field_message_set_text (self->message, text);
  refresh_group (self);
  message = text != NULL ? GTK_WIDGET (self->message) : NULL;
  /* The message stands below the last row of the field; of radio rows none is to be blamed */
  if (ch_field_row_get_shape (self) == CH_SHAPE_PLANS)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    {
      mark_row (self->rows->pdata[i], message);
      /* While something is wrong, that is read out instead of the hint */
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows->pdata[i]),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      text != NULL                ? text
                                      : self->field->hint != NULL ? _ (self->field->hint)
                                                                  : "",
                                      -1);
    }
  if (message != NULL && self->rows->len > 1)
    gtk_widget_remove_css_class (self->rows->pdata[0], "ch-has-message");
}

/**
 * ch_field_row_is_wrong:
 *
 * Returns: whether a message is shown
 */
gboolean
ch_field_row_is_wrong (ChFieldRow *self)
{
  g_return_val_if_fail (CH_IS_FIELD_ROW (self), FALSE);

  return ch_field_message_get_text (self->message) != NULL;
}

/**
 * ch_field_row_add_suffix:
 * @widget: (transfer floating): goes to the end of the first row, in place of the pencil
 */
void
ch_field_row_add_suffix (ChFieldRow *self, GtkWidget *widget)
{
  GtkWidget *row;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  row = ch_field_row_get_first (self);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  if (CH_IS_SECRET_ROW (row))
    ch_secret_row_add_suffix (CH_SECRET_ROW (row), widget);
  else if (ADW_IS_ENTRY_ROW (row))
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), widget);
  else
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  gtk_widget_add_css_class (row, "ch-own-suffix");
}

/**
 * ch_field_row_grab_focus:
 *
 * Moves the focus to what is to be typed or chosen.
 */
void
ch_field_row_grab_focus (ChFieldRow *self)
{
  GtkWidget *row;

  g_return_if_fail (CH_IS_FIELD_ROW (self));

  row = ch_field_row_get_first (self);
  for (guint i = 0; ch_field_row_get_shape (self) == CH_SHAPE_PLANS && i < self->rows->len; i++)
    if (ch_plan_row_get_chosen (self->rows->pdata[i]))
      row = self->rows->pdata[i];
  if (row != NULL)
    gtk_widget_grab_focus (row);
}

/**
 * ch_field_row_set_visible:
 *
 * Shows or hides the field; a group of which nothing is left goes with it.
 */
void
ch_field_row_set_visible (ChFieldRow *self, gboolean visible)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (self->rows->pdata[i], visible);
  if (!visible)
    ch_field_row_set_reason (self, CH_REASON_OK, NULL);
  refresh_group (self);
}

gboolean
ch_field_row_get_visible (ChFieldRow *self)
{
  GtkWidget *first = ch_field_row_get_first (self);

  return first != NULL && gtk_widget_get_visible (first);
}
