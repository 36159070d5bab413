#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-login-delay.h"
#include "server/ch-login.h"
#include "server/ch-password.h"
#include "server/ch-sms-code.h"

/* So many wrong passwords of one name, or from one address within its time, and a picture is asked for */
#define FREE_FAILURES 3
static const ChCounterLimit per_address = { "login-address", FREE_FAILURES, 900 };

/* A login on its way */
typedef struct
{
  ChService *service;
  const ChLoginTry *try;
  ChLoginRow *row;        /* (owned) (nullable): nobody is called that */
  ChLoginDelay delay;     /* of the name, or of the known PC */
  GBytes *number;         /* (owned) (nullable): of the PC, for this account */
  gboolean is_known;      /* the PC */
  gboolean needs_picture; /* after what happened before */
  gboolean is_right;
  gboolean is_once; /* by the one-time password */
  ChCodeTarget target;
} Login;

static void
login_clear (Login *self)
{
  g_clear_pointer (&self->row, ch_login_row_free);
  g_clear_pointer (&self->number, g_bytes_unref);
  ch_login_delay_clear (&self->delay);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Login, login_clear)

/* -- What is known before the password is looked at -- */

typedef struct
{
  ChService *service;
  const char *account;
  GBytes *mac;
} Number;

static gboolean
make_number (const guint8 *data, gsize len, gpointer user_data)
{
  Number *number = user_data;
  GString *text = g_string_new (number->account);

  g_string_append_c (text, '\n');
  g_string_append_len (text, (const char *) data, len);
  number->mac = ch_service_make_mac (number->service, "installation", text->str, text->len);
  ch_secret_wipe (text->str, text->len);
  g_string_free (text, TRUE);
  return TRUE;
}

/**
 * ch_login_make_number:
 * @account: id
 * @installation: what a PC made up
 *
 * Returns: (transfer full): by what @account knows the PC. It is another number for each account: two
 * accounts of one PC are not to be told by it.
 */
GBytes *
ch_login_make_number (ChService *service, const char *account, ChSecret *installation)
{
  Number number = { service, account, NULL };

  ch_secret_with (installation, make_number, &number);
  return number.mac;
}

static gpointer
read_past (ChDbTx *tx, gpointer data, GError **error)
{
  Login *login = data;
  g_autoptr (GError) local = NULL;
  gint64 n = 0;

  if (login->number != NULL
      && !ch_db_query_int (tx, "SELECT COUNT (*) FROM installation WHERE number = $1",
                           CH_BIND (CH_BYTES (login->number)), &n, error))
    return NULL;
  login->is_known = n > 0;

  /* Strangers’ tries do not delay who sits at a PC that is known, and theirs there are counted apart */
  if (login->is_known)
    {
      g_autofree char *name = g_base64_encode (g_bytes_get_data (login->number, NULL), 32);

      ch_login_delay_clear (&login->delay);
      ch_login_delay_init (&login->delay, login->service, "login-installation", name);
    }
  if (!ch_login_delay_read (tx, &login->delay, error))
    return NULL;

  login->needs_picture = login->delay.n_failures >= FREE_FAILURES;
  if (!login->is_known && login->try->address != NULL
      && !ch_counter_check (tx, login->service, &per_address, login->try->address, &local))
    {
      if (!g_error_matches (local, CH_ERROR, CH_ERROR_TOO_OFTEN))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      login->needs_picture = TRUE;
    }
  return CH_DB_DONE;
}

