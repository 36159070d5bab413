#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "front/ch-needs.h"
#include "ui/ch-needs-window.h"
#include "ui/ch-text-print.h"

/* The axes there is a choice of; the business was chosen before */
typedef enum
{
  AXIS_SUBJECT,
  AXIS_MEDIUM,
  AXIS_SETTLEMENT,
  N_AXES
} Axis;

struct _ChNeedsWindow
{
  AdwWindow parent_instance;

  ChFront *front;         /* (owned) */
  GPtrArray *flows;       /* (element-type ChFlow): of the business */
  const ChFlow *flow;     /* the one that is shown */
  GPtrArray *needs;       /* (element-type ChNeed) (nullable): of it */
  GArray *values[N_AXES]; /* (element-type guint): what the rows of each box stand for */
  gboolean filling;

  AdwComboRow *boxes[N_AXES]; /* template children */
  AdwToastOverlay *toasts;    /* template child */
  AdwWindowTitle *title;      /* template child */
  GtkWidget *choices;         /* template child */
  GtkBox *groups;             /* template child */
  GtkWidget *begin;           /* template child */
};

G_DEFINE_FINAL_TYPE (ChNeedsWindow, ch_needs_window, ADW_TYPE_WINDOW)

static guint
get_value (const ChAxes *axes, Axis axis)
{
  return axis == AXIS_SUBJECT ? axes->subject : axis == AXIS_MEDIUM ? axes->medium : axes->settlement;
}

static void
set_value (ChAxes *axes, Axis axis, guint value)
{
  if (axis == AXIS_SUBJECT)
    axes->subject = value;
  else if (axis == AXIS_MEDIUM)
    axes->medium = value;
  else
    axes->settlement = value;
}

static const char *
get_title (Axis axis, guint value)
{
  return axis == AXIS_SUBJECT  ? ch_subject_get_title (value)
         : axis == AXIS_MEDIUM ? ch_medium_get_title (value)
                               : ch_settlement_get_title (value);
}

static gboolean
has_value (GArray *values, guint value, guint *index)
{
  for (guint i = 0; i < values->len; i++)
    if (g_array_index (values, guint, i) == value)
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

/* What can be chosen beside the subject depends on it */
static GArray *
list_values (ChNeedsWindow *self, Axis axis)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->flows->len; i++)
    {
      const ChFlow *flow = self->flows->pdata[i];
      guint value = get_value (&flow->axes, axis), index;

      if ((axis == AXIS_SUBJECT || flow->axes.subject == self->flow->axes.subject)
          && !has_value (values, value, &index))
        g_array_append_val (values, value);
    }
  return values;
}

static gboolean
is_same (GArray *a, GArray *b)
{
  return a->len == b->len && memcmp (a->data, b->data, a->len * sizeof (guint)) == 0;
}

/* The model of a box that is just telling of a choice must stay as it is */
static void
fill_box (ChNeedsWindow *self, Axis axis)
{
  g_autoptr (GArray) values = list_values (self, axis);
  guint selected = 0;

  if (!is_same (values, self->values[axis]))
    {
      g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

      for (guint i = 0; i < values->len; i++)
        gtk_string_list_append (titles, _ (get_title (axis, g_array_index (values, guint, i))));
      g_array_unref (self->values[axis]);
      self->values[axis] = g_array_ref (values);
      adw_combo_row_set_model (self->boxes[axis], G_LIST_MODEL (titles));
    }
  if (has_value (values, get_value (&self->flow->axes, axis), &selected)
      && adw_combo_row_get_selected (self->boxes[axis]) != selected)
    adw_combo_row_set_selected (self->boxes[axis], selected);
  gtk_widget_set_visible (GTK_WIDGET (self->boxes[axis]), values->len > 1);
}

static GtkWidget *
make_row (const ChNeed *need, guint number)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = ch_need_format_title (need);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (need->detail != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), need->detail);
  if (need->part == CH_NEED_STEPS)
    {
      g_autofree char *text = g_strdup_printf ("%u", number);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);
    }
  if (need->value != NULL)
    {
      GtkWidget *label = gtk_label_new (need->value);

      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  return row;
}

static void
refresh_groups (ChNeedsWindow *self)
{
  AdwPreferencesGroup *group = NULL;
  int part = -1;
  guint number = 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))) != NULL)
    gtk_box_remove (self->groups, child);
  for (guint i = 0; i < self->needs->len; i++)
    {
      const ChNeed *need = self->needs->pdata[i];

      if ((int) need->part != part)
        {
          group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
          adw_preferences_group_set_title (group, _ (ch_need_part_get_title (need->part)));
          gtk_box_append (self->groups, GTK_WIDGET (group));
          number = 0;
        }
      part = need->part;
      adw_preferences_group_add (group, make_row (need, ++number));
    }
}

