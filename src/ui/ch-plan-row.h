#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* One of a few choices of which the price or the note matters: radio, title, note, price. Signal: `chosen`.
 */
#define CH_TYPE_PLAN_ROW (ch_plan_row_get_type ())
G_DECLARE_FINAL_TYPE (ChPlanRow, ch_plan_row, CH, PLAN_ROW, AdwActionRow)

GtkWidget *ch_plan_row_new (const char *id, const char *title, const char *note, const char *price);
const char *ch_plan_row_get_id (ChPlanRow *self);
void ch_plan_row_join (ChPlanRow *self, ChPlanRow *first);
gboolean ch_plan_row_get_chosen (ChPlanRow *self);
void ch_plan_row_set_chosen (ChPlanRow *self, gboolean chosen);

G_END_DECLS
