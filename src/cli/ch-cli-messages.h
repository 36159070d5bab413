#pragma once

#include "ports/ch-entries.h"
#include "wire/messages-application.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What --json prints where no message of the protocol says it already */

/* How far a run has got: done, resting or failed. error: id of the error; reasons: fields that are wrong */
#define CH_CLI_RUN_FIELDS(F, S)                                                                              \
  F (S, state, STRING, "state", REQUIRED, 16, _)                                                             \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, application, STRING, "application", OPTIONAL, 64, _)                                                 \
  F (S, step, STRING, "step", OPTIONAL, 64, _)                                                               \
  F (S, field, STRING, "field", OPTIONAL, 64, _)                                                             \
  F (S, error, STRING, "error", OPTIONAL, 64, _)                                                             \
  F (S, fields, LIST, "fields", OPTIONAL, 100, ChFieldReason)                                                \
  F (S, order, STRING, "order", OPTIONAL, 64, _)                                                             \
  F (S, code, STRING, "code", OPTIONAL, 512, _)                                                              \
  F (S, fen, INT, "fen", OPTIONAL, 100000000, _)                                                             \
  F (S, certificate, STRING, "certificate", OPTIONAL, 64, _)                                                 \
  F (S, token, STRING, "token", OPTIONAL, 128, _)
CH_WIRE_DECLARE (ChCliRun, ch_cli_run_report, CH_CLI_RUN_FIELDS)

/* A document as it would be sent, or was fetched; changes: see ch_prepared_list_changes() */
#define CH_CLI_PREPARED_FIELDS(F, S)                                                                         \
  F (S, document, STRING, "document", REQUIRED, 64, _)                                                       \
  F (S, name, STRING, "name", REQUIRED, 4096, _)                                                             \
  F (S, content, STRING, "content", REQUIRED, 16, _)                                                         \
  F (S, size, INT, "size", REQUIRED, 1000000000, _)                                                          \
  F (S, files, INT, "files", OPTIONAL, 1000, _)                                                              \
  F (S, size_before, INT, "size-before", OPTIONAL, 1000000000, _)                                            \
  F (S, changes, STRINGS, "changes", OPTIONAL, 10, _)
CH_WIRE_DECLARE (ChCliPrepared, ch_cli_prepared, CH_CLI_PREPARED_FIELDS)

#define CH_CLI_PREPARED_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 100, ChCliPrepared)
CH_WIRE_DECLARE (ChCliPreparedList, ch_cli_prepared_list, CH_CLI_PREPARED_LIST_FIELDS)

#define CH_CLI_DONE_FIELDS(F, S)                                                                             \
  F (S, state, STRING, "state", REQUIRED, 16, _)                                                             \
  F (S, name, STRING, "name", OPTIONAL, 256, _)                                                              \
  F (S, field, STRING, "field", OPTIONAL, 64, _)                                                             \
  F (S, code, STRING, "code", OPTIONAL, 32, _)
CH_WIRE_DECLARE (ChCliDone, ch_cli_done, CH_CLI_DONE_FIELDS)

#define CH_CLI_FIELD_FIELDS(F, S)                                                                            \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, label, STRING, "label", REQUIRED, 256, _)                                                            \
  F (S, optional, BOOL, "optional", REQUIRED, 0, _)                                                          \
  F (S, secret, BOOL, "secret", REQUIRED, 0, _)                                                              \
  F (S, document, BOOL, "document", REQUIRED, 0, _)                                                          \
  F (S, choices, STRINGS, "choices", OPTIONAL, 1000, _)
CH_WIRE_DECLARE (ChCliField, ch_cli_field, CH_CLI_FIELD_FIELDS)

#define CH_CLI_STEP_FIELDS(F, S)                                                                             \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, needs, STRINGS, "needs", REQUIRED, 32, _)                                                            \
  F (S, gives, STRINGS, "gives", REQUIRED, 32, _)                                                            \
  F (S, automatic, BOOL, "automatic", REQUIRED, 0, _)                                                        \
  F (S, fields, LIST, "fields", OPTIONAL, 100, ChCliField)
CH_WIRE_DECLARE (ChCliStep, ch_cli_step, CH_CLI_STEP_FIELDS)

/* steps: only where one flow is shown */
#define CH_CLI_FLOW_FIELDS(F, S)                                                                             \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, offered, BOOL, "offered", REQUIRED, 0, _)                                                            \
  F (S, steps, LIST, "steps", OPTIONAL, 100, ChCliStep)
CH_WIRE_DECLARE (ChCliFlow, ch_cli_flow, CH_CLI_FLOW_FIELDS)

#define CH_CLI_FLOW_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChCliFlow)
CH_WIRE_DECLARE (ChCliFlowList, ch_cli_flow_list, CH_CLI_FLOW_LIST_FIELDS)

