#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-secret.h"
#include "flow/ch-choice.h"
#include "ui/ch-field-message.h"
#include "ui/ch-field-row.h"
#include "ui/ch-format.h"
#include "ui/ch-pick-window.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-secret-row.h"

struct _ChFieldRow
{
  GObject parent_instance;

  const ChField *field;
  char *title;        /* (owned): the label, translated */
  GPtrArray *rows;    /* (owned) (element-type GtkWidget): what stands in the group, without the message */
  GPtrArray *choices; /* (owned) (nullable) (element-type ChChoice) */
  char *value;        /* (owned) (nullable): of what is chosen */
  gboolean filling;   /* the program fills in: no signals */

  ChFieldMessage *message;    /* (owned) */
  AdwPreferencesGroup *group; /* (unowned) (nullable): where the rows stand */
};

G_DEFINE_FINAL_TYPE (ChFieldRow, ch_field_row, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATED,
  SIGNAL_LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef enum
{
  SHAPE_ENTRY,  /* typed */
  SHAPE_SECRET, /* typed, never seen */
  SHAPE_COMBO,  /* chosen among the declared */
  SHAPE_PICK,   /* chosen in a window with search */
  SHAPE_PLANS,  /* chosen among few, of which price or note matters */
} Shape;

/* clang-format off */
static const struct
{
  Shape shape;
  GtkInputPurpose purpose;
} kinds[] = {
  [CH_FIELD_TEXT]       = { SHAPE_ENTRY,  GTK_INPUT_PURPOSE_FREE_FORM },
  [CH_FIELD_CODE]       = { SHAPE_ENTRY,  GTK_INPUT_PURPOSE_ALPHA },
  [CH_FIELD_MOBILE]     = { SHAPE_ENTRY,  GTK_INPUT_PURPOSE_DIGITS },
  [CH_FIELD_PHONE]      = { SHAPE_ENTRY,  GTK_INPUT_PURPOSE_PHONE },
  [CH_FIELD_EMAIL]      = { SHAPE_ENTRY,  GTK_INPUT_PURPOSE_EMAIL },
  [CH_FIELD_CHOICE]     = { SHAPE_COMBO,  0 },
  [CH_FIELD_PROVINCE]   = { SHAPE_PICK,   0 },
  [CH_FIELD_CITY]       = { SHAPE_PICK,   0 },
  [CH_FIELD_PROJECT]    = { SHAPE_PLANS,  0 },
  [CH_FIELD_TERM]       = { SHAPE_PLANS,  0 },
  [CH_FIELD_SECRET]     = { SHAPE_SECRET, 0 },
  [CH_FIELD_NEW_SECRET] = { SHAPE_SECRET, 0 },
  [CH_FIELD_SMS_CODE]   = { SHAPE_SECRET, 0 },
};
/* clang-format on */

static Shape
get_shape (ChFieldRow *self)
{
  return kinds[self->field->kind].shape;
}

static GtkWidget *
get_first (ChFieldRow *self)
{
  return self->rows->len > 0 ? self->rows->pdata[0] : NULL;
}

static void
emit (ChFieldRow *self, guint signal)
{
  if (!self->filling)
    g_signal_emit (self, signals[signal], 0);
}

static const ChChoice *
find_choice (ChFieldRow *self, const char *id)
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
choose (ChFieldRow *self, const char *id)
{
  g_autofree char *copy = g_strdup (id);

  if (g_strcmp0 (self->value, id) == 0)
    return;

  g_free (self->value);
  self->value = g_steal_pointer (&copy);
  emit (self, SIGNAL_CHANGED);
  emit (self, SIGNAL_LEFT);
}

/* Entry */

static void
normalize_entry (ChFieldRow *self)
{
  GtkEditable *entry = GTK_EDITABLE (get_first (self));
  g_autofree char *value = ch_field_normalize (self->field, gtk_editable_get_text (entry));

  if (value != NULL && g_strcmp0 (value, gtk_editable_get_text (entry)) != 0)
    {
      self->filling = TRUE;
      gtk_editable_set_text (entry, value);
      self->filling = FALSE;
    }
}

static void
on_changed_cb (GtkWidget *row, ChFieldRow *self)
{
  emit (self, SIGNAL_CHANGED);
}

static void
on_entry_left_cb (GtkEventControllerFocus *focus, ChFieldRow *self)
{
  normalize_entry (self);
  emit (self, SIGNAL_LEFT);
}

static void
on_activated_cb (GtkWidget *row, ChFieldRow *self)
{
  if (get_shape (self) == SHAPE_ENTRY)
    normalize_entry (self);
  emit (self, SIGNAL_ACTIVATED);
}

static void
build_entry (ChFieldRow *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ENTRY_ROW, "use-markup", FALSE, "title", self->title,
                                 "input-purpose", kinds[self->field->kind].purpose, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  if (self->field->hint != NULL)
    gtk_widget_set_tooltip_text (row, _ (self->field->hint));
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed_cb), self, 0);
  g_signal_connect_object (row, "entry-activated", G_CALLBACK (on_activated_cb), self, 0);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_entry_left_cb), self, 0);
  gtk_widget_add_controller (row, focus);
  g_ptr_array_add (self->rows, g_object_ref_sink (row));
}

