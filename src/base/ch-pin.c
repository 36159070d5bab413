#include "config.h"

#include <string.h>

#include "base/ch-pin.h"

/* Fewer different characters are seen by who stands behind one */
#define MIN_KINDS 3

/* What is tried first, besides runs and repetitions; whole or as the beginning */
static const char *const guessed[] = { "147258", "159753",   "1qaz2wsx", "520131", "admin",  "a12345",
                                       "abc123", "iloveyou", "passw",    "qazwsx", "qwerty", "ukey" };

typedef struct
{
  guint min;
  guint max;
  ChPinRule unmet; /* (out) */
} Look;

/* Up, down or the same from each character to the next, all along */
static gboolean
is_run (const guint8 *data, gsize len)
{
  for (int step = -1; step <= 1; step++)
    {
      gsize n = 1;

      while (n < len && (int) data[n] - (int) data[n - 1] == step)
        n++;
      if (n == len)
        return TRUE;
    }
  return FALSE;
}

/* 121212, 123123, abcabc */
static gboolean
is_repeated (const guint8 *data, gsize len)
{
  for (gsize part = 1; part <= len / 2; part++)
    if (len % part == 0 && memcmp (data, data + part, len - part) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_guessed (const guint8 *data, gsize len)
{
  gboolean seen[256] = { FALSE };
  int n_kinds = 0;

  for (gsize i = 0; i < len; i++)
    {
      n_kinds += !seen[data[i]];
      seen[data[i]] = TRUE;
    }
  if (n_kinds < MIN_KINDS || is_run (data, len) || is_repeated (data, len))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (guessed); i++)
    if (strlen (guessed[i]) <= len
        && g_ascii_strncasecmp (guessed[i], (const char *) data, strlen (guessed[i])) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
look (const guint8 *data, gsize len, gpointer user_data)
{
  Look *look = user_data;

  if (len < look->min || len > look->max)
    look->unmet |= CH_PIN_RULE_LENGTH;
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isgraph (data[i]))
      look->unmet |= CH_PIN_RULE_CHARACTERS;
  if (is_guessed (data, len))
    look->unmet |= CH_PIN_RULE_GUESSED;
  return TRUE;
}

/**
 * ch_pin_find_unmet:
 * @pin: the PIN that is chosen
 * @again: (nullable): typed for the second time; %NULL where it is typed once
 * @old: (nullable): the one it takes the place of; %NULL where none is known
 * @min: bytes it must have at least
 * @max: bytes it may have at most
 *
 * Returns: the rules it does not keep; 0 when it may be taken. Of nothing typed, nothing is said to be right.
 */
ChPinRule
ch_pin_find_unmet (ChSecret *pin, ChSecret *again, ChSecret *old, guint min, guint max)
{
  Look seen = { .min = min, .max = max };

  if (pin == NULL || ch_secret_get_size (pin) == 0)
    return (1 << CH_N_PIN_RULES) - 1;

  ch_secret_with (pin, look, &seen);
  if (old != NULL && ch_secret_equal (pin, old))
    seen.unmet |= CH_PIN_RULE_OTHER;
  if (again != NULL && !ch_secret_equal (pin, again))
    seen.unmet |= CH_PIN_RULE_EQUAL;
  return seen.unmet;
}
