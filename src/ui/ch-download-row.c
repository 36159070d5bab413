#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-download-desk.h"
#include "ui/ch-download-row.h"

struct _ChDownloadRow
{
  AdwActionRow parent_instance;

  ChDownload *item; /* (owned) */

  GtkImage *glyph;     /* template child */
  GtkSpinner *spinner; /* template child */
  GtkButton *copy;     /* template child */
  GtkButton *save;     /* template child */
};

G_DEFINE_FINAL_TYPE (ChDownloadRow, ch_download_row, ADW_TYPE_ACTION_ROW)

enum
{
  SIGNAL_SAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const glyphs[] = {
  [CH_DOWNLOAD_GROUP_CERTIFICATES] = "application-certificate-symbolic",
  [CH_DOWNLOAD_GROUP_LISTS] = "list-remove-symbolic",
  [CH_DOWNLOAD_GROUP_FILES] = "x-office-document-symbolic",
};

static void
on_save_clicked_cb (GtkButton *button, ChDownloadRow *self)
{
  g_signal_emit (self, signals[SIGNAL_SAVE], 0);
}

static void
ch_download_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_DOWNLOAD_ROW);
  G_OBJECT_CLASS (ch_download_row_parent_class)->dispose (object);
}

static void
ch_download_row_finalize (GObject *object)
{
  g_clear_pointer (&CH_DOWNLOAD_ROW (object)->item, ch_download_free);
  G_OBJECT_CLASS (ch_download_row_parent_class)->finalize (object);
}

static void
ch_download_row_class_init (ChDownloadRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_download_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_download_row_finalize;

  signals[SIGNAL_SAVE]
      = g_signal_new ("save", CH_TYPE_DOWNLOAD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-download-row"));
  gtk_widget_class_bind_template_child (widget_class, ChDownloadRow, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadRow, copy);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadRow, save);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
ch_download_row_init (ChDownloadRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Four groups of it are a line on the narrowest window; Pango breaks at its blanks */
static void
show_fingerprint (ChDownloadRow *self, const char *title, const char *about)
{
  g_autofree char *print = ch_download_format_fingerprint (self->item->sha256);
  /* Translators: %s is a row of letters and digits to be compared */
  g_autofree char *line = g_strdup_printf (_ ("SHA-256 %s"), print);
  g_autofree char *all = g_strjoin ("\n", about, line, NULL);
  /* Translators: %s is a certificate or a file */
  g_autofree char *label = g_strdup_printf (_ ("Copy the fingerprint: %s"), title);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), all);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", self->item->sha256);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy), "win.copy");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy), _ ("Copy the fingerprint"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->copy), TRUE);
}

/**
 * ch_download_row_new:
 * @item: copied
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_download_row_new (const ChDownload *item)
{
  ChDownloadRow *self = g_object_new (CH_TYPE_DOWNLOAD_ROW, NULL);
  ChDownloadGroup group = ch_download_get_group (item);
  g_autofree char *title = ch_download_format_title (item);
  g_autofree char *about = ch_download_format_about (item);
  /* Translators: %s is what is saved */
  g_autofree char *label = g_strdup_printf (_ ("Save: %s"), title);

  self->item = ch_wire_copy (&ChDownload_wire, item);
  gtk_image_set_from_icon_name (self->glyph, glyphs[group]);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* The row would add its title to a name that says all */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->save), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  /* A form is opened and read; whose certificate it is only its fingerprint tells */
  if (group == CH_DOWNLOAD_GROUP_CERTIFICATES)
    show_fingerprint (self, title, about);
  return GTK_WIDGET (self);
}

/**
 * ch_download_row_get_item:
 *
 * Returns: (transfer none): what it shows
 */
const ChDownload *
ch_download_row_get_item (ChDownloadRow *self)
{
  g_return_val_if_fail (CH_IS_DOWNLOAD_ROW (self), NULL);

  return self->item;
}

/**
 * ch_download_row_set_busy:
 * @is_busy: whether it is just fetched; a spinner stands in place of the icon then
 */
void
ch_download_row_set_busy (ChDownloadRow *self, gboolean is_busy)
{
  g_return_if_fail (CH_IS_DOWNLOAD_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->glyph), !is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), !is_busy);
}
