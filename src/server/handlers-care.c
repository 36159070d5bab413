#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "base/ch-validate.h"
#include "server/ch-erase.h"
#include "server/ch-export.h"
#include "server/ch-handler.h"
#include "server/ch-login.h"
#include "server/ch-notify.h"
#include "server/ch-password.h"
#include "server/ch-picture.h"
#include "server/ch-sms-code.h"
#include "server/ch-store-accounts.h"
#include "server/ch-store-care.h"

/* A one-time password is good for so long */
#define ONCE_SECONDS 900
#define ONCE_LENGTH  12

/* Without those that look like another: it is typed from a phone */
static const char once_alphabet[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/* What the changes need */
typedef struct
{
  ChCall *call;
  const void *request;
  ChCodeTarget target;
  const char *hash; /* of a new password */
  char *mobile;     /* (owned) (nullable): where the notice goes */
  char *owner;      /* (owned) (nullable): id, line break, user name */
  GBytes *once;     /* (nullable) */
  char *code;       /* (owned) (nullable): to be sent */
  gboolean is_done; /* now, not by an earlier call with the same key */
} Work;

static ChService *
service_of (const Work *work)
{
  return ch_call_get_service (work->call);
}

static gboolean
refuse_field (const char *field, ChReason reason, GError **error)
{
  GError *wrong;

  if (reason == CH_REASON_OK)
    return TRUE;
  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, field, reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static gpointer
handle_picture (ChCall *call, gpointer request, GError **error)
{
  return ch_picture_make (ch_call_get_service (call), ch_call_get_address (call), error);
}

/* -- Forgotten passwords -- */

/* Blocks of four are easier to type */
static char *
make_once (void)
{
  GString *text = g_string_new (NULL);

  while (text->len < ONCE_LENGTH + 2)
    {
      guint8 number;

      ch_random_fill (&number, 1);
      if (number >= 256 - 256 % (sizeof once_alphabet - 1))
        continue;
      if (text->len == 4 || text->len == 9)
        g_string_append_c (text, '-');
      g_string_append_c (text, once_alphabet[number % (sizeof once_alphabet - 1)]);
    }
  return g_string_free (text, FALSE);
}

static gpointer
write_reset (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChReset *wanted = work->request;
  g_autofree char *number = ch_normalize_code (wanted->document_number);
  ChResetDone *done;

  if (!ch_sms_code_spend (tx, service_of (work), &work->target, wanted->code, error))
    return NULL;
  work->owner = ch_care_find_owner (tx, wanted->mobile, number, error);
  if (work->owner == NULL)
    return NULL;

  if (*work->owner != 0)
    {
      g_autofree char *account = g_strndup (work->owner, strcspn (work->owner, "\n"));
      g_autoptr (ChSecret) secret = NULL;
      g_autoptr (GBytes) mac = NULL;

      work->code = make_once ();
      secret = ch_secret_new (work->code, strlen (work->code));
      mac = ch_login_once_mac (service_of (work), account, secret);
      if (!ch_care_set_once (tx, account, mac, ch_clock_now () + ONCE_SECONDS, error))
        return NULL;
    }

  done = ch_wire_new (&ChResetDone_wire);
  done->expires = ch_clock_now () + ONCE_SECONDS;
  return done;
}

/* The manual sends the new password itself in an SMS; what is sent here is good once, for a quarter of an
 * hour, and must be changed. Whoever holds the mobile but does not know the number learns nothing. */
static gpointer
handle_reset (ChCall *call, gpointer request, GError **error)
{
  const ChReset *wanted = request;
  ChService *service = ch_call_get_service (call);
  Work work = { call, wanted, { wanted->mobile, CH_SMS_RESET, "" } };
  g_autofree char *minutes = g_strdup_printf ("%d", ONCE_SECONDS / 60);
  ChResetDone *done;

  if (!refuse_field ("handler-mobile", ch_validate_mobile (wanted->mobile), error)
      || !ch_sms_code_check (service, &work.target, wanted->code, error))
    return NULL;
  done = ch_call_commit (call, write_reset, &work, error);
  if (done != NULL && work.code != NULL)
    {
      const char *args[] = { strchr (work.owner, '\n') + 1, work.code, minutes, NULL };

      ch_notify_post_sms (service, wanted->mobile, CH_SMS_TEMPLATE_ONCE, args);
    }
  if (work.code != NULL)
    ch_secret_wipe (work.code, strlen (work.code));
  g_free (work.code);
  g_free (work.owner);
  return done;
}

/* -- Password -- */

static gboolean
store_reason (const guint8 *data, gsize len, gpointer reason)
{
  *(ChReason *) reason = ch_validate_passphrase (data, len);
  return TRUE;
}

static gpointer
write_password (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChCaller *caller = ch_call_get_caller (work->call);

  work->mobile = ch_accounts_get_mobile (tx, caller->account, error);
  if (work->mobile == NULL || !ch_care_set_password (tx, caller, work->hash, error))
    return NULL;
  work->is_done = TRUE;
  return ch_accounts_get (tx, caller->account, error);
}

static gpointer
handle_password (ChCall *call, gpointer request, GError **error)
{
  static const char *const nothing[] = { NULL };
  const ChPasswordChange *wanted = request;
  const ChCaller *caller = ch_call_get_caller (call);
  ChService *service = ch_call_get_service (call);
  gboolean is_fresh = (caller->principals & CH_PRINCIPAL_FRESH) != 0;
  ChReason reason = CH_REASON_OK;
  g_autofree char *hash = NULL;
  Work work = { call, wanted };
  ChAccount *account;

  ch_secret_with (wanted->password, store_reason, &reason);
  if (!refuse_field ("password", reason, error))
    return NULL;
  if (!is_fresh && wanted->old == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PASSWORD_WRONG, "the old password is needed");
      return NULL;
    }
  if (!is_fresh && !ch_login_confirm (service, caller->account, wanted->old, error))
    return NULL;

  work.hash = hash = ch_passwords_hash (ch_service_get_passwords (service), wanted->password, error);
  account = hash != NULL ? ch_call_commit (call, write_password, &work, error) : NULL;
  if (account != NULL && work.is_done)
    ch_notify_post_sms (service, work.mobile, CH_SMS_TEMPLATE_PASSWORD_CHANGED, nothing);
  g_free (work.mobile);
  return account;
}

/* -- Mobile -- */

static gpointer
write_mobile (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChMobileChange *wanted = work->request;
  const ChCaller *caller = ch_call_get_caller (work->call);

  work->mobile = ch_accounts_get_mobile (tx, caller->account, error);
  if (work->mobile == NULL || !ch_sms_code_spend (tx, service_of (work), &work->target, wanted->code, error)
      || !ch_care_set_mobile (tx, caller->account, wanted->mobile, error))
    return NULL;
  work->is_done = TRUE;
  return ch_accounts_get (tx, caller->account, error);
}

/* Whether another account has the mobile is told only to who holds it and has the account’s password. */
static gpointer
handle_mobile (ChCall *call, gpointer request, GError **error)
{
  const ChMobileChange *wanted = request;
  const ChCaller *caller = ch_call_get_caller (call);
  ChService *service = ch_call_get_service (call);
  Work work = { call, wanted, { wanted->mobile, CH_SMS_MOBILE, caller->account } };
  ChAccount *account;

  if (!refuse_field ("new-mobile", ch_validate_mobile (wanted->mobile), error)
      || !ch_login_confirm (service, caller->account, wanted->password, error)
      || !ch_sms_code_check (service, &work.target, wanted->code, error))
    return NULL;

  account = ch_call_commit (call, write_mobile, &work, error);
  if (account != NULL && work.is_done)
    {
      g_autofree char *masked = ch_mask_number (wanted->mobile);
      const char *args[] = { masked, NULL };

      ch_notify_post_sms (service, work.mobile, CH_SMS_TEMPLATE_MOBILE_CHANGED, args);
    }
  g_free (work.mobile);
  return account;
}

/* -- E-mail -- */

static gpointer
write_email_code (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_sms_code_make (tx, service_of (work), &work->target, ch_call_get_address (work->call),
                           &work->code, error);
}

static gpointer
handle_email_code (ChCall *call, gpointer request, GError **error)
{
  const ChEmailRequest *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (service)->limits->sms_valid / 60));
  Work work = { call, wanted, { wanted->email, CH_SMS_EMAIL, ch_call_get_caller (call)->account } };
  ChSmsSent *sent;

  if (!refuse_field ("email", ch_validate_email (wanted->email), error))
    return NULL;
  sent = ch_call_commit (call, write_email_code, &work, error);
  if (work.code != NULL)
    {
      const char *args[] = { work.code, minutes, NULL };

      if (sent != NULL && !ch_notify_mail (service, wanted->email, CH_MAIL_TEMPLATE_CODE, args, error))
        g_clear_pointer (&sent, ch_sms_sent_free);
      ch_secret_wipe (work.code, strlen (work.code));
      g_free (work.code);
    }
  return sent;
}

