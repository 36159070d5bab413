#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-reason.h"
#include "ports/ch-asker.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-field-message.h"
#include "ui/ch-pin-rules.h"
#include "ui/ch-secret-row.h"

struct _ChAskerDialog
{
  GTlsInteraction parent_instance;

  GtkApplication *application; /* (unowned): lives as long as the program */
  ChFront *front;              /* (weak) (nullable): knows whose a medium is */
};

G_DEFINE_FINAL_TYPE (ChAskerDialog, ch_asker_dialog, G_TYPE_TLS_INTERACTION)

#define RESPONSE_OK     "ok"
#define RESPONSE_CANCEL "cancel"
#define RESPONSE_UNLOCK "unlock"

/* One question on its way */
typedef struct
{
  GTlsPassword *password;   /* (owned) */
  AdwMessageDialog *dialog; /* (unowned): closes itself */
  ChSecretRow *rows[2];     /* in the dialog; the second one only where a new secret is chosen */
  ChFieldMessage *message;  /* in the dialog */
  GtkCheckButton *sure;     /* (nullable): in the dialog of the last try */
  ChPinRules *rules;        /* (nullable): in the dialog of a new PIN */
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

static gboolean
keeps_rules (Question *self)
{
  g_autoptr (ChSecret) pin = NULL;
  g_autoptr (ChSecret) again = NULL;

  if (self->rules == NULL)
    return TRUE;
  pin = ch_secret_row_copy (self->rows[0]);
  again = ch_secret_row_copy (self->rows[1]);
  return ch_pin_rules_look (self->rules, pin, again, NULL);
}

static void
refresh_ok (Question *self)
{
  gboolean sure = self->sure == NULL || gtk_check_button_get_active (self->sure);
  gboolean fits = keeps_rules (self);

  adw_message_dialog_set_response_enabled (self->dialog, RESPONSE_OK,
                                           sure && fits && ch_secret_row_get_length (self->rows[0]) > 0);
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

/* The question is over; unlocking is a business of its own, which the window opens */
static void
open_unlocking (GTask *task)
{
  ChAskerDialog *self = g_task_get_source_object (task);
  GtkWindow *window = gtk_application_get_active_window (self->application);

  while (window != NULL && gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.unlock", NULL);
}

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
  if (g_str_equal (response, RESPONSE_UNLOCK))
    open_unlocking (task);
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

/* How often it may be tried: in words, for a medium behind PKCS#11 tells no number. Nothing is guessed. */
static void
add_tries (Question *self, GtkBox *box)
{
  gboolean is_pin = ch_ask_kind_is_pin (ch_asker_get_kind (self->password));

  self->sure = NULL;
  if (has_flag (self, G_TLS_PASSWORD_FINAL_TRY))
    {
      gtk_box_append (box, build_strip (_ ("1 try is left")));
      self->sure = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (
          is_pin ? _ ("I am sure that I remember the PIN") : _ ("I am sure that I remember it")));
      gtk_widget_set_halign (GTK_WIDGET (self->sure), GTK_ALIGN_CENTER);
      g_signal_connect (self->sure, "toggled", G_CALLBACK (on_sure_toggled_cb), self);
      gtk_box_append (box, GTK_WIDGET (self->sure));
    }
  else if (has_flag (self, G_TLS_PASSWORD_MANY_TRIES))
    gtk_box_append (box, build_strip (_ ("Only few tries are left")));
}

static GtkWidget *
build_content (ChAskerDialog *asker, Question *self, const char *wrong)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *group = adw_preferences_group_new ();
  ChAskKind kind = ch_asker_get_kind (self->password);

  gtk_widget_set_margin_top (box, 12);
  gtk_box_append (GTK_BOX (box), group);
  add_rows (self, ADW_PREFERENCES_GROUP (group), ch_ask_kind_is_new (kind));

  if (wrong == NULL && has_flag (self, G_TLS_PASSWORD_RETRY))
    wrong = ch_ask_kind_is_pin (kind) && ch_ask_kind_is_new (kind)
                ? _ ("The key does not take this PIN.")
                : _ ("That was not right. Enter it again.");
  ch_field_message_set_text (self->message, wrong);

  self->rules = NULL;
  if (ch_ask_kind_is_pin (kind) && ch_ask_kind_is_new (kind))
    {
      const ChProfile *profile = asker->front != NULL ? ch_front_get_profile (asker->front) : NULL;
      ChAskLimits limits = ch_pin_words_get_limits (ch_asker_get_limits (self->password), profile);

      self->rules = CH_PIN_RULES (ch_pin_rules_new (&limits, FALSE));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->rules));
    }
  add_tries (self, GTK_BOX (box));
  return box;
}

