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

/* Milliseconds a check may take unless it says otherwise */
#define CH_CHECK_TIME_LIMIT 5000

#define CH_CHECK_MAX_NEEDS 3

/* What a check is made for, each time as its own row */
typedef enum
{
  CH_CHECK_FOR_ALL,    /* once */
  CH_CHECK_FOR_ENTRY,  /* for each entry of the CA */
  CH_CHECK_FOR_DRIVER, /* for each driver that is set up */
} ChCheckKind;

/* One check on its way, in a thread of its own */
typedef struct
{
  ChCheckContext *context;   /* (owned) */
  const ChCheckEntry *entry; /* of the context; NULL unless the check is made for each entry */
  const ChDriver *driver;    /* of the context; NULL unless the check is made for each driver */
  GHashTable *needed; /* (owned) (element-type utf8 GPtrArray): id of a check → results of those before it */
  GCancellable *cancellable; /* (owned) */
} ChCheckTask;

/* One check: a constant in check-TOPIC.c, listed in checks.h. */
typedef struct
{
  const char *id;
  const char *title; /* untranslated, for gettext; a check for each has the name of what it is for */
  ChCheckGroup group;
  ChCheckKind kind;
  const char *depends[CH_CHECK_MAX_NEEDS]; /* ids: without a usable result of each of them it is not run */
  const char *after[CH_CHECK_MAX_NEEDS];   /* ids: it waits for them, and goes on whatever they found */
  const char *one_is_enough; /* untranslated: one of them passed, so that those that failed mean only this */
  /* (nullable): what is offered where one is enough; @failed and @works are entries of the context */
  void (*soften) (ChCheckResult *result, const ChCheckEntry *failed, const ChCheckEntry *works);
  gboolean is_for_ukey; /* of no interest to a CA without USB keys */
  guint limit;          /* milliseconds; 0: CH_CHECK_TIME_LIMIT */
  ChFindingCode late;   /* what it means that the limit was reached */

  gboolean (*applies) (const ChCheckContext *context); /* NULL: always */
  ChCheckResult *(*run) (const ChCheckTask *task);
} ChCheck;

const ChCheck *const *ch_checks_get (guint *n_checks);
const ChCheck *ch_check_find (const char *id);
gboolean ch_check_builds_on (const ChCheck *self, const char *id);
const char *ch_check_group_get_title (ChCheckGroup group);
GPtrArray *ch_check_task_get (const ChCheckTask *task, const char *id);
guint ch_check_get_limit (const ChCheck *check, const ChCheckContext *context);

G_END_DECLS
