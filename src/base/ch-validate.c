#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-validate.h"

/* GB 32100-2015 §4: no I, O, S, V, Z */
static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int
index_in (const char *alphabet, char c)
{
  const char *p = c != 0 ? strchr (alphabet, c) : NULL;

  return p != NULL ? (int) (p - alphabet) : -1;
}

static gboolean
is_digits (const char *value, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    if (!g_ascii_isdigit (value[i]))
      return FALSE;
  return TRUE;
}

/* What a reviewer would not see: approving it would approve something else than what is shown */
static gboolean
is_invisible (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_PRIVATE_USE
         || type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0
         || c == 0x2800 || g_unichar_iszerowidth (c);
}

/**
 * ch_validate_text:
 * @value: UTF-8
 *
 * Accepts text in NFC that shows all it holds: no control, bidirectional, zero-width or private-use
 * characters and no blanks at the ends.
 */
ChReason
ch_validate_text (const char *value)
{
  g_autofree char *nfc = NULL;
  gunichar last = ' ';

  if (!g_utf8_validate (value, -1, NULL))
    return CH_REASON_CHARACTERS;
  if (*value != 0 && g_unichar_isspace (g_utf8_get_char (value)))
    return CH_REASON_BLANKS;

  for (const char *p = value; *p != 0; p = g_utf8_next_char (p))
    {
      last = g_utf8_get_char (p);
      if (is_invisible (last) || (g_unichar_isspace (last) && last != ' ' && last != 0x3000))
        return CH_REASON_INVISIBLE;
    }
  if (*value != 0 && g_unichar_isspace (last))
    return CH_REASON_BLANKS;

  nfc = g_utf8_normalize (value, -1, G_NORMALIZE_NFC);
  return g_strcmp0 (nfc, value) == 0 ? CH_REASON_OK : CH_REASON_INVISIBLE;
}

/**
 * ch_validate_name:
 * @value: the name of a unit or a person, UTF-8
 *
 * As ch_validate_text(), with at least two characters (a company or a person of one does not exist).
 */
ChReason
ch_validate_name (const char *value)
{
  ChReason reason = ch_validate_text (value);

  if (reason != CH_REASON_OK)
    return reason;
  return g_utf8_strlen (value, -1) < 2 ? CH_REASON_TOO_SHORT : CH_REASON_OK;
}

/**
 * ch_validate_org_code:
 * @value: 9 characters, with or without the dash before the last
 *
 * Checks an organisation code, GB 11714-1997.
 */
ChReason
ch_validate_org_code (const char *value)
{
  static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
  gsize len = strlen (value);
  int sum = 0, check;
  char last;

  if (len == 10 && value[8] == '-')
    last = value[9];
  else if (len == 9)
    last = value[8];
  else
    return CH_REASON_ORG_CODE;

  for (int i = 0; i < 8; i++)
    {
      int v = g_ascii_isdigit (value[i])   ? value[i] - '0'
              : g_ascii_isupper (value[i]) ? value[i] - 'A' + 10
                                           : -1;
      if (v < 0)
        return CH_REASON_ORG_CODE;
      sum += v * weights[i];
    }

  check = 11 - sum % 11;
  return last == (check == 10 ? 'X' : check == 11 ? '0' : '0' + check) ? CH_REASON_OK : CH_REASON_ORG_CODE;
}

/**
 * ch_validate_uscc:
 * @value: as typed, after ch_normalize_code()
 *
 * Checks a unified social credit code, GB 32100-2015, with the organisation code inside it (GB 11714).
 */
ChReason
ch_validate_uscc (const char *value)
{
  int weight = 1, sum = 0;

  if (strlen (value) != 18)
    return CH_REASON_USCC_LENGTH;

  for (int i = 0; i < 18; i++)
    if (index_in (uscc_alphabet, value[i]) < 0)
      return CH_REASON_USCC_CHARACTERS;
  if (!is_digits (value, 2, 8))
    return CH_REASON_USCC_CHARACTERS;

  for (int i = 0; i < 17; i++)
    {
      sum += index_in (uscc_alphabet, value[i]) * weight;
      weight = weight * 3 % 31;
    }
  if (uscc_alphabet[(31 - sum % 31) % 31] != value[17])
    return CH_REASON_USCC_CHECK;

  {
    char code[10] = { 0 };

    memcpy (code, value + 8, 9);
    return ch_validate_org_code (code) == CH_REASON_OK ? CH_REASON_OK : CH_REASON_USCC_CHECK;
  }
}

