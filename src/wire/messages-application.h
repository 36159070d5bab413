#pragma once

#include "wire/ch-axes.h"
#include "wire/messages-order.h"

G_BEGIN_DECLS

/* clang-format off */
#define CH_APPLICATION_STATES(X) \
  X (DRAFT,     "draft",     N_("Draft")) \
  X (SUBMITTED, "submitted", N_("In review")) \
  X (REFUSED,   "refused",   N_("Refused")) \
  X (APPROVED,  "approved",  N_("Waiting for installation")) \
  X (ISSUED,    "issued",    N_("Issued, not installed")) \
  X (DONE,      "done",      N_("Done")) \
  X (WITHDRAWN, "withdrawn", N_("Withdrawn"))
/* clang-format on */

#define X(code, id, title) CH_APPLICATION_##code,
typedef enum
{
  CH_APPLICATION_STATES (X) CH_N_APPLICATION_STATES
} ChApplicationState;
#undef X
extern const ChWireEnum ChApplicationState_enum;
const char *ch_application_state_get_title (ChApplicationState state);

/* A field or document that is to be corrected; reason is an id of CH_REASONS */
#define CH_FIELD_REASON_FIELDS(F, S)                                                                         \
  F (S, field, STRING, "field", REQUIRED, 64, _)                                                             \
  F (S, reason, STRING, "reason", REQUIRED, 64, _)                                                           \
  F (S, remark, STRING, "remark", OPTIONAL, 1024, _)
CH_WIRE_DECLARE (ChFieldReason, ch_field_reason, CH_FIELD_REASON_FIELDS)

/* A document that has arrived whole; content is an id of ChContent */
#define CH_DOCUMENT_FIELDS(F, S)                                                                             \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, size, INT, "size", REQUIRED, 33554432, _)                                                            \
  F (S, content, STRING, "content", REQUIRED, 16, _)                                                         \
  F (S, sha256, BYTES, "sha256", REQUIRED, 32, _)                                                            \
  F (S, created, TIME, "created", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChDocument, ch_document, CH_DOCUMENT_FIELDS)

/* What became of it, and when */
#define CH_HISTORY_ROW_FIELDS(F, S)                                                                          \
  F (S, at, TIME, "at", REQUIRED, 0, _)                                                                      \
  F (S, what, STRING, "what", REQUIRED, 64, _)                                                               \
  F (S, who, STRING, "who", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChHistoryRow, ch_history_row, CH_HISTORY_ROW_FIELDS)

/* version: a write names the one it saw. key-place and key-made say where the key of an issued certificate
 * lies; again-left how often it may be made again when that is out of reach. refunds: what of the money for
 * it goes back. base: the certificate it is about, which ends at base-end. before: where something is to be
 * changed, what was answered for that certificate. */
#define CH_APPLICATION_FIELDS(F, S)                                                                          \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, version, INT, "version", REQUIRED, 1000000000, _)                                                    \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, project, STRING, "project", REQUIRED, 32, _)                                                         \
  F (S, state, ENUM, "state", REQUIRED, 0, ChApplicationState)                                               \
  F (S, facts, STRINGS, "facts", REQUIRED, 32, _)                                                            \
  F (S, answers, MAP, "answers", OPTIONAL, 100, _)                                                           \
  F (S, documents, LIST, "documents", OPTIONAL, 50, ChDocument)                                              \
  F (S, reasons, LIST, "reasons", OPTIONAL, 100, ChFieldReason)                                              \
  F (S, history, LIST, "history", OPTIONAL, 1000, ChHistoryRow)                                              \
  F (S, order, STRING, "order", OPTIONAL, 64, _)                                                             \
  F (S, refunds, LIST, "refunds", OPTIONAL, 100, ChRefund)                                                   \
  F (S, certificate, STRING, "certificate", OPTIONAL, 64, _)                                                 \
  F (S, applicant, STRING, "applicant", OPTIONAL, 256, _)                                                    \
  F (S, created, TIME, "created", REQUIRED, 0, _)                                                            \
  F (S, updated, TIME, "updated", REQUIRED, 0, _)                                                            \
  F (S, review_by, TIME, "review-by", OPTIONAL, 0, _)                                                        \
  F (S, key_place, STRING, "key-place", OPTIONAL, 64, _)                                                     \
  F (S, key_made, TIME, "key-made", OPTIONAL, 0, _)                                                          \
  F (S, again_left, INT, "again-left", OPTIONAL, 100, _)                                                     \
  F (S, base, STRING, "base", OPTIONAL, 64, _)                                                               \
  F (S, base_end, TIME, "base-end", OPTIONAL, 0, _)                                                          \
  F (S, before, MAP, "before", OPTIONAL, 100, _)
