#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* How many rows a page of a list may have, and how many it has when nobody asks for another number */
#define CH_LIST_MAX_LIMIT     200
#define CH_LIST_DEFAULT_LIMIT 100

/* What is wanted of a list. state: an id of the states of what is listed; after: `next` of the page before */
#define CH_LIST_QUERY_FIELDS(F, S)                                                                           \
  F (S, state, STRING, "state", OPTIONAL, 32, _)                                                             \
  F (S, after, STRING, "after", OPTIONAL, 512, _)                                                            \
  F (S, limit, INT, "limit", OPTIONAL, CH_LIST_MAX_LIMIT, _)
CH_WIRE_DECLARE (ChListQuery, ch_list_query, CH_LIST_QUERY_FIELDS)

G_END_DECLS
