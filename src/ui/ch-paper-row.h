#pragma once

#include "ui/ch-ui.h"

#include "papers/ch-paper.h"

G_BEGIN_DECLS

/* One page among those of a document. Signals: `up`, `down`, `remove`. */
#define CH_TYPE_PAPER_ROW (ch_paper_row_get_type ())
G_DECLARE_FINAL_TYPE (ChPaperRow, ch_paper_row, CH, PAPER_ROW, AdwPreferencesRow)

GtkWidget *ch_paper_row_new (ChPaper *paper);
ChPaper *ch_paper_row_get_paper (ChPaperRow *self);
void ch_paper_row_set_place (ChPaperRow *self, guint place, guint n_pages);
void ch_paper_row_focus_turn (ChPaperRow *self);

G_END_DECLS