static gpointer
write_email (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChEmailChange *wanted = work->request;
  const char *account = ch_call_get_caller (work->call)->account;

  if (*wanted->email != 0 && !ch_sms_code_spend (tx, service_of (work), &work->target, wanted->code, error))
    return NULL;
  return ch_care_set_email (tx, account, wanted->email, error) ? ch_accounts_get (tx, account, error) : NULL;
}

static gpointer
handle_email (ChCall *call, gpointer request, GError **error)
{
  const ChEmailChange *wanted = request;
  ChService *service = ch_call_get_service (call);
  Work work = { call, wanted, { wanted->email, CH_SMS_EMAIL, ch_call_get_caller (call)->account } };

  if (*wanted->email != 0)
    {
      if (!refuse_field ("email", ch_validate_email (wanted->email), error))
        return NULL;
      if (wanted->code == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CODE_WRONG, "the code that was mailed is needed");
          return NULL;
        }
      if (!ch_sms_code_check (service, &work.target, wanted->code, error))
        return NULL;
    }
  return ch_call_commit (call, write_email, &work, error);
}

/* -- Where one is logged in, and what one agreed to -- */

static gpointer
read_care (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_care_get (tx, data, error);
}

static gpointer
handle_care (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_care,
                     (gpointer) ch_call_get_caller (call), error);
}