/* Secret */

static void
on_secret_left_cb (GtkWidget *row, ChFieldRow *self)
{
  /* Of two, only the second one left asks for a check, else the first is told that they differ */
  if (self->rows->len == 1 || row == self->rows->pdata[1])
    emit (self, SIGNAL_LEFT);
}

static void
on_secret_activated_cb (GtkWidget *row, ChFieldRow *self)
{
  if (self->rows->len > 1 && row == self->rows->pdata[0])
    gtk_widget_grab_focus (self->rows->pdata[1]);
  else
    emit (self, SIGNAL_ACTIVATED);
}

static void
build_secret (ChFieldRow *self)
{
  gboolean twice = self->field->kind == CH_FIELD_NEW_SECRET;

  for (guint i = 0; i < (twice ? 2 : 1); i++)
    {
      /* Translators: %s is the name of a field: Password (again) */
      g_autofree char *title
          = i == 0 ? g_strdup (self->title) : g_strdup_printf (_ ("%s (again)"), _ (self->field->label));
      GtkWidget *row = ch_secret_row_new (title);

      ch_secret_row_set_max_length (CH_SECRET_ROW (row), self->field->max);
      ch_secret_row_set_digits (CH_SECRET_ROW (row), self->field->kind == CH_FIELD_SMS_CODE);
      if (self->field->hint != NULL)
        gtk_widget_set_tooltip_text (row, _ (self->field->hint));
      g_signal_connect_object (row, "changed", G_CALLBACK (on_changed_cb), self, 0);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_secret_activated_cb), self, 0);
      g_signal_connect_object (row, "left", G_CALLBACK (on_secret_left_cb), self, 0);
      g_ptr_array_add (self->rows, g_object_ref_sink (row));
    }
}

/* Combo */

static void
on_selected_cb (AdwComboRow *row, GParamSpec *pspec, ChFieldRow *self)
{
  guint selected = adw_combo_row_get_selected (row);

  if (!self->filling && self->choices != NULL && selected < self->choices->len)
    choose (self, ((const ChChoice *) self->choices->pdata[selected])->id);
}

static void
build_combo (ChFieldRow *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "use-markup", FALSE, "title", self->title,
                                 "use-subtitle", TRUE, NULL);

  gtk_widget_add_css_class (row, "ch-property");
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_selected_cb), self, 0);
  g_ptr_array_add (self->rows, g_object_ref_sink (row));
}

static void
refresh_combo (ChFieldRow *self)
{
  AdwComboRow *row = ADW_COMBO_ROW (get_first (self));
  guint selected = GTK_INVALID_LIST_POSITION;

  if (self->choices == NULL)
    return;

  for (guint i = 0; i < self->choices->len; i++)
    if (g_strcmp0 (((const ChChoice *) self->choices->pdata[i])->id, self->value) == 0)
      selected = i;
  self->filling = TRUE;
  adw_combo_row_set_selected (row, selected);
  self->filling = FALSE;
}

/* Pick */

static void
on_picked_cb (ChPickWindow *window, const char *id, ChFieldRow *self)
{
  ch_field_row_set_value (self, id);
  emit (self, SIGNAL_CHANGED);
  emit (self, SIGNAL_LEFT);
}

static void
on_pick_clicked_cb (GtkButton *button, ChFieldRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (button));
  ChPickWindow *window;

  if (self->choices == NULL)
    return;

  window = ch_pick_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->title, self->choices,
                               self->value);
  g_signal_connect_object (window, "picked", G_CALLBACK (on_picked_cb), self, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static void
build_pick (ChFieldRow *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", self->title,
                                 "activatable-widget", button, NULL);
  /* Translators: %s is the name of a field: Choose: City */
  g_autofree char *name = g_strdup_printf (_ ("Choose: %s"), _ (self->field->label));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  /* One stop for Tab: the row does the same */
  gtk_widget_set_focusable (button, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_pick_clicked_cb), self, 0);
  g_ptr_array_add (self->rows, g_object_ref_sink (row));
}

static void
refresh_pick (ChFieldRow *self)
{
  GtkWidget *row = get_first (self);
  const ChChoice *choice = find_choice (self, self->value);

  /* Like an entry row: the title is small only above a value */
  if (choice != NULL)
    gtk_widget_add_css_class (row, "ch-property");
  else
    gtk_widget_remove_css_class (row, "ch-property");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), choice != NULL ? choice->label : "");
  gtk_widget_set_sensitive (row, self->choices != NULL && self->choices->len > 0);
}

/* Plans */

static void
on_plan_chosen_cb (ChPlanRow *row, ChFieldRow *self)
{
  if (!self->filling)
    choose (self, ch_plan_row_get_id (row));
}

