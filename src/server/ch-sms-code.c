#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-sms-code.h"

/* Besides what the profile says per mobile */
static const ChCounterLimit per_address = { "sms-address", 60, 3600 };
static const ChCounterLimit in_all = { "sms-all", 3000, 600 };
static const ChCounterLimit spent_codes = { "sms-spent", 3, 3600 };

typedef struct
{
  ChService *service;
  const ChCodeTarget *target;
  ChSecret *code;
  gboolean is_right;
} Check;

typedef struct
{
  ChService *service;
  const ChCodeTarget *target;
  GBytes *mac;
} Mac;

static gboolean
make_mac (const guint8 *data, gsize len, gpointer user_data)
{
  Mac *mac = user_data;
  GString *text = g_string_sized_new (256);

  g_string_append_printf (text, "%s\n%d\n%s\n", mac->target->mobile, mac->target->purpose,
                          mac->target->object);
  g_string_append_len (text, (const char *) data, len);
  mac->mac = ch_service_make_mac (mac->service, "sms-code", text->str, text->len);
  ch_secret_wipe (text->str, text->len);
  g_string_free (text, TRUE);
  return TRUE;
}

static GBytes *
mac_of (ChService *service, const ChCodeTarget *target, ChSecret *code)
{
  Mac mac = { service, target, NULL };

  ch_secret_with (code, make_mac, &mac);
  return mac.mac;
}

static const char *
purpose_id (const ChCodeTarget *target)
{
  return ch_wire_enum_get_id (&ChSmsPurpose_enum, target->purpose);
}

/* Six digits, each as likely as the other */
static char *
make_digits (void)
{
  guint32 number;

  do
    ch_random_fill (&number, sizeof number);
  while (number >= 4294000000u);
  return g_strdup_printf ("%06u", number % 1000000);
}