static gboolean
find_row (Login *login, GError **error)
{
  const ChLoginTry *try = login->try;
  g_autoptr (GError) local = NULL;

  login->row = ch_login_row_find (login->service, try->name, try->is_staff, &local);
  if (login->row == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (login->row != NULL && try->installation != NULL && !try->is_staff)
    login->number = ch_login_make_number (login->service, login->row->id, try->installation);
  /* an SMS that went nowhere brings no code either */
  login->target = (ChCodeTarget){ login->row != NULL && login->row->mobile != NULL ? login->row->mobile : "",
                                  CH_SMS_LOGIN, "" };
  return TRUE;
}

/* Delay, then picture: both alike whether there is such an account or not */
static gboolean
check_past (Login *login, GError **error)
{
  const ChLoginTry *try = login->try;
  const char *always = ch_service_get_profile (login->service)->login_picture;

  if (!find_row (login, error)
      || ch_db_read (ch_service_get_db (login->service), read_past, login, error) == NULL)
    return FALSE;

  if (login->delay.wait > 0 && try->sms_code == NULL)
    {
      ch_login_delay_refuse (&login->delay, error);
      return FALSE;
    }
  if (try->sms_code != NULL)
    return ch_sms_code_check (login->service, &login->target, try->sms_code, error);
  if (try->is_staff || (!login->needs_picture && g_strcmp0 (always, "always") != 0))
    return TRUE;
  return ch_proof_spend (login->service, &try->proof, error);
}

/* -- The password -- */

static gboolean
make_once_mac (const guint8 *data, gsize len, gpointer user_data)
{
  Number *number = user_data;
  g_autofree char *upper = g_ascii_strup ((const char *) data, len);
  GString *text = g_string_new (number->account);

  /* It is typed from a phone: hyphens, blanks and small letters do not matter */
  g_string_append_c (text, '\n');
  for (const char *p = upper; *p != 0; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (text, *p);
  number->mac = ch_service_make_mac (number->service, "once", text->str, text->len);
  ch_secret_wipe (text->str, text->len);
  ch_secret_wipe (upper, strlen (upper));
  g_string_free (text, TRUE);
  return TRUE;
}

/**
 * ch_login_once_mac:
 * @account: id
 * @password: a one-time password
 *
 * Returns: (transfer full): what is stored of it. It is random and lives for minutes: no slow hash is needed,
 *   and a login does not take longer because there is one.
 */
GBytes *
ch_login_once_mac (ChService *service, const char *account, ChSecret *password)
{
  Number number = { service, account, NULL };

  ch_secret_with (password, make_once_mac, &number);
  return number.mac;
}

static gboolean
is_once (Login *login)
{
  const ChLoginRow *row = login->row;
  g_autoptr (GBytes) mac
      = ch_login_once_mac (login->service, row != NULL ? row->id : "", login->try->password);

  return row != NULL && row->once != NULL && row->once_expires >= ch_clock_now ()
         && g_bytes_get_size (row->once) == g_bytes_get_size (mac)
         && ch_equal_in_constant_time (g_bytes_get_data (row->once, NULL), g_bytes_get_data (mac, NULL),
                                       g_bytes_get_size (mac));
}

static gpointer
write_outcome (ChDbTx *tx, gpointer data, GError **error)
{
  Login *login = data;
  gboolean counts = login->try->address != NULL && !login->is_right;

  if (!ch_login_delay_note (tx, &login->delay, login->is_right, error))
    return NULL;
  if (counts && !ch_counter_take (tx, login->service, &per_address, login->try->address, NULL))
    g_debug ("an address has had its tries");
  if (login->is_right && login->try->sms_code != NULL
      && !ch_sms_code_spend (tx, login->service, &login->target, login->try->sms_code, error))
    return NULL;
  return CH_DB_DONE;
}

/* Somebody unknown takes the same way, with a password nobody has. */
static ChLoginRow *
try_password (Login *login, GError **error)
{
  const ChLoginTry *try = login->try;
  g_autoptr (GError) local = NULL;

  if (!check_past (login, error))
    return NULL;

  login->is_once = is_once (login);
  login->is_right = ch_passwords_verify (ch_service_get_passwords (login->service), try->password,
                                         login->row != NULL ? login->row->password : NULL, &local);
  if (!login->is_right && !g_error_matches (local, CH_ERROR, CH_ERROR_LOGIN_WRONG))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  login->is_right = login->is_right || login->is_once;

  /* What is missing now is asked for, and was no wrong password */
  if (login->is_right && try->check != NULL && !try->check (login->row, try->check_data, error))
    return NULL;
  if (ch_db_write (ch_service_get_db (login->service), write_outcome, login, NULL, error) == NULL)
    return NULL;
  if (!login->is_right)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  login->row->is_once = login->is_once;
  login->row->number = g_steal_pointer (&login->number);
  return g_steal_pointer (&login->row);
}

/**
 * ch_login_by_password:
 * @try: what was given
 * @error: %CH_ERROR_LOGIN_WRONG, the same for unknown names; %CH_ERROR_TOO_OFTEN with `retry-after`;
 *   %CH_ERROR_PICTURE_NEEDED and what ch_proof_spend() says
 *
 * Blocks while the password is hashed.
 *
 * Returns: (transfer full): who may come in
 */
ChLoginRow *
ch_login_by_password (ChService *service, const ChLoginTry *try, GError **error)
{
  g_autofree char *whole = g_strconcat (try->is_staff ? "staff:" : "account:", try->name, NULL);
  g_auto (Login) login = { service, try };
  ChLoginRow *row;

  if (try->is_staff && !ch_service_is_trial (service))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "staff log in by certificate");
      return NULL;
    }
  if (!ch_login_turn_take (whole, error))
    return NULL;
  ch_login_delay_init (&login.delay, service, "login", whole);
  row = try_password (&login, error);
  ch_login_turn_give (whole);
  return row;
}

