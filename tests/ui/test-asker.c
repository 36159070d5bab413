#include "config.h"

#include "base/ch-error.h"
#include "ports/ch-asker.h"
#include "ui-hand.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-field-message.h"
#include "ui/ch-pin-rules.h"
#include "ui/ch-secret-row.h"

/* A token asks in its own thread, a human answers in the window */

typedef struct
{
  AdwApplication *application;
  GTlsInteraction *asker;
  GCancellable *cancellable;
  ChAskKind kind;
  GTlsPasswordFlags flags;
  GThread *thread;
  ChSecret *answer;
  GError *error;
  ChAskPad *pad;
  GCancellable *given_up;
  int is_over; /* atomic */
} Desk;

static gpointer
ask_thread (gpointer data)
{
  Desk *desk = data;

  desk->answer = ch_asker_ask (desk->asker, desk->kind, "Soft token of Li", desk->flags, desk->cancellable,
                               &desk->error);
  g_atomic_int_set (&desk->is_over, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
ask (Desk *desk, ChAskKind kind, GTlsPasswordFlags flags)
{
  desk->kind = kind;
  desk->flags = flags;
  desk->thread = g_thread_new ("token", ask_thread, desk);
}

static void
set_up (Desk *desk, gconstpointer data)
{
  desk->application = adw_application_new ("org.certhall.Asker", G_APPLICATION_NON_UNIQUE);
  desk->asker = ch_asker_dialog_new (GTK_APPLICATION (desk->application));
  desk->cancellable = g_cancellable_new ();
  desk->given_up = g_cancellable_new ();
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  while (!g_atomic_int_get (&desk->is_over))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (desk->thread);
  g_clear_pointer (&desk->answer, ch_secret_unref);
  g_clear_error (&desk->error);
  g_object_unref (desk->cancellable);
  g_object_unref (desk->given_up);
  g_object_unref (desk->asker);
  g_object_unref (desk->application);
}

static void
wait_for_answer (Desk *desk)
{
  while (!g_atomic_int_get (&desk->is_over))
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
        return window; /* GTK keeps it */
    }

  return NULL;
}

static GtkWidget *
wait_for_dialog (void)
{
  GtkWidget *dialog;

  while ((dialog = find_dialog ()) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return dialog;
}

static void
wait_for_no_dialog (void)
{
  while (find_dialog () != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_answer (Desk *desk, const char *text)
{
  g_autoptr (ChSecret) expected = ch_secret_new (text, strlen (text));

  wait_for_answer (desk);
  g_assert_no_error (desk->error);
  g_assert_true (ch_secret_equal (desk->answer, expected));
}

static void
test_existing (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;

  ask (desk, CH_ASK_EXISTING, G_TLS_PASSWORD_NONE);
  dialog = wait_for_dialog ();
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_SECRET_ROW), ==, 1);
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_FIELD_MESSAGE), ==, 0);
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==, "Soft token of Li");

  /* Nothing typed, nothing to answer */
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (dialog, "Continue")));
  ui_type_secret (dialog, "PIN or passphrase", "correct horse");
  ui_press (dialog, "Continue");
  assert_answer (desk, "correct horse");
}

static void
test_new (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;

  ask (desk, CH_ASK_NEW, G_TLS_PASSWORD_NONE);
  dialog = wait_for_dialog ();
  ui_type_secret (dialog, "PIN or passphrase", "correct horse");
  ui_type_secret (dialog, "The same again", "correct house");
  ui_press (dialog, "Continue");
  while (find_dialog () == dialog || find_dialog () == NULL)
    g_main_context_iteration (NULL, TRUE);

  /* Asked again, with the reason */
  dialog = find_dialog ();
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_FIELD_MESSAGE), ==, 1);
  ui_type_secret (dialog, "PIN or passphrase", "correct horse");
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_FIELD_MESSAGE), ==, 0);
  ui_type_secret (dialog, "The same again", "correct horse");
  ui_press (dialog, "Continue");
  assert_answer (desk, "correct horse");
}

/* Enter answers too, and the question is gone then */
static void
test_enter (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;

  ask (desk, CH_ASK_EXISTING, G_TLS_PASSWORD_NONE);
  dialog = wait_for_dialog ();
  ui_type_secret (dialog, "PIN or passphrase", "correct horse");
  g_signal_emit_by_name (ui_find_type (dialog, CH_TYPE_SECRET_ROW), "activated");
  assert_answer (desk, "correct horse");
  wait_for_no_dialog ();
}

static void
test_last_try (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;
  GtkWidget *sure;

  ask (desk, CH_ASK_EXISTING, G_TLS_PASSWORD_RETRY | G_TLS_PASSWORD_FINAL_TRY);
  dialog = wait_for_dialog ();
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_FIELD_MESSAGE), ==, 1);
  g_assert_cmpstr (adw_message_dialog_get_default_response (ADW_MESSAGE_DIALOG (dialog)), ==, "cancel");

  /* Only who is sure may try */
  ui_type_secret (dialog, "PIN or passphrase", "correct horse");
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (dialog, "Try all the same")));
  sure = ui_find_type (dialog, GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (sure), TRUE);
  ui_press (dialog, "Try all the same");
  assert_answer (desk, "correct horse");
}

