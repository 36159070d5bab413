#pragma once

#include "wire/messages-batch.h"

/* clang-format off */
/*    name               id                   method  path                       request         answer           who     owned  flags */
#define CH_ROUTES_BATCH(R) \
  R (batch_new,         "batch-new",         "POST", "/v1/batches",              ChBatchNew,     ChBatch,         MEMBER, NONE,  CHANGES) \
  R (batch_list,        "batch-list",        "GET",  "/v1/batches",              ChBatchQuery,   ChBatchList,     MEMBER, NONE,  PLAIN) \
  R (batch,             "batch",             "GET",  "/v1/batches/{batch}",      ChNothing,      ChBatch,         MEMBER, BATCH, PLAIN) \
  R (batch_rows,        "batch-rows",        "GET",  "/v1/batches/{batch}/rows", ChNothing,      ChBatchRowList,  MEMBER, BATCH, PLAIN) \
  R (batch_row_new,     "batch-row-new",     "POST", "/v1/batches/{batch}/rows", ChBatchRowNew,  ChApplication,   MEMBER, BATCH, CHANGES)
/* clang-format on */
