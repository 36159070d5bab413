#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-field-row-private.h"
#include "front/ch-format.h"
#include "ui/ch-pick-window.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-secret-row.h"

/* The rows of a field by its kind: how they are made, and how a value is shown in them */

/* clang-format off */
static const struct
{
  ChShape shape;
  GtkInputPurpose purpose;
} kinds[] = {
  [CH_FIELD_TEXT]       = { CH_SHAPE_ENTRY,  GTK_INPUT_PURPOSE_FREE_FORM },
  [CH_FIELD_CODE]       = { CH_SHAPE_ENTRY,  GTK_INPUT_PURPOSE_ALPHA },
  [CH_FIELD_MOBILE]     = { CH_SHAPE_ENTRY,  GTK_INPUT_PURPOSE_DIGITS },
  [CH_FIELD_PHONE]      = { CH_SHAPE_ENTRY,  GTK_INPUT_PURPOSE_PHONE },
  [CH_FIELD_EMAIL]      = { CH_SHAPE_ENTRY,  GTK_INPUT_PURPOSE_EMAIL },
  [CH_FIELD_CHOICE]     = { CH_SHAPE_COMBO,  0 },
  [CH_FIELD_PROVINCE]   = { CH_SHAPE_PICK,   0 },
  [CH_FIELD_CITY]       = { CH_SHAPE_PICK,   0 },
  [CH_FIELD_PROJECT]    = { CH_SHAPE_PLANS,  0 },
  [CH_FIELD_TERM]       = { CH_SHAPE_PLANS,  0 },
  [CH_FIELD_CERTIFICATE] = { CH_SHAPE_PLANS, 0 },
  [CH_FIELD_MEDIUM]     = { CH_SHAPE_PLANS,  0 },
  [CH_FIELD_SUBJECT]    = { CH_SHAPE_PLANS,  0 },
  [CH_FIELD_SECRET]     = { CH_SHAPE_SECRET, 0 },
  [CH_FIELD_NEW_SECRET] = { CH_SHAPE_SECRET, 0 },
  [CH_FIELD_SMS_CODE]   = { CH_SHAPE_SECRET, 0 },
};
/* clang-format on */

static void
choose (ChFieldRow *self, const char *id)
{
  g_autofree char *copy = g_strdup (id);

  if (g_strcmp0 (self->value, id) == 0)
    return;

  g_free (self->value);
  self->value = g_steal_pointer (&copy);
  ch_field_row_emit (self, CH_FIELD_ROW_CHANGED);
  ch_field_row_emit (self, CH_FIELD_ROW_LEFT);
}

/* Entry */

static void
normalize_entry (ChFieldRow *self)
{
  GtkEditable *entry = GTK_EDITABLE (ch_field_row_get_first (self));
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
  ch_field_row_emit (self, CH_FIELD_ROW_CHANGED);
}

static void
on_entry_left_cb (GtkEventControllerFocus *focus, ChFieldRow *self)
{
  normalize_entry (self);
  ch_field_row_emit (self, CH_FIELD_ROW_LEFT);
}

static void
on_activated_cb (GtkWidget *row, ChFieldRow *self)
{
  if (ch_field_row_get_shape (self) == CH_SHAPE_ENTRY)
    normalize_entry (self);
  ch_field_row_emit (self, CH_FIELD_ROW_ACTIVATED);
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
    ch_field_row_emit (self, CH_FIELD_ROW_LEFT);
}

static void
on_secret_activated_cb (GtkWidget *row, ChFieldRow *self)
{
  if (self->rows->len > 1 && row == self->rows->pdata[0])
    gtk_widget_grab_focus (self->rows->pdata[1]);
  else
    ch_field_row_emit (self, CH_FIELD_ROW_ACTIVATED);
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
  AdwComboRow *row = ADW_COMBO_ROW (ch_field_row_get_first (self));
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
  ch_field_row_emit (self, CH_FIELD_ROW_CHANGED);
  ch_field_row_emit (self, CH_FIELD_ROW_LEFT);
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
  /* Its own name instead of the row’s title, which would be added to it */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_pick_clicked_cb), self, 0);
  g_ptr_array_add (self->rows, g_object_ref_sink (row));
}

static void
refresh_pick (ChFieldRow *self)
{
  GtkWidget *row = ch_field_row_get_first (self);
  const ChChoice *choice = ch_field_row_find_choice (self, self->value);

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

/* Returns: (transfer full) (nullable): what stands under the name: what it is, until when, why not */
static char *
join_notes (const ChChoice *choice, const char *until)
{
  const char *const notes[] = { choice->note, until, choice->why };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    if (notes[i] != NULL)
      g_strv_builder_add (builder, notes[i]);
  parts = g_strv_builder_end (builder);
  return parts[0] != NULL ? g_strjoinv (" · ", parts) : NULL;
}

void
ch_field_row_build_plans (ChFieldRow *self)
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
      g_autofree char *until = end != NULL ? g_strdup_printf (_ ("until %s"), end) : NULL;
      g_autofree char *note = join_notes (choice, until);
      GtkWidget *row = ch_plan_row_new (choice->id, choice->label, note, price);

      gtk_widget_set_sensitive (row, choice->why == NULL);

      if (i > 0)
        ch_plan_row_join (CH_PLAN_ROW (row), CH_PLAN_ROW (ch_field_row_get_first (self)));
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

ChShape
ch_field_row_get_shape (ChFieldRow *self)
{
  return kinds[self->field->kind].shape;
}

/* Makes the rows of a new field */
void
ch_field_row_build (ChFieldRow *self)
{
  static void (*const builders[]) (ChFieldRow *) = {
    [CH_SHAPE_ENTRY] = build_entry,
    [CH_SHAPE_SECRET] = build_secret,
    [CH_SHAPE_COMBO] = build_combo,
    [CH_SHAPE_PICK] = build_pick,
    [CH_SHAPE_PLANS] = ch_field_row_build_plans,
  };

  builders[ch_field_row_get_shape (self)](self);
}

/* Shows the value the field has now; no signal is emitted */
void
ch_field_row_show_value (ChFieldRow *self)
{
  switch (ch_field_row_get_shape (self))
    {
    case CH_SHAPE_ENTRY:
      self->filling = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (ch_field_row_get_first (self)),
                             self->value != NULL ? self->value : "");
      self->filling = FALSE;
      break;
    case CH_SHAPE_COMBO:
      refresh_combo (self);
      break;
    case CH_SHAPE_PICK:
      refresh_pick (self);
      break;
    case CH_SHAPE_PLANS:
      refresh_plans (self);
      break;
    case CH_SHAPE_SECRET:
      break;
    }
}