static gpointer
write_sessions_end (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChCaller *caller = ch_call_get_caller (work->call);

  return ch_care_end_other_sessions (tx, caller, error) ? ch_care_get (tx, caller, error) : NULL;
}

static gpointer
handle_sessions_end (ChCall *call, gpointer request, GError **error)
{
  Work work = { call };

  return ch_call_commit (call, write_sessions_end, &work, error);
}

static gpointer
write_session_end (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChCaller *caller = ch_call_get_caller (work->call);
  ChCare *care = ch_care_get (tx, caller, error);

  /* read first: it may be the one that asks */
  if (care != NULL
      && ch_db_run (tx, "DELETE FROM session WHERE id = $1 AND account = $2",
                    CH_BIND (CH_TEXT (ch_call_get_arg (work->call, 0)), CH_TEXT (caller->account)), error))
    {
      for (guint i = 0; i < care->sessions->len; i++)
        if (g_str_equal (((ChSessionInfo *) care->sessions->pdata[i])->id, ch_call_get_arg (work->call, 0)))
          g_ptr_array_remove_index (care->sessions, i--);
      return care;
    }
  g_clear_pointer (&care, ch_care_free);
  return NULL;
}

static gpointer
handle_session_end (ChCall *call, gpointer request, GError **error)
{
  Work work = { call };

  return ch_db_write (ch_service_get_db (service_of (&work)), write_session_end, &work,
                      (GDestroyNotify) ch_care_free, error);
}

/* A PC that is forgotten is logged out too */
static gpointer
write_forget (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChCaller *caller = ch_call_get_caller (work->call);
  const ChDbValue *values = CH_BIND (CH_TEXT (ch_call_get_arg (work->call, 0)), CH_TEXT (caller->account),
                                     CH_TEXT (caller->session));

  return ch_db_run (tx, "DELETE FROM session WHERE installation = $1 AND account = $2 AND id <> $3", values,
                    error)
                 && ch_db_run (tx, "DELETE FROM installation WHERE id = $1 AND account = $2",
                               CH_BIND (CH_TEXT (ch_call_get_arg (work->call, 0)), CH_TEXT (caller->account)),
                               error)
             ? ch_care_get (tx, caller, error)
             : NULL;
}

