#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-check-result.h"

CH_WIRE_DEFINE_ENUM (ChCheckState, CH_CHECK_STATES, "check state")
CH_WIRE_DEFINE_ENUM (ChCheckAction, CH_CHECK_ACTIONS, "check action")

#define TITLE(code, id, title) title,
static const char *const state_words[] = { CH_CHECK_STATES (TITLE) };
static const char *const action_labels[] = { CH_CHECK_ACTIONS (TITLE) };
#undef TITLE

static void
clear_result (gpointer data)
{
  ChCheckResult *self = data;

  g_free (self->summary);
  g_free (self->meaning);
  g_free (self->todo);
  g_free (self->detail);
  g_clear_pointer (&self->times, g_hash_table_unref);
}

/**
 * ch_check_result_new:
 * @state: what came out
 * @summary: (nullable): a few words beside the title, translated
 *
 * Returns: (transfer full): a result; usable for what depends on it if it passed or is only a warning
 */
ChCheckResult *
ch_check_result_new (ChCheckState state, const char *summary)
{
  ChCheckResult *self = g_atomic_rc_box_new0 (ChCheckResult);

  self->state = state;
  self->error = CH_ERROR_INTERNAL;
  self->summary = g_strdup (summary);
  self->is_usable = state == CH_CHECK_PASSED || state == CH_CHECK_WARNING;
  return self;
}

/**
 * ch_check_result_new_failed:
 * @error: what a program would meet because of it
 * @summary: a few words beside the title, translated
 *
 * Returns: (transfer full): a result that nothing can build on
 */
ChCheckResult *
ch_check_result_new_failed (ChErrorCode error, const char *summary)
{
  ChCheckResult *self = ch_check_result_new (CH_CHECK_FAILED, summary);

  self->error = error;
  return self;
}

/**
 * ch_check_result_copy:
 * @self: a result
 *
 * Returns: (transfer full): another with the same content, not yet seen by anybody
 */
ChCheckResult *
ch_check_result_copy (const ChCheckResult *self)
{
  ChCheckResult *copy = ch_check_result_new (self->state, self->summary);

  copy->error = self->error;
  copy->meaning = g_strdup (self->meaning);
  copy->todo = g_strdup (self->todo);
  copy->detail = g_strdup (self->detail);
  copy->action = self->action;
  copy->times = self->times != NULL ? g_hash_table_ref (self->times) : NULL;
  copy->is_usable = self->is_usable;
  copy->has_offset = self->has_offset;
  copy->offset = self->offset;
  return copy;
}

ChCheckResult *
ch_check_result_ref (ChCheckResult *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
ch_check_result_unref (ChCheckResult *self)
{
  g_atomic_rc_box_release_full (self, clear_result);
}

/**
 * ch_check_result_explain:
 * @self: a result just made
 * @meaning: (nullable): what it means for the user, translated
 * @todo: (nullable): what to do about it, translated
 *
 * Says what a finding means and what to do.
 */
void
ch_check_result_explain (ChCheckResult *self, const char *meaning, const char *todo)
{
  g_free (self->meaning);
  g_free (self->todo);
  self->meaning = g_strdup (meaning);
  self->todo = g_strdup (todo);
}

/**
 * ch_check_result_set_detail:
 * @self: a result just made
 * @format: like printf(); untranslated, for support
 *
 * Adds what was seen. The report takes names of the user out of it.
 */
void
ch_check_result_set_detail (ChCheckResult *self, const char *format, ...)
{
  va_list args;

  g_free (self->detail);
  va_start (args, format);
  self->detail = g_strdup_vprintf (format, args);
  va_end (args);
}

/**
 * ch_check_result_add_time:
 * @self: a result just made
 * @phase: kebab-case
 * @microseconds: how long it took
 */
void
ch_check_result_add_time (ChCheckResult *self, const char *phase, gint64 microseconds)
{
  if (self->times == NULL)
    self->times = ch_wire_map_new ();
  g_hash_table_insert (self->times, g_strdup (phase),
                       g_strdup_printf ("%" G_GINT64_FORMAT, (microseconds + 500) / 1000));
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
  return action != CH_CHECK_ACTION_NONE ? action_labels[action] : NULL;
}
