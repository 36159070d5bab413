#pragma once

#include "ui/ch-cert-row.h"

G_BEGIN_DECLS

typedef void (*ChSideListFillFunc) (ChCertRow *row, gpointer item);
typedef const char *(*ChSideListKeyFunc) (gpointer item);

/* A list at the side and what is chosen of it beside; one after the other when narrow. Only the rows that are
 * seen are made, however long it is; a row that is still on its way (ChPagedRow) says so. What is chosen
 * stays chosen when the list changes. Properties: `in-detail` (narrow, and the detail is shown), `empty`
 * (what stands here while there is nothing). Signals: `chosen` (item or NULL), `clear-filters`. */
#define CH_TYPE_SIDE_LIST (ch_side_list_get_type ())
G_DECLARE_FINAL_TYPE (ChSideList, ch_side_list, CH, SIDE_LIST, AdwBin)

void ch_side_list_set_title (ChSideList *self, const char *title);
void ch_side_list_set_model (ChSideList *self,
                             GListModel *model,
                             ChSideListFillFunc fill_row,
                             ChSideListKeyFunc get_key);
void ch_side_list_set_head (ChSideList *self, GtkWidget *head);
void ch_side_list_set_filtered (ChSideList *self, gboolean is_filtered);
void ch_side_list_set_detail (ChSideList *self, GtkWidget *detail);
void ch_side_list_choose (ChSideList *self, const char *key);
void ch_side_list_forget (ChSideList *self);
void ch_side_list_show_detail (ChSideList *self);
gboolean ch_side_list_is_in_detail (ChSideList *self);
void ch_side_list_go_back (ChSideList *self);

G_END_DECLS
