#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-project-list.h"
#include "ui/ch-glyph.h"
#include "ui/ch-hotline.h"
#include "ui/ch-projects-window.h"

/* Of a row: which project it shows */
#define ID_KEY "ch-project-id"

struct _ChProjectsWindow
{
  AdwWindow parent_instance;

  ChFront *front; /* (owned) */

  AdwToastOverlay *toasts; /* template child */
  ChHotline *hotline;      /* template child */
  GtkSearchEntry *search;  /* template child */
  GtkStack *stack;         /* template child */
  GtkListBox *list;        /* template child */
  AdwStatusPage *empty;    /* template child */
};

G_DEFINE_FINAL_TYPE (ChProjectsWindow, ch_projects_window, ADW_TYPE_WINDOW)

static void
show_found (ChProjectsWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const ChProfile *profile = ch_front_get_profile (self->front);
  g_autoptr (GPtrArray) projects = ch_projects_find (profile, text);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      /* Not by the filter of the list: what that leaves out a screen reader goes on reading */
      const ChProject *project = ch_profile_get_project (profile, g_object_get_data (G_OBJECT (row), ID_KEY));

      gtk_widget_set_visible (GTK_WIDGET (row), g_ptr_array_find (projects, project, NULL));
    }

  if (projects->len == 0)
    {
      /* Translators: %s is what was looked for */
      g_autofree char *title = g_strdup_printf (_ ("“%s” was not found"), text);
      g_autofree char *markup = g_markup_escape_text (title, -1);

      adw_status_page_set_title (self->empty, markup);
    }
  gtk_stack_set_visible_child_name (self->stack, projects->len > 0 ? "list" : "empty");
}

/* -- Rows -- */

static char *
describe (const ChProject *project)
{
  g_autofree char *subjects = ch_project_format_subjects (project);
  g_autofree char *terms = ch_project_format_terms (project);

  return g_strdup_printf ("%s · %s\n%s\n%s", _ (ch_medium_get_title (project->medium)),
                          _ (ch_settlement_get_title (project->settlement)), subjects, terms);
}

static GtkWidget *
make_row (const ChProject *project)
{
  const char *name = ch_text_get (project->name);
  g_autofree char *about = describe (project);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "title-lines", 0,
                                 "subtitle", about, "subtitle-lines", 0, NULL);
  GtkWidget *glyph = gtk_image_new_from_icon_name (
      ch_glyph_of_medium (ch_wire_enum_get_id (&ChMedium_enum, project->medium)));
  GtkWidget *apply = gtk_button_new_with_label (_ ("Apply"));
  /* Translators: %s is a project */
  g_autofree char *label = g_strdup_printf (_ ("Apply in the project %s"), name);

  g_object_set_data_full (G_OBJECT (row), ID_KEY, g_strdup (project->id), g_free);
  gtk_widget_add_css_class (glyph, "ch-glyph");
  gtk_widget_set_valign (glyph, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), glyph);
  gtk_widget_set_valign (apply, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (apply), "s", project->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (apply), "projects.apply");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), apply);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (apply), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return row;
}

/* -- What is pressed -- */

static void
on_search_changed_cb (GtkSearchEntry *search, ChProjectsWindow *self)
{
  show_found (self);
}

/* Enter leads from the search to what was found */
static void
on_search_activate_cb (GtkSearchEntry *search, ChProjectsWindow *self)
{
  show_found (self);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

/* The whole row, as well as its button */
static void
on_row_activated_cb (GtkListBox *list, GtkListBoxRow *row, ChProjectsWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "projects.apply", "s",
                              g_object_get_data (G_OBJECT (row), ID_KEY));
}

static void
on_stop_search_cb (GtkSearchEntry *search, ChProjectsWindow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (search)) == 0)
    gtk_window_close (GTK_WINDOW (self));
  else
    gtk_editable_set_text (GTK_EDITABLE (search), "");
}

static void
on_clear_clicked_cb (GtkButton *button, ChProjectsWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
on_apply (GtkWidget *widget, const char *name, GVariant *target)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (parent != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (parent), "win.apply", target);
  gtk_window_close (GTK_WINDOW (widget));
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *target)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (target, NULL));
  adw_toast_overlay_add_toast (CH_PROJECTS_WINDOW (widget)->toasts, ch_ui_make_toast (_ ("Copied")));
}

static void
ch_projects_window_dispose (GObject *object)
{
  ChProjectsWindow *self = CH_PROJECTS_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_PROJECTS_WINDOW);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_projects_window_parent_class)->dispose (object);
}

static void
ch_projects_window_class_init (ChProjectsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_projects_window_dispose;

  g_type_ensure (CH_TYPE_HOTLINE);
  gtk_widget_class_install_action (widget_class, "projects.apply", "s", on_apply);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", on_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-projects-window"));
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, search);
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ChProjectsWindow, empty);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_clicked_cb);
}

static void
ch_projects_window_init (ChProjectsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It does not capture the keys of the window: it would take Enter and blank from the rows */
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->search));
}

/**
 * ch_projects_window_new:
 * @front: that knows the CA
 * @parent: the window it stands before; Apply begins the business there
 *
 * Returns: (transfer none) (nullable): a window, not shown yet; %NULL while the CA is not known
 */
GtkWidget *
ch_projects_window_new (ChFront *front, GtkWindow *parent)
{
  const ChProfile *profile = ch_front_get_profile (front);
  ChProjectsWindow *self;

  if (profile == NULL)
    return NULL;

  self = g_object_new (CH_TYPE_PROJECTS_WINDOW, "transient-for", parent, NULL);
  self->front = g_object_ref (front);
  ch_hotline_set_front (self->hotline, front);
  for (guint i = 0; i < profile->projects->len; i++)
    gtk_list_box_append (self->list, make_row (profile->projects->pdata[i]));
  show_found (self);
  return GTK_WIDGET (self);
}
