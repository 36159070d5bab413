#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-reason.h"
#include "ports/ch-asker.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-field-message.h"
#include "ui/ch-secret-row.h"

struct _ChAskerDialog
{
  GTlsInteraction parent_instance;

  GtkApplication *application; /* (unowned): lives as long as the program */
};

G_DEFINE_FINAL_TYPE (ChAskerDialog, ch_asker_dialog, G_TYPE_TLS_INTERACTION)

#define RESPONSE_OK     "ok"
#define RESPONSE_CANCEL "cancel"

/* One question on its way */
typedef struct
{
  GTlsPassword *password;   /* (owned) */
  AdwMessageDialog *dialog; /* (unowned): closes itself */
  ChSecretRow *rows[2];     /* in the dialog; the second one only where a new secret is chosen */
  ChFieldMessage *message;  /* in the dialog */
  GtkCheckButton *sure;     /* (nullable): in the dialog of the last try */
  gulong cancel_id;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->password);
  g_free (self);
}

static gboolean
has_flag (Question *self, GTlsPasswordFlags flag)
{
  return (g_tls_password_get_flags (self->password) & flag) != 0;
}

static void
refresh_ok (Question *self)
{
  gboolean sure = self->sure == NULL || gtk_check_button_get_active (self->sure);

  adw_message_dialog_set_response_enabled (self->dialog, RESPONSE_OK,
                                           sure && ch_secret_row_get_length (self->rows[0]) > 0);
}

static void
on_changed_cb (GtkWidget *row, Question *self)
{
  ch_field_message_set_text (self->message, NULL);
  refresh_ok (self);
}

static void
on_sure_toggled_cb (GtkCheckButton *sure, Question *self)
{
  refresh_ok (self);
}

/* Enter: to the second row, then as if the button were pressed */
static void
on_activated_cb (ChSecretRow *row, Question *self)
{
  if (self->rows[1] != NULL && row == self->rows[0])
    gtk_widget_grab_focus (GTK_WIDGET (self->rows[1]));
  else if (adw_message_dialog_get_response_enabled (self->dialog, RESPONSE_OK) && self->sure == NULL)
    {
      /* The answer ends the question; unlike a button it does not close the dialog */
      g_autoptr (AdwMessageDialog) dialog = g_object_ref (self->dialog);

      adw_message_dialog_response (dialog, RESPONSE_OK);
      gtk_window_close (GTK_WINDOW (dialog));
    }
}

/* The dialog outlives its question by a moment, and wipes its rows then */
static void
let_go (Question *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->rows); i++)
    if (self->rows[i] != NULL)
      g_signal_handlers_disconnect_by_data (self->rows[i], self);
  if (self->sure != NULL)
    g_signal_handlers_disconnect_by_data (self->sure, self);
}

static void ask (GTask *task, const char *wrong);

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *self = g_task_get_task_data (task);
  g_autoptr (ChSecret) secret = NULL;

  let_go (self);
  g_signal_handlers_disconnect_by_data (dialog, task);
  g_cancellable_disconnect (g_task_get_cancellable (task), self->cancel_id);
  self->cancel_id = 0;
  if (!g_str_equal (response, RESPONSE_OK))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the question was not answered");
      return;
    }

  /* The dialog is closing: a mistake brings it again, with the reason */
  if (self->rows[1] != NULL && !ch_secret_row_is_equal (self->rows[0], self->rows[1]))
    {
      ask (g_steal_pointer (&task), _ (ch_reason_get_text (CH_REASON_NOT_EQUAL)));
      return;
    }

  secret = ch_secret_row_take (self->rows[0]);
  if (self->rows[1] != NULL)
    ch_secret_row_clear (self->rows[1]);
  ch_secret_set_password (secret, self->password);
  g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
}

static gboolean
close_dialog (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

static void
on_cancelled_cb (GCancellable *cancellable, gpointer dialog)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, close_dialog, g_object_ref (dialog), g_object_unref);
}

