#include "config.h"

#include <string.h>

#include "pki/ch-pem.h"

#define LINE 64

/**
 * ch_pem_encode:
 * @label: e.g. `CERTIFICATE`
 * @der: what to wrap
 *
 * Returns: (transfer full): @der as text with a line break at the end
 */
char *
ch_pem_encode (const char *label, GBytes *der)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (der, &len);
  g_autofree char *base64 = g_base64_encode (data, len);
  gsize n = strlen (base64);
  GString *out = g_string_sized_new (n + n / LINE + 80);

  g_string_append_printf (out, "-----BEGIN %s-----\n", label);
  for (gsize i = 0; i < n; i += LINE)
    {
      g_string_append_len (out, base64 + i, MIN (LINE, n - i));
      g_string_append_c (out, '\n');
    }
  g_string_append_printf (out, "-----END %s-----\n", label);
  return g_string_free (out, FALSE);
}

static gboolean
is_base64 (const char *text, gsize len)
{
  gsize n = 0;
  gsize n_pads = 0;

  for (gsize i = 0; i < len; i++)
    {
      if (strchr (" \t\r\n", text[i]) != NULL && text[i] != 0)
        continue;
      if (text[i] == '=')
        n_pads++;
      else if (n_pads > 0 || (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/'))
        return FALSE;
      n++;
    }

  return n > 0 && n % 4 == 0 && n_pads <= 2;
}

/**
 * ch_pem_decode:
 * @label: e.g. `CERTIFICATE`
 * @text: text from outside, perhaps with other things in it
 * @len: bytes
 * @rest: (out) (optional): what follows the block
 *
 * Finds the first block of that label.
 *
 * Returns: (transfer full) (nullable): its bytes; %NULL when there is none, or it is no base64
 */
GBytes *
ch_pem_decode (const char *label, const char *text, gsize len, const char **rest)
{
  g_autofree char *begin = g_strdup_printf ("-----BEGIN %s-----", label);
  g_autofree char *end = g_strdup_printf ("-----END %s-----", label);
  const char *from = len > 0 ? memmem (text, len, begin, strlen (begin)) : NULL;
  const char *to = NULL;
  g_autofree char *base64 = NULL;
  guint8 *data;
  gsize n = 0;

  if (from != NULL)
    {
      from += strlen (begin);
      to = memmem (from, text + len - from, end, strlen (end));
    }
  if (to == NULL)
    return NULL;
  if (rest != NULL)
    *rest = to + strlen (end);
  if (!is_base64 (from, to - from))
    return NULL;

  base64 = g_strndup (from, to - from);
  data = g_base64_decode (base64, &n);
  return g_bytes_new_take (data, n);
}
