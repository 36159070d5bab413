#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-consent-reader.h"
#include "wire/ch-policy.h"

struct _ChConsentReader
{
  AdwWindow parent_instance;

  AdwWindowTitle *title; /* template child */
  GtkLabel *text;        /* template child */
};

G_DEFINE_FINAL_TYPE (ChConsentReader, ch_consent_reader, ADW_TYPE_WINDOW)

static void
ch_consent_reader_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CONSENT_READER);
  G_OBJECT_CLASS (ch_consent_reader_parent_class)->dispose (object);
}

static void
ch_consent_reader_class_init (ChConsentReaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_consent_reader_dispose;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-consent-reader"));
  gtk_widget_class_bind_template_child (widget_class, ChConsentReader, title);
  gtk_widget_class_bind_template_child (widget_class, ChConsentReader, text);
}

static void
ch_consent_reader_init (ChConsentReader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_consent_reader_new:
 * @consent: an agreement of the profile
 * @parent: (nullable): the window it stands before
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_consent_reader_new (const ChConsentText *consent, GtkWindow *parent)
{
  ChConsentReader *self = g_object_new (CH_TYPE_CONSENT_READER, "transient-for", parent, NULL);
  /* Translators: %s names the version of an agreement: 2021-02 */
  g_autofree char *version = g_strdup_printf (_ ("Version %s"), consent->version);

  gtk_window_set_title (GTK_WINDOW (self), ch_text_get (consent->title));
  adw_window_title_set_title (self->title, ch_text_get (consent->title));
  adw_window_title_set_subtitle (self->title, version);
  gtk_label_set_label (self->text, ch_text_get (consent->text));
  return GTK_WIDGET (self);
}
