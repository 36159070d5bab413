#include "config.h"

#include <glib/gi18n-lib.h>

#include "flow/ch-choice.h"
#include "ui/ch-pick-window.h"

#define ID_KEY "ch-pick-id"

struct _ChPickWindow
{
  AdwWindow parent_instance;

  char *needle; /* (owned): what is looked for, case folded */
  guint n_shown;

  GtkListBox *list;       /* template child */
  GtkSearchEntry *search; /* template child */
  GtkStack *stack;        /* template child */
  AdwStatusPage *empty;   /* template child */
};

G_DEFINE_FINAL_TYPE (ChPickWindow, ch_pick_window, ADW_TYPE_WINDOW)

static guint picked_signal;

static gboolean
is_shown (ChPickWindow *self, GtkListBoxRow *row)
{
  g_autofree char *title = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  return strstr (title, self->needle) != NULL;
}

static gboolean
filter_row (GtkListBoxRow *row, gpointer user_data)
{
  return is_shown (user_data, row);
}

static void
pick (ChPickWindow *self, GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), ID_KEY));

  g_signal_emit (self, picked_signal, 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_row_activated_cb (GtkListBox *list, GtkListBoxRow *row, ChPickWindow *self)
{
  pick (self, row);
}

static void
on_search_changed_cb (GtkSearchEntry *search, ChPickWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (search));
  guint n = 0;
  GtkListBoxRow *row;

  g_free (self->needle);
  self->needle = g_utf8_casefold (text, -1);
  gtk_list_box_invalidate_filter (self->list);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    n += is_shown (self, row);

  if (n == 0)
    {
      /* Translators: %s is what was looked for */
      g_autofree char *title = g_strdup_printf (_ ("“%s” was not found"), text);
      g_autofree char *markup = g_markup_escape_text (title, -1);

      adw_status_page_set_title (self->empty, markup);
    }
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
}

/* Enter takes the first that fits */
static void
on_search_activate_cb (GtkSearchEntry *search, ChPickWindow *self)
{
  GtkListBoxRow *row;

  on_search_changed_cb (search, self);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (is_shown (self, row))
      {
        pick (self, row);
        return;
      }
}

static void
ch_pick_window_finalize (GObject *object)
{
  g_free (CH_PICK_WINDOW (object)->needle);
  G_OBJECT_CLASS (ch_pick_window_parent_class)->finalize (object);
}

static void
ch_pick_window_class_init (ChPickWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_pick_window_finalize;

  picked_signal = g_signal_new ("picked", CH_TYPE_PICK_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-pick-window"));
  gtk_widget_class_bind_template_child (widget_class, ChPickWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ChPickWindow, search);
  gtk_widget_class_bind_template_child (widget_class, ChPickWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChPickWindow, empty);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ch_pick_window_init (ChPickWindow *self)
{
  self->needle = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Not by capturing the keys of the window: Enter on a row would take the first one instead */
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->search));
  gtk_list_box_set_filter_func (self->list, filter_row, self, NULL);
}

/**
 * ch_pick_window_new:
 * @parent: (nullable): the window it belongs to
 * @title: what is to be chosen
 * @choices: (element-type ChChoice): in which order
 * @chosen: (nullable): the id that is chosen now
 *
 * Returns: (transfer none): a window to be presented; it owns itself and closes when something was picked
 */
ChPickWindow *
ch_pick_window_new (GtkWindow *parent, const char *title, GPtrArray *choices, const char *chosen)
{
  ChPickWindow *self = g_object_new (CH_TYPE_PICK_WINDOW, "transient-for", parent, "title", title, NULL);

  for (guint i = 0; i < choices->len; i++)
    {
      const ChChoice *choice = choices->pdata[i];
      GtkWidget *row
          = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", choice->label, "subtitle",
                          choice->note != NULL ? choice->note : "", "activatable", TRUE, NULL);

      g_object_set_data_full (G_OBJECT (row), ID_KEY, g_strdup (choice->id), g_free);
      if (g_strcmp0 (chosen, choice->id) == 0)
        {
          GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");

          gtk_accessible_update_property (GTK_ACCESSIBLE (tick), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Chosen"),
                                          -1);
          adw_action_row_add_suffix (ADW_ACTION_ROW (row), tick);
        }
      gtk_list_box_append (self->list, row);
    }

  return self;
}
