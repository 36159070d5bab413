#include "config.h"

#include <string.h>
#include <sys/random.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "base/ch-version.h"
#include "steps/ch-account-desk.h"
#include "steps/ch-holder-desk.h"
#include "steps/ch-work.h"
#include "wire/ch-field.h"

/* How what this PC made up is called in the vault */
#define INSTALLATION "installation"

struct _ChAccountDesk
{
  GObject parent_instance;

  ChPorts *ports; /* (owned) */

  /* A registration in doubt is sent again with the same key, as long as it is the same */
  char *register_key; /* (owned) (nullable) */
  char *register_sum; /* (owned) (nullable) */

  gboolean is_too_old;  /* the server accepts only newer programs */
  gboolean must_change; /* the password of who logged in last */
};

G_DEFINE_FINAL_TYPE (ChAccountDesk, ch_account_desk, G_TYPE_OBJECT)

static void
ch_account_desk_finalize (GObject *object)
{
  ChAccountDesk *self = CH_ACCOUNT_DESK (object);

  g_clear_object (&self->ports);
  g_clear_pointer (&self->register_key, g_free);
  g_clear_pointer (&self->register_sum, g_free);

  G_OBJECT_CLASS (ch_account_desk_parent_class)->finalize (object);
}

static void
ch_account_desk_class_init (ChAccountDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_account_desk_finalize;
}

static void
ch_account_desk_init (ChAccountDesk *self)
{
}

/**
 * ch_account_desk_new:
 * @ports: the ports it fills: profile, session, account
 *
 * Returns: (transfer full): the desk
 */
ChAccountDesk *
ch_account_desk_new (ChPorts *ports)
{
  ChAccountDesk *self = g_object_new (CH_TYPE_ACCOUNT_DESK, NULL);

  self->ports = g_object_ref (ports);
  return self;
}

static ChServer *
get_server (GTask *task)
{
  ChAccountDesk *self = g_task_get_source_object (task);

  return ch_ports_get_server (self->ports);
}

static GTask *
begin (ChAccountDesk *self,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static void
fail (GTask *task, GError *error) /* both (transfer full) */
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
succeed (GTask *task)
{
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Neither a member’s session nor a holder’s: one of staff, who have no account */
static void
on_recalled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChPorts *ports = CH_PORTS (source);
  g_autoptr (GError) error = NULL;

  if (!ch_holder_desk_recall_finish (ports, result, &error))
    ch_ports_take_account (ports, NULL);
  succeed (task);
}

static void
on_account_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  ChAccount *account = ch_server_call_finish (CH_SERVER (source), result, &error);

  /* A session that has ended is no failure to connect: the user logs in again */
  if (account == NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN)
      && !g_error_matches (error, CH_ERROR, CH_ERROR_FORBIDDEN))
    {
      fail (task, g_steal_pointer (&error));
      return;
    }

  if (g_error_matches (error, CH_ERROR, CH_ERROR_FORBIDDEN))
    {
      ch_holder_desk_recall_async (self->ports, g_task_get_cancellable (task), on_recalled_cb, task);
      return;
    }
  if (g_error_matches (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN))
    {
      ch_server_set_session (CH_SERVER (source), NULL);
      ch_vault_put_session (ch_ports_get_vault (self->ports), NULL, NULL);
    }
  ch_ports_take_account (self->ports, account);
  succeed (task);
}

static void
ask_account (GTask *task)
{
  ch_server_call_async (get_server (task), &ch_route_account, NULL, NULL, NULL, g_task_get_cancellable (task),
                        on_account_cb, task);
}

static void
on_profile_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  g_autoptr (ChSecret) token = NULL;
  GError *error = NULL;
  ChProfile *profile = ch_server_call_finish (CH_SERVER (source), result, &error);

  /* Its hotline is known all the same, if what it says can still be read */
  if (self->is_too_old)
    {
      g_clear_error (&error);
      error = g_error_new (CH_ERROR, CH_ERROR_PROGRAM_OLD, "this is version %s", CH_VERSION);
      if (profile != NULL && ch_ports_get_profile (self->ports) == NULL)
        ch_ports_take_profile (self->ports, profile);
      else
        g_clear_pointer (&profile, ch_profile_free);
      fail (task, error);
      return;
    }
  if (profile == NULL)
    {
      fail (task, error);
      return;
    }

  /* Runs keep pointers into the profile: only the first one is taken */
  if (ch_ports_get_profile (self->ports) == NULL)
    ch_ports_take_profile (self->ports, profile);
  else
    ch_profile_free (profile);

  token = ch_vault_get_session (ch_ports_get_vault (self->ports));
  if (token == NULL)
    {
      succeed (task);
      return;
    }

  ch_server_set_session (CH_SERVER (source), token);
  ask_account (task);
}

