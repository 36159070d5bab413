#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-turn-dialog.h"

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_DO     "do"

typedef struct
{
  GtkWindow *parent;       /* (unowned): the dialog is gone before it */
  ChFront *front;          /* (owned) */
  ChApplicationItem *item; /* (owned) */
  ChTurn turn;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->front);
  g_object_unref (question->item);
  g_free (question);
}

static void
on_turned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) parent = user_data;
  g_autoptr (GError) error = NULL;
  const ChErrorInfo *info;
  GtkWidget *dialog;

  if (ch_front_turn_finish (CH_FRONT (source), result, &error)
      || !gtk_widget_get_visible (GTK_WIDGET (parent)))
    return;

  info = ch_error_get_info (error);
  dialog = adw_message_dialog_new (parent, _ (info->title), _ (info->todo));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;

  if (g_str_equal (response, RESPONSE_DO))
    ch_front_turn_async (question->front, question->item, question->turn, NULL, on_turned_cb,
                         g_object_ref (question->parent));
}

/**
 * ch_turn_dialog_ask:
 * @parent: above which window
 * @item: an application that can take another way
 *
 * Says what would become of it, above all of the money, asks, and does it.
 */
void
ch_turn_dialog_ask (GtkWindow *parent, ChFront *front, ChApplicationItem *item)
{
  ChTurn turn = ch_turn_of (item);
  g_autofree char *text = ch_turn_explain (turn, item);
  AdwMessageDialog *dialog;
  Question *question;

  g_return_if_fail (turn != CH_TURN_NONE);

  question = g_new0 (Question, 1);
  question->parent = parent;
  question->front = g_object_ref (front);
  question->item = g_object_ref (item);
  question->turn = turn;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _ (ch_turn_get_question (turn)), text));
  adw_message_dialog_add_responses (dialog, RESPONSE_CANCEL, _ ("Cancel"), RESPONSE_DO,
                                    _ (ch_turn_get_deed (turn)), NULL);
  adw_message_dialog_set_response_appearance (dialog, RESPONSE_DO, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