/* Returns: (transfer full) (nullable): whose certificate is on the medium */
static char *
find_owner (ChAskerDialog *self, const char *serial)
{
  GListModel *certs = self->front != NULL ? G_LIST_MODEL (ch_front_get_certs (self->front)) : NULL;

  for (guint i = 0; certs != NULL && serial != NULL && i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);
      ChToken *token = ch_cert_item_get_token (item);

      if (token != NULL && g_strcmp0 (ch_token_get_info (token)->serial, serial) == 0)
        return g_strdup (ch_cert_item_get_name (item));
    }
  return NULL;
}

/* What for, whose, which medium; before the last try what may come of it instead */
static char *
format_body (ChAskerDialog *self, GTlsPassword *password)
{
  ChAskKind kind = ch_asker_get_kind (password);
  const ChAskLimits *limits = ch_asker_get_limits (password);
  const char *serial = limits != NULL ? limits->serial : NULL;
  const char *purpose = ch_asker_get_purpose (password);
  g_autofree char *owner = find_owner (self, serial);
  GString *body = g_string_new (NULL);

  if ((g_tls_password_get_flags (password) & G_TLS_PASSWORD_FINAL_TRY) == 0)
    {
      if (purpose != NULL)
        g_string_append_printf (body, "%s\n", purpose);
      g_string_append (body, owner != NULL ? owner : g_tls_password_get_description (password));
      if (serial != NULL)
        g_string_append_printf (body, "\n%s", serial);
      return g_string_free (body, FALSE);
    }

  g_string_append_printf (body, "%s\n", owner != NULL ? owner : g_tls_password_get_description (password));
  if (serial != NULL)
    g_string_append_printf (body, "%s\n", serial);
  g_string_append (body, ch_ask_kind_is_pin (kind) ? _ (
                             "If it is wrong again, this USB key locks and has to be unlocked by SMS code "
                             "before it can be used.")
                                                   : _ ("If it is wrong again, the key is locked."));
  return g_string_free (body, FALSE);
}

static const char *
get_heading (GTlsPassword *password)
{
  ChAskKind kind = ch_asker_get_kind (password);
  GTlsPasswordFlags flags = g_tls_password_get_flags (password);

  if ((flags & G_TLS_PASSWORD_FINAL_TRY) != 0)
    return _ ("This is the last try");
  if (!ch_ask_kind_is_pin (kind))
    return ch_ask_kind_is_new (kind) ? _ ("Choose a passphrase") : _ ("Enter the PIN or passphrase");
  if (ch_ask_kind_is_new (kind))
    return _ ("Choose a PIN");
  return (flags & G_TLS_PASSWORD_RETRY) != 0 ? _ ("The PIN is not right")
                                             : _ ("Enter the PIN of the USB key");
}

static AdwMessageDialog *
make_dialog (ChAskerDialog *self, const char *heading, const char *body)
{
  return ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (gtk_application_get_active_window (self->application), heading, body));
}

/* Takes @task over. The harmless answer is the default where harm is possible. */
static void
ask (GTask *task, const char *wrong)
{
  Question *self = g_task_get_task_data (task);
  ChAskerDialog *asker = g_task_get_source_object (task);
  gboolean last = has_flag (self, G_TLS_PASSWORD_FINAL_TRY);
  gboolean is_pin = ch_ask_kind_is_pin (ch_asker_get_kind (self->password));
  g_autofree char *body = format_body (asker, self->password);

  self->dialog = make_dialog (asker, get_heading (self->password), body);
  adw_message_dialog_add_response (self->dialog, RESPONSE_CANCEL, _ ("Cancel"));
  if (last && is_pin)
    adw_message_dialog_add_response (self->dialog, RESPONSE_UNLOCK, _ ("Unlock"));
  adw_message_dialog_add_response (self->dialog, RESPONSE_OK, last ? _ ("Try all the same") : _ ("Continue"));
  adw_message_dialog_set_response_appearance (self->dialog, RESPONSE_OK,
                                              last ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self->dialog, last ? RESPONSE_CANCEL : RESPONSE_OK);
  adw_message_dialog_set_close_response (self->dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_extra_child (self->dialog, build_content (asker, self, wrong));
  refresh_ok (self);

  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response_cb), task);
  if (g_task_get_cancellable (task) != NULL)
    self->cancel_id = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (on_cancelled_cb),
                                             self->dialog, NULL);
  gtk_window_present (GTK_WINDOW (self->dialog));
  gtk_widget_grab_focus (GTK_WIDGET (self->rows[0]));
}

