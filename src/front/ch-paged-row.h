#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A place in a ChPagedModel, and what stands there once it has come. While a list is searched the places stay
 * and only what stands there changes. Property: `item` (nullable). */
#define CH_TYPE_PAGED_ROW (ch_paged_row_get_type ())
G_DECLARE_FINAL_TYPE (ChPagedRow, ch_paged_row, CH, PAGED_ROW, GObject)

ChPagedRow *ch_paged_row_new (guint position, gpointer item);
guint ch_paged_row_get_position (ChPagedRow *self);
gpointer ch_paged_row_get_item (ChPagedRow *self);
void ch_paged_row_set_item (ChPagedRow *self, gpointer item);
void ch_paged_row_touch (ChPagedRow *self);

G_END_DECLS
