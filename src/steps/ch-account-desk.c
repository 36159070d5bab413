#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "steps/ch-account-desk.h"
#include "steps/ch-holder-desk.h"
#include "wire/ch-field.h"

struct _ChAccountDesk
{
  GObject parent_instance;

  ChPorts *ports; /* (owned) */

  /* A registration in doubt is sent again with the same key, as long as it is the same */
  char *register_key; /* (owned) (nullable) */
  char *register_sum; /* (owned) (nullable) */
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
  GError *error = NULL;
  g_autoptr (ChTime) time = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (time == NULL)
    {
      fail (task, error);
      return;
    }

  /* The server’s time is gone by throughout: a wrong clock here locks nobody out */
  ch_clock_set_offset (ch_clock_get_offset () + time->now - ch_clock_now ());
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

typedef struct
{
  ChSmsRequest request; /* its strings are owned */
  ChChallenge *challenge;
} Code;

static void
code_free (gpointer data)
{
  Code *code = data;

  g_free (code->request.mobile);
  g_free (code->request.challenge);
  g_free (code->request.work);
  g_clear_pointer (&code->challenge, ch_challenge_free);
  g_free (code);
}

static gboolean
begins_with_zero_bits (const guint8 *digest, guint bits)
{
  for (guint i = 0; i < bits; i++)
    if ((digest[i / 8] & (0x80 >> (i % 8))) != 0)
      return FALSE;
  return TRUE;
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
work_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Code *code = g_task_get_task_data (data);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size;
  const guint8 *nonce = g_bytes_get_data (code->challenge->nonce, &size);

  for (guint64 n = 0; !g_cancellable_is_cancelled (cancellable); n++)
    {
      char work[24];
      guint8 digest[32];
      gsize len = sizeof digest;

      g_snprintf (work, sizeof work, "%" G_GUINT64_FORMAT, n);
      g_checksum_reset (sum);
      g_checksum_update (sum, nonce, size);
      g_checksum_update (sum, (const guchar *) work, -1);
      g_checksum_get_digest (sum, digest, &len);
      if (begins_with_zero_bits (digest, MIN (code->challenge->bits, 32)))
        {
          code->request.work = g_strdup (work);
          break;
        }
    }

  g_task_return_boolean (task, code->request.work != NULL);
}

static void
on_work_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Code *code = g_task_get_task_data (task);
  g_autofree char *key = g_uuid_string_random ();

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    {
      fail (task, g_error_new (CH_ERROR, CH_ERROR_CANCELLED, "sending the code was cancelled"));
      return;
    }

  ch_server_call_async (get_server (task), &ch_route_sms, NULL, &code->request, key,
                        g_task_get_cancellable (task), on_code_sent_cb, task);
}

static void
on_challenge_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Code *code = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GTask) work = NULL;

  code->challenge = ch_server_call_finish (CH_SERVER (source), result, &error);
  if (code->challenge == NULL)
    {
      fail (task, error);
      return;
    }

  code->request.challenge = g_strdup (code->challenge->id);
  work = g_task_new (g_task_get_source_object (task), g_task_get_cancellable (task), on_work_done_cb, task);
  g_task_set_check_cancellable (work, FALSE);
  g_task_set_task_data (work, task, NULL);
  g_task_run_in_thread (work, work_thread);
}

/**
 * ch_account_desk_send_code_async:
 * @mobile: where the code goes
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
  g_autofree char *normal = ch_normalize_code (mobile);
  Code *code = g_new0 (Code, 1);

  code->request.mobile = g_strdup (normal);
  code->request.purpose = purpose;
  g_task_set_task_data (task, code, code_free);

  if (ch_validate_mobile (normal) != CH_REASON_OK)
    {
      GError *wrong = ch_error_new_fields ();

      ch_error_add_field (wrong, "handler-mobile", CH_REASON_MOBILE, NULL);
      fail (task, wrong);
      return;
    }

  ch_server_call_async (get_server (task), &ch_route_challenge, NULL, NULL, NULL, cancellable,
                        on_challenge_cb, task);
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

/* Every agreement asked for at @where, in the version shown: the front end has had each of them ticked */
static GPtrArray *
list_consents (ChAccountDesk *self, const char *where)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (ch_ports_get_profile (self->ports), where);
  GPtrArray *consents = ch_wire_list_new (&ChConsent_wire);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      ChConsent *consent = ch_wire_new (&ChConsent_wire);

      consent->id = g_strdup (text->id);
      consent->version = g_strdup (text->version);
      g_ptr_array_add (consents, consent);
    }

  return consents;
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
  g_autoptr (GPtrArray) consents = list_consents (self, "register");
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
on_session_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChAccountDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (ChSession) session = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (session == NULL || !ch_vault_put_session (ch_ports_get_vault (self->ports), session->token, &error))
    {
      fail (task, error);
      return;
    }

  ch_server_set_session (CH_SERVER (source), session->token);
  if (g_str_equal (session->principal, "member"))
    ask_account (task);
  else
    {
      ch_ports_take_account (self->ports, NULL);
      succeed (task);
    }
}

/**
 * ch_account_desk_login_async:
 * @user_name: as typed
 * @password: the password
 *
 * Logs a member in. The front end has had every agreement of `login` ticked.
 */
void
ch_account_desk_login_async (ChAccountDesk *self,
                             const char *user_name,
                             ChSecret *password,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = begin (self, ch_account_desk_login_async, cancellable, callback, user_data);
  g_autoptr (GPtrArray) consents = list_consents (self, "login");
  g_autofree char *name = ch_normalize_text (user_name);
  ChLogin request = { .user_name = name, .password = password, .consents = consents };

  ch_server_call_async (get_server (task), &ch_route_login, NULL, &request, NULL, cancellable, on_session_cb,
                        task);
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
