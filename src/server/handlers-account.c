#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-handler.h"
#include "server/ch-holder-login.h"
#include "server/ch-login.h"
#include "server/ch-nonce.h"
#include "server/ch-password.h"
#include "server/ch-sms-code.h"
#include "server/ch-store-accounts.h"
#include "wire/ch-field.h"

/* -- What needs no account -- */

static gpointer
answer_time (ChCall *call, gpointer request, GError **error)
{
  ChTime *answer = ch_wire_new (&ChTime_wire);

  answer->now = ch_clock_now ();
  return answer;
}

static gpointer
answer_profile (ChCall *call, gpointer request, GError **error)
{
  ch_call_set_json (call, ch_service_get_profile_json (ch_call_get_service (call)));
  return ch_wire_new (&ChProfile_wire);
}

static gpointer
answer_challenge (ChCall *call, gpointer request, GError **error)
{
  return ch_challenge_make (ch_call_get_service (call));
}

static gpointer
answer_nonce (ChCall *call, gpointer request, GError **error)
{
  const ChNonceRequest *wanted = request;

  return ch_nonce_make (ch_call_get_service (call), wanted->label, error);
}

/* -- SMS codes -- */

typedef struct
{
  ChCall *call;
  const ChSmsRequest *request;
  ChCodeTarget target;
  char *code; /* (owned) (nullable): set when one is to be sent */
} SmsWork;

static gpointer
write_code (ChDbTx *tx, gpointer data, GError **error)
{
  SmsWork *work = data;
  ChService *service = ch_call_get_service (work->call);

  /* who is logged in has shown already that there is a person */
  if (ch_call_get_caller (work->call)->session == NULL
      && !ch_challenge_spend (tx, service, work->request->challenge, work->request->work, error))
    return NULL;
  return ch_sms_code_make (tx, service, &work->target, ch_call_get_address (work->call), &work->code, error);
}

static gpointer
answer_sms (ChCall *call, gpointer request, GError **error)
{
  const ChSmsRequest *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (service)->limits->sms_valid / 60));
  SmsWork work = { call, wanted, { wanted->mobile, wanted->purpose, "" }, NULL };
  ChSmsSent *sent;

  if (ch_validate_mobile (wanted->mobile) != CH_REASON_OK)
    {
      GError *wrong = ch_error_new_fields ();

      ch_error_add_field (wrong, "handler-mobile", CH_REASON_MOBILE, NULL);
      g_propagate_error (error, wrong);
      return NULL;
    }

  sent = ch_call_commit (call, write_code, &work, error);

  /* a repeated call finds no code here: nothing is sent twice */
  if (work.code != NULL)
    {
      const char *args[] = { work.code, minutes, NULL };

      if (sent != NULL
          && !ch_sms_send (ch_service_get_sms (service), wanted->mobile, CH_SMS_TEMPLATE_CODE, args, error))
        g_clear_pointer (&sent, ch_sms_sent_free);
      ch_secret_wipe (work.code, strlen (work.code));
      g_free (work.code);
    }
  return sent;
}

/* -- Registering -- */

typedef struct
{
  ChCall *call;
  const ChRegister *request;
  ChAccountDraft draft;
  ChCodeTarget target;
} RegisterWork;

/* Only what the form asks for, as it is kept */
static GHashTable *
collect_answers (const ChForm *form, GHashTable *given)
{
  GHashTable *answers = ch_wire_map_new ();

  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const char *value = g_hash_table_lookup (given, form->fields[i]->id);

      if (value != NULL && !ch_field_is_secret (form->fields[i]))
        g_hash_table_insert (answers, g_strdup (form->fields[i]->id),
                             ch_field_normalize (form->fields[i], value));
    }
  return answers;
}

static gboolean
store_reason (const guint8 *data, gsize len, gpointer reason)
{
  *(ChReason *) reason = ch_validate_passphrase (data, len);
  return TRUE;
}

