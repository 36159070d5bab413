#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

typedef enum
{
  CH_STEP_ROW_TODO,
  CH_STEP_ROW_CURRENT,
  CH_STEP_ROW_DONE,
} ChStepRowState;

/* A step in the list at the side: number or tick, and its name. */
#define CH_TYPE_STEP_ROW (ch_step_row_get_type ())
G_DECLARE_FINAL_TYPE (ChStepRow, ch_step_row, CH, STEP_ROW, GtkListBoxRow)

GtkWidget *ch_step_row_new (guint number, const char *title);
const char *ch_step_row_get_title (ChStepRow *self);
void ch_step_row_set_state (ChStepRow *self, ChStepRowState state, gboolean can_go);

G_END_DECLS
