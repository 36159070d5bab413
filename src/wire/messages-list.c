#include "config.h"

#include "wire/messages-list.h"

CH_WIRE_DEFINE_ENUM (ChListSort, CH_LIST_SORTS, "list-sort")
CH_WIRE_DEFINE_ENUM (ChListPart, CH_LIST_PARTS, "list-part")

CH_WIRE_DEFINE (ChListQuery, ch_list_query, CH_LIST_QUERY_FIELDS, "list-query")

#define TITLE(code, id, title) title,
static const char *const sort_titles[] = { CH_LIST_SORTS (TITLE) };
static const char *const part_titles[] = { CH_LIST_PARTS (TITLE) };

/**
 * ch_list_sort_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_list_sort_get_title (ChListSort sort)
{
  g_return_val_if_fail ((guint) sort < CH_N_LIST_SORTS, "");

  return sort_titles[sort];
}

const char *
ch_list_part_get_title (ChListPart part)
{
  g_return_val_if_fail ((guint) part < CH_N_LIST_PARTS, "");

  return part_titles[part];
}