static gboolean
check_register (ChService *service, GHashTable *answers, const ChRegister *request, GError **error)
{
  const ChProfile *profile = ch_service_get_profile (service);
  g_autoptr (GError) wrong = NULL;
  ChReason reason = CH_REASON_OK;

  ch_form_check (&ch_form_register, profile, NULL, answers, &wrong);
  ch_secret_with (request->password, store_reason, &reason);
  if (reason != CH_REASON_OK)
    {
      if (wrong == NULL)
        wrong = ch_error_new_fields ();
      ch_error_add_field (wrong, "password", reason, NULL);
    }

  if (wrong == NULL)
    return ch_login_check_consents (service, "register", request->consents, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gpointer
write_account (ChDbTx *tx, gpointer data, GError **error)
{
  RegisterWork *work = data;

  if (!ch_sms_code_spend (tx, ch_call_get_service (work->call), &work->target, work->request->code, error))
    return NULL;
  return ch_accounts_add (tx, &work->draft, error);
}

static gpointer
answer_register (ChCall *call, gpointer request, GError **error)
{
  const ChRegister *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autoptr (GHashTable) answers = collect_answers (&ch_form_register, wanted->answers);
  g_autofree char *hash = NULL;
  RegisterWork work = { call, wanted, { answers, NULL, wanted->consents }, { NULL, CH_SMS_REGISTER, "" } };

  if (!check_register (service, answers, wanted, error))
    return NULL;

  /* the code first: whether a mobile is taken is told only to who holds it */
  work.target.mobile = g_hash_table_lookup (answers, "handler-mobile");
  if (!ch_sms_code_check (service, &work.target, wanted->code, error))
    return NULL;
  hash = ch_passwords_hash (ch_service_get_passwords (service), wanted->password, error);
  if (hash == NULL)
    return NULL;
  work.draft.password = hash;
  return ch_call_commit (call, write_account, &work, error);
}

/* -- Sessions -- */

static gpointer
answer_login (ChCall *call, gpointer request, GError **error)
{
  const ChLogin *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autoptr (ChLoginRow) row = NULL;

  if (!ch_login_check_consents (service, "login", wanted->consents, error))
    return NULL;
  row = ch_login_by_password (service, wanted->user_name, FALSE, wanted->password, error);
  return row != NULL ? ch_session_start (service, row, wanted->consents, error) : NULL;
}

static gpointer
answer_staff_login (ChCall *call, gpointer request, GError **error)
{
  const ChStaffLogin *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autoptr (ChLoginRow) row
      = wanted->password != NULL ? ch_login_by_password (service, wanted->name, TRUE, wanted->password, error)
                                 : ch_staff_login_by_certificate (service, wanted, error);

  return row != NULL ? ch_session_start (service, row, NULL, error) : NULL;
}

static gpointer
answer_logout (ChCall *call, gpointer request, GError **error)
{
  if (!ch_session_end (ch_call_get_service (call), ch_call_get_caller (call)->session, error))
    return NULL;
  return ch_wire_new (&ChNothing_wire);
}

static gpointer
read_account (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_accounts_get (tx, data, error);
}

static gpointer
answer_account (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_account,
                     ch_call_get_caller (call)->account, error);
}

const ChHandlerRow ch_handlers_account[] = {
  { &ch_route_time, answer_time, CH_HANDLER_INLINE },
  { &ch_route_profile, answer_profile, CH_HANDLER_INLINE },
  { &ch_route_challenge, answer_challenge, CH_HANDLER_INLINE },
  { &ch_route_sms, answer_sms, CH_HANDLER_WORKER },
  { &ch_route_register, answer_register, CH_HANDLER_WORKER },
  { &ch_route_login, answer_login, CH_HANDLER_WORKER },
  { &ch_route_logout, answer_logout, CH_HANDLER_WORKER },
  { &ch_route_account, answer_account, CH_HANDLER_INLINE },
  { &ch_route_nonce, answer_nonce, CH_HANDLER_INLINE },
  { &ch_route_staff_login, answer_staff_login, CH_HANDLER_WORKER },
  { NULL },
};
