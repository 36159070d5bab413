#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-pin-words.h"

static const struct
{
  const char *title;
  const char *warning; /* (nullable): before the PIN is typed */
  ChTone tone;
} states[] = {
  [CH_PIN_UNKNOWN] = { N_ ("Not known"), NULL, CH_TONE_IDLE },
  [CH_PIN_GOOD] = { N_ ("In order"), NULL, CH_TONE_OK },
  [CH_PIN_LOW] = { N_ ("A wrong PIN was entered"), N_ ("Only few tries are left"), CH_TONE_WARN },
  [CH_PIN_FINAL] = { N_ ("1 try is left"), N_ ("1 try is left"), CH_TONE_WARN },
  [CH_PIN_LOCKED] = { N_ ("Locked"), N_ ("The PIN is locked"), CH_TONE_BAD },
  [CH_PIN_NOT_SET] = { N_ ("Not set yet"), N_ ("The key has no PIN yet"), CH_TONE_WARN },
};
G_STATIC_ASSERT (G_N_ELEMENTS (states) == CH_N_PIN_STATES);

/**
 * ch_pin_state_get_title:
 *
 * Returns: (transfer none): in a word or two, untranslated
 */
const char *
ch_pin_state_get_title (ChPinState state)
{
  return states[state].title;
}

/**
 * ch_pin_state_get_warning:
 *
 * Returns: (transfer none) (nullable): what is said before a PIN is typed, untranslated
 */
const char *
ch_pin_state_get_warning (ChPinState state)
{
  return states[state].warning;
}

ChTone
ch_pin_state_get_tone (ChPinState state)
{
  return states[state].tone;
}

/**
 * ch_pin_words_get_limits:
 * @medium: (nullable): what the medium takes
 * @profile: (nullable): of the CA
 *
 * Returns: how long a PIN must and may be: as the CA says, within what the medium takes
 */
ChAskLimits
ch_pin_words_get_limits (const ChAskLimits *medium, const ChProfile *profile)
{
  guint min = profile != NULL && profile->limits->pin_min > 0 ? (guint) profile->limits->pin_min : CH_PIN_MIN;
  guint max = profile != NULL && profile->limits->pin_max > 0 ? (guint) profile->limits->pin_max : CH_PIN_MAX;

  if (medium != NULL && medium->max_length > 0)
    max = MIN (max, medium->max_length);
  if (medium != NULL)
    min = MAX (min, medium->min_length);
  /* A medium that takes short ones only is no worse for it */
  return (ChAskLimits){ .min_length = MIN (min, max), .max_length = max };
}

/**
 * ch_pin_words_format_rule:
 * @rule: one of them
 *
 * Returns: (transfer full): as a line of a list of what the PIN must be
 */
char *
ch_pin_words_format_rule (ChPinRule rule, const ChAskLimits *limits)
{
  switch (rule)
    {
    case CH_PIN_RULE_LENGTH:
      if (limits->min_length == limits->max_length)
        /* Translators: of a PIN */
        return g_strdup_printf (ngettext ("%u character", "%u characters", limits->max_length),
                                limits->max_length);
      /* Translators: of a PIN: 6 to 16 characters */
      return g_strdup_printf (_ ("%u to %u characters"), limits->min_length, limits->max_length);
    case CH_PIN_RULE_CHARACTERS:
      return g_strdup (_ ("Only digits, Latin letters and signs, no blanks"));
    case CH_PIN_RULE_GUESSED:
      return g_strdup (_ ("Not among the first that others would guess (123456, 111111)"));
    case CH_PIN_RULE_OTHER:
      return g_strdup (_ ("Another one than the old PIN"));
    case CH_PIN_RULE_EQUAL:
      return g_strdup (_ ("Twice the same"));
    default:
      g_return_val_if_reached (g_strdup (""));
    }
}