/* What a business asks for. part: documents, data, price or steps; formats and max-bytes: of a document */
#define CH_CLI_NEED_FIELDS(F, S)                                                                             \
  F (S, part, STRING, "part", REQUIRED, 16, _)                                                               \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, title, STRING, "title", REQUIRED, 1024, _)                                                           \
  F (S, detail, STRING, "detail", OPTIONAL, 32768, _)                                                        \
  F (S, value, STRING, "value", OPTIONAL, 256, _)                                                            \
  F (S, optional, BOOL, "optional", REQUIRED, 0, _)                                                          \
  F (S, formats, STRINGS, "formats", OPTIONAL, 10, _)                                                        \
  F (S, max_bytes, INT, "max-bytes", OPTIONAL, 33554432, _)
CH_WIRE_DECLARE (ChCliNeed, ch_cli_need, CH_CLI_NEED_FIELDS)

#define CH_CLI_FLOW_NEEDS_FIELDS(F, S)                                                                       \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, title, STRING, "title", REQUIRED, 256, _)                                                            \
  F (S, offered, BOOL, "offered", REQUIRED, 0, _)                                                            \
  F (S, review_days, INT, "review-days", REQUIRED, 60, _)                                                    \
  F (S, items, LIST, "items", REQUIRED, 1000, ChCliNeed)
CH_WIRE_DECLARE (ChCliFlowNeeds, ch_cli_flow_needs, CH_CLI_FLOW_NEEDS_FIELDS)

/* der: of its certificate, when it has one; former: that was replaced, and the key is kept for what was
 * encrypted with it */
#define CH_CLI_OBJECT_FIELDS(F, S)                                                                           \
  F (S, key_id, STRING, "key-id", REQUIRED, 64, _)                                                           \
  F (S, label, STRING, "label", OPTIONAL, 256, _)                                                            \
  F (S, has_key, BOOL, "has-key", REQUIRED, 0, _)                                                            \
  F (S, certificate, STRING, "certificate", OPTIONAL, 64, _)                                                 \
  F (S, former, BOOL, "former", OPTIONAL, 0, _)                                                              \
  F (S, der, BYTES, "der", OPTIONAL, 16384, _)
CH_WIRE_DECLARE (ChCliObject, ch_cli_object, CH_CLI_OBJECT_FIELDS)

#define CH_CLI_TOKEN_FIELDS(F, S)                                                                            \
  F (S, serial, STRING, "serial", REQUIRED, 128, _)                                                          \
  F (S, label, STRING, "label", OPTIONAL, 256, _)                                                            \
  F (S, model, STRING, "model", OPTIONAL, 256, _)                                                            \
  F (S, medium, STRING, "medium", OPTIONAL, 16, _)                                                           \
  F (S, pin, STRING, "pin", OPTIONAL, 16, _)                                                                 \
  F (S, objects, LIST, "objects", OPTIONAL, 1000, ChCliObject)
CH_WIRE_DECLARE (ChCliToken, ch_cli_token, CH_CLI_TOKEN_FIELDS)

#define CH_CLI_PROJECT_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChProject)
CH_WIRE_DECLARE (ChCliProjectList, ch_cli_project_list, CH_CLI_PROJECT_LIST_FIELDS)

/* What was saved of what the CA offers */
#define CH_CLI_SAVED_FIELDS(F, S)                                                                            \
  F (S, file, STRING, "file", REQUIRED, 64, _)                                                               \
  F (S, path, STRING, "path", REQUIRED, 4096, _)                                                             \
  F (S, size, INT, "size", REQUIRED, 67108864, _)                                                            \
  F (S, sha256, STRING, "sha256", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChCliSaved, ch_cli_saved, CH_CLI_SAVED_FIELDS)

#define CH_CLI_ENTRY_FIELDS(F, S)                                                                            \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, url, STRING, "url", REQUIRED, 256, _)                                                                \
  F (S, state, ENUM, "state", REQUIRED, 0, ChEntryState)                                                     \
  F (S, milliseconds, INT, "milliseconds", OPTIONAL, 60000, _)                                               \
  F (S, current, BOOL, "current", REQUIRED, 0, _)                                                            \
  F (S, chosen, BOOL, "chosen", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChCliEntry, ch_cli_entry, CH_CLI_ENTRY_FIELDS)

#define CH_CLI_ENTRY_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 100, ChCliEntry)
CH_WIRE_DECLARE (ChCliEntryList, ch_cli_entry_list, CH_CLI_ENTRY_LIST_FIELDS)

#define CH_CLI_SAVED_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 100, ChCliSaved)
CH_WIRE_DECLARE (ChCliSavedList, ch_cli_saved_list, CH_CLI_SAVED_LIST_FIELDS)

#define CH_CLI_TOKEN_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChCliToken)
CH_WIRE_DECLARE (ChCliTokenList, ch_cli_token_list, CH_CLI_TOKEN_LIST_FIELDS)

/* properties: id → text for people */
#define CH_CLI_CERT_FIELDS(F, S)                                                                             \
  F (S, serial, STRING, "serial", REQUIRED, 64, _)                                                           \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, standing, STRING, "standing", REQUIRED, 16, _)                                                       \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, properties, MAP, "properties", OPTIONAL, 100, _)                                                     \
  F (S, der, BYTES, "der", REQUIRED, 16384, _)
CH_WIRE_DECLARE (ChCliCert, ch_cli_cert, CH_CLI_CERT_FIELDS)