/* Somebody is at a keypad */
typedef struct
{
  GTlsPassword *password; /* (owned) */
  gulong over_id;
} Pad;

/* Who gives up says so to the token; the dialog goes either way */
static void
on_pad_response_cb (AdwMessageDialog *dialog, const char *response, Pad *pad)
{
  if (!g_cancellable_is_cancelled (ch_asker_get_over (pad->password)))
    g_cancellable_cancel (ch_asker_get_given_up (pad->password));
}

static void
on_pad_destroy_cb (GtkWidget *dialog, Pad *pad)
{
  g_signal_handlers_disconnect_by_data (dialog, pad);
  g_cancellable_disconnect (ch_asker_get_over (pad->password), pad->over_id);
  g_object_unref (pad->password);
  g_free (pad);
}

static void
show_pad (ChAskerDialog *self, GTlsPassword *password)
{
  gboolean is_new = ch_asker_get_kind (password) == CH_ASK_PIN_PAD_NEW;
  g_autofree char *body = format_body (self, password);
  AdwMessageDialog *dialog = make_dialog (
      self, is_new ? _ ("Choose a PIN at the reader") : _ ("Enter the PIN at the reader"), body);
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Pad *pad = g_new0 (Pad, 1);

  if (is_new)
    {
      GtkWidget *how = gtk_label_new (
          _ ("Enter the new PIN there twice. If the reader asks for the old one, enter that first."));

      gtk_label_set_wrap (GTK_LABEL (how), TRUE);
      gtk_label_set_justify (GTK_LABEL (how), GTK_JUSTIFY_CENTER);
      gtk_box_append (GTK_BOX (box), how);
    }
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_margin_top (box, 12);
  gtk_box_append (GTK_BOX (box), spinner);
  if ((g_tls_password_get_flags (password) & G_TLS_PASSWORD_FINAL_TRY) != 0)
    gtk_box_append (GTK_BOX (box), build_strip (_ ("1 try is left")));
  else if ((g_tls_password_get_flags (password) & G_TLS_PASSWORD_MANY_TRIES) != 0)
    gtk_box_append (GTK_BOX (box), build_strip (_ ("Only few tries are left")));
  adw_message_dialog_set_extra_child (dialog, box);
  adw_message_dialog_add_response (dialog, RESPONSE_CANCEL, _ ("Cancel"));
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);

  pad->password = g_object_ref (password);
  g_signal_connect (dialog, "response", G_CALLBACK (on_pad_response_cb), pad);
  g_signal_connect (dialog, "destroy", G_CALLBACK (on_pad_destroy_cb), pad);
  gtk_window_present (GTK_WINDOW (dialog));
  pad->over_id
      = g_cancellable_connect (ch_asker_get_over (password), G_CALLBACK (on_cancelled_cb), dialog, NULL);
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
  else if (ch_ask_kind_is_pad (ch_asker_get_kind (password)))
    {
      if (ch_asker_get_over (password) != NULL)
        show_pad (CH_ASKER_DIALOG (interaction), password);
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
ch_asker_dialog_dispose (GObject *object)
{
  g_clear_weak_pointer (&CH_ASKER_DIALOG (object)->front);
  G_OBJECT_CLASS (ch_asker_dialog_parent_class)->dispose (object);
}

static void
ch_asker_dialog_class_init (ChAskerDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_asker_dialog_dispose;
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

/**
 * ch_asker_dialog_set_front:
 * @front: knows whose certificate is on which medium, and what the CA asks of a PIN
 */
void
ch_asker_dialog_set_front (GTlsInteraction *interaction, ChFront *front)
{
  g_return_if_fail (CH_IS_ASKER_DIALOG (interaction));

  g_set_weak_pointer (&CH_ASKER_DIALOG (interaction)->front, front);
}
