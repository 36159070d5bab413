#include "config.h"

#include <glib/gi18n-lib.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

#include "base/ch-clock.h"
#include "envcheck/ch-module-probe.h"
#include "envcheck/checks.h"
#include "pki/ch-cert.h"

/* What is on the keys the drivers found. No PIN is asked for: what only its owner sees is not looked at. */

#define DAY (24 * 3600)
/* Days before its end a certificate is worth a word */
#define SOON 90
/* Of a serial number so much may be shown */
#define SERIAL_SHOWN 4

/* -- The tokens ---------------------------------------------------------------------------------------- */

/* A place where a token in software could be made is no key */
static gboolean
is_nothing (const ChKeyToken *token)
{
  return (token->flags & CKF_TOKEN_INITIALIZED) == 0 && *token->serial == 0;
}

/* Every token of every driver. Returns: (element-type ChKeyToken): owned by the results */
static GPtrArray *
list_tokens (const ChCheckTask *task)
{
  GPtrArray *results = ch_check_task_get (task, "module");
  GPtrArray *tokens = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    {
      const ChModuleProbe *probe = ((ChCheckResult *) results->pdata[i])->data;

      for (guint j = 0; probe != NULL && j < probe->tokens->len; j++)
        if (!is_nothing (probe->tokens->pdata[j]))
          g_ptr_array_add (tokens, probe->tokens->pdata[j]);
    }
  return tokens;
}

static gboolean
is_set_up (const ChKeyToken *token)
{
  return (token->flags & CKF_TOKEN_INITIALIZED) != 0;
}

static const char *
get_label (const ChKeyToken *token)
{
  return *token->label != 0 ? token->label : _ ("Key");
}

/* “Label, …2A41” */
static char *
describe_token (const ChKeyToken *token)
{
  gsize len = strlen (token->serial);

  return g_strdup_printf ("%s, …%s", get_label (token),
                          len > SERIAL_SHOWN ? token->serial + len - SERIAL_SHOWN : token->serial);
}

/* Labels are mostly the names of those whose keys they are */
static void
hide_labels (ChCheckResult *result, GPtrArray *tokens)
{
  for (guint i = 0; i < tokens->len; i++)
    ch_check_result_hide (result, ((const ChKeyToken *) tokens->pdata[i])->label);
}

static ChCheckResult *
run_token (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) tokens = list_tokens (task);
  GPtrArray *cards = ch_check_task_get (task, "card");
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_good = 0;
  ChCheckResult *result;

  for (guint i = 0; i < tokens->len; i++)
    {
      g_autofree char *name = describe_token (tokens->pdata[i]);

      n_good += is_set_up (tokens->pdata[i]);
      g_string_append_printf (names, "%s%s", i > 0 ? "\n" : "", name);
    }

  if (n_good > 0)
    {
      g_autofree char *first = g_strndup (names->str, strcspn (names->str, "\n"));
      g_autofree char *many
          = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u found", "%u found", tokens->len), tokens->len);

      result = ch_check_result_new (CH_CHECK_PASSED, tokens->len == 1 ? first : many);
    }
  else
    {
      gboolean has_card = FALSE;

      for (guint i = 0; i < cards->len; i++)
        has_card = has_card || ((ChCheckResult *) cards->pdata[i])->state == CH_CHECK_PASSED;
      result = ch_check_result_new_found (tokens->len > 0 ? CH_FINDING_TOKEN_BLANK
                                          : has_card      ? CH_FINDING_CARD_UNKNOWN
                                                          : CH_FINDING_TOKEN_NONE,
                                          NULL);
      result->is_usable = FALSE;
    }
  ch_check_result_set_detail (result, "%s", names->str);
  hide_labels (result, tokens);
  return result;
}

/* -- PIN ----------------------------------------------------------------------------------------------- */

/* The worst first */
static ChFindingCode
judge_pin (const ChKeyToken *token)
{
  if ((token->flags & CKF_USER_PIN_LOCKED) != 0)
    return CH_FINDING_PIN_LOCKED;
  if ((token->flags & CKF_USER_PIN_INITIALIZED) == 0)
    return CH_FINDING_PIN_UNSET;
  if ((token->flags & CKF_USER_PIN_FINAL_TRY) != 0)
    return CH_FINDING_PIN_LAST;
  return (token->flags & CKF_USER_PIN_COUNT_LOW) != 0 ? CH_FINDING_PIN_LOW : CH_FINDING_NONE;
}

