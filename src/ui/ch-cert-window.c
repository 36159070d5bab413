#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-verify.h"
#include "ui/ch-cert-detail.h"
#include "ui/ch-cert-window.h"

#define WIDTH  560
#define HEIGHT 640
#define MARGIN 18

/* A file can say anything; the badge below would be believed */
static GtkWidget *
make_warning (void)
{
  const char *text
      = _ ("This is what the file says. Whether a CA that you trust has issued the certificate was "
           "not checked.");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
on_copy (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (window), g_variant_get_string (parameter, NULL));
}

/* Rows offer their numbers to be copied */
static void
add_actions (GtkWidget *window)
{
  static const GActionEntry entries[] = { { .name = "copy", .activate = on_copy, .parameter_type = "s" } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), window);
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (group));
}

/**
 * ch_cert_window_new:
 * @file: holds one certificate or more, PEM or DER
 *
 * Returns: (transfer none) (nullable): the window, to be presented
 */
GtkWidget *
ch_cert_window_new (GtkApplication *application, GFile *file, GError **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (GPtrArray) certs = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, MARGIN);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *window;

  g_object_ref_sink (box);
  if (path != NULL)
    certs = ch_verify_read_certs (path, error);
  else
    g_set_error (error, CH_ERROR, CH_ERROR_FILE, "it lies on no disk of this PC");

  gtk_box_append (GTK_BOX (list), make_warning ());
  for (guint i = 0; certs != NULL && i < certs->len; i++)
    {
      g_autoptr (ChCertItem) item = ch_cert_item_new (certs->pdata[i], error);
      GtkWidget *detail;

      if (item == NULL)
        {
          g_clear_pointer (&certs, g_ptr_array_unref);
          break;
        }
      detail = ch_cert_detail_new ();
      ch_cert_detail_set_item (CH_CERT_DETAIL (detail), item);
      gtk_box_append (GTK_BOX (list), detail);
    }

  adw_clamp_set_child (ADW_CLAMP (clamp), list);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  if (certs == NULL)
    {
      g_object_unref (box);
      return NULL;
    }

  gtk_widget_set_margin_top (list, MARGIN);
  gtk_widget_set_margin_bottom (list, MARGIN);
  gtk_widget_set_margin_start (list, MARGIN);
  gtk_widget_set_margin_end (list, MARGIN);
  window = g_object_new (ADW_TYPE_WINDOW, "application", application, "title", name, "default-width", WIDTH,
                         "default-height", HEIGHT, "content", box, NULL);
  g_object_unref (box);
  add_actions (window);
  return window;
}
