#pragma once

#include "wire/messages-application.h"

G_BEGIN_DECLS

/* So many rows at most go together, and so many bytes of each stand for it */
#define CH_BATCH_MAX_ROWS    10000
#define CH_BATCH_DIGEST_SIZE 32

/* Many applications of one kind, confirmed once. digests: of the rows in their order; nonce, certificate and
 * signature: `certhall-confirm/1` over the SHA-256 of ch_batch_describe(). */
#define CH_BATCH_NEW_FIELDS(F, S)                                                                            \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, project, STRING, "project", REQUIRED, 32, _)                                                         \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, digests, BYTES, "digests", REQUIRED, CH_BATCH_MAX_ROWS *CH_BATCH_DIGEST_SIZE, _)                     \
  F (S, certificate, BYTES, "certificate", REQUIRED, 16384, _)                                               \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChBatchNew, ch_batch_new, CH_BATCH_NEW_FIELDS)

/* digest: SHA-256 of what was signed. begun: rows that have an application, sent: those handed in */
#define CH_BATCH_FIELDS(F, S)                                                                                \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, flow, STRING, "flow", REQUIRED, 64, _)                                                               \
  F (S, project, STRING, "project", REQUIRED, 32, _)                                                         \
  F (S, digest, STRING, "digest", REQUIRED, 64, _)                                                           \
  F (S, certificate, STRING, "certificate", REQUIRED, 64, _)                                                 \
  F (S, rows, INT, "rows", REQUIRED, CH_BATCH_MAX_ROWS, _)                                                   \
  F (S, begun, INT, "begun", REQUIRED, CH_BATCH_MAX_ROWS, _)                                                 \
  F (S, sent, INT, "sent", REQUIRED, CH_BATCH_MAX_ROWS, _)                                                   \
  F (S, created, TIME, "created", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChBatch, ch_batch, CH_BATCH_FIELDS)

/* digest: only the batch of which this was signed */
#define CH_BATCH_QUERY_FIELDS(F, S) F (S, digest, STRING, "digest", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChBatchQuery, ch_batch_query, CH_BATCH_QUERY_FIELDS)

#define CH_BATCH_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChBatch)
CH_WIRE_DECLARE (ChBatchList, ch_batch_list, CH_BATCH_LIST_FIELDS)

/* What became of a row, counted from 1. is-sent: it was handed in */
#define CH_BATCH_ROW_FIELDS(F, S)                                                                            \
  F (S, row, INT, "row", REQUIRED, CH_BATCH_MAX_ROWS, _)                                                     \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, state, ENUM, "state", REQUIRED, 0, ChApplicationState)                                               \
  F (S, is_sent, BOOL, "is-sent", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChBatchRow, ch_batch_row, CH_BATCH_ROW_FIELDS)

#define CH_BATCH_ROW_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, CH_BATCH_MAX_ROWS, ChBatchRow)
CH_WIRE_DECLARE (ChBatchRowList, ch_batch_row_list, CH_BATCH_ROW_LIST_FIELDS)

/* Begins the application of a row; said again it is the same. files: SHA-256 in hexadecimal digits of what
 * was chosen for each document, before anything was made of it; several in their order */
#define CH_BATCH_ROW_NEW_FIELDS(F, S)                                                                        \
  F (S, row, INT, "row", REQUIRED, CH_BATCH_MAX_ROWS, _)                                                     \
  F (S, files, MAP, "files", REQUIRED, 50, _)
CH_WIRE_DECLARE (ChBatchRowNew, ch_batch_row_new, CH_BATCH_ROW_NEW_FIELDS)

G_END_DECLS