static gpointer
handle_forget (ChCall *call, gpointer request, GError **error)
{
  Work work = { call };

  return ch_db_write (ch_service_get_db (service_of (&work)), write_forget, &work,
                      (GDestroyNotify) ch_care_free, error);
}

/* -- The end -- */

static gpointer
read_closing (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_erase_foresee (tx, service_of (work), ch_call_get_caller (work->call)->account, error);
}

static gpointer
handle_closing (ChCall *call, gpointer request, GError **error)
{
  Work work = { call };

  return ch_db_read (ch_service_get_db (service_of (&work)), read_closing, &work, error);
}

static gpointer
read_mobile (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_accounts_get_mobile (tx, data, error);
}

static gpointer
write_close (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChClose *wanted = work->request;
  const char *account = ch_call_get_caller (work->call)->account;

  if (!ch_sms_code_spend (tx, service_of (work), &work->target, wanted->code, error)
      || !ch_erase_account (tx, service_of (work), account, error))
    return NULL;
  work->is_done = TRUE;
  return ch_wire_new (&ChNothing_wire);
}

static gpointer
handle_close (ChCall *call, gpointer request, GError **error)
{
  static const char *const nothing[] = { NULL };
  const ChClose *wanted = request;
  const ChCaller *caller = ch_call_get_caller (call);
  ChService *service = ch_call_get_service (call);
  g_autofree char *mobile = ch_db_read (ch_service_get_db (service), read_mobile, caller->account, error);
  Work work = { call, wanted, { mobile, CH_SMS_CLOSE, caller->account } };
  gpointer done;

  if (mobile == NULL || !ch_login_confirm (service, caller->account, wanted->password, error)
      || !ch_sms_code_check (service, &work.target, wanted->code, error))
    return NULL;
  done = ch_call_commit (call, write_close, &work, error);
  if (done != NULL && work.is_done)
    ch_notify_post_sms (service, mobile, CH_SMS_TEMPLATE_CLOSED, nothing);
  return done;
}

static gpointer
read_export (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_export_write_json (tx, data, error);
}

static gpointer
handle_export (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autofree char *json
      = ch_db_read (ch_service_get_db (service), read_export, ch_call_get_caller (call)->account, error);
  g_autoptr (GBytes) zip = json != NULL ? ch_export_pack (json, error) : NULL;
  g_autofree char *day = NULL;
  ChExport *export;

  if (json != NULL)
    ch_secret_wipe (json, strlen (json));
  if (zip == NULL)
    return NULL;
  day = ch_clock_format (ch_clock_now ());
  export = ch_wire_new (&ChExport_wire);
  export->name = g_strdup_printf ("certhall-%.10s.zip", day);
  export->content = g_steal_pointer (&zip);
  return export;
}

const ChHandlerRow ch_handlers_care[] = {
  { &ch_route_picture, handle_picture, CH_HANDLER_WORKER },
  { &ch_route_password_reset, handle_reset, CH_HANDLER_WORKER },
  { &ch_route_password, handle_password, CH_HANDLER_WORKER },
  { &ch_route_mobile, handle_mobile, CH_HANDLER_WORKER },
  { &ch_route_email_code, handle_email_code, CH_HANDLER_WORKER },
  { &ch_route_email, handle_email, CH_HANDLER_WORKER },
  { &ch_route_care, handle_care, CH_HANDLER_INLINE },
  { &ch_route_sessions_end, handle_sessions_end, CH_HANDLER_WORKER },
  { &ch_route_session_end, handle_session_end, CH_HANDLER_WORKER },
  { &ch_route_installation_forget, handle_forget, CH_HANDLER_WORKER },
  { &ch_route_closing, handle_closing, CH_HANDLER_INLINE },
  { &ch_route_close, handle_close, CH_HANDLER_WORKER },
  { &ch_route_export, handle_export, CH_HANDLER_WORKER },
  { NULL },
};
