#include "config.h"

#include "envcheck/ch-finding.h"

CH_WIRE_DEFINE_ENUM (ChCheckState, CH_CHECK_STATES, "check state")

#define ID_OF_ACTION(code, id, label, told) id,
static const char *const action_ids[] = { CH_CHECK_ACTIONS (ID_OF_ACTION) };
#undef ID_OF_ACTION
const ChWireEnum ChCheckAction_enum = { "check action", action_ids, G_N_ELEMENTS (action_ids) };

#define TITLE(code, id, title) title,
static const char *const state_words[] = { CH_CHECK_STATES (TITLE) };
#undef TITLE

static const struct
{
  const char *label;
  const char *told;
} actions[] = {
#define X(code, id, label, told) { label, told },
  CH_CHECK_ACTIONS (X)
#undef X
};

static const ChFinding findings[] = {
#define F(code, number, check, state, error, action, command, title, meaning, cause, todo)                   \
  [CH_FINDING_##code] = {                                                                                    \
    #code,   number, check, CH_CHECK_##state, CH_ERROR_##error, CH_CHECK_ACTION_##action, command, title,    \
    meaning, cause,  todo                                                                                    \
  },
  CH_FINDINGS (F)
#undef F
};

G_STATIC_ASSERT (G_N_ELEMENTS (findings) == CH_N_FINDINGS);

/**
 * ch_finding_get:
 * @code: which
 *
 * Returns: its row
 */
const ChFinding *
ch_finding_get (ChFindingCode code)
{
  g_return_val_if_fail (code < CH_N_FINDINGS, NULL);

  return &findings[code];
}

/**
 * ch_finding_find:
 * @number: three digits
 *
 * Returns: (nullable): the row with this number
 */
const ChFinding *
ch_finding_find (guint number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (findings); i++)
    if (findings[i].number == number)
      return &findings[i];
  return NULL;
}

/**
 * ch_check_state_get_word:
 *
 * Returns: the word for people, untranslated
 */
const char *
ch_check_state_get_word (ChCheckState state)
{
  return state_words[state];
}

/**
 * ch_check_state_is_final:
 *
 * Returns: whether the check has ended
 */
gboolean
ch_check_state_is_final (ChCheckState state)
{
  return state != CH_CHECK_WAITING && state != CH_CHECK_RUNNING;
}

/**
 * ch_check_action_get_label:
 *
 * Returns: (nullable): what stands on the button, untranslated; %NULL when there is none
 */
const char *
ch_check_action_get_label (ChCheckAction action)
{
  return action != CH_CHECK_ACTION_NONE ? actions[action].label : NULL;
}

/**
 * ch_check_action_get_told:
 *
 * Returns: what is said before it is done, untranslated
 */
const char *
ch_check_action_get_told (ChCheckAction action)
{
  return actions[action].told;
}