/* A new PIN can be given when it keeps all the rules, which are ticked off while it is typed */
static void
test_new_pin (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;

  ask (desk, CH_ASK_PIN_NEW, G_TLS_PASSWORD_NONE);
  dialog = wait_for_dialog ();
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_PIN_RULES), ==, 1);
  ui_type_secret (dialog, "PIN", "123456");
  ui_type_secret (dialog, "The same again", "123456");
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (dialog, "Continue")));
  ui_type_secret (dialog, "PIN", "648219");
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (dialog, "Continue")));
  ui_type_secret (dialog, "The same again", "648219");
  ui_press (dialog, "Continue");
  assert_answer (desk, "648219");
}

/* Before the last try of a key, unlocking is offered; who goes there has not tried */
static void
test_last_pin (Desk *desk, gconstpointer data)
{
  GtkWidget *dialog;

  ask (desk, CH_ASK_PIN, G_TLS_PASSWORD_FINAL_TRY);
  dialog = wait_for_dialog ();
  ui_type_secret (dialog, "PIN", "648219");
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (dialog, "Try all the same")));
  ui_press (dialog, "Unlock");
  wait_for_answer (desk);
  g_assert_error (desk->error, CH_ERROR, CH_ERROR_CANCELLED);
  wait_for_no_dialog ();
}

/* At a keypad nothing is asked here: a dialog says so until the medium has answered, or somebody gives up */
static gpointer
pad_thread (gpointer data)
{
  Desk *desk = data;

  desk->pad = ch_asker_begin_pad (desk->asker, desk->kind, "Key of Li", G_TLS_PASSWORD_NONE, NULL,
                                  desk->given_up, desk->cancellable, &desk->error);
  g_atomic_int_set (&desk->is_over, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
test_pad (Desk *desk, gconstpointer gives_up)
{
  GtkWidget *dialog;

  desk->kind = gives_up != NULL ? CH_ASK_PIN_PAD_NEW : CH_ASK_PIN_PAD;
  desk->thread = g_thread_new ("token", pad_thread, desk);
  dialog = wait_for_dialog ();
  wait_for_answer (desk);
  g_assert_no_error (desk->error);
  g_assert_cmpuint (ui_count_type (dialog, CH_TYPE_SECRET_ROW), ==, 0);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   gives_up != NULL ? "Choose a PIN at the reader" : "Enter the PIN at the reader");
  if (gives_up != NULL)
    {
      ui_press (dialog, "Cancel");
      wait_for_no_dialog ();
    }
  ch_asker_end_pad (g_steal_pointer (&desk->pad));
  wait_for_no_dialog ();
  g_assert_cmpint (g_cancellable_is_cancelled (desk->given_up), ==, gives_up != NULL);
}

static void
test_cancelled_by_hand (Desk *desk, gconstpointer data)
{
  ask (desk, CH_ASK_EXISTING, G_TLS_PASSWORD_NONE);
  ui_press (wait_for_dialog (), "Cancel");
  wait_for_answer (desk);
  g_assert_null (desk->answer);
  g_assert_error (desk->error, CH_ERROR, CH_ERROR_CANCELLED);
  wait_for_no_dialog ();
}

/* The token has gone: the question goes with it */
static void
test_cancelled_by_token (Desk *desk, gconstpointer data)
{
  ask (desk, CH_ASK_EXISTING, G_TLS_PASSWORD_NONE);
  wait_for_dialog ();
  g_cancellable_cancel (desk->cancellable);
  wait_for_answer (desk);
  g_assert_error (desk->error, CH_ERROR, CH_ERROR_CANCELLED);
  wait_for_no_dialog ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ui_begin ();

  g_test_add ("/asker/existing", Desk, NULL, set_up, test_existing, tear_down);
  g_test_add ("/asker/new", Desk, NULL, set_up, test_new, tear_down);
  g_test_add ("/asker/enter", Desk, NULL, set_up, test_enter, tear_down);
  g_test_add ("/asker/last-try", Desk, NULL, set_up, test_last_try, tear_down);
  g_test_add ("/asker/new-pin", Desk, NULL, set_up, test_new_pin, tear_down);
  g_test_add ("/asker/last-pin", Desk, NULL, set_up, test_last_pin, tear_down);
  g_test_add ("/asker/pad", Desk, NULL, set_up, test_pad, tear_down);
  g_test_add ("/asker/pad-given-up", Desk, "", set_up, test_pad, tear_down);
  g_test_add ("/asker/cancelled-by-hand", Desk, NULL, set_up, test_cancelled_by_hand, tear_down);
  g_test_add ("/asker/cancelled-by-token", Desk, NULL, set_up, test_cancelled_by_token, tear_down);

  return g_test_run ();
}
