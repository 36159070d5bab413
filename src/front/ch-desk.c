#include "config.h"

#include "front/ch-desk.h"

#include "steps/ch-account-desk.h"
#include "steps/ch-catalog.h"
#include "steps/ch-holder-desk.h"
#include "steps/ch-making.h"

struct _ChDesk
{
  GObject parent_instance;

  ChPorts *ports;          /* (owned) */
  ChAccountDesk *accounts; /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChDesk, ch_desk, G_TYPE_OBJECT)

/* How one of the deeds of the account desk is ended */
typedef gboolean (*FinishFunc) (ChAccountDesk *desk, GAsyncResult *result, GError **error);

static GTask *
begin (ChDesk *self,
       gpointer tag,
       FinishFunc finish,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What has happened has happened, whether or not it is still waited for */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, finish, NULL);
  return task;
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FinishFunc finish = (FinishFunc) g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (finish (CH_ACCOUNT_DESK (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  ChSmsSent *sent = ch_account_desk_send_code_finish (CH_ACCOUNT_DESK (source), result, &error);

  if (sent != NULL)
    g_task_return_pointer (task, sent, (GDestroyNotify) ch_sms_sent_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_logged_in_by_certificate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (ch_holder_desk_login_finish (CH_PORTS (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
finish_deed (ChDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ch_desk_finalize (GObject *object)
{
  ChDesk *self = CH_DESK (object);

  g_clear_object (&self->accounts);
  g_clear_object (&self->ports);

  G_OBJECT_CLASS (ch_desk_parent_class)->finalize (object);
}

static void
ch_desk_class_init (ChDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_desk_finalize;
}

static void
ch_desk_init (ChDesk *self)
{
}

/**
 * ch_desk_new:
 * @ports: the way to the world
 *
 * Returns: (transfer full): the desk; nothing is asked yet
 */
ChDesk *
ch_desk_new (ChPorts *ports)
{
  ChDesk *self = g_object_new (CH_TYPE_DESK, NULL);

  self->ports = g_object_ref (ports);
  self->accounts = ch_account_desk_new (ports);
  return self;
}

ChPorts *
ch_desk_get_ports (ChDesk *self)
{
  return self->ports;
}

/**
 * ch_desk_get_flows:
 * @n_flows: (out): how many
 *
 * Returns: (transfer none) (array length=n_flows): every flow this program knows
 */
const ChFlow *const *
ch_desk_get_flows (guint *n_flows)
{
  return ch_catalog_get (n_flows);
}

/**
 * ch_desk_lookup_flow:
 *
 * Returns: (transfer none) (nullable): the flow with this id
 */
const ChFlow *
ch_desk_lookup_flow (const char *id)
{
  return ch_catalog_lookup (id);
}

/**
 * ch_desk_start:
 * @flow_id: which flow
 *
 * Returns: (transfer full): a run of just this flow, not started yet; %NULL with @error set when the CA does
 * not offer it
 */
ChRun *
ch_desk_start (ChDesk *self, const char *flow_id, GError **error)
{
  return ch_catalog_start (flow_id, self->ports, error);
}

/**
 * ch_desk_start_business:
 *
 * Returns: (transfer full): a run that turns to the right flow of @business when that is known, not started
 * yet; %NULL with @error set when the CA does not offer it
 */
ChRun *
ch_desk_start_business (ChDesk *self, ChBusiness business, GError **error)
{
  return ch_catalog_start_business (business, self->ports, error);
}

/**
 * ch_desk_start_making:
 * @application: (nullable): if it is known already
 *
 * Returns: (transfer full): a run of the staff that makes the medium of an application, not started yet
 */
ChRun *
ch_desk_start_making (ChDesk *self, const char *application)
{
  return ch_making_start (self->ports, application);
}

/**
 * ch_desk_get_letter:
 * @run: that made a medium
 *
 * Returns: (transfer none) (nullable): the letter with its first PIN, which is kept nowhere
 */
const ChPinLetter *
ch_desk_get_letter (ChRun *run)
{
  return ch_making_get_letter (run);
}

/**
 * ch_desk_resume:
 * @application: as the server tells it
 *
 * Returns: (transfer full): a run that goes on with it, not started yet; %NULL with @error set when this
 * program does not know its flow
 */
ChRun *
ch_desk_resume (ChDesk *self, const ChApplication *application, GError **error)
{
  return ch_catalog_resume (self->ports, application, error);
}

/**
 * ch_desk_connect_async:
 *
 * Gets to know the CA, and whether the session kept on this PC still holds.
 */
void
ch_desk_connect_async (ChDesk *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  ch_account_desk_connect_async (
      self->accounts, cancellable, on_done_cb,
      begin (self, ch_desk_connect_async, ch_account_desk_connect_finish, cancellable, callback, user_data));
}

gboolean
ch_desk_connect_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  return finish_deed (self, result, error);
}

/**
 * ch_desk_send_code_async:
 * @mobile: (nullable): where to; %NULL for the account’s own
 * @purpose: what it is for
 *
 * Has an SMS code sent.
 */
void
ch_desk_send_code_async (ChDesk *self,
                         const char *mobile,
                         ChSmsPurpose purpose,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  ch_account_desk_send_code_async (
      self->accounts, mobile, purpose, cancellable, on_code_sent_cb,
      begin (self, ch_desk_send_code_async, NULL, cancellable, callback, user_data));
}

/**
 * ch_desk_send_code_finish:
 *
 * Returns: (transfer full): how long it is valid, and when there may be another
 */
ChSmsSent *
ch_desk_send_code_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_desk_register_async:
 * @answers: fields of the form that are no secrets
 * @password: the new password
 * @code: the SMS code
 *
 * Makes an account. The agreements have been accepted.
 */
void
ch_desk_register_async (ChDesk *self,
                        GHashTable *answers,
                        ChSecret *password,
                        ChSecret *code,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  ch_account_desk_register_async (self->accounts, answers, password, code, cancellable, on_done_cb,
                                  begin (self, ch_desk_register_async, ch_account_desk_register_finish,
                                         cancellable, callback, user_data));
}

gboolean
ch_desk_register_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  return finish_deed (self, result, error);
}

/**
 * ch_desk_login_async:
 * @login: user name, password, and what else was asked for
 * @as_staff: whether it is the name of a member of staff
 *
 * Logs in. The agreements have been accepted. Where a picture would be asked for, work is proved.
 */
void
ch_desk_login_async (ChDesk *self,
                     const ChLogin *login,
                     gboolean as_staff,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = begin (self, ch_desk_login_async,
                       as_staff ? ch_account_desk_staff_login_finish : ch_account_desk_login_finish,
                       cancellable, callback, user_data);

  if (as_staff)
    ch_account_desk_staff_login_async (self->accounts, login->user_name, login->password, cancellable,
                                       on_done_cb, task);
  else
    ch_account_desk_login_async (self->accounts, login, TRUE, cancellable, on_done_cb, task);
}

gboolean
ch_desk_get_must_change_password (ChDesk *self)
{
  return ch_account_desk_get_must_change (self->accounts);
}

gboolean
ch_desk_login_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  return finish_deed (self, result, error);
}

/**
 * ch_desk_logout_async:
 *
 * Ends the session, there and here.
 */
void
ch_desk_logout_async (ChDesk *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  ch_account_desk_logout_async (
      self->accounts, cancellable, on_done_cb,
      begin (self, ch_desk_logout_async, ch_account_desk_logout_finish, cancellable, callback, user_data));
}

gboolean
ch_desk_logout_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  return finish_deed (self, result, error);
}

/**
 * ch_desk_login_by_certificate_async:
 * @token: a token
 * @key_id: (nullable): which certificate on it; %NULL for the first
 * @staff: (nullable): name of the member of staff whose it is; %NULL to log in as its holder
 * @asker: who is asked for the PIN or passphrase
 *
 * Logs in by certificate. The agreements have been accepted.
 */
void
ch_desk_login_by_certificate_async (ChDesk *self,
                                    ChToken *token,
                                    const char *key_id,
                                    const char *staff,
                                    GTlsInteraction *asker,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  ch_holder_desk_login_async (
      self->ports, token, key_id, staff, asker, cancellable, on_logged_in_by_certificate_cb,
      begin (self, ch_desk_login_by_certificate_async, NULL, cancellable, callback, user_data));
}

gboolean
ch_desk_login_by_certificate_finish (ChDesk *self, GAsyncResult *result, GError **error)
{
  return finish_deed (self, result, error);
}