static void
on_time_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (ChTime) time = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (time == NULL)
    {
      fail (task, error);
      return;
    }

  /* The server’s time is gone by throughout: a wrong clock here locks nobody out */
  ch_clock_set_offset (ch_clock_get_offset () + time->now - ch_clock_now ());
  self->is_too_old = time->oldest != NULL && ch_version_is_older (CH_VERSION, time->oldest);
  ch_server_call_async (CH_SERVER (source), &ch_route_profile, NULL, NULL, NULL,
                        g_task_get_cancellable (task), on_profile_cb, task);
}

/**
 * ch_account_desk_connect_async:
 *
 * Gets to know the CA: its time, its profile, and whether the session kept on this PC still holds.
 */
void
ch_account_desk_connect_async (ChAccountDesk *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_connect_async, cancellable, callback, user_data);

  ch_server_call_async (get_server (task), &ch_route_time, NULL, NULL, NULL, cancellable, on_time_cb, task);
}

gboolean
ch_account_desk_connect_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  ChSmsSent *sent = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (sent == NULL)
    {
      fail (task, error);
      return;
    }

  g_task_return_pointer (task, sent, (GDestroyNotify) ch_sms_sent_free);
  g_object_unref (task);
}

static void
on_code_work_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChSmsRequest *request = g_task_get_task_data (task);
  g_autofree char *key = g_uuid_string_random ();
  GError *error = NULL;
  g_autoptr (ChWork) work = ch_work_finish (CH_SERVER (source), result, &error);

  if (work == NULL)
    {
      fail (task, error);
      return;
    }
  request->challenge = g_steal_pointer (&work->challenge);
  request->work = g_steal_pointer (&work->work);
  ch_server_call_async (CH_SERVER (source), &ch_route_sms, NULL, request, key, g_task_get_cancellable (task),
                        on_code_sent_cb, task);
}

/**
 * ch_account_desk_send_code_async:
 * @mobile: (nullable): where the code goes; %NULL for the account’s own
 * @purpose: what it is for
 *
 * Has an SMS code sent. Instead of a picture the program proves some work, so that a screen reader passes.
 */
void
ch_account_desk_send_code_async (ChAccountDesk *self,
                                 const char *mobile,
                                 ChSmsPurpose purpose,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_send_code_async, cancellable, callback, user_data);
  ChSmsRequest *request = ch_wire_new (&ChSmsRequest_wire);

  request->mobile = mobile != NULL ? ch_normalize_code (mobile) : NULL;
  request->purpose = purpose;
  g_task_set_task_data (task, request, (GDestroyNotify) ch_sms_request_free);

  if (mobile != NULL && ch_validate_mobile (request->mobile) != CH_REASON_OK)
    {
      GError *wrong = ch_error_new_fields ();

      ch_error_add_field (wrong, purpose == CH_SMS_MOBILE ? "new-mobile" : "handler-mobile", CH_REASON_MOBILE,
                          NULL);
      fail (task, wrong);
      return;
    }

  ch_work_async (get_server (task), cancellable, on_code_work_cb, task);
}

/**
 * ch_account_desk_send_code_finish:
 *
 * Returns: (transfer full): until when it is valid, and when another may be sent; %NULL with @error set on
 * failure
 */
ChSmsSent *
ch_account_desk_send_code_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (ChAccount) account = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (account == NULL)
    fail (task, error);
  else
    succeed (task);
}

static gboolean
add_to_sum (const guint8 *data, gsize len, gpointer user_data)
{
  g_checksum_update (user_data, data, len);
  return TRUE;
}

