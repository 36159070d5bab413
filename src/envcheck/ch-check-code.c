#include "config.h"

#include <string.h>

#include "envcheck/ch-check-report.h"

/* A code for the telephone: three digits for each finding, with hyphens between, and one by which a digit
 * that was misheard or two that changed places are noticed. */

#define DIGITS 3
#define MOST   9

/* All digits as one number, modulo a prime: no digit stands for another, nor do two that changed places */
static guint
sum_up (const guint *numbers, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum = (sum * 1000 + numbers[i]) % 97;
  return sum;
}

/**
 * ch_check_code_format:
 * @numbers: (array length=n): of findings, the worst first
 * @n: how many
 *
 * Returns: (transfer full): digits to be read out
 */
char *
ch_check_code_format (const guint *numbers, guint n)
{
  GString *code = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (code, "%03u-", numbers[i]);
  g_string_append_printf (code, "%02u", sum_up (numbers, n));
  return g_string_free (code, FALSE);
}

/**
 * ch_check_code_parse:
 * @code: as it was heard: what is no digit does not count; one number alone needs no check digits
 *
 * Returns: (transfer full) (nullable) (element-type guint): the numbers; %NULL when it was misheard
 */
GArray *
ch_check_code_parse (const char *code)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  gsize n;

  for (const char *p = code; *p != 0; p++)
    if (g_ascii_isdigit (*p))
      g_string_append_c (digits, *p);
    else if (strchr (" -.", *p) == NULL)
      return NULL;
  n = digits->len / DIGITS;
  if (n > MOST || (digits->len != DIGITS && digits->len % DIGITS != 2))
    return NULL;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *part = g_strndup (digits->str + i * DIGITS, DIGITS);
      guint number = g_ascii_strtoull (part, NULL, 10);

      if (ch_finding_find (number) == NULL)
        return NULL;
      g_array_append_val (numbers, number);
    }
  if (digits->len != DIGITS
      && g_ascii_strtoull (digits->str + n * DIGITS, NULL, 10)
             != sum_up ((const guint *) (gpointer) numbers->data, numbers->len))
    return NULL;
  return g_steal_pointer (&numbers);
}