CH_WIRE_DECLARE (ChApplication, ch_application, CH_APPLICATION_FIELDS)
gint64 ch_application_find_submission (const ChApplication *self);
gboolean ch_application_was_submitted (const ChApplication *self);

#define CH_APPLICATION_LIST_FIELDS(F, S)                                                                     \
  F (S, items, LIST, "items", REQUIRED, 1000, ChApplication)                                                 \
  F (S, next, STRING, "next", OPTIONAL, 512, _)                                                              \
  F (S, total, INT, "total", OPTIONAL, 1000000000, _)
CH_WIRE_DECLARE (ChApplicationList, ch_application_list, CH_APPLICATION_LIST_FIELDS)

/* certificate: serial of the one it is about, for businesses that are about one */
#define CH_APPLICATION_NEW_FIELDS(F, S)                                                                      \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, project, STRING, "project", REQUIRED, 32, _)                                                         \
  F (S, certificate, STRING, "certificate", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChApplicationNew, ch_application_new, CH_APPLICATION_NEW_FIELDS)

/* Another project or type of certificate, as long as nothing was paid */
#define CH_FLOW_CHANGE_FIELDS(F, S)                                                                          \
  F (S, version, INT, "version", REQUIRED, 1000000000, _)                                                    \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, project, STRING, "project", REQUIRED, 32, _)
CH_WIRE_DECLARE (ChFlowChange, ch_flow_change, CH_FLOW_CHANGE_FIELDS)

/* answers: only what is to change; an empty text takes an answer away */
#define CH_ANSWERS_FIELDS(F, S)                                                                              \
  F (S, version, INT, "version", REQUIRED, 1000000000, _)                                                    \
  F (S, answers, MAP, "answers", REQUIRED, 100, _)
CH_WIRE_DECLARE (ChAnswers, ch_answers, CH_ANSWERS_FIELDS)

/* code: what came to the mobile of the handler of the certificate it is about */
#define CH_PROOF_FIELDS(F, S)                                                                                \
  F (S, version, INT, "version", REQUIRED, 1000000000, _)                                                    \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChHandlerProof, ch_handler_proof, CH_PROOF_FIELDS)

#define CH_VERSION_FIELDS(F, S) F (S, version, INT, "version", REQUIRED, 1000000000, _)
CH_WIRE_DECLARE (ChVersion, ch_version, CH_VERSION_FIELDS)

/* A document comes in pieces of 256 KiB; it becomes visible when it is finished and whole */
#define CH_PIECE_SIZE 262144

#define CH_UPLOAD_NEW_FIELDS(F, S)                                                                           \
  F (S, document, STRING, "document", REQUIRED, 64, _)                                                       \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, size, INT, "size", REQUIRED, 33554432, _)                                                            \
  F (S, sha256, BYTES, "sha256", REQUIRED, 32, _)                                                            \
  F (S, content, STRING, "content", OPTIONAL, 16, _)
CH_WIRE_DECLARE (ChUploadNew, ch_upload_new, CH_UPLOAD_NEW_FIELDS)

/* offset: how much has arrived; the next piece begins there */
#define CH_UPLOAD_FIELDS(F, S)                                                                               \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, size, INT, "size", REQUIRED, 33554432, _)                                                            \
  F (S, offset, INT, "offset", REQUIRED, 33554432, _)
CH_WIRE_DECLARE (ChUpload, ch_upload, CH_UPLOAD_FIELDS)

#define CH_PIECE_FIELDS(F, S)                                                                                \
  F (S, offset, INT, "offset", REQUIRED, 33554432, _)                                                        \
  F (S, bytes, BYTES, "bytes", REQUIRED, CH_PIECE_SIZE, _)
CH_WIRE_DECLARE (ChPiece, ch_piece, CH_PIECE_FIELDS)

#define CH_DOCUMENT_CONTENT_FIELDS(F, S)                                                                     \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, content, STRING, "content", REQUIRED, 16, _)                                                         \
  F (S, bytes, BYTES, "bytes", REQUIRED, 33554432, _)
CH_WIRE_DECLARE (ChDocumentContent, ch_document_content, CH_DOCUMENT_CONTENT_FIELDS)

#define CH_REVIEW_FIELDS(F, S)                                                                               \
  F (S, version, INT, "version", REQUIRED, 1000000000, _)                                                    \
  F (S, approve, BOOL, "approve", REQUIRED, 0, _)                                                            \
  F (S, reasons, LIST, "reasons", OPTIONAL, 100, ChFieldReason)
CH_WIRE_DECLARE (ChReview, ch_review, CH_REVIEW_FIELDS)

G_END_DECLS
