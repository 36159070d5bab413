#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "base/ch-paths.h"
#include "check-world.h"
#include "ui/ch-check-row.h"
#include "ui/ch-check-window.h"

/* -- Looking at what is there -------------------------------------------------------------------------- */

typedef gboolean (*Matches) (GtkWidget *widget, gconstpointer data);

static GtkWidget *
find_widget (GtkWidget *widget, Matches matches, gconstpointer data)
{
  if (matches (widget, data))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, matches, data);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_text (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), data) != NULL;
}

static gboolean
is_button (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), data) == 0;
}

static gboolean
is_row (GtkWidget *widget, gconstpointer data)
{
  return CH_IS_CHECK_ROW (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), data) == 0;
}

static gboolean
is_first_group (GtkWidget *widget, gconstpointer data)
{
  return ADW_IS_PREFERENCES_GROUP (widget);
}

static GtkWidget *
present (ChCheckRun *run)
{
  GtkWidget *window = ch_check_window_new (NULL, NULL, run);
  const char *width = g_getenv ("CERTHALL_WIDTH");

  if (width != NULL)
    gtk_window_set_default_size (GTK_WINDOW (window), atoi (width), 720);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* Drawn anew, with what came out */
static void
await_checks (GtkWidget *window, ChCheckRun *run)
{
  while (ch_check_run_is_running (run) || !gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
count_frame_cb (GdkFrameClock *clock, guint *n)
{
  (*n)++;
}

/* CERTHALL_SHOTS: a folder for pictures, for people to look at */
static void
shoot (GtkWidget *window, const char *name)
{
  const char *dir = g_getenv ("CERTHALL_SHOTS");
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  g_autofree char *path = NULL;
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GtkSnapshot) snapshot = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  guint n = 0;
  gulong id;

  if (dir == NULL)
    return;
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame_cb), &n);
  while (n < 30)
    {
      gtk_widget_queue_draw (window);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, id);
  paintable = gtk_widget_paintable_new (window);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  path = g_strdup_printf ("%s/check-%s.png", dir, name);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

/* -- Cases --------------------------------------------------------------------------------------------- */

/* A port that was free a moment ago */
static char *
find_closed_url (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return g_strdup_printf ("https://127.0.0.1:%d", port);
}

static void
test_failed (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *url = find_closed_url ();
  g_autoptr (ChCheckContext) context = ch_check_context_new (NULL, url, NULL);
  g_autoptr (ChCheckRun) run = NULL;
  GtkWidget *window, *row, *group;

  ch_check_context_set_data_dir (context, dir);
  context->wants_ukey = FALSE;
  run = ch_check_run_new (context, NULL);
  window = present (run);
  g_assert_nonnull (find_widget (window, is_row, _ ("Chinese font")));
  await_checks (window, run);
  shoot (window, "failed");

  g_assert_nonnull (find_widget (window, has_text, _ ("No connection to the server")));
  row = find_widget (window, is_row, _ ("The CA’s server"));
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (row)));
  g_assert_nonnull (find_widget (row, has_text, _ ("What to do")));
  g_assert_false (adw_expander_row_get_expanded (
      ADW_EXPANDER_ROW (find_widget (window, is_row, _ ("Operating system")))));

  /* The group with the failure comes first */
  group = find_widget (window, is_first_group, NULL);
  g_assert_cmpstr (adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (group)), ==, _ ("Network"));

  /* Once more from the window: it runs, and ends */
  g_signal_emit_by_name (find_widget (window, is_button, _ ("Check again")), "clicked");
  g_assert_true (ch_check_run_is_running (run));
  g_assert_false (gtk_widget_get_sensitive (find_widget (window, is_button, _ ("Check again"))));
  await_checks (window, run);
  g_assert_true (gtk_widget_get_sensitive (find_widget (window, is_button, _ ("Check again"))));

  gtk_window_destroy (GTK_WINDOW (window));
  check_remove_dir (dir);
}

static void
test_good (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) run = NULL;
  GtkWidget *window;

  context->wants_ukey = FALSE;
  run = ch_check_run_new (context, NULL);
  window = present (run);
  await_checks (window, run);
  shoot (window, "good");
  g_assert_nonnull (find_widget (window, has_text, _ ("Everything is in order")));
  g_assert_null (find_widget (window, has_text, _ ("Network")));
  gtk_window_destroy (GTK_WINDOW (window));
  check_remove_dir (dir);
}

/* A window that is closed while it checks is gone, and so is the run */
static void
test_closed_early (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  ChCheckRun *run = ch_check_run_new (context, NULL);
  GtkWidget *window = present (run);
  gpointer weak_window = window, weak_run = run;

  g_object_add_weak_pointer (G_OBJECT (window), &weak_window);
  g_object_add_weak_pointer (G_OBJECT (run), &weak_run);
  g_object_unref (run);
  gtk_window_close (GTK_WINDOW (window));
  while (weak_window != NULL || weak_run != NULL)
    g_main_context_iteration (NULL, TRUE);
  check_remove_dir (dir);
}

/* What AdwApplication does by itself */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/org/certhall/Certhall/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ch_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();
  ch_ui_init ();
  load_style ();

  g_test_add_func ("/envcheck/window/failed", test_failed);
  g_test_add_func ("/envcheck/window/good", test_good);
  g_test_add_func ("/envcheck/window/closed-early", test_closed_early);
  return g_test_run ();
}