/* What was found about several things: the first of the worst is what the check says, all stand in the
 * details */
typedef struct
{
  ChFindingCode worst;
  GString *detail; /* (owned) */
} Sum;

static gboolean
is_worse (ChFindingCode code, ChFindingCode than)
{
  if (code == CH_FINDING_NONE)
    return FALSE;
  return than == CH_FINDING_NONE
         || (ch_finding_get (code)->state == CH_CHECK_FAILED
             && ch_finding_get (than)->state == CH_CHECK_WARNING);
}

static void
add (Sum *sum, const char *name, ChFindingCode code, const char *good)
{
  if (is_worse (code, sum->worst))
    sum->worst = code;
  g_string_append_printf (sum->detail, "%s%s: %s", sum->detail->len > 0 ? "\n" : "", name,
                          code != CH_FINDING_NONE ? ch_finding_get (code)->title : good);
}

static ChCheckResult *
take_result (Sum *sum, GPtrArray *tokens, const char *good)
{
  ChCheckResult *result = sum->worst != CH_FINDING_NONE ? ch_check_result_new_found (sum->worst, NULL)
                                                        : ch_check_result_new (CH_CHECK_PASSED, good);

  ch_check_result_set_detail (result, "%s", sum->detail->str);
  g_string_free (sum->detail, TRUE);
  hide_labels (result, tokens);
  return result;
}

static ChCheckResult *
run_pin (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) tokens = list_tokens (task);
  Sum sum = { CH_FINDING_NONE, g_string_new (NULL) };

  for (guint i = 0; i < tokens->len; i++)
    if (is_set_up (tokens->pdata[i]))
      {
        g_autofree char *name = describe_token (tokens->pdata[i]);

        add (&sum, name, judge_pin (tokens->pdata[i]), "not locked");
      }
  return take_result (&sum, tokens, _ ("Not locked"));
}

/* -- Certificates -------------------------------------------------------------------------------------- */

static gboolean
contains (GBytes *spki, GBytes *value)
{
  gsize spki_len, len;
  gconstpointer spki_data = g_bytes_get_data (spki, &spki_len);
  gconstpointer data = value != NULL ? g_bytes_get_data (value, &len) : NULL;

  return data != NULL && len > 0 && memmem (spki_data, spki_len, data, len) != NULL;
}

typedef enum
{
  MATCH_NOTHING,
  MATCH_HIDDEN, /* a private key that does not say which, with the certificate’s id */
  MATCH_ID,     /* another key has the id of the certificate */
  MATCH_KEY,
} Match;

/* How well one of @objects fits the certificate: modulus or point stand in its public key as they are */
static Match
match (GPtrArray *objects, const ChKeyObject *cert, GBytes *spki)
{
  Match best = MATCH_NOTHING;

  for (guint i = 0; i < objects->len; i++)
    {
      const ChKeyObject *object = objects->pdata[i];
      gboolean has_id = object->id != NULL && cert->id != NULL && g_bytes_get_size (cert->id) > 0
                        && g_bytes_equal (object->id, cert->id);

      if (contains (spki, object->value))
        return MATCH_KEY;
      if (has_id)
        best = MAX (best,
                    object->value != NULL && g_bytes_get_size (object->value) > 0 ? MATCH_ID : MATCH_HIDDEN);
    }
  return best;
}

/* Private keys are not seen without a PIN: then the public one stands for it, where the token keeps any */
static ChFindingCode
judge_cert (const ChKeyToken *token, const ChKeyObject *cert, ChCertInfo *info)
{
  Match private, public;

  if (info == NULL)
    return CH_FINDING_CERT_DAMAGED;
  private = match (token->privates, cert, info->spki);
  public = match (token->publics, cert, info->spki);
  if (private == MATCH_KEY || public == MATCH_KEY || (private == MATCH_HIDDEN && public != MATCH_ID))
    return CH_FINDING_NONE;
  if (private == MATCH_ID || public == MATCH_ID)
    return CH_FINDING_CERT_OTHER_KEY;
  if (token->publics->len > 0 || token->privates->len > 0 || (token->flags & CKF_LOGIN_REQUIRED) == 0)
    return CH_FINDING_CERT_NO_KEY;
  return CH_FINDING_NONE;
}

