#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* How many rows a page of a list may have, and how many it has when nobody asks for another number */
#define CH_LIST_MAX_LIMIT     200
#define CH_LIST_DEFAULT_LIMIT 100

/* What a list goes by, in the order people expect of it; the first is what it does unasked */
/* clang-format off */
#define CH_LIST_SORTS(X) \
  X (ATTENTION, "attention", N_("My turn first")) \
  X (UPDATED,   "updated",   N_("Last changed")) \
  X (CREATED,   "created",   N_("Newest first")) \
  X (NAME,      "name",      N_("By name"))

/* What a list of applications is narrowed to */
#define CH_LIST_PARTS(X) \
  X (ALL,      "all",      N_("All")) \
  X (TURN,     "turn",     N_("My turn")) \
  X (OPEN,     "open",     N_("In progress")) \
  X (INVOICE,  "invoice",  N_("Invoices")) \
  X (DELIVERY, "delivery", N_("Deliveries"))
/* clang-format on */

#define X(code, id, title) CH_LIST_BY_##code,
typedef enum
{
  CH_LIST_SORTS (X) CH_N_LIST_SORTS
} ChListSort;
#undef X
#define X(code, id, title) CH_LIST_PART_##code,
typedef enum
{
  CH_LIST_PARTS (X) CH_N_LIST_PARTS
} ChListPart;
#undef X
extern const ChWireEnum ChListSort_enum, ChListPart_enum;
const char *ch_list_sort_get_title (ChListSort sort);
const char *ch_list_part_get_title (ChListPart part);

/* What is wanted of a list. text: looked for in names and numbers; state: an id of the states of what is
 * listed; after: `next` of the page before; skip: so many rows before the page, or behind `after` */
#define CH_LIST_QUERY_FIELDS(F, S)                                                                           \
  F (S, text, STRING, "text", OPTIONAL, 256, _)                                                              \
  F (S, part, ENUM, "part", OPTIONAL, 0, ChListPart)                                                         \
  F (S, state, STRING, "state", OPTIONAL, 32, _)                                                             \
  F (S, business, STRING, "business", OPTIONAL, 32, _)                                                       \
  F (S, subject, STRING, "subject", OPTIONAL, 32, _)                                                         \
  F (S, since, TIME, "since", OPTIONAL, 0, _)                                                                \
  F (S, until, TIME, "until", OPTIONAL, 0, _)                                                                \
  F (S, sort, ENUM, "sort", OPTIONAL, 0, ChListSort)                                                         \
  F (S, reverse, BOOL, "reverse", OPTIONAL, 0, _)                                                            \
  F (S, after, STRING, "after", OPTIONAL, 512, _)                                                            \
  F (S, skip, INT, "skip", OPTIONAL, 10000000, _)                                                            \
  F (S, limit, INT, "limit", OPTIONAL, CH_LIST_MAX_LIMIT, _)
CH_WIRE_DECLARE (ChListQuery, ch_list_query, CH_LIST_QUERY_FIELDS)

G_END_DECLS
