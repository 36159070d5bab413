#include "config.h"

#include "server/pay/ch-alipay-sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-error.h"
#include "server/pay/ch-alipay-messages.h"
#include "server/pay/ch-pay-key.h"

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * ch_alipay_canonicalize:
 * @params: name → value, not percent-encoded
 * @without: (array zero-terminated=1): names that are not signed
 *
 * Returns: (transfer full): what is signed of @params: sorted by name, each `name=value`
 */
char *
ch_alipay_canonicalize (GHashTable *params, const char *const *without)
{
  guint n_names = 0;
  g_autofree const char **names = (const char **) g_hash_table_get_keys_as_array (params, &n_names);
  GString *text = g_string_new (NULL);

  qsort (names, n_names, sizeof *names, compare_names);
  for (guint i = 0; i < n_names; i++)
    if (!g_strv_contains (without, names[i]))
      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "&" : "", names[i],
                              (const char *) g_hash_table_lookup (params, names[i]));
  return g_string_free (text, FALSE);
}

/**
 * ch_alipay_sign_params:
 * @key: ours
 * @params: of a request; none of them empty
 *
 * Returns: (transfer full): the value of `sign`
 */
char *
ch_alipay_sign_params (ChKey *key, GHashTable *params, GError **error)
{
  g_autofree char *text = ch_alipay_canonicalize (params, (const char *const[]){ "sign", NULL });

  return ch_pay_sign (key, text, strlen (text), error);
}

static const char *
skip_blanks (const char *p, const char *end)
{
  while (p < end && strchr (" \t\r\n", *p) != NULL)
    p++;
  return p;
}

/* @p stands on a quote: past the string; NULL when it does not end */
static const char *
skip_string (const char *p, const char *end)
{
  for (p++; p < end; p++)
    if (*p == '\\')
      p++;
    else if (*p == '"')
      return p + 1;
  return NULL;
}

/* @p stands on { or [: past what closes it */
static const char *
skip_nested (const char *p, const char *end)
{
  int depth = 0;

  while (p != NULL && p < end)
    {
      if (*p == '"')
        {
          p = skip_string (p, end);
          continue;
        }
      depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
      p++;
      if (depth == 0)
        return p;
    }
  return NULL;
}

static const char *
skip_value (const char *p, const char *end)
{
  if (p >= end)
    return NULL;
  if (*p == '"')
    return skip_string (p, end);
  if (*p == '{' || *p == '[')
    return skip_nested (p, end);
  while (p < end && strchr (",}] \t\r\n", *p) == NULL)
    p++;
  return p;
}

/**
 * ch_alipay_cut_answer:
 * @answer: a JSON object as it came
 * @node: name of a member of it
 *
 * Returns: (transfer full) (nullable): the very bytes of that member, which are what is signed
 */
GBytes *
ch_alipay_cut_answer (GBytes *answer, const char *node)
{
  gsize len = 0;
  const char *start = g_bytes_get_data (answer, &len), *end = start + len;
  const char *p;

  if (!ch_wire_scan (answer, NULL))
    return NULL;

  /* It is JSON: members are names and values in turn */
  p = skip_blanks (start, end);
  if (p >= end || *p != '{')
    return NULL;
  for (p = skip_blanks (p + 1, end); p < end && *p == '"'; p = skip_blanks (p + 1, end))
    {
      const char *name = p + 1;
      const char *name_end = skip_string (p, end);
      const char *value = name_end != NULL ? skip_blanks (skip_blanks (name_end, end) + 1, end) : NULL;
      const char *value_end = value != NULL ? skip_value (value, end) : NULL;

      if (value_end == NULL)
        return NULL;
      if ((gsize) (name_end - 1 - name) == strlen (node) && strncmp (name, node, strlen (node)) == 0)
        return g_bytes_new_from_bytes (answer, value - start, value_end - value);
      p = skip_blanks (value_end, end);
      if (p >= end || *p != ',')
        return NULL;
    }
  return NULL;
}

static gpointer
refuse (GError **error, const char *why)
{
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "Alipay did not say this: %s", why);
  return NULL;
}

/**
 * ch_alipay_verify_answer:
 * @spki: Alipay’s key
 * @node: e.g. `alipay_trade_query_response`
 * @error: %CH_ERROR_FORBIDDEN
 *
 * Returns: (transfer full): the part that is signed, verified
 */
GBytes *
ch_alipay_verify_answer (GBytes *spki, GBytes *answer, const char *node, GError **error)
{
  g_autoptr (ChAlipayEnvelope) envelope = ch_wire_decode (&ChAlipayEnvelope_wire, answer, error);
  g_autoptr (GBytes) inner = envelope != NULL ? ch_alipay_cut_answer (answer, node) : NULL;

  if (envelope == NULL)
    return NULL;
  if (inner == NULL)
    return refuse (error, "there is no such answer in it");
  if (!ch_pay_verify (spki, g_bytes_get_data (inner, NULL), g_bytes_get_size (inner), envelope->sign))
    return refuse (error, "the signature is wrong");
  return g_steal_pointer (&inner);
}

/**
 * ch_alipay_verify_notice:
 * @spki: Alipay’s key
 * @form: as it came: application/x-www-form-urlencoded
 * @error: %CH_ERROR_FORBIDDEN
 *
 * Verifies a notice. Most are signed without `sign_type`, some with it.
 *
 * Returns: (transfer full): name → value
 */
GHashTable *
ch_alipay_verify_notice (GBytes *spki, GBytes *form, GError **error)
{
  static const char *const withouts[][3] = { { "sign", "sign_type" }, { "sign" } };
  gsize len = 0;
  const char *data = g_bytes_get_data (form, &len);
  g_autoptr (GHashTable) params
      = g_uri_parse_params (data != NULL ? data : "", len, "&", G_URI_PARAMS_WWW_FORM, NULL);
  const char *sign = params != NULL ? g_hash_table_lookup (params, "sign") : NULL;

  if (sign == NULL)
    return refuse (error, "it is not signed");
  for (gsize i = 0; i < G_N_ELEMENTS (withouts); i++)
    {
      g_autofree char *text = ch_alipay_canonicalize (params, withouts[i]);

      if (ch_pay_verify (spki, text, strlen (text), sign))
        return g_steal_pointer (&params);
    }
  return refuse (error, "the signature is wrong");
}
