#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-handler.h"
#include "server/ch-holder-login.h"
#include "server/ch-login.h"
#include "server/ch-lookup.h"
#include "server/ch-nonce.h"
#include "server/ch-notify.h"
#include "server/ch-password.h"
#include "server/ch-sms-code.h"
#include "server/ch-store-accounts.h"
#include "server/ch-unlock.h"
#include "wire/ch-field.h"

/* -- What needs no account -- */

static gpointer
answer_time (ChCall *call, gpointer request, GError **error)
{
  ChTime *answer = ch_wire_new (&ChTime_wire);

  answer->now = ch_clock_now ();
  answer->oldest = g_strdup (ch_service_get_oldest_program (ch_call_get_service (call)));
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
  char *mobile;        /* (owned) */
  gboolean is_nowhere; /* nobody has this mobile: nothing is sent, and nothing is said of it */
  char *code;          /* (owned) (nullable): set when one is to be sent */
} SmsWork;

/* Whether the mobile is one that is known here */
typedef gboolean (*KnowsFunc) (ChDbTx *tx, const ChSmsRequest *request, gboolean *is_known, GError **error);

static gboolean
knows_account (ChDbTx *tx, const ChSmsRequest *request, gboolean *is_known, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM account WHERE mobile = $1",
                        CH_BIND (CH_TEXT (request->mobile)), &n, error))
    return FALSE;
  *is_known = n > 0;
  return TRUE;
}

static gboolean
knows_handler (ChDbTx *tx, const ChSmsRequest *request, gboolean *is_known, GError **error)
{
  return ch_lookup_knows_mobile (tx, request->mobile, is_known, error);
}

static gboolean
knows_unlocker (ChDbTx *tx, const ChSmsRequest *request, gboolean *is_known, GError **error)
{
  return ch_unlock_knows (tx, request->token_serial, request->mobile, is_known, error);
}

/* What a code is for says who may have one sent, and to whom */
static const struct
{
  gboolean is_for_anybody;
  KnowsFunc knows;         /* only to mobiles it knows, and nobody is told whether it is one */
  gboolean is_to_own;      /* the account’s own mobile */
  gboolean is_for_account; /* it is worth nothing for another account */
  gboolean is_for_medium;  /* nor this one for another medium */
} purposes[CH_N_SMS_PURPOSES] = {
  [CH_SMS_REGISTER] = { .is_for_anybody = TRUE },
  [CH_SMS_LOGIN] = { .is_for_anybody = TRUE, .knows = knows_account },
  [CH_SMS_RESET] = { .is_for_anybody = TRUE, .knows = knows_account },
  [CH_SMS_MOBILE] = { .is_for_account = TRUE },
  [CH_SMS_CLOSE] = { .is_to_own = TRUE, .is_for_account = TRUE },
  /* brought by mail, and sent for a phone: by calls of their own */
  [CH_SMS_EMAIL] = { .is_to_own = TRUE },
  [CH_SMS_LOOKUP] = { .is_for_anybody = TRUE, .knows = knows_handler },
  [CH_SMS_UNLOCK] = { .is_for_anybody = TRUE, .knows = knows_unlocker, .is_for_medium = TRUE },
  [CH_SMS_PHONE] = { .is_to_own = TRUE },
  [CH_SMS_CONFIRM] = { .is_to_own = TRUE },
};

static gpointer
write_code (ChDbTx *tx, gpointer data, GError **error)
{
  SmsWork *work = data;
  ChService *service = ch_call_get_service (work->call);
  const ChCaller *caller = ch_call_get_caller (work->call);
  ChSmsPurpose purpose = work->request->purpose;
  ChCodeTarget target = { work->mobile, purpose, "" };
  gboolean is_known = TRUE;

  /* who is logged in has shown already that there is a person */
  if (caller->session == NULL && work->request->picture == NULL
      && !ch_challenge_spend (tx, service, work->request->challenge, work->request->work, error))
    return NULL;

  if (purposes[purpose].is_to_own)
    {
      g_free (work->mobile);
      work->mobile = ch_accounts_get_mobile (tx, caller->account, error);
      if (work->mobile == NULL)
        return NULL;
      target.mobile = work->mobile;
    }
  if (purposes[purpose].is_for_account)
    target.object = caller->account;
  if (purposes[purpose].is_for_medium)
    target.object = work->request->token_serial;
  if (purposes[purpose].knows != NULL && !purposes[purpose].knows (tx, work->request, &is_known, error))
    return NULL;
  work->is_nowhere = !is_known;
  return ch_sms_code_make (tx, service, &target, ch_call_get_address (work->call), &work->code, error);
}

static gboolean
check_sms (ChCall *call, const ChSmsRequest *wanted, GError **error)
{
  const ChCaller *caller = ch_call_get_caller (call);
  ChProof proof = { wanted->picture, wanted->picture_code, NULL, NULL };
  GError *wrong;

  if (wanted->purpose == CH_SMS_EMAIL || wanted->purpose == CH_SMS_PHONE || wanted->purpose == CH_SMS_CONFIRM)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "this code has a call of its own");
      return FALSE;
    }
  if (wanted->purpose == CH_SMS_LOOKUP && !ch_service_get_profile (ch_call_get_service (call))->order_lookup)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "nothing is looked up without an account here");
      return FALSE;
    }
  if (purposes[wanted->purpose].is_for_medium && (wanted->token_serial == NULL || *wanted->token_serial == 0))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "which medium is to be unlocked?");
      return FALSE;
    }
  if (!purposes[wanted->purpose].is_for_anybody && caller->account == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN, "this code is for who is logged in");
      return FALSE;
    }
  if (!purposes[wanted->purpose].is_to_own
      && (wanted->mobile == NULL || ch_validate_mobile (wanted->mobile) != CH_REASON_OK))
    {
      wrong = ch_error_new_fields ();
      ch_error_add_field (wrong, "handler-mobile", CH_REASON_MOBILE, NULL);
      g_propagate_error (error, wrong);
      return FALSE;
    }
  return caller->session != NULL || wanted->picture == NULL
         || ch_proof_spend (ch_call_get_service (call), &proof, error);
}