static GtkWidget *
build_strip (const char *text)
{
  GtkWidget *strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_halign (strip, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (strip, "ch-strip");
  gtk_widget_add_css_class (strip, "tone-warn");
  gtk_box_append (GTK_BOX (strip), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  gtk_box_append (GTK_BOX (strip), label);
  return strip;
}

static void
add_rows (Question *self, AdwPreferencesGroup *group, gboolean twice)
{
  gboolean is_pin = ch_ask_kind_is_pin (ch_asker_get_kind (self->password));
  const char *titles[] = { is_pin ? _ ("PIN") : _ ("PIN or passphrase"), _ ("The same again") };

  self->rows[1] = NULL;
  for (guint i = 0; i < (twice ? 2 : 1); i++)
    {
      self->rows[i] = CH_SECRET_ROW (ch_secret_row_new (titles[i]));
      g_signal_connect (self->rows[i], "changed", G_CALLBACK (on_changed_cb), self);
      g_signal_connect (self->rows[i], "activated", G_CALLBACK (on_activated_cb), self);
      adw_preferences_group_add (group, GTK_WIDGET (self->rows[i]));
    }

  self->message = CH_FIELD_MESSAGE (ch_field_message_new ());
  adw_preferences_group_add (group, GTK_WIDGET (self->message));
}

static GtkWidget *
build_content (Question *self, const char *wrong)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *group = adw_preferences_group_new ();

  gtk_widget_set_margin_top (box, 12);
  gtk_box_append (GTK_BOX (box), group);
  add_rows (self, ADW_PREFERENCES_GROUP (group), ch_ask_kind_is_new (ch_asker_get_kind (self->password)));

  if (wrong == NULL && has_flag (self, G_TLS_PASSWORD_RETRY))
    wrong = _ ("That was not right. Enter it again.");
  ch_field_message_set_text (self->message, wrong);

  self->sure = NULL;
  if (has_flag (self, G_TLS_PASSWORD_FINAL_TRY))
    {
      gtk_box_append (GTK_BOX (box), build_strip (_ ("1 try is left")));
      self->sure = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("I am sure that I remember it")));
      gtk_widget_set_halign (GTK_WIDGET (self->sure), GTK_ALIGN_CENTER);
      g_signal_connect (self->sure, "toggled", G_CALLBACK (on_sure_toggled_cb), self);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->sure));
    }
  else if (has_flag (self, G_TLS_PASSWORD_MANY_TRIES))
    gtk_box_append (GTK_BOX (box), build_strip (_ ("Only few tries are left")));
  return box;
}

/* Takes @task over. The harmless answer is the default where harm is possible. */
static void
ask (GTask *task, const char *wrong)
{
  Question *self = g_task_get_task_data (task);
  ChAskerDialog *asker = g_task_get_source_object (task);
  gboolean last = has_flag (self, G_TLS_PASSWORD_FINAL_TRY);
  const char *description = g_tls_password_get_description (self->password);
  ChAskKind kind = ch_asker_get_kind (self->password);
  gboolean is_pin = ch_ask_kind_is_pin (kind);
  const char *heading = last ? _ ("This is the last try")
                        : ch_ask_kind_is_new (kind)
                            ? (is_pin ? _ ("Choose a PIN") : _ ("Choose a passphrase"))
                        : is_pin ? _ ("Enter the PIN")
                                 : _ ("Enter the PIN or passphrase");
  g_autofree char *body
      = last ? g_strdup_printf ("%s\n%s", description, _ ("If it is wrong again, the key is locked."))
             : g_strdup (description);

  self->dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (gtk_application_get_active_window (asker->application), heading, body));
  adw_message_dialog_add_responses (self->dialog, RESPONSE_CANCEL, _ ("Cancel"), RESPONSE_OK,
                                    last ? _ ("Try all the same") : _ ("Continue"), NULL);
  adw_message_dialog_set_response_appearance (self->dialog, RESPONSE_OK,
                                              last ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self->dialog, last ? RESPONSE_CANCEL : RESPONSE_OK);
  adw_message_dialog_set_close_response (self->dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_extra_child (self->dialog, build_content (self, wrong));
  refresh_ok (self);

  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response_cb), task);
  if (g_task_get_cancellable (task) != NULL)
    self->cancel_id = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (on_cancelled_cb),
                                             self->dialog, NULL);
  gtk_window_present (GTK_WINDOW (self->dialog));
  gtk_widget_grab_focus (GTK_WIDGET (self->rows[0]));
}

static void
ch_asker_dialog_ask_password_async (GTlsInteraction *interaction,
                                    GTlsPassword *password,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (interaction, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->password = g_object_ref (password);
  g_task_set_source_tag (task, ch_asker_dialog_ask_password_async);
  g_task_set_task_data (task, question, question_free);
  if (g_task_return_error_if_cancelled (task))
    g_object_unref (task);
  else if (ch_asker_get_kind (password) == CH_ASK_PIN_PAD)
    {
      g_tls_password_set_value (password, (const guchar *) "", 0);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
      g_object_unref (task);
    }
  else
    ask (task, NULL);
}

static GTlsInteractionResult
ch_asker_dialog_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  return answer < 0 ? G_TLS_INTERACTION_FAILED : (GTlsInteractionResult) answer;
}

static void
ch_asker_dialog_class_init (ChAskerDialogClass *klass)
{
  G_TLS_INTERACTION_CLASS (klass)->ask_password_async = ch_asker_dialog_ask_password_async;
  G_TLS_INTERACTION_CLASS (klass)->ask_password_finish = ch_asker_dialog_ask_password_finish;
}

static void
ch_asker_dialog_init (ChAskerDialog *self)
{
}

/**
 * ch_asker_dialog_new:
 * @application: its active window is asked over
 *
 * Returns: (transfer full): an asker that shows dialogs
 */
GTlsInteraction *
ch_asker_dialog_new (GtkApplication *application)
{
  ChAskerDialog *self = g_object_new (CH_TYPE_ASKER_DIALOG, NULL);

  self->application = application;
  return G_TLS_INTERACTION (self);
}
