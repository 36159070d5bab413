#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-check-mend.h"

#include "base/ch-proxy.h"
#include "envcheck/ch-check-action.h"
#include "ui/ch-settings.h"

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_OK     "ok"

/* One finding that somebody wants to mend */
typedef struct
{
  GtkWindow *parent; /* (owned) */
  ChCheckAction action;
  char *subject;  /* (owned) (nullable) */
  GtkWidget *row; /* (unowned) (nullable): where the proxy is typed */
} Mending;

static void
mending_free (gpointer data)
{
  Mending *self = data;

  g_object_unref (self->parent);
  g_free (self->subject);
  g_free (self);
}

/* -- Deeds --------------------------------------------------------------------------------------------- */

static void
on_performed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (ch_check_action_perform_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
show_place (Mending *self)
{
  g_autofree char *uri = g_filename_to_uri (self->subject, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (self->parent, uri, GDK_CURRENT_TIME);
}

/* The certificates, in the main window, which is made if the check was started alone */
static void
show_certificates (Mending *self)
{
  GtkApplication *application = gtk_window_get_application (self->parent);

  g_action_group_activate_action (G_ACTION_GROUP (application), "certificates", NULL);
}

static gboolean
set_proxy (Mending *self, GError **error)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->row));
  GSettings *settings = ch_settings_get ();

  if (!ch_proxy_set (address))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "%s is no proxy", address);
      return FALSE;
    }
  if (settings != NULL)
    g_settings_set_string (settings, "proxy", address);
  return TRUE;
}

static void
do_it (Mending *self, GTask *task)
{
  g_autoptr (GError) error = NULL;

  switch (self->action)
    {
    case CH_CHECK_ACTION_COPY_COMMAND:
      gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self->parent)), self->subject);
      break;
    case CH_CHECK_ACTION_OPEN_PLACE:
      show_place (self);
      break;
    case CH_CHECK_ACTION_OPEN_PAGE:
      gtk_show_uri (self->parent, self->subject, GDK_CURRENT_TIME);
      break;
    case CH_CHECK_ACTION_USE_ENTRY:
      g_action_group_activate_action (G_ACTION_GROUP (gtk_window_get_application (self->parent)), "use-entry",
                                      g_variant_new_string (self->subject));
      break;
    case CH_CHECK_ACTION_UNLOCK:
    case CH_CHECK_ACTION_RENEW:
      show_certificates (self);
      break;
    case CH_CHECK_ACTION_SET_PROXY:
      if (!set_proxy (self, &error))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      break;
    default:
      ch_check_action_perform_async (self->action, g_task_get_cancellable (task), on_performed_cb,
                                     g_object_ref (task));
      return;
    }
  g_task_return_boolean (task, TRUE);
}

/* -- Asking -------------------------------------------------------------------------------------------- */

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_signal_handlers_disconnect_by_data (dialog, task);
  if (g_str_equal (response, RESPONSE_OK))
    do_it (g_task_get_task_data (task), task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "left as it is");
}

static GtkWidget *
make_subject (const char *subject)
{
  GtkWidget *label = gtk_label_new (subject);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_set_margin_top (label, 12);
  return label;
}

static GtkWidget *
make_proxy_row (Mending *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *now = ch_proxy_get ();

  self->row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _ ("Proxy, e.g. proxy.example:3128"));
  gtk_editable_set_text (GTK_EDITABLE (self->row), now != NULL             ? now
                                                   : self->subject != NULL ? self->subject
                                                                           : "");
  gtk_widget_set_margin_top (group, 12);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->row);
  return group;
}

/**
 * ch_check_mend_async:
 * @parent: the window that offers it
 * @found: what is to be mended
 * @cancellable: (nullable): stops waiting
 *
 * Says what would be done, and does it when somebody agrees. Whether it helped shows when it is checked
 * again.
 */
void
ch_check_mend_async (GtkWindow *parent,
                     const ChCheckResult *found,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (parent, cancellable, callback, user_data);
  Mending *self = g_new0 (Mending, 1);
  const char *label = _ (ch_check_action_get_label (found->action));
  GtkWidget *dialog;

  self->parent = g_object_ref (parent);
  self->action = found->action;
  self->subject = g_strdup (found->subject);
  g_task_set_source_tag (task, ch_check_mend_async);
  g_task_set_task_data (task, self, mending_free);

  dialog = adw_message_dialog_new (parent, label, _ (ch_check_action_get_told (found->action)));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("Cancel"), RESPONSE_OK,
                                    _ ("Continue"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_OK,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_OK);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  if (self->action == CH_CHECK_ACTION_SET_PROXY)
    adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), make_proxy_row (self));
  else if (self->subject != NULL && self->action != CH_CHECK_ACTION_START_CARD_SERVICE)
    adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), make_subject (self->subject));
  g_signal_connect (dialog, "response", G_CALLBACK (on_response_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * ch_check_mend_finish:
 *
 * Returns: whether it was done; %G_IO_ERROR_CANCELLED when nobody wanted it
 */
gboolean
ch_check_mend_finish (GtkWindow *parent, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
