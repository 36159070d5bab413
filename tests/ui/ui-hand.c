#include "config.h"

#include "ui-hand.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-ui.h"

/*
 * The toolkit without animations. The main context is this thread’s for good, as it is in a running
 * GApplication: else a worker that asks something (g_main_context_invoke) finds it free between two
 * iterations and opens windows itself.
 */
void
ui_begin (void)
{
  g_assert_true (g_main_context_acquire (NULL));
  ch_ui_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

/* Only what can be seen: pages that slide away are still there for a moment */
GtkWidget *
ui_find (GtkWidget *root, UiMatch match, gconstpointer data)
{
  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return NULL;
  if (match (root, data))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find (child, match, data);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
match_type (GtkWidget *widget, gconstpointer data)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) data);
}

GtkWidget *
ui_find_type (GtkWidget *root, GType type)
{
  return ui_find (root, match_type, &type);
}

static gboolean
match_row (GtkWidget *widget, gconstpointer data)
{
  return ADW_IS_PREFERENCES_ROW (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), data) == 0;
}

GtkWidget *
ui_find_row (GtkWidget *root, const char *title)
{
  return ui_find (root, match_row, title);
}

static gboolean
match_label (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), data) == 0;
}

static gboolean
match_button (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget) && ui_find (widget, match_label, data) != NULL;
}

GtkWidget *
ui_find_button (GtkWidget *root, const char *label)
{
  return ui_find (root, match_button, label);
}

guint
ui_count_type (GtkWidget *root, GType type)
{
  guint n = 0;

  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return 0;
  n += g_type_is_a (G_OBJECT_TYPE (root), type);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += ui_count_type (child, type);
  return n;
}

void
ui_type (GtkWidget *root, const char *title, const char *text)
{
  GtkWidget *row = ui_find_row (root, title);

  g_assert_true (GTK_IS_EDITABLE (row));
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

void
ui_type_secret (GtkWidget *root, const char *title, const char *text)
{
  GtkWidget *row = ui_find_row (root, title);
  GtkWidget *inner;

  g_assert_true (CH_IS_SECRET_ROW (row));
  inner = ui_find_type (row, GTK_TYPE_TEXT);
  g_assert_nonnull (inner);
  gtk_editable_set_text (GTK_EDITABLE (inner), text);
}

void
ui_press (GtkWidget *root, const char *label)
{
  GtkWidget *button = ui_find_button (root, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}