/* One thing that was checked: passed, failed or unknown */
#define CH_CLI_CHECK_FIELDS(F, S)                                                                            \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, outcome, STRING, "outcome", REQUIRED, 16, _)                                                         \
  F (S, text, STRING, "text", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChCliCheck, ch_cli_check, CH_CLI_CHECK_FIELDS)

#define CH_CLI_VERIFY_FIELDS(F, S)                                                                           \
  F (S, valid, BOOL, "valid", REQUIRED, 0, _)                                                                \
  F (S, reason, STRING, "reason", REQUIRED, 32, _)                                                           \
  F (S, serial, STRING, "serial", OPTIONAL, 64, _)                                                           \
  F (S, verdict, STRING, "verdict", REQUIRED, 16, _)                                                         \
  F (S, source, STRING, "source", REQUIRED, 1024, _)                                                         \
  F (S, name, STRING, "name", OPTIONAL, 1024, _)                                                             \
  F (S, checks, LIST, "checks", REQUIRED, 32, ChCliCheck)
CH_WIRE_DECLARE (ChCliVerify, ch_cli_verify, CH_CLI_VERIFY_FIELDS)

/* What came out for many */
#define CH_CLI_VERIFY_MANY_FIELDS(F, S)                                                                      \
  F (S, passed, INT, "passed", REQUIRED, 1000000, _)                                                         \
  F (S, failed, INT, "failed", REQUIRED, 1000000, _)                                                         \
  F (S, unknown, INT, "unknown", REQUIRED, 1000000, _)                                                       \
  F (S, certificates, LIST, "certificates", REQUIRED, 1000000, ChCliVerify)
CH_WIRE_DECLARE (ChCliVerifyMany, ch_cli_verify_many, CH_CLI_VERIFY_MANY_FIELDS)

/* The answers file, wrapped: a flat object of texts */
#define CH_CLI_ANSWERS_FIELDS(F, S) F (S, answers, MAP, "answers", REQUIRED, 200, _)
CH_WIRE_DECLARE (ChCliAnswers, ch_cli_answers, CH_CLI_ANSWERS_FIELDS)

/* What is wrong in a sheet; row 0 is its heading */
#define CH_CLI_BATCH_PROBLEM_FIELDS(F, S)                                                                    \
  F (S, row, INT, "row", REQUIRED, 10000, _)                                                                 \
  F (S, line, INT, "line", REQUIRED, 100000000, _)                                                           \
  F (S, column, STRING, "column", REQUIRED, 4096, _)                                                         \
  F (S, field, STRING, "field", REQUIRED, 4096, _)                                                           \
  F (S, reason, STRING, "reason", REQUIRED, 64, _)                                                           \
  F (S, text, STRING, "text", REQUIRED, 8192, _)
CH_WIRE_DECLARE (ChCliBatchProblem, ch_cli_batch_problem, CH_CLI_BATCH_PROBLEM_FIELDS)

#define CH_CLI_BATCH_CHECK_FIELDS(F, S)                                                                      \
  F (S, rows, INT, "rows", REQUIRED, 10000, _)                                                               \
  F (S, wrong, INT, "wrong", REQUIRED, 10000000, _)                                                          \
  F (S, problems, LIST, "problems", REQUIRED, 10000000, ChCliBatchProblem)
CH_WIRE_DECLARE (ChCliBatchCheck, ch_cli_batch_check, CH_CLI_BATCH_CHECK_FIELDS)

/* What became of a row: waiting, sent or failed */
#define CH_CLI_BATCH_ROW_FIELDS(F, S)                                                                        \
  F (S, row, INT, "row", REQUIRED, 10000, _)                                                                 \
  F (S, applicant, STRING, "applicant", REQUIRED, 4096, _)                                                   \
  F (S, state, STRING, "state", REQUIRED, 16, _)                                                             \
  F (S, application, STRING, "application", OPTIONAL, 64, _)                                                 \
  F (S, error, STRING, "error", OPTIONAL, 64, _)                                                             \
  F (S, text, STRING, "text", OPTIONAL, 8192, _)
CH_WIRE_DECLARE (ChCliBatchRow, ch_cli_batch_row, CH_CLI_BATCH_ROW_FIELDS)

/* done: all rows are sent; resting: the same command goes on */
#define CH_CLI_BATCH_FIELDS(F, S)                                                                            \
  F (S, state, STRING, "state", REQUIRED, 16, _)                                                             \
  F (S, batch, STRING, "batch", REQUIRED, 64, _)                                                             \
  F (S, rows, INT, "rows", REQUIRED, 10000, _)                                                               \
  F (S, sent, INT, "sent", REQUIRED, 10000, _)                                                               \
  F (S, failed, INT, "failed", REQUIRED, 10000, _)                                                           \
  F (S, error, STRING, "error", OPTIONAL, 64, _)                                                             \
  F (S, items, LIST, "items", REQUIRED, 10000, ChCliBatchRow)
CH_WIRE_DECLARE (ChCliBatch, ch_cli_batch, CH_CLI_BATCH_FIELDS)

G_END_DECLS