static const char *
get_register_key (ChAccountDesk *self, const ChRegister *request)
{
  g_autoptr (GBytes) body = ch_wire_encode (&ChRegister_wire, request);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  add_to_sum (g_bytes_get_data (body, NULL), g_bytes_get_size (body), sum);
  if (g_strcmp0 (self->register_sum, g_checksum_get_string (sum)) != 0)
    {
      g_free (self->register_sum);
      g_free (self->register_key);
      self->register_sum = g_strdup (g_checksum_get_string (sum));
      self->register_key = g_uuid_string_random ();
    }

  return self->register_key;
}

/**
 * ch_account_desk_register_async:
 * @answers: fields of the form that are no secrets
 * @password: the new password
 * @code: what the SMS brought
 *
 * Makes an account. The front end has had every agreement of `register` ticked.
 */
void
ch_account_desk_register_async (ChAccountDesk *self,
                                GHashTable *answers,
                                ChSecret *password,
                                ChSecret *code,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_register_async, cancellable, callback, user_data);
  g_autoptr (GPtrArray) consents
      = ch_profile_accept_consents (ch_ports_get_profile (self->ports), "register");
  ChRegister request = { .answers = answers, .password = password, .code = code, .consents = consents };
  ChAxes axes = { 0 };
  GError *error = NULL;

  if (!ch_form_check (&ch_form_register, ch_ports_get_profile (self->ports), &axes, answers, &error))
    {
      fail (task, error);
      return;
    }

  ch_server_call_async (get_server (task), &ch_route_register, NULL, &request,
                        get_register_key (self, &request), cancellable, on_registered_cb, task);
}

gboolean
ch_account_desk_register_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
take_session (GTask *task, const ChSession *session)
{
  ChAccountDesk *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!ch_vault_put_session (ch_ports_get_vault (self->ports), session->token, &error))
    {
      fail (task, error);
      return;
    }

  ch_server_set_session (get_server (task), session->token);
  self->must_change = session->must_change;
  if (g_str_equal (session->principal, "member"))
    ask_account (task);
  else
    {
      ch_ports_take_account (self->ports, NULL);
      succeed (task);
    }
}

static void
on_session_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  g_autoptr (ChSession) session = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (session == NULL)
    fail (user_data, error);
  else
    take_session (user_data, session);
}

/* -- Logging in as a member -- */

typedef struct
{
  ChLogin *login; /* (owned) */
  gboolean computes;
} LoginWork;

static void
login_work_free (gpointer data)
{
  LoginWork *work = data;

  ch_login_free (work->login);
  g_free (work);
}

static gboolean
copy_bytes (const guint8 *data, gsize len, gpointer bytes)
{
  *(GBytes **) bytes = g_bytes_new (data, len);
  return TRUE;
}

/**
 * ch_account_desk_find_installation:
 *
 * Returns: (transfer full) (nullable): the number by which an account knows this PC again; one that was just
 * made up is to be kept once it was accepted. It is worth nothing without the password, or the phone.
 */
ChSecret *
ch_account_desk_find_installation (ChPorts *ports)
{
  g_autoptr (GBytes) kept = ch_vault_get (ch_ports_get_vault (ports), CH_VAULT_KNOWN, INSTALLATION);
  guint8 bits[24];
  char *text;

  if (kept != NULL && g_bytes_get_size (kept) > 0)
    return ch_secret_new (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept));
  if (getrandom (bits, sizeof bits, 0) != sizeof bits)
    return NULL;
  text = g_base64_encode (bits, sizeof bits);
  ch_secret_wipe (bits, sizeof bits);
  return ch_secret_take_text (text);
}

/**
 * ch_account_desk_keep_installation:
 * @installation: (nullable): the number that an account knows from now on
 */
void
ch_account_desk_keep_installation (ChPorts *ports, ChSecret *installation)
{
  g_autoptr (GBytes) number = NULL;

  if (installation == NULL)
    return;
  ch_secret_with (installation, copy_bytes, &number);
  ch_vault_put_async (ch_ports_get_vault (ports), CH_VAULT_KNOWN, INSTALLATION, number, NULL, NULL);
}

