#include "config.h"

#include "front/ch-verify-report.h"

#include "pki/ch-chain.h"

static const struct
{
  const char *id;
  const char *word;
  ChTone tone;
} outcomes[] = {
  [CH_VERIFY_PASSED] = { "passed", N_ ("Valid"), CH_TONE_OK },
  [CH_VERIFY_FAILED] = { "failed", N_ ("Not valid"), CH_TONE_BAD },
  [CH_VERIFY_UNKNOWN] = { "unknown", N_ ("Not certain"), CH_TONE_WARN },
};

static void
check_free (gpointer data)
{
  ChVerifyCheck *check = data;

  g_free (check->text);
  g_free (check);
}

/**
 * ch_verify_report_new:
 *
 * Returns: (transfer full): an empty report, which finds nothing wrong
 */
ChVerifyReport *
ch_verify_report_new (void)
{
  ChVerifyReport *self = g_new0 (ChVerifyReport, 1);

  self->reason = ch_chain_reason_get_id (CH_CHAIN_OK);
  self->sentence = ch_chain_reason_get_text (CH_CHAIN_OK);
  self->checks = g_ptr_array_new_with_free_func (check_free);
  return self;
}

void
ch_verify_report_free (ChVerifyReport *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->name);
  g_free (self->issuer);
  g_ptr_array_unref (self->checks);
  g_free (self);
}

/**
 * ch_verify_report_note:
 * @id: kebab-case
 * @label: untranslated: what was looked at
 * @text: (transfer full): what came out, in the user’s language
 *
 * Adds a thing that was looked at and changes nothing about the verdict.
 */
void
ch_verify_report_note (ChVerifyReport *self,
                       const char *id,
                       const char *label,
                       ChVerifyOutcome outcome,
                       char *text)
{
  ChVerifyCheck *check = g_new0 (ChVerifyCheck, 1);

  check->id = id;
  check->label = label;
  check->outcome = outcome;
  check->text = text;
  g_ptr_array_add (self->checks, check);
}

/**
 * ch_verify_report_add:
 * @id: kebab-case
 * @label: untranslated: what was looked at
 * @text: (transfer full): what came out, in the user’s language
 *
 * Adds a thing that was looked at. One that could not be found out leaves the verdict open; one that failed
 * is followed by ch_verify_report_fail().
 */
void
ch_verify_report_add (ChVerifyReport *self,
                      const char *id,
                      const char *label,
                      ChVerifyOutcome outcome,
                      char *text)
{
  ch_verify_report_note (self, id, label, outcome, text);
  if (outcome == CH_VERIFY_UNKNOWN)
    ch_verify_report_doubt (self, ch_chain_reason_get_id (CH_CHAIN_CRL_MISSING),
                            ch_chain_reason_get_text (CH_CHAIN_CRL_MISSING));
}

/**
 * ch_verify_report_doubt:
 * @reason: kebab-case, static
 * @sentence: untranslated, static
 *
 * Says what could not be found out; the first of it stays the reason, unless something is wrong.
 */
void
ch_verify_report_doubt (ChVerifyReport *self, const char *reason, const char *sentence)
{
  if (self->verdict != CH_VERIFY_PASSED)
    return;

  self->verdict = CH_VERIFY_UNKNOWN;
  self->reason = reason;
  self->sentence = sentence;
}

/**
 * ch_verify_report_fail:
 * @reason: kebab-case, static
 * @sentence: untranslated, static
 *
 * Says what is wrong; the first that is wrong stays the reason of all.
 */
void
ch_verify_report_fail (ChVerifyReport *self, const char *reason, const char *sentence)
{
  if (self->verdict == CH_VERIFY_FAILED)
    return;

  self->verdict = CH_VERIFY_FAILED;
  self->reason = reason;
  self->sentence = sentence;
}

/**
 * ch_verify_outcome_get_id:
 *
 * Returns: kebab-case, for programs
 */
const char *
ch_verify_outcome_get_id (ChVerifyOutcome outcome)
{
  return outcomes[outcome].id;
}

/**
 * ch_verify_outcome_get_word:
 *
 * Returns: untranslated: the verdict for people
 */
const char *
ch_verify_outcome_get_word (ChVerifyOutcome outcome)
{
  return outcomes[outcome].word;
}

/**
 * ch_verify_outcome_get_tone:
 *
 * Returns: how it is to be taken
 */
ChTone
ch_verify_outcome_get_tone (ChVerifyOutcome outcome)
{
  return outcomes[outcome].tone;
}
