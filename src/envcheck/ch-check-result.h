#pragma once

#include "base/ch-error.h"
#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* How a check stands. Ids are for ever: report, terminal and tests say them. */
/* clang-format off */
#define CH_CHECK_STATES(X) \
  X (WAITING,        "waiting",        N_("Waiting")) \
  X (RUNNING,        "running",        N_("Checking")) \
  X (PASSED,         "passed",         N_("Passed")) \
  X (WARNING,        "warning",        N_("Note")) \
  X (FAILED,         "failed",         N_("Failed")) \
  X (NOT_APPLICABLE, "not-applicable", N_("Not applicable"))

/* What the program can do about a finding, by one button */
#define CH_CHECK_ACTIONS(X) \
  X (NONE,               "none",               "") \
  X (START_CARD_SERVICE, "start-card-service", N_("Start the smart-card service"))
/* clang-format on */

#define X(code, id, title) CH_CHECK_##code,
typedef enum
{
  CH_CHECK_STATES (X) CH_N_CHECK_STATES
} ChCheckState;
#undef X
#define X(code, id, title) CH_CHECK_ACTION_##code,
typedef enum
{
  CH_CHECK_ACTIONS (X) CH_N_CHECK_ACTIONS
} ChCheckAction;
#undef X

extern const ChWireEnum ChCheckState_enum, ChCheckAction_enum;

/* What a check found. Made in the thread that checks, then only read. All texts are owned. */
typedef struct
{
  ChCheckState state;
  ChErrorCode error; /* with FAILED: decides the exit status */
  char *summary;     /* (nullable): a few words beside the title, for people */
  char *meaning;     /* (nullable): what it means */
  char *todo;        /* (nullable): what to do */
  char *detail;      /* (nullable): for support, untranslated */
  ChCheckAction action;
  GHashTable *times;  /* (nullable): phase → milliseconds, as text */
  gboolean is_usable; /* what depends on it can be checked */
  gboolean has_offset;
  gint64 offset; /* with has_offset: server’s time minus this PC’s, seconds */
} ChCheckResult;

ChCheckResult *ch_check_result_new (ChCheckState state, const char *summary);
ChCheckResult *ch_check_result_new_failed (ChErrorCode error, const char *summary);
ChCheckResult *ch_check_result_copy (const ChCheckResult *self);
ChCheckResult *ch_check_result_ref (ChCheckResult *self);
void ch_check_result_unref (ChCheckResult *self);
void ch_check_result_explain (ChCheckResult *self, const char *meaning, const char *todo);
void ch_check_result_set_detail (ChCheckResult *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void ch_check_result_add_time (ChCheckResult *self, const char *phase, gint64 microseconds);

const char *ch_check_state_get_word (ChCheckState state);
gboolean ch_check_state_is_final (ChCheckState state);
const char *ch_check_action_get_label (ChCheckAction action);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCheckResult, ch_check_result_unref)

G_END_DECLS
