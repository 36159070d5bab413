#include "config.h"

#include "ui/ch-qr-code.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-ui.h"

/* ui-show secret                a window with a secret row, and an entry row to compare it with
 * ui-show qr TEXT PNG [dark]    a picture of the card with the QR code of TEXT */

static char **arguments;

static GtkWidget *
build_secret (void)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *entry = g_object_new (ADW_TYPE_ENTRY_ROW, "title", "Open", NULL);

  gtk_widget_set_margin_top (group, 24);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), ch_secret_row_new ("Passphrase"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), entry);
  return group;
}

static GtkWidget *
build_qr (void)
{
  GtkWidget *card = adw_bin_new ();
  GtkWidget *code = ch_qr_code_new (264);

  ch_qr_code_set_text (CH_QR_CODE (code), arguments[2]);
  gtk_widget_add_css_class (card, "ch-qr");
  gtk_widget_set_halign (card, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (card, GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (card), code);
  return card;
}

static void
save_picture (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (window);
  int height = gtk_widget_get_height (window);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_texture_save_to_png (texture, arguments[3]);
}

static gboolean
on_frame_cb (GtkWidget *window, GdkFrameClock *clock, gpointer user_data)
{
  /* The first frames only lay the window out */
  if (gdk_frame_clock_get_frame_counter (clock) < 5)
    return G_SOURCE_CONTINUE;

  save_picture (window);
  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

static void
on_activate_cb (GtkApplication *application, gpointer user_data)
{
  gboolean qr = g_str_equal (arguments[1], "qr");
  GtkWidget *window = adw_application_window_new (application);

  gtk_window_set_title (GTK_WINDOW (window), "ui-show");
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 400);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), qr ? build_qr () : build_secret ());
  if (qr)
    gtk_widget_add_tick_callback (window, on_frame_cb, NULL, NULL);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application = NULL;

  if (argc < 2 || (g_str_equal (argv[1], "qr") && argc < 4))
    return 2;

  arguments = argv;
  ch_ui_init ();
  adw_init ();
  if (argc > 4)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  application = adw_application_new ("org.certhall.Certhall", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
