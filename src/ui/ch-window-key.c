#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-login-page.h"
#include "ui/ch-window-private.h"
#include "ui/ch-wizard.h"

/* The USB key one is logged in by is unplugged: what depended on it ends, after asking where work would be
 * lost. Plugged in again, it goes on. */

#define RESPONSE_END "end"

static void
end (ChWindow *self)
{
  GtkWidget *top = ch_window_get_top (self);
  ChRun *run = CH_IS_WIZARD (top) ? ch_wizard_get_run (CH_WIZARD (top)) : NULL;
  const ChApplication *application = run != NULL ? ch_run_get_application (run) : NULL;

  g_free (self->key_awaited);
  self->key_awaited = g_strdup (ch_front_get_key_serial (self->front));
  ch_window_forget_wanted (self);
  if (application != NULL)
    {
      self->wanted_action = g_strdup ("resume");
      self->wanted_target = g_variant_ref_sink (g_variant_new_string (application->id));
    }
  ch_front_logout (self->front);
  ch_window_go_home (self);
  ch_hall_show_view (self->hall, "home");
  ch_window_toast (self, _ ("The USB key was unplugged: you are logged out. Plug it in to go on."));
}

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, ChWindow *self)
{
  self->key_dialog = NULL;
  if (ch_front_get_key_gone (self->front))
    end (self);
}

static void
ask (ChWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("The USB key was unplugged"),
                                              _ ("Plug it in again to go on where you are. What you filled "
                                                 "in is kept on this PC. Whoever ends here is "
                                                 "logged out, and can go on after logging in again."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_END, _ ("End and log out"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_END);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response_cb), self, 0);
  self->key_dialog = dialog;
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Work that would be lost, or is not over yet */
static ChRun *
find_work (ChWindow *self)
{
  for (guint i = self->pages->len; i > 0; i--)
    if (CH_IS_WIZARD (self->pages->pdata[i - 1]))
      return ch_wizard_get_run (CH_WIZARD (self->pages->pdata[i - 1]));
  return NULL;
}

static void
on_key_gone_cb (ChFront *front, GParamSpec *pspec, ChWindow *self)
{
  GtkWidget *dialog = g_steal_pointer (&self->key_dialog);
  ChRun *run = find_work (self);

  /* It is there again, or nobody is logged in any more */
  if (dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (dialog, self);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
  if (!ch_front_get_key_gone (front))
    return;

  if (run == NULL || ch_run_get_state (run) == CH_RUN_DONE)
    {
      end (self);
      return;
    }
  ch_run_keep_draft (run);
  ask (self);
}

/* The key that ended it all is back: only the PIN is missing */
static void
on_certs_changed_cb (GListModel *certs, guint position, guint removed, guint added, ChWindow *self)
{
  if (self->key_awaited == NULL)
    return;
  if (ch_front_is_logged_in (self->front) || self->pages->len > 0)
    {
      if (ch_front_get_key_serial (self->front) == NULL)
        g_clear_pointer (&self->key_awaited, g_free);
      return;
    }

  for (guint i = 0; i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);
      ChToken *token = ch_cert_item_get_token (item);

      if (token == NULL || g_strcmp0 (ch_token_get_info (token)->serial, self->key_awaited) != 0)
        continue;
      g_clear_pointer (&self->key_awaited, g_free);
      ch_window_open_login (self);
      return;
    }
}

/**
 * ch_window_watch_key:
 *
 * Follows the key somebody is logged in by, from now on.
 */
void
ch_window_watch_key (ChWindow *self)
{
  g_signal_connect_object (self->front, "notify::key-gone", G_CALLBACK (on_key_gone_cb), self, 0);
  g_signal_connect_object (ch_front_get_certs (self->front), "items-changed",
                           G_CALLBACK (on_certs_changed_cb), self, 0);
}