static gpointer
answer_sms (ChCall *call, gpointer request, GError **error)
{
  const ChSmsRequest *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autofree char *minutes
      = g_strdup_printf ("%d", (int) (ch_service_get_profile (service)->limits->sms_valid / 60));
  SmsWork work = { call, wanted, g_strdup (wanted->mobile), FALSE, NULL };
  ChSmsSent *sent = check_sms (call, wanted, error) ? ch_call_commit (call, write_code, &work, error) : NULL;

  /* a repeated call finds no code here: nothing is sent twice */
  if (sent != NULL && work.code != NULL && !work.is_nowhere)
    {
      const char *args[] = { work.code, minutes, NULL };

      if (purposes[wanted->purpose].knows != NULL)
        ch_notify_post_sms (service, work.mobile, CH_SMS_TEMPLATE_CODE, args);
      else if (!ch_notify_sms (service, work.mobile, CH_SMS_TEMPLATE_CODE, args, error))
        g_clear_pointer (&sent, ch_sms_sent_free);
    }
  if (work.code != NULL)
    ch_secret_wipe (work.code, strlen (work.code));
  g_free (work.code);
  g_free (work.mobile);
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

static gboolean
is_given (GPtrArray *given, const ChConsentText *text)
{
  for (guint i = 0; i < given->len; i++)
    {
      const ChConsent *consent = given->pdata[i];

      if (g_str_equal (consent->id, text->id) && g_str_equal (consent->version, text->version))
        return TRUE;
    }
  return FALSE;
}

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

typedef struct
{
  ChService *service;
  GPtrArray *given;    /* (element-type ChConsent) */
  const char *account; /* id */
  GString *missing;    /* (owned) (nullable): ids */
} Renewed;

/* A new version of what was agreed to once is to be agreed to again. */
static gpointer
read_renewed (ChDbTx *tx, gpointer data, GError **error)
{
  Renewed *renewed = data;
  g_autoptr (GPtrArray) texts
      = ch_profile_list_consents (ch_service_get_profile (renewed->service), "register");

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      gint64 n = 0;

      if (!ch_db_query_int (
              tx, "SELECT COUNT (*) FROM consent WHERE account = $1 AND consent = $2 AND version = $3",
              CH_BIND (CH_TEXT (renewed->account), CH_TEXT (text->id), CH_TEXT (text->version)), &n, error))
        return NULL;
      if (n == 0 && !is_given (renewed->given, text))
        g_string_append_printf (renewed->missing, "%s%s", renewed->missing->len > 0 ? " " : "", text->id);
    }
  return CH_DB_DONE;
}

static gboolean
check_renewed (const ChLoginRow *row, gpointer data, GError **error)
{
  Renewed *renewed = data;
  g_autoptr (GString) missing = g_string_new (NULL);
  GError *local;

  renewed->account = row->id;
  renewed->missing = missing;
  if (ch_db_read (ch_service_get_db (renewed->service), read_renewed, renewed, error) == NULL)
    return FALSE;
  if (missing->len == 0)
    return TRUE;

  local
      = g_error_new (CH_ERROR, CH_ERROR_CONSENT_MISSING, "new versions are not agreed to: %s", missing->str);
  ch_error_set_detail (local, "consents", missing->str);
  g_propagate_error (error, local);
  return FALSE;
}

static gpointer
answer_login (ChCall *call, gpointer request, GError **error)
{
  const ChLogin *wanted = request;
  ChService *service = ch_call_get_service (call);
  Renewed renewed = { service, wanted->consents };
  const ChLoginTry try = {
    .name = wanted->user_name,
    .password = wanted->password,
    .address = ch_call_get_address (call),
    .installation = wanted->installation,
    .sms_code = wanted->sms_code,
    .proof = { wanted->picture, wanted->picture_code, wanted->challenge, wanted->work },
    .check = check_renewed,
    .check_data = &renewed,
  };
  g_autoptr (ChLoginRow) row = NULL;

  if (!ch_login_check_consents (service, "login", wanted->consents, error))
    return NULL;
  row = ch_login_by_password (service, &try, error);
  return row != NULL ? ch_session_start (service, row, wanted->installation_name, wanted->consents, error)
                     : NULL;
}

static gpointer
answer_staff_login (ChCall *call, gpointer request, GError **error)
{
  const ChStaffLogin *wanted = request;
  ChService *service = ch_call_get_service (call);
  const ChLoginTry try = { .name = wanted->name, .is_staff = TRUE, .password = wanted->password };
  g_autoptr (ChLoginRow) row = wanted->password != NULL
                                   ? ch_login_by_password (service, &try, error)
                                   : ch_staff_login_by_certificate (service, wanted, error);

  return row != NULL ? ch_session_start (service, row, NULL, NULL, error) : NULL;
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
