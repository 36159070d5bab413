#pragma once

#include "envcheck/ch-check-context.h"
#include "envcheck/ch-check-result.h"

G_BEGIN_DECLS

/* clang-format off */
#define CH_CHECK_GROUPS(X) \
  X (UKEY,    "ukey",    N_("USB keys and drivers")) \
  X (PC,      "pc",      N_("This PC")) \
  X (NETWORK, "network", N_("Network"))
/* clang-format on */

#define X(code, id, title) CH_CHECK_GROUP_##code,
typedef enum
{
  CH_CHECK_GROUPS (X) CH_N_CHECK_GROUPS
} ChCheckGroup;
#undef X

extern const ChWireEnum ChCheckGroup_enum;

/* Seconds a check may take; it is given up a little later */
#define CH_CHECK_TIME_LIMIT 5

/* One check on its way, in a thread of its own */
typedef struct
{
  ChCheckContext *context;   /* (owned) */
  const ChCheckEntry *entry; /* of the context; NULL unless the check is made for each entry */
  GPtrArray *needed;         /* (owned) (element-type ChCheckResult): of the check it depends on */
  GCancellable *cancellable; /* (owned) */
} ChCheckTask;

/* One check: a constant in check-TOPIC.c, listed in checks.h. */
typedef struct
{
  const char *id;
  const char *title; /* untranslated, for gettext; an entry’s check takes the entry’s name */
  ChCheckGroup group;
  const char *depends;       /* id of another check: without a usable result of it this one does not apply */
  gboolean is_per_entry;     /* once for each of the CA’s entries */
  const char *one_is_enough; /* untranslated: one entry passed, so that those that failed mean only this */

  gboolean (*applies) (const ChCheckContext *context); /* NULL: always */
  ChCheckResult *(*run) (const ChCheckTask *task);
} ChCheck;

const ChCheck *const *ch_checks_get (guint *n_checks);
const char *ch_check_group_get_title (ChCheckGroup group);

G_END_DECLS
