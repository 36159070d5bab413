#include "config.h"

#include <string.h>

#include "base/ch-mask.h"

/**
 * ch_mask_number:
 * @value: number of an identity document or a mobile
 *
 * Returns: (transfer full): enough of it to recognise it, not enough to use it
 */
char *
ch_mask_number (const char *value)
{
  glong length = g_utf8_strlen (value, -1);
  glong head = length >= 11 ? 3 : 1;
  glong tail = length >= 11 ? 4 : length >= 6 ? 2 : 0;
  g_autofree char *start = g_utf8_substring (value, 0, MIN (head, length));
  g_autofree char *end = g_utf8_substring (value, MAX (length - tail, 0), length);
  g_autofree char *stars = g_strnfill (MAX (length - head - tail, 0), '*');

  return g_strconcat (start, stars, end, NULL);
}

/**
 * ch_mask_email:
 * @value: an e-mail address
 *
 * Returns: (transfer full): its first letter and where it is: z***@example.com
 */
char *
ch_mask_email (const char *value)
{
  const char *at = strrchr (value, '@');
  g_autofree char *first = at != NULL && at > value ? g_utf8_substring (value, 0, 1) : g_strdup ("");

  return g_strconcat (first, "***", at != NULL ? at : "", NULL);
}
