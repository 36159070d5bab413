#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-check-result.h"

static void
clear_result (gpointer data)
{
  ChCheckResult *self = data;

  g_free (self->summary);
  g_free (self->meaning);
  g_free (self->todo);
  g_free (self->detail);
  g_free (self->subject);
  g_free (self->oldest);
  g_clear_pointer (&self->times, g_hash_table_unref);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  if (self->data != NULL)
    self->data_unref (self->data);
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
  self->finding = CH_FINDING_NONE;
  self->error = CH_ERROR_INTERNAL;
  self->summary = g_strdup (summary);
  self->is_usable = state == CH_CHECK_PASSED || state == CH_CHECK_WARNING;
  return self;
}

/**
 * ch_check_result_new_found:
 * @finding: a row of the table
 * @summary: (nullable): a few words beside the title, translated; %NULL for those of the table
 *
 * Returns: (transfer full): a result with what the table says it means, and what to do
 */
ChCheckResult *
ch_check_result_new_found (ChFindingCode finding, const char *summary)
{
  const ChFinding *row = ch_finding_get (finding);
  ChCheckResult *self = ch_check_result_new (row->state, summary != NULL ? summary : _ (row->title));

  self->finding = finding;
  self->error = row->error;
  self->meaning = g_strdup (_ (row->meaning));
  self->todo = g_strdup (_ (row->todo));
  self->action = row->action;
  self->subject = g_strdup (row->command);
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

  copy->finding = self->finding;
  copy->error = self->error;
  copy->meaning = g_strdup (self->meaning);
  copy->todo = g_strdup (self->todo);
  copy->detail = g_strdup (self->detail);
  copy->action = self->action;
  copy->subject = g_strdup (self->subject);
  copy->oldest = g_strdup (self->oldest);
  copy->data = self->data != NULL ? g_atomic_rc_box_acquire (self->data) : NULL;
  copy->data_unref = self->data_unref;
  copy->times = self->times != NULL ? g_hash_table_ref (self->times) : NULL;
  copy->hidden = self->hidden != NULL ? g_ptr_array_ref (self->hidden) : NULL;
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
 * ch_check_result_set_meaning:
 * @self: a result just made
 * @meaning: what it means here, translated
 */
void
ch_check_result_set_meaning (ChCheckResult *self, const char *meaning)
{
  g_free (self->meaning);
  self->meaning = g_strdup (meaning);
}

/**
 * ch_check_result_set_todo:
 * @self: a result just made
 * @todo: what to do here, translated
 */
void
ch_check_result_set_todo (ChCheckResult *self, const char *todo)
{
  g_free (self->todo);
  self->todo = g_strdup (todo);
}

/**
 * ch_check_result_set_subject:
 * @self: a result just made
 * @subject: what its action is about: a command, a folder, an address
 */
void
ch_check_result_set_subject (ChCheckResult *self, const char *subject)
{
  g_free (self->subject);
  self->subject = g_strdup (subject);
}

/**
 * ch_check_result_hide:
 * @self: a result just made
 * @name: of somebody, as it stands in the texts
 *
 * The window shows it; reports do not.
 */
void
ch_check_result_hide (ChCheckResult *self, const char *name)
{
  if (*name == 0)
    return;
  if (self->hidden == NULL)
    self->hidden = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->hidden, g_strdup (name));
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
