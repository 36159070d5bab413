#include "config.h"

#include "wire/messages-batch.h"

CH_WIRE_DEFINE (ChBatchNew, ch_batch_new, CH_BATCH_NEW_FIELDS, "batch-new")
CH_WIRE_DEFINE (ChBatch, ch_batch, CH_BATCH_FIELDS, "batch")
CH_WIRE_DEFINE (ChBatchQuery, ch_batch_query, CH_BATCH_QUERY_FIELDS, "batch-query")
CH_WIRE_DEFINE (ChBatchList, ch_batch_list, CH_BATCH_LIST_FIELDS, "batch-list")
CH_WIRE_DEFINE (ChBatchRow, ch_batch_row, CH_BATCH_ROW_FIELDS, "batch-row")
CH_WIRE_DEFINE (ChBatchRowList, ch_batch_row_list, CH_BATCH_ROW_LIST_FIELDS, "batch-row-list")
CH_WIRE_DEFINE (ChBatchRowNew, ch_batch_row_new, CH_BATCH_ROW_NEW_FIELDS, "batch-row-new")
