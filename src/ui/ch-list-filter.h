#pragma once

#include "ui/ch-ui.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* What stands above a list: a search entry, which part of it, by what it goes. Signal: `changed`, a little
 * after the last key. */
#define CH_TYPE_LIST_FILTER (ch_list_filter_get_type ())
G_DECLARE_FINAL_TYPE (ChListFilter, ch_list_filter, CH, LIST_FILTER, AdwBin)

GtkWidget *ch_list_filter_new (gboolean has_parts);
ChListQuery *ch_list_filter_make_query (ChListFilter *self);
const char *ch_list_filter_get_text (ChListFilter *self);
gboolean ch_list_filter_is_set (ChListFilter *self);
void ch_list_filter_set_part (ChListFilter *self, ChListPart part);
void ch_list_filter_clear (ChListFilter *self);
void ch_list_filter_focus (ChListFilter *self);

G_END_DECLS