/* Once a minute, so often a day, and a rest after codes that were guessed at */
static gboolean
check_pace (ChDbTx *tx, ChService *service, const ChCodeTarget *target, const char *address, GError **error)
{
  const ChLimits *limits = ch_service_get_profile (service)->limits;
  const ChCounterLimit per_day = { "sms-mobile", limits->sms_per_day, 24 * 3600 };
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT sent FROM sms_code WHERE mobile = $1 AND purpose = $2 AND object = $3",
      CH_BIND (CH_TEXT (target->mobile), CH_TEXT (purpose_id (target)), CH_TEXT (target->object)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gint64 wait = step == CH_STEP_ROW ? ch_stmt_get_int (stmt, 0) + limits->sms_again - ch_clock_now () : 0;

  if (step == CH_STEP_FAILED)
    return FALSE;
  if (wait > 0 && wait <= limits->sms_again)
    {
      GError *local = g_error_new (CH_ERROR, CH_ERROR_TOO_OFTEN, "a code was sent just now");

      ch_error_set_retry_after (local, wait);
      g_propagate_error (error, local);
      return FALSE;
    }

  return ch_counter_check (tx, service, &spent_codes, target->mobile, error)
         && ch_counter_take (tx, service, &in_all, "", error)
         && ch_counter_take (tx, service, &per_address, address, error)
         && ch_counter_take (tx, service, &per_day, target->mobile, error);
}

/**
 * ch_sms_code_make:
 * @tx: a transaction to write in
 * @target: whom and what it is for
 * @address: where the request came from
 * @code: (out) (transfer full): to be sent after the commit, then wiped
 * @error: %CH_ERROR_TOO_OFTEN with `retry-after`
 *
 * Makes a new code, which voids the old one.
 *
 * Returns: (transfer full): until when it is good
 */
ChSmsSent *
ch_sms_code_make (ChDbTx *tx,
                  ChService *service,
                  const ChCodeTarget *target,
                  const char *address,
                  char **code,
                  GError **error)
{
  const ChLimits *limits = ch_service_get_profile (service)->limits;
  gint64 now = ch_clock_now ();
  g_autofree char *digits = NULL;
  g_autoptr (ChSecret) secret = NULL;
  g_autoptr (GBytes) mac = NULL;
  ChSmsSent *sent;

  if (!check_pace (tx, service, target, address, error))
    return NULL;

  digits = make_digits ();
  secret = ch_secret_new (digits, strlen (digits));
  mac = mac_of (service, target, secret);
  if (!ch_db_run (tx,
                  "INSERT INTO sms_code (mobile, purpose, object, code, sent, expires, tries) "
                  "VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (mobile, purpose, object) DO UPDATE SET "
                  "code = excluded.code, sent = excluded.sent, expires = excluded.expires, tries = 0",
                  CH_BIND (CH_TEXT (target->mobile), CH_TEXT (purpose_id (target)), CH_TEXT (target->object),
                           CH_BYTES (mac), CH_INT (now), CH_INT (now + limits->sms_valid)),
                  error))
    {
      ch_secret_wipe (digits, strlen (digits));
      return NULL;
    }

  sent = ch_wire_new (&ChSmsSent_wire);
  sent->expires = now + limits->sms_valid;
  sent->again = now + limits->sms_again;
  *code = g_steal_pointer (&digits);
  return sent;
}

/* A wrong try is written too: that is why this succeeds in any case. */
static gpointer
write_try (ChDbTx *tx, gpointer data, GError **error)
{
  Check *check = data;
  const ChCodeTarget *target = check->target;
  const ChLimits *limits = ch_service_get_profile (check->service)->limits;
  g_autoptr (GBytes) mac = mac_of (check->service, target, check->code);
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT code, expires, tries FROM sms_code WHERE mobile = $1 AND purpose = $2 AND object = $3",
      CH_BIND (CH_TEXT (target->mobile), CH_TEXT (purpose_id (target)), CH_TEXT (target->object)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gint64 tries;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE ? CH_DB_DONE : NULL;

  expected = ch_stmt_dup_bytes (stmt, 0);
  tries = ch_stmt_get_int (stmt, 2);
  if (ch_stmt_get_int (stmt, 1) < ch_clock_now () || tries >= limits->sms_tries)
    return CH_DB_DONE;

  check->is_right = g_bytes_get_size (expected) == g_bytes_get_size (mac)
                    && ch_equal_in_constant_time (g_bytes_get_data (expected, NULL),
                                                  g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
  if (check->is_right)
    return CH_DB_DONE;

  if (tries + 1 >= limits->sms_tries
      && !ch_counter_take (tx, check->service, &spent_codes, target->mobile, NULL))
    g_debug ("codes are guessed at");
  return ch_db_run (
             tx, "UPDATE sms_code SET tries = tries + 1 WHERE mobile = $1 AND purpose = $2 AND object = $3",
             CH_BIND (CH_TEXT (target->mobile), CH_TEXT (purpose_id (target)), CH_TEXT (target->object)),
             error)
             ? CH_DB_DONE
             : NULL;
}

static gboolean
refuse (GError **error)
{
  g_set_error (error, CH_ERROR, CH_ERROR_CODE_WRONG, "the code is wrong, too old or was tried too often");
  return FALSE;
}

/**
 * ch_sms_code_check:
 * @code: what was typed
 * @error: %CH_ERROR_CODE_WRONG
 *
 * Compares a code and counts a wrong try. Has a transaction of its own, for a failed call must not undo the
 * counting; the code itself stays good until ch_sms_code_spend().
 */
gboolean
ch_sms_code_check (ChService *service, const ChCodeTarget *target, ChSecret *code, GError **error)
{
  Check check = { service, target, code, FALSE };

  if (ch_db_write (ch_service_get_db (service), write_try, &check, NULL, error) == NULL)
    return FALSE;
  return check.is_right || refuse (error);
}

/**
 * ch_sms_code_spend:
 * @tx: the transaction of what the code is for
 * @error: %CH_ERROR_CODE_WRONG when somebody was faster
 *
 * Uses a code up that ch_sms_code_check() found right.
 */
gboolean
ch_sms_code_spend (ChDbTx *tx, ChService *service, const ChCodeTarget *target, ChSecret *code, GError **error)
{
  g_autoptr (GBytes) mac = mac_of (service, target, code);

  /* The row stays, so that the next message waits its minute. */
  if (!ch_db_run (tx,
                  "UPDATE sms_code SET expires = sent - 1 WHERE mobile = $1 AND purpose = $2 AND object = $3 "
                  "AND code = $4 "
                  "AND expires >= $5",
                  CH_BIND (CH_TEXT (target->mobile), CH_TEXT (purpose_id (target)), CH_TEXT (target->object),
                           CH_BYTES (mac), CH_INT (ch_clock_now ())),
                  error))
    return FALSE;
  return ch_db_get_n_changes (tx) == 1 || refuse (error);
}
