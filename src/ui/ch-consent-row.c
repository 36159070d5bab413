#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-consent-reader.h"
#include "ui/ch-consent-row.h"
#include "wire/ch-policy.h"

struct _ChConsentRow
{
  GtkBox parent_instance;

  const ChConsentText *consent; /* (unowned): of the profile */

  GtkCheckButton *box; /* template child */
  GtkLabel *label;     /* template child */
  GtkWidget *message;  /* template child */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChConsentRow, ch_consent_row, GTK_TYPE_BOX)

static void
set_wrong (ChConsentRow *self, gboolean is_wrong)
{
  gtk_widget_set_visible (self->message, is_wrong);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->box), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->box), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
on_toggled_cb (GtkCheckButton *box, ChConsentRow *self)
{
  set_wrong (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
on_activate_link_cb (GtkLabel *label, const char *uri, ChConsentRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_present (GTK_WINDOW (ch_consent_reader_new (self->consent, GTK_WINDOW (root))));
  return TRUE;
}

static void
ch_consent_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CONSENT_ROW);
  G_OBJECT_CLASS (ch_consent_row_parent_class)->dispose (object);
}

static void
ch_consent_row_class_init (ChConsentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_consent_row_dispose;

  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", CH_TYPE_CONSENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-consent-row"));
  gtk_widget_class_bind_template_child (widget_class, ChConsentRow, box);
  gtk_widget_class_bind_template_child (widget_class, ChConsentRow, label);
  gtk_widget_class_bind_template_child (widget_class, ChConsentRow, message);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_link_cb);
}

static void
ch_consent_row_init (ChConsentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_consent_row_new:
 * @consent: an agreement of the profile, which must outlive the row
 *
 * Returns: (transfer floating): a box that is not ticked
 */
GtkWidget *
ch_consent_row_new (const ChConsentText *consent)
{
  ChConsentRow *self = g_object_new (CH_TYPE_CONSENT_ROW, NULL);
  const char *title = ch_text_get (consent->title);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *link = g_strdup_printf ("<a href=\"certhall:consent\">%s</a>", escaped);
  /* Translators: %s is the title of an agreement, a link */
  g_autofree char *markup = g_strdup_printf (_ ("I have read and agree to the %s"), link);
  g_autofree char *name = g_strdup_printf (_ ("I have read and agree to the %s"), title);

  self->consent = consent;
  gtk_label_set_markup (self->label, markup);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

gboolean
ch_consent_row_is_ticked (ChConsentRow *self)
{
  g_return_val_if_fail (CH_IS_CONSENT_ROW (self), FALSE);

  return gtk_check_button_get_active (self->box);
}

/**
 * ch_consent_row_check:
 *
 * Marks the box when it is not ticked, and puts the focus on it.
 *
 * Returns: whether it is ticked
 */
gboolean
ch_consent_row_check (ChConsentRow *self)
{
  gboolean is_ticked = ch_consent_row_is_ticked (self);

  set_wrong (self, !is_ticked);
  if (!is_ticked)
    gtk_widget_grab_focus (GTK_WIDGET (self->box));
  return is_ticked;
}