static void
remove_rows (ChFieldRow *self)
{
  for (guint i = 0; self->group != NULL && i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
build_plans (ChFieldRow *self)
{
  AdwPreferencesGroup *group = self->group;

  /* Rows can only be appended to a group: the message is taken away and comes last again */
  if (group != NULL)
    adw_preferences_group_remove (group, GTK_WIDGET (self->message));
  remove_rows (self);
  self->group = NULL;

  for (guint i = 0; self->choices != NULL && i < self->choices->len; i++)
    {
      const ChChoice *choice = self->choices->pdata[i];
      g_autofree char *price = choice->fen > 0 ? ch_format_fen (choice->fen) : NULL;
      g_autofree char *end = choice->end > 0 ? ch_format_date (choice->end) : NULL;
      /* Translators: %s is a date, to which a certificate would be valid: until 14 December 2026 */
      g_autofree char *note = end != NULL ? g_strdup_printf (_ ("until %s"), end) : g_strdup (choice->note);
      GtkWidget *row = ch_plan_row_new (choice->id, choice->label, note, price);

      if (i > 0)
        ch_plan_row_join (CH_PLAN_ROW (row), CH_PLAN_ROW (get_first (self)));
      g_signal_connect_object (row, "chosen", G_CALLBACK (on_plan_chosen_cb), self, 0);
      g_ptr_array_add (self->rows, g_object_ref_sink (row));
    }

  if (group != NULL)
    ch_field_row_add_to (self, group);
}

static void
refresh_plans (ChFieldRow *self)
{
  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    ch_plan_row_set_chosen (self->rows->pdata[i],
                            g_strcmp0 (ch_plan_row_get_id (self->rows->pdata[i]), self->value) == 0);
  self->filling = FALSE;
}

/* All */

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

  for (gsize i = 0; i < N_SIGNALS; i++)
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
  static void (*const builders[]) (ChFieldRow *) = {
    [SHAPE_ENTRY] = build_entry, [SHAPE_SECRET] = build_secret, [SHAPE_COMBO] = build_combo,
    [SHAPE_PICK] = build_pick,   [SHAPE_PLANS] = build_plans,
  };
  ChFieldRow *self = g_object_new (CH_TYPE_FIELD_ROW, NULL);

  self->field = field;
  /* Translators: %s is the name of a field that may be left empty: E-mail (optional) */
  self->title = field->optional ? g_strdup_printf (_ ("%s (optional)"), _ (field->label))
                                : g_strdup (_ (field->label));
  builders[get_shape (self)](self);
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

static gboolean
is_same_choices (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const ChChoice *one = a->pdata[i];
      const ChChoice *other = b->pdata[i];

      if (g_strcmp0 (one->id, other->id) != 0 || one->fen != other->fen)
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

  if (get_shape (self) == SHAPE_COMBO)
    {
      labels = gtk_string_list_new (NULL);
      for (guint i = 0; i < choices->len; i++)
        gtk_string_list_append (labels, ((const ChChoice *) choices->pdata[i])->label);
      self->filling = TRUE;
      adw_combo_row_set_model (ADW_COMBO_ROW (get_first (self)), G_LIST_MODEL (labels));
      self->filling = FALSE;
    }
  else if (get_shape (self) == SHAPE_PLANS)
    build_plans (self);

  if (find_choice (self, self->value) == NULL)
    g_clear_pointer (&self->value, g_free);
  ch_field_row_set_value (self, self->value);
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

  switch (get_shape (self))
    {
    case SHAPE_ENTRY:
      return ch_field_normalize (self->field, gtk_editable_get_text (GTK_EDITABLE (get_first (self))));
    case SHAPE_SECRET:
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

  switch (get_shape (self))
    {
    case SHAPE_ENTRY:
      self->filling = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (get_first (self)), value != NULL ? value : "");
      self->filling = FALSE;
      break;
    case SHAPE_COMBO:
      refresh_combo (self);
      break;
    case SHAPE_PICK:
      refresh_pick (self);
      break;
    case SHAPE_PLANS:
      refresh_plans (self);
      break;
    case SHAPE_SECRET:
      break;
    }
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

  if (get_shape (self) == SHAPE_SECRET)
    return ch_secret_row_get_length (CH_SECRET_ROW (get_first (self))) == 0;
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

  return ch_field_row_is_empty (self) ? NULL : ch_secret_row_copy (CH_SECRET_ROW (get_first (self)));
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
  message = text != NULL ? GTK_WIDGET (self->message) : NULL;
  /* The message stands below the last row of the field; of radio rows none is to be blamed */
  if (get_shape (self) == SHAPE_PLANS)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    mark_row (self->rows->pdata[i], message);
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

  row = get_first (self);
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

  row = get_first (self);
  for (guint i = 0; get_shape (self) == SHAPE_PLANS && i < self->rows->len; i++)
    if (ch_plan_row_get_chosen (self->rows->pdata[i]))
      row = self->rows->pdata[i];
  if (row != NULL)
    gtk_widget_grab_focus (row);
}