/**
 * ch_validate_resident_id:
 * @value: 18 characters, the last a digit or X
 *
 * Checks a resident identity number, GB 11643-1999: province, date of birth, ISO 7064 MOD 11-2.
 */
ChReason
ch_validate_resident_id (const char *value)
{
  static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  char part[5] = { 0 };
  int sum = 0, province;

  if (strlen (value) != 18)
    return CH_REASON_ID_LENGTH;
  if (!is_digits (value, 0, 17) || (!g_ascii_isdigit (value[17]) && value[17] != 'X'))
    return CH_REASON_CHARACTERS;

  memcpy (part, value, 2);
  province = atoi (part);
  if (province < 11 || province > 91)
    return CH_REASON_ID_CHECK;

  {
    char y[5] = { 0 }, m[3] = { 0 }, d[3] = { 0 };
    int year, month, day;

    memcpy (y, value + 6, 4);
    memcpy (m, value + 10, 2);
    memcpy (d, value + 12, 2);
    year = atoi (y);
    month = atoi (m);
    day = atoi (d);
    if (year < 1850 || year > 2100 || month < 1 || month > 12 || !g_date_valid_dmy (day, month, year))
      return CH_REASON_ID_DATE;
  }

  for (int i = 0; i < 17; i++)
    sum += (value[i] - '0') * weights[i];
  return "10X98765432"[sum % 11] == value[17] ? CH_REASON_OK : CH_REASON_ID_CHECK;
}

/**
 * ch_validate_document_number:
 * @value: number of a passport, permit or another document
 */
ChReason
ch_validate_document_number (const char *value)
{
  gsize len = strlen (value);

  if (len < 5 || len > 30)
    return CH_REASON_DOCUMENT_NUMBER;
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isalnum (value[i]) && value[i] != '-' && value[i] != '(' && value[i] != ')')
      return CH_REASON_DOCUMENT_NUMBER;
  return CH_REASON_OK;
}

/**
 * ch_validate_mobile:
 * @value: 11 digits; new ranges appear, so only the shape is checked, the rest is proved by an SMS
 */
ChReason
ch_validate_mobile (const char *value)
{
  return strlen (value) == 11 && is_digits (value, 0, 11) && value[0] == '1' && value[1] >= '3'
             ? CH_REASON_OK
             : CH_REASON_MOBILE;
}

/**
 * ch_validate_phone:
 * @value: a mobile or fixed number, with dashes, blanks, brackets, `+`
 */
ChReason
ch_validate_phone (const char *value)
{
  int n_digits = 0;

  for (const char *p = value; *p != 0; p++)
    if (g_ascii_isdigit (*p))
      n_digits++;
    else if (strchr ("+-() ", *p) == NULL)
      return CH_REASON_PHONE;
  return n_digits >= 7 && n_digits <= 20 ? CH_REASON_OK : CH_REASON_PHONE;
}

/**
 * ch_validate_email:
 * @value: a mailbox of RFC 5321 in dot-atom form, ≤ 254 bytes
 */
ChReason
ch_validate_email (const char *value)
{
  const char *at = strrchr (value, '@');
  gsize local = at != NULL ? (gsize) (at - value) : 0;
  gboolean has_dot = FALSE;

  if (at == NULL || local < 1 || local > 64 || strlen (value) > 254 || strlen (at + 1) < 3)
    return CH_REASON_EMAIL;

  for (const char *p = value; p < at; p++)
    if ((!g_ascii_isalnum (*p) && strchr ("!#$%&'*+/=?^_`{|}~-.", *p) == NULL)
        || (*p == '.' && (p == value || p[1] == '.' || p + 1 == at)))
      return CH_REASON_EMAIL;

  for (const char *p = at + 1; *p != 0; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.')
        return CH_REASON_EMAIL;
      if ((*p == '.' || *p == '-') && (p == at + 1 || p[1] == 0 || p[1] == '.' || p[-1] == '.'))
        return CH_REASON_EMAIL;
      has_dot |= *p == '.';
    }

  return has_dot ? CH_REASON_OK : CH_REASON_EMAIL;
}

/**
 * ch_validate_user_name:
 * @value: 4–32 ASCII letters, digits, `.`, `-`, `_`, `@`
 */