/* Those of CAs, which many media carry, are nobody’s own */
static ChCertInfo *
read_cert (const ChKeyObject *cert)
{
  return cert->value != NULL ? ch_cert_info_new (cert->value, NULL) : NULL;
}

static ChCheckResult *
run_certificate (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) tokens = list_tokens (task);
  Sum sum = { CH_FINDING_NONE, g_string_new (NULL) };
  g_autofree char *good = NULL;
  guint n = 0;
  ChCheckResult *result;

  for (guint i = 0; i < tokens->len; i++)
    {
      const ChKeyToken *token = tokens->pdata[i];
      g_autofree char *name = describe_token (token);

      for (guint j = 0; j < token->certs->len; j++)
        {
          g_autoptr (ChCertInfo) info = read_cert (token->certs->pdata[j]);

          if (info != NULL && info->is_ca)
            continue;
          n++;
          add (&sum, name, judge_cert (token, token->certs->pdata[j], info), "certificate with its key");
        }
    }

  if (n == 0)
    add (&sum, _ ("Key"), CH_FINDING_CERT_NONE, "");
  good = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u, with its key", "%u, each with its key", n), n);
  result = take_result (&sum, tokens, good);
  result->is_usable = n > 0;
  return result;
}

/* -- Dates --------------------------------------------------------------------------------------------- */

static ChFindingCode
judge_dates (const ChCertInfo *info, gint64 now)
{
  if (info->not_after < now)
    return CH_FINDING_CERT_EXPIRED;
  if (info->not_before > now)
    return CH_FINDING_CERT_FUTURE;
  return info->not_after - now < SOON * DAY ? CH_FINDING_CERT_ENDS_SOON : CH_FINDING_NONE;
}

/* One that has ended beside a good one is what renewal leaves: worth no word */
static ChCheckResult *
run_dates (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) tokens = list_tokens (task);
  Sum sum = { CH_FINDING_NONE, g_string_new (NULL) };
  gboolean has_good = FALSE, has_soon = FALSE;
  gint64 now = ch_clock_now ();

  for (guint i = 0; i < tokens->len; i++)
    {
      const ChKeyToken *token = tokens->pdata[i];
      g_autofree char *name = describe_token (token);

      for (guint j = 0; j < token->certs->len; j++)
        {
          g_autoptr (ChCertInfo) info = read_cert (token->certs->pdata[j]);
          g_autofree char *end = info != NULL ? ch_clock_format (info->not_after) : NULL;
          ChFindingCode code = info != NULL ? judge_dates (info, now) : CH_FINDING_NONE;

          if (info == NULL || info->is_ca)
            continue;
          has_good = has_good || code == CH_FINDING_NONE;
          has_soon = has_soon || code == CH_FINDING_CERT_ENDS_SOON;
          add (&sum, name, code, "good");
          g_string_append_printf (sum.detail, ", until %s", end);
        }
    }
  if (has_good)
    sum.worst = CH_FINDING_NONE;
  else if (has_soon)
    sum.worst = CH_FINDING_CERT_ENDS_SOON;
  return take_result (&sum, tokens, _ ("In force"));
}

const ChCheck ch_check_token = {
  .id = "token",
  .title = N_ ("Key recognised by a driver"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "drivers", "module" },
  .after = { "card" },
  .is_for_ukey = TRUE,
  .run = run_token,
};

const ChCheck ch_check_pin = {
  .id = "pin",
  .title = N_ ("PIN"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "token" },
  .after = { "module" },
  .is_for_ukey = TRUE,
  .run = run_pin,
};

const ChCheck ch_check_certificate = {
  .id = "certificate",
  .title = N_ ("Certificate on the key"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "token" },
  .after = { "module" },
  .is_for_ukey = TRUE,
  .run = run_certificate,
};

const ChCheck ch_check_dates = {
  .id = "dates",
  .title = N_ ("Validity of the certificate"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "certificate" },
  .after = { "module" },
  .is_for_ukey = TRUE,
  .run = run_dates,
};
