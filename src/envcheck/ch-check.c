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
 * ch_check_group_get_title:
 *
 * Returns: the head of the group, untranslated
 */
const char *
ch_check_group_get_title (ChCheckGroup group)
{
  return group_titles[group];
}