ChReason
ch_validate_user_name (const char *value)
{
  gsize len = strlen (value);

  if (len < 4 || len > 32)
    return CH_REASON_USER_NAME;
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isalnum (value[i]) && strchr (".-_@", value[i]) == NULL)
      return CH_REASON_USER_NAME;
  return CH_REASON_OK;
}

ChReason
ch_validate_sms_code (const char *value)
{
  return strlen (value) == 6 && is_digits (value, 0, 6) ? CH_REASON_OK : CH_REASON_CODE;
}

/* What guessers try first, and what people take when ten characters are asked for */
static const char *const guessed[] = {
  "1234567890",  "0123456789",   "0987654321",   "qwertyuiop",    "1q2w3e4r5t",    "1qaz2wsx3edc",
  "password12",  "password123",  "password1234", "passw0rd123",   "administrator", "iloveyou123",
  "1111111111",  "0000000000",   "8888888888",   "6666666666",    "abcdefghij",    "abcd123456",
  "abc1234567",  "a123456789",   "woaini1314",   "woaini5201314", "5201314520",    "qwer123456",
  "qwerty12345", "qwerty123456", "asdfghjkl1",   "zxcvbnm123",    "certhall123",   "timevale123",
  "123456789a",  "1234567890a",  "12345678910",  "123456123456",  "aa123456789",   "admin12345",
  "admin123456", "letmein123",
};

/**
 * ch_validate_passphrase:
 * @data: the secret’s bytes, within ch_secret_with()
 * @len: bytes
 *
 * Asks for ten characters or more, at least five different ones, no plain run up or down, and none of what
 * guessers try first.
 */
ChReason
ch_validate_passphrase (const guint8 *data, gsize len)
{
  gboolean seen[256] = { FALSE };
  int n_seen = 0, n_runs = 0;

  if (!g_utf8_validate ((const char *) data, len, NULL))
    return CH_REASON_CHARACTERS;
  if (g_utf8_strlen ((const char *) data, len) < 10)
    return CH_REASON_PASSWORD_SHORT;
  if (len > 256)
    return CH_REASON_TOO_LONG;

  for (gsize i = 0; i < len; i++)
    {
      n_seen += !seen[data[i]];
      seen[data[i]] = TRUE;
      if (i > 0 && ABS ((int) data[i] - (int) data[i - 1]) <= 1)
        n_runs++;
    }
  if (n_seen < 5 || n_runs >= (int) len - 2)
    return CH_REASON_PASSWORD_WEAK;

  for (gsize i = 0; i < G_N_ELEMENTS (guessed); i++)
    if (strlen (guessed[i]) == len && g_ascii_strncasecmp (guessed[i], (const char *) data, len) == 0)
      return CH_REASON_PASSWORD_WEAK;

  return CH_REASON_OK;
}

/**
 * ch_normalize_text:
 * @value: as typed
 *
 * Returns: (transfer full): in NFC, without blanks at the ends
 */
char *
ch_normalize_text (const char *value)
{
  char *nfc = g_utf8_normalize (value, -1, G_NORMALIZE_NFC);

  return nfc != NULL ? g_strstrip (nfc) : g_strdup (value);
}

/**
 * ch_normalize_code:
 * @value: a code as typed or pasted: blanks, small letters, full-width digits
 *
 * Returns: (transfer full): capital letters without blanks
 */
char *
ch_normalize_code (const char *value)
{
  g_autofree char *nfkc = g_utf8_normalize (value, -1, G_NORMALIZE_NFKC);
  g_autoptr (GString) out = g_string_new (NULL);
  char *joined = NULL;

  for (const char *p = nfkc != NULL ? nfkc : value; *p != 0; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (out, g_ascii_toupper (*p));

  /* What only a blank kept apart joins now; else a code normalised twice would be another one */
  joined = g_utf8_normalize (out->str, -1, G_NORMALIZE_NFKC);
  return joined != NULL ? joined : g_strdup (out->str);
}

/**
 * ch_fold_text:
 * @text: (nullable): as somebody wrote it
 *
 * Makes what people take for the same the same: wide and narrow forms, capitals, blanks.
 *
 * Returns: (transfer full): folded; not %NULL
 */
char *
ch_fold_text (const char *text)
{
  g_autofree char *whole = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = whole != NULL ? g_utf8_casefold (whole, -1) : NULL;
  GString *kept = g_string_new (NULL);

  for (const char *p = folded; p != NULL && *p != 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (kept, c);
    }
  return g_string_free (kept, FALSE);
}
