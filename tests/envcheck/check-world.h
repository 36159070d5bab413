#pragma once

#include "envcheck/ch-check-report.h"

G_BEGIN_DECLS

/* What the tests of the environment check share: a folder of their own, a run that is waited for */
char *check_make_dir (void);
void check_write (const char *dir, const char *name, const char *text, int mode);
void check_remove_dir (const char *dir);
ChCheckContext *check_make_context (const char *dir);
ChCheckRun *check_run (ChCheckContext *context);
void check_run_again (ChCheckRun *run);
ChCheckResult *check_expect (ChCheckRun *run, const char *id, ChCheckState state);
ChCheckResult *check_expect_found (ChCheckRun *run, const char *id, ChFindingCode finding);
void check_expect_failed (ChCheckRun *run, const char *id, ChErrorCode error);

G_END_DECLS