static void
show_flow (ChNeedsWindow *self, const ChFlow *flow)
{
  self->flow = flow;
  self->filling = TRUE;
  for (Axis axis = 0; axis < N_AXES; axis++)
    fill_box (self, axis);
  self->filling = FALSE;
  gtk_widget_set_visible (self->choices, self->flows->len > 1);

  g_clear_pointer (&self->needs, g_ptr_array_unref);
  self->needs = ch_needs_list (flow, ch_front_get_profile (self->front));
  adw_window_title_set_subtitle (self->title, _ (flow->title));
  refresh_groups (self);
}

static void
on_chosen_cb (AdwComboRow *row, GParamSpec *pspec, ChNeedsWindow *self)
{
  ChAxes axes;
  const ChFlow *flow;

  if (self->filling || self->flow == NULL)
    return;

  axes = self->flow->axes;
  for (Axis axis = 0; axis < N_AXES; axis++)
    {
      guint selected = adw_combo_row_get_selected (self->boxes[axis]);

      if (selected < self->values[axis]->len)
        set_value (&axes, axis, g_array_index (self->values[axis], guint, selected));
    }
  flow = ch_needs_find_flow (self->flows, &axes);
  if (flow != NULL && flow != self->flow)
    show_flow (self, flow);
}

static char *
format_text (ChNeedsWindow *self)
{
  return ch_needs_format (self->needs, self->flow, ch_front_get_profile (self->front));
}

static void
on_copy_cb (GtkButton *button, ChNeedsWindow *self)
{
  g_autofree char *text = format_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (_ ("Copied")));
}

static void
on_print_cb (GtkButton *button, ChNeedsWindow *self)
{
  g_autofree char *text = format_text (self);

  ch_text_print (GTK_WINDOW (self), gtk_window_get_title (GTK_WINDOW (self)), text);
}

static void
on_begin_cb (GtkButton *button, ChNeedsWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *business = ch_wire_enum_get_id (&ChBusiness_enum, self->flow->axes.business);

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.start", "s", business);
  gtk_window_close (GTK_WINDOW (self));
}

static void
ch_needs_window_dispose (GObject *object)
{
  ChNeedsWindow *self = CH_NEEDS_WINDOW (object);

  self->flow = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_NEEDS_WINDOW);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_needs_window_parent_class)->dispose (object);
}

static void
ch_needs_window_finalize (GObject *object)
{
  ChNeedsWindow *self = CH_NEEDS_WINDOW (object);

  g_clear_pointer (&self->flows, g_ptr_array_unref);
  g_clear_pointer (&self->needs, g_ptr_array_unref);
  for (Axis axis = 0; axis < N_AXES; axis++)
    g_array_unref (self->values[axis]);
  G_OBJECT_CLASS (ch_needs_window_parent_class)->finalize (object);
}

static void
ch_needs_window_class_init (ChNeedsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_needs_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_needs_window_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-needs-window"));
  gtk_widget_class_bind_template_child_full (widget_class, "subject", FALSE,
                                             G_STRUCT_OFFSET (ChNeedsWindow, boxes[AXIS_SUBJECT]));
  gtk_widget_class_bind_template_child_full (widget_class, "medium", FALSE,
                                             G_STRUCT_OFFSET (ChNeedsWindow, boxes[AXIS_MEDIUM]));
  gtk_widget_class_bind_template_child_full (widget_class, "settlement", FALSE,
                                             G_STRUCT_OFFSET (ChNeedsWindow, boxes[AXIS_SETTLEMENT]));
  gtk_widget_class_bind_template_child (widget_class, ChNeedsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChNeedsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ChNeedsWindow, choices);
  gtk_widget_class_bind_template_child (widget_class, ChNeedsWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, ChNeedsWindow, begin);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_print_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_begin_cb);
}

static void
ch_needs_window_init (ChNeedsWindow *self)
{
  for (Axis axis = 0; axis < N_AXES; axis++)
    self->values[axis] = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_needs_window_new:
 * @front: that knows the CA
 * @business: what somebody wants to do
 * @parent: the window it stands before; Begin starts the business there
 *
 * Returns: (transfer none) (nullable): a window, not shown yet; %NULL when the CA does not offer @business
 */
GtkWidget *
ch_needs_window_new (ChFront *front, ChBusiness business, GtkWindow *parent)
{
  const ChProfile *profile = ch_front_get_profile (front);
  g_autoptr (GPtrArray) flows = profile != NULL ? ch_needs_list_flows (profile, business) : NULL;
  ChNeedsWindow *self;

  if (flows == NULL || flows->len == 0)
    return NULL;

  self = g_object_new (CH_TYPE_NEEDS_WINDOW, "transient-for", parent, NULL);
  self->front = g_object_ref (front);
  self->flows = g_steal_pointer (&flows);
  show_flow (self, self->flows->pdata[0]);
  gtk_window_set_focus (GTK_WINDOW (self), self->begin);
  return GTK_WIDGET (self);
}