/* -- Once more, by who is logged in -- */

typedef struct
{
  ChLoginDelay delay;
  const char *account;
  gboolean is_right;
} Confirm;

static gpointer
read_hash (ChDbTx *tx, gpointer data, GError **error)
{
  Confirm *confirm = data;
  g_autoptr (ChStmt) stmt = NULL;

  if (!ch_login_delay_read (tx, &confirm->delay, error))
    return NULL;
  stmt = ch_db_query_row (tx, "SELECT password FROM account WHERE id = $1",
                          CH_BIND (CH_TEXT (confirm->account)), error);
  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

static gpointer
write_confirm (ChDbTx *tx, gpointer data, GError **error)
{
  Confirm *confirm = data;

  return ch_login_delay_note (tx, &confirm->delay, confirm->is_right, error) ? CH_DB_DONE : NULL;
}

static gboolean
confirm_password (ChService *service, Confirm *confirm, ChSecret *password, GError **error)
{
  ChDb *db = ch_service_get_db (service);
  g_autofree char *hash = ch_db_read (db, read_hash, confirm, error);
  g_autoptr (GError) local = NULL;

  if (hash == NULL)
    return FALSE;
  if (confirm->delay.wait > 0)
    {
      ch_login_delay_refuse (&confirm->delay, error);
      return FALSE;
    }

  confirm->is_right = ch_passwords_verify (ch_service_get_passwords (service), password, hash, &local);
  if (!confirm->is_right && !g_error_matches (local, CH_ERROR, CH_ERROR_LOGIN_WRONG))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (ch_db_write (db, write_confirm, confirm, NULL, error) == NULL)
    return FALSE;
  if (!confirm->is_right)
    g_set_error (error, CH_ERROR, CH_ERROR_PASSWORD_WRONG, "the password is not that of the account");
  return confirm->is_right;
}

/**
 * ch_login_confirm:
 * @account: id of who is logged in
 * @password: typed once more, for what only the owner may do
 * @error: %CH_ERROR_PASSWORD_WRONG; %CH_ERROR_TOO_OFTEN with `retry-after`
 */
gboolean
ch_login_confirm (ChService *service, const char *account, ChSecret *password, GError **error)
{
  g_autofree char *whole = g_strconcat ("confirm:", account, NULL);
  Confirm confirm = { { NULL }, account, FALSE };
  gboolean is_right;

  if (!ch_login_turn_take (whole, error))
    return FALSE;
  ch_login_delay_init (&confirm.delay, service, "login", whole);
  is_right = confirm_password (service, &confirm, password, error);
  ch_login_delay_clear (&confirm.delay);
  ch_login_turn_give (whole);
  return is_right;
}

/* -- Agreements -- */

/**
 * ch_login_check_consents:
 * @where: `register` or `login`
 * @given: (element-type ChConsent): what was agreed to
 * @error: %CH_ERROR_CONSENT_MISSING
 *
 * Sees that everything that has to be agreed to there was, in the version of the profile.
 */
gboolean
ch_login_check_consents (ChService *service, const char *where, GPtrArray *given, GError **error)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (ch_service_get_profile (service), where);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      gboolean is_given = FALSE;

      for (guint j = 0; j < given->len; j++)
        {
          const ChConsent *consent = given->pdata[j];

          is_given
              = is_given
                || (g_str_equal (consent->id, text->id) && g_str_equal (consent->version, text->version));
        }
      if (!is_given)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_CONSENT_MISSING, "%s in version %s is not agreed to",
                       text->id, text->version);
          return FALSE;
        }
    }
  return TRUE;
}
