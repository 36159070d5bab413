#pragma once

#include "envcheck/ch-check-report.h"

G_BEGIN_DECLS

/* What the tests of the environment check share: a folder of their own, a run that is waited for */
char *check_make_dir (void);
void check_remove_dir (const char *dir);
ChCheckContext *check_make_context (const char *dir);
ChCheckRun *check_run (ChCheckContext *context);
ChCheckResult *check_expect (ChCheckRun *run, const char *id, ChCheckState state);
void check_expect_failed (ChCheckRun *run, const char *id, ChErrorCode error);

G_END_DECLS
