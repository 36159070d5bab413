#include "config.h"

#include "wire/messages-list.h"

CH_WIRE_DEFINE (ChListQuery, ch_list_query, CH_LIST_QUERY_FIELDS, "list-query")