static void on_login_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
on_login_work_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  LoginWork *login = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ChWork) work = ch_work_finish (CH_SERVER (source), result, &error);

  if (work == NULL)
    {
      fail (task, error);
      return;
    }
  login->computes = FALSE;
  login->login->challenge = g_steal_pointer (&work->challenge);
  login->login->work = g_steal_pointer (&work->work);
  ch_server_call_async (CH_SERVER (source), &ch_route_login, NULL, login->login, NULL,
                        g_task_get_cancellable (task), on_login_cb, task);
}

/* What tells a person from a program is only asked for when something went wrong before */
static void
on_login_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  LoginWork *login = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (session == NULL)
    {
      if (login->computes && g_error_matches (error, CH_ERROR, CH_ERROR_PICTURE_NEEDED))
        ch_work_async (CH_SERVER (source), g_task_get_cancellable (task), on_login_work_cb, task);
      else
        fail (task, g_steal_pointer (&error));
      return;
    }

  ch_account_desk_keep_installation (self->ports, login->login->installation);
  take_session (task, session);
}

/**
 * ch_account_desk_login_async:
 * @login: user name, password, and what else was asked for; its consents are those besides `login`
 * @computes: whether work is to be proved where a picture would be asked for
 *
 * Logs a member in. The front end has had every agreement of `login` ticked.
 */
void
ch_account_desk_login_async (ChAccountDesk *self,
                             const ChLogin *login,
                             gboolean computes,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_login_async, cancellable, callback, user_data);
  g_autoptr (GPtrArray) consents = ch_profile_accept_consents (ch_ports_get_profile (self->ports), "login");
  LoginWork *work = g_new0 (LoginWork, 1);

  for (guint i = 0; login->consents != NULL && i < login->consents->len; i++)
    g_ptr_array_add (consents, ch_wire_copy (&ChConsent_wire, login->consents->pdata[i]));
  work->computes = computes;
  work->login = ch_wire_new (&ChLogin_wire);
  work->login->user_name = ch_normalize_text (login->user_name);
  work->login->password = ch_secret_ref (login->password);
  work->login->sms_code = login->sms_code != NULL ? ch_secret_ref (login->sms_code) : NULL;
  work->login->picture = g_strdup (login->picture);
  work->login->picture_code = g_strdup (login->picture_code);
  work->login->consents = g_steal_pointer (&consents);
  work->login->installation = ch_account_desk_find_installation (self->ports);
  work->login->installation_name = g_strdup (g_get_host_name ());
  g_task_set_task_data (task, work, login_work_free);
  ch_server_call_async (get_server (task), &ch_route_login, NULL, work->login, NULL, cancellable, on_login_cb,
                        task);
}

/**
 * ch_account_desk_get_must_change:
 *
 * Returns: whether who logged in last came with a one-time password, and has to choose another first
 */
gboolean
ch_account_desk_get_must_change (ChAccountDesk *self)
{
  return self->must_change;
}

gboolean
ch_account_desk_login_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_account_desk_staff_login_async:
 * @name: of the member of staff
 * @password: accepted by trial stores only
 */
void
ch_account_desk_staff_login_async (ChAccountDesk *self,
                                   const char *name,
                                   ChSecret *password,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_staff_login_async, cancellable, callback, user_data);
  ChStaffLogin request = { .name = (char *) name, .password = password };

  ch_server_call_async (get_server (task), &ch_route_staff_login, NULL, &request, NULL, cancellable,
                        on_session_cb, task);
}

gboolean
ch_account_desk_staff_login_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_logged_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  g_autofree ChNothing *nothing = NULL;
  g_autoptr (GError) error = NULL;

  /* Whatever the server says: on this PC the session is over */
  nothing = ch_server_call_finish (CH_SERVER (source), result, &error);
  ch_server_set_session (CH_SERVER (source), NULL);
  ch_ports_take_account (self->ports, NULL);
  if (!ch_vault_put_session (ch_ports_get_vault (self->ports), NULL, NULL))
    g_warning ("the session’s file could not be removed");

  if (nothing == NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN))
    fail (task, g_steal_pointer (&error));
  else
    succeed (task);
}

void
ch_account_desk_logout_async (ChAccountDesk *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_logout_async, cancellable, callback, user_data);

  ch_server_call_async (get_server (task), &ch_route_logout, NULL, NULL, NULL, cancellable, on_logged_out_cb,
                        task);
}

gboolean
ch_account_desk_logout_finish (ChAccountDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
