#pragma once

#include "ui/ch-tone.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A stage with its state: icon (or spinner) and word, never colour alone. */
#define CH_TYPE_FACT_ROW (ch_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (ChFactRow, ch_fact_row, CH, FACT_ROW, AdwActionRow)

GtkWidget *ch_fact_row_new (const char *title);
void ch_fact_row_set (ChFactRow *self, ChTone tone, const char *word);
void ch_fact_row_set_busy (ChFactRow *self, const char *word);

G_END_DECLS
