#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-possession.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-possession-group.h"

struct _ChPossessionGroup
{
  AdwPreferencesGroup parent_instance;

  ChPorts *ports;            /* (owned) */
  ChVerifyItem *item;        /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the window */
  AdwActionRow *row;         /* child */
  GtkWidget *button;         /* in @row */
};

G_DEFINE_FINAL_TYPE (ChPossessionGroup, ch_possession_group, ADW_TYPE_PREFERENCES_GROUP)

static void
tell_failure (ChPossessionGroup *self, const GError *error)
{
  const ChErrorInfo *info = ch_error_get_info (error);
  /* Translators: what happened, and what to do */
  g_autofree char *text = g_strdup_printf (_ ("%1$s. %2$s"), _ (info->title), _ (info->todo));

  adw_action_row_set_subtitle (self->row, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_grab_focus (self->button);
}

static void
on_proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChPossessionGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_tried = ch_possession_prove_finish (CH_PORTS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  gtk_widget_set_sensitive (self->button, TRUE);
  /* What came out stands in the report, which whoever shows it follows */
  if (!is_tried)
    tell_failure (self, error);
}

static void
on_clicked_cb (GtkButton *button, ChPossessionGroup *self)
{
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GTlsInteraction) asker = ch_asker_dialog_new (gtk_window_get_application (GTK_WINDOW (window)));

  gtk_widget_set_sensitive (self->button, FALSE);
  ch_possession_prove_async (self->ports, self->item, asker, self->cancellable, on_proved_cb,
                             g_object_ref (self));
}

static void
ch_possession_group_finalize (GObject *object)
{
  ChPossessionGroup *self = CH_POSSESSION_GROUP (object);

  g_clear_object (&self->ports);
  g_clear_object (&self->item);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (ch_possession_group_parent_class)->finalize (object);
}

static void
ch_possession_group_class_init (ChPossessionGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_possession_group_finalize;
}

static void
ch_possession_group_init (ChPossessionGroup *self)
{
  self->row = ADW_ACTION_ROW (adw_action_row_new ());
  self->button = gtk_button_new_with_label (_ ("Prove possession"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_clicked_cb), self, 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _ ("Its key is here"));
  adw_action_row_set_subtitle_lines (self->row, 0);
  adw_action_row_add_suffix (self->row, self->button);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Possession"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->row));
}

/* Returns: (nullable): the token here on which that certificate lies */
static ChToken *
find_token (ChFront *front, GBytes *der)
{
  GListModel *certs = G_LIST_MODEL (ch_front_get_certs (front));

  for (guint i = 0; der != NULL && i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) cert = g_list_model_get_item (certs, i);

      if (ch_cert_item_get_token (cert) != NULL && ch_cert_item_get_der (cert) != NULL
          && g_bytes_equal (ch_cert_item_get_der (cert), der))
        return ch_cert_item_get_token (cert);
    }
  return NULL;
}

static gboolean
is_proved (const ChVerifyReport *report)
{
  for (guint i = 0; i < report->checks->len; i++)
    if (g_str_equal (((const ChVerifyCheck *) report->checks->pdata[i])->id, "possession"))
      return TRUE;
  return FALSE;
}

/**
 * ch_possession_group_new:
 * @front: knows the tokens here
 * @item: a certificate
 * @cancellable: ends what is going on
 *
 * Returns: (transfer floating) (nullable): %NULL when @item was not looked at, is on no token here, or has been
 * proved already
 */
GtkWidget *
ch_possession_group_new (ChFront *front, ChVerifyItem *item, GCancellable *cancellable)
{
  const ChVerifyReport *report = ch_verify_item_get_report (item);
  ChToken *token = report != NULL ? find_token (front, ch_verify_item_get_der (item)) : NULL;
  g_autofree char *text = NULL;
  ChPossessionGroup *self;

  if (token == NULL || is_proved (report))
    return NULL;

  self = g_object_new (CH_TYPE_POSSESSION_GROUP, NULL);
  self->ports = g_object_ref (ch_front_get_ports (front));
  self->item = g_object_ref (item);
  self->cancellable = g_object_ref (cancellable);
  /* Translators: %s is the name of a token */
  text = g_strdup_printf (_ ("On “%s”. A signature proves that whoever sits here can use it."),
                          ch_token_get_info (token)->label);
  adw_action_row_set_subtitle (self->row, text);
  return GTK_WIDGET (self);
}
