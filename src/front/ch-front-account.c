#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "front/ch-front-private.h"
#include "steps/ch-holder-desk.h"

static void
on_account_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChFront *self = g_task_get_source_object (task);
  ChFrontFinish finish = (ChFrontFinish) g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!finish (CH_ACCOUNT_DESK (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_object_notify (G_OBJECT (self), "account-name");
  ch_front_refresh (self);
  g_task_return_boolean (task, TRUE);
}

#define HOLDER "holder-"

static void
set_key_gone (ChFront *self, gboolean is_gone)
{
  if (self->key_is_gone == is_gone)
    return;

  self->key_is_gone = is_gone;
  g_object_notify (G_OBJECT (self), "key-gone");
}

/* A session that was kept on this PC tells of the certificate only: its key is where that is found */
static void
find_key (ChFront *self)
{
  const ChAccount *account = ch_ports_get_account (self->ports);
  ChCertItem *item = account != NULL && g_str_has_prefix (account->id, HOLDER)
                         ? ch_cert_list_find (self->certs, account->id + strlen (HOLDER))
                         : NULL;
  ChToken *token = item != NULL ? ch_cert_item_get_token (item) : NULL;

  if (token != NULL && g_str_equal (ch_token_get_info (token)->medium, "ukey"))
    self->key_serial = g_strdup (ch_token_get_info (token)->serial);
}

/* Sees whether the key that somebody is logged in by is still there */
void
ch_front_look_for_key (ChFront *self)
{
  ChTokenHub *hub = ch_ports_get_hub (self->ports);
  g_autoptr (ChToken) token = NULL;

  if (self->key_serial == NULL)
    find_key (self);
  if (self->key_serial == NULL)
    return;
  token = ch_token_hub_find (hub, self->key_serial);
  set_key_gone (self, token == NULL);
}

static void
on_holder_logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChFront *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!ch_holder_desk_login_finish (CH_PORTS (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_free (self->key_serial);
  self->key_serial = g_strdup (g_task_get_task_data (task));
  g_object_notify (G_OBJECT (self), "account-name");
  ch_front_look_for_key (self);
  ch_front_refresh (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * ch_front_meet_holder:
 *
 * The holder of a certificate on a phone was let in by a #ChScanDesk: shows what is theirs.
 */
void
ch_front_meet_holder (ChFront *self)
{
  g_return_if_fail (CH_IS_FRONT (self));

  g_clear_pointer (&self->key_serial, g_free);
  g_object_notify (G_OBJECT (self), "account-name");
  ch_front_refresh (self);
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  ChSmsSent *sent = ch_account_desk_send_code_finish (CH_ACCOUNT_DESK (source), result, &error);

  if (sent == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, sent, (GDestroyNotify) ch_sms_sent_free);
}

/* Nobody is logged in here any more, and what was the account’s is not shown any more */
void
ch_front_forget_account (ChFront *self)
{
  ch_ports_take_account (self->ports, NULL);
  g_clear_pointer (&self->key_serial, g_free);
  set_key_gone (self, FALSE);
  ch_application_model_clear (self->applications);
  ch_paged_model_clear (self->pages);
  ch_cert_list_refresh_async (self->certs, NULL, NULL, NULL);
  g_object_notify (G_OBJECT (self), "account-name");
}

static void
on_logged_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChFront) self = user_data;
  g_autoptr (GError) error = NULL;

  /* The session ends here anyway; the server ends it by itself when it was not told */
  if (!ch_account_desk_logout_finish (CH_ACCOUNT_DESK (source), result, &error))
    g_debug ("logging out: %s", error->message);
  ch_front_forget_account (self);
}

/**
 * ch_front_send_code_async:
 * @mobile: where to
 * @purpose: what the code is for
 *
 * Has an SMS code sent.
 */
void
ch_front_send_code_async (ChFront *self,
                          const char *mobile,
                          ChSmsPurpose purpose,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_send_code_async, NULL, cancellable, callback, user_data);
  ch_account_desk_send_code_async (self->desk, mobile, purpose, cancellable, on_code_sent_cb, task);
}

/**
 * ch_front_send_code_finish:
 *
 * Returns: (transfer full): how long the code is valid and when there may be another
 */
ChSmsSent *
ch_front_send_code_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_front_register_async:
 * @answers: fields of the form that are no secrets
 * @password: the new password
 * @code: the SMS code
 *
 * Makes an account. The agreements of the form have been ticked.
 */
void
ch_front_register_async (ChFront *self,
                         GHashTable *answers,
                         ChSecret *password,
                         ChSecret *code,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_register_async, ch_account_desk_register_finish, cancellable,
                         callback, user_data);
  ch_account_desk_register_async (self->desk, answers, password, code, cancellable, on_account_changed_cb,
                                  task);
}

