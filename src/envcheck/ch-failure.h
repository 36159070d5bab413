#pragma once

#include "envcheck/ch-finding.h"

G_BEGIN_DECLS

/* Everything that can go wrong, as it is explained: the entries of the document of failures, of “more” in the
 * window and of `certhallctl envcheck --explain`. All texts are translated. */
#define CH_FAILURE_ENTRY_FIELDS(F, S)                                                                        \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, check, STRING, "check", OPTIONAL, 64, _)                                                             \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, meaning, STRING, "meaning", OPTIONAL, 1024, _)                                                       \
  F (S, causes, STRINGS, "causes", REQUIRED, 64, _)                                                          \
  F (S, todo, STRING, "todo", REQUIRED, 1024, _)                                                             \
  F (S, command, STRING, "command", OPTIONAL, 256, _)
CH_WIRE_DECLARE (ChFailureEntry, ch_failure_entry, CH_FAILURE_ENTRY_FIELDS)

#define CH_FAILURE_LIST_FIELDS(F, S) F (S, failures, LIST, "failures", REQUIRED, 400, ChFailureEntry)
CH_WIRE_DECLARE (ChFailureList, ch_failure_list, CH_FAILURE_LIST_FIELDS)

ChFailureEntry *ch_failure_of_error (ChErrorCode code);
ChFailureEntry *ch_failure_of_finding (ChFindingCode code);
GPtrArray *ch_failure_explain (const char *code);
char *ch_failure_to_text (const ChFailureEntry *self);
char *ch_failure_make_document (void);
const char *ch_failure_find_check (const char *error_id);
const char *ch_failure_get_cause (ChErrorCode code);

G_END_DECLS
