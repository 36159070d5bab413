#pragma once

#include "envcheck/ch-check-run.h"

G_BEGIN_DECLS

/* What a run found, to be kept or sent to support. code: the number of a finding; that of the report is made
 * of those of the worst, to be read out on the telephone. about: what the action is about. */

#define CH_CHECK_FINDING_FIELDS(F, S)                                                                        \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, group, ENUM, "group", REQUIRED, 0, ChCheckGroup)                                                     \
  F (S, state, ENUM, "state", REQUIRED, 0, ChCheckState)                                                     \
  F (S, error, STRING, "error", OPTIONAL, 64, _)                                                             \
  F (S, code, INT, "code", OPTIONAL, 999, _)                                                                 \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, summary, STRING, "summary", OPTIONAL, 1024, _)                                                       \
  F (S, meaning, STRING, "meaning", OPTIONAL, 1024, _)                                                       \
  F (S, todo, STRING, "todo", OPTIONAL, 1024, _)                                                             \
  F (S, detail, STRING, "detail", OPTIONAL, 16384, _)                                                        \
  F (S, action, ENUM, "action", REQUIRED, 0, ChCheckAction)                                                  \
  F (S, subject, STRING, "about", OPTIONAL, 1024, _)                                                         \
  F (S, times, MAP, "milliseconds", OPTIONAL, 16, _)
CH_WIRE_DECLARE (ChCheckFinding, ch_check_finding, CH_CHECK_FINDING_FIELDS)

#define CH_CHECK_REPORT_FIELDS(F, S)                                                                         \
  F (S, version, STRING, "version", REQUIRED, 32, _)                                                         \
  F (S, made_at, TIME, "made-at", REQUIRED, 0, _)                                                            \
  F (S, state, ENUM, "state", REQUIRED, 0, ChCheckState)                                                     \
  F (S, code, STRING, "code", REQUIRED, 64, _)                                                               \
  F (S, exit_status, INT, "exit-status", REQUIRED, 127, _)                                                   \
  F (S, checks, LIST, "checks", REQUIRED, 200, ChCheckFinding)
CH_WIRE_DECLARE (ChCheckReport, ch_check_report, CH_CHECK_REPORT_FIELDS)

ChCheckReport *ch_check_report_new (ChCheckRun *run);
char *ch_check_report_to_text (const ChCheckReport *self);
GBytes *ch_check_report_to_json (const ChCheckReport *self);
char *ch_check_report_to_html (const ChCheckReport *self);
gboolean ch_check_report_save_html (const ChCheckReport *self, const char *path, GError **error);
gboolean ch_check_report_save (const ChCheckReport *self, const char *path, GError **error);

char *ch_check_code_format (const guint *numbers, guint n);
GArray *ch_check_code_parse (const char *code);

G_END_DECLS