gboolean
ch_front_register_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_front_login_async:
 * @login: user name, password, and what else was asked for
 * @computes: whether work is to be proved where a picture would be asked for
 *
 * Logs in. The agreements asked for at login have been ticked.
 */
void
ch_front_login_async (ChFront *self,
                      const ChLogin *login,
                      gboolean computes,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_login_async, ch_account_desk_login_finish, cancellable, callback,
                         user_data);
  ch_account_desk_login_async (self->desk, login, computes, cancellable, on_account_changed_cb, task);
}

gboolean
ch_front_login_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_front_login_by_certificate_async:
 * @token: a token
 * @key_id: (nullable): which certificate on it; %NULL for the first
 * @asker: who is asked for the PIN or passphrase
 *
 * Logs in as the holder of a certificate, who sees that certificate’s businesses only. The agreements asked
 * for at login have been ticked.
 */
void
ch_front_login_by_certificate_async (ChFront *self,
                                     ChToken *token,
                                     const char *key_id,
                                     GTlsInteraction *asker,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_login_by_certificate_async, NULL, cancellable, callback, user_data);
  if (g_str_equal (ch_token_get_info (token)->medium, "ukey"))
    g_task_set_task_data (task, g_strdup (ch_token_get_info (token)->serial), g_free);
  ch_holder_desk_login_async (self->ports, token, key_id, NULL, asker, cancellable, on_holder_logged_in_cb,
                              task);
}

gboolean
ch_front_login_by_certificate_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_front_get_must_change_password:
 *
 * Returns: whether who logged in came with a one-time password, and has to choose another first
 */
gboolean
ch_front_get_must_change_password (ChFront *self)
{
  g_return_val_if_fail (CH_IS_FRONT (self), FALSE);

  return ch_account_desk_get_must_change (self->desk);
}

/* What the account’s own calls brought */
static void
on_care_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChFront *self = g_task_get_source_object (task);
  const ChRoute *route = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (route == &ch_route_close)
    {
      /* there is nobody to be logged out any more */
      ch_server_set_session (CH_SERVER (source), NULL);
      ch_vault_put_session (ch_ports_get_vault (self->ports), NULL, NULL);
      ch_front_forget_account (self);
    }
  g_task_return_pointer (task, answer, route->answer->free);
}

/**
 * ch_front_care_async:
 * @route: a call of the account’s owner: `wire/routes-care.h`
 * @arg: (nullable): what stands in its path
 * @request: (nullable): its message
 *
 * Looks at the account or changes it.
 */
void
ch_front_care_async (ChFront *self,
                     const ChRoute *route,
                     const char *arg,
                     gconstpointer request,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  const char *const args[] = { arg, NULL };
  g_autofree char *key = (route->flags & CH_ROUTE_CHANGES) != 0 ? g_uuid_string_random () : NULL;
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_care_async, NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, (gpointer) route, NULL);
  ch_server_call_async (ch_ports_get_server (self->ports), route, args, request, key, cancellable,
                        on_care_called_cb, task);
}

/**
 * ch_front_care_finish:
 *
 * Returns: (transfer full): the answer of the route
 */
gpointer
ch_front_care_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_front_logout:
 *
 * Ends the session and forgets what belongs to the account.
 */
void
ch_front_logout (ChFront *self)
{
  g_return_if_fail (CH_IS_FRONT (self));

  ch_account_desk_logout_async (self->desk, NULL, on_logged_out_cb, g_object_ref (self));
}
