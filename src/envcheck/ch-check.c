#include "config.h"

#include "envcheck/ch-check.h"

#include "envcheck/checks.h"

CH_WIRE_DEFINE_ENUM (ChCheckGroup, CH_CHECK_GROUPS, "check group")

#define TITLE(code, id, title) title,
static const char *const group_titles[] = { CH_CHECK_GROUPS (TITLE) };
#undef TITLE

#define C(name) &ch_check_##name,
static const ChCheck *const checks[] = { CH_CHECKS (C) };
#undef C

/**
 * ch_checks_get:
 * @n_checks: (out): how many
 *
 * Returns: (array length=n_checks): every check there is
 */
const ChCheck *const *
ch_checks_get (guint *n_checks)
{
  *n_checks = G_N_ELEMENTS (checks);
  return checks;
}

/**
 * ch_check_find:
 *
 * Returns: (nullable): the check with this id
 */
const ChCheck *
ch_check_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_str_equal (checks[i]->id, id))
      return checks[i];
  return NULL;
}

/**
 * ch_check_builds_on:
 * @id: of another check
 *
 * Returns: whether that must be in order first, perhaps by others between them
 */
gboolean
ch_check_builds_on (const ChCheck *self, const char *id)
{
  for (guint i = 0; i < CH_CHECK_MAX_NEEDS && self->depends[i] != NULL; i++)
    if (g_str_equal (self->depends[i], id) || ch_check_builds_on (ch_check_find (self->depends[i]), id))
      return TRUE;
  return FALSE;
}

/**
 * ch_check_task_get:
 * @id: of a check this one depends on, or comes after
 *
 * Returns: (transfer none) (element-type ChCheckResult): what it found; empty when it was not made
 */
GPtrArray *
ch_check_task_get (const ChCheckTask *task, const char *id)
{
  return g_hash_table_lookup (task->needed, id);
}

/**
 * ch_check_get_limit:
 *
 * Returns: milliseconds the check may take
 */
guint
ch_check_get_limit (const ChCheck *check, const ChCheckContext *context)
{
  if (context->time_limit > 0)
    return context->time_limit;
  return check->limit > 0 ? check->limit : CH_CHECK_TIME_LIMIT;
}

/**
 * ch_check_group_get_title:
 *
 * Returns: the head of the group, untranslated
 */
const char *
ch_check_group_get_title (ChCheckGroup group)
{
  return group_titles[group];
}
