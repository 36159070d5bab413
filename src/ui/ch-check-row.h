#pragma once

#include "envcheck/ch-check-item.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* One check: its state as icon and word, what came out below its name; unfolded what it means, what to do,
 * details. A failure unfolds itself. */
#define CH_TYPE_CHECK_ROW (ch_check_row_get_type ())
G_DECLARE_FINAL_TYPE (ChCheckRow, ch_check_row, CH, CHECK_ROW, AdwExpanderRow)

GtkWidget *ch_check_row_new (ChCheckItem *item);
ChCheckItem *ch_check_row_get_item (ChCheckRow *self);

G_END_DECLS
