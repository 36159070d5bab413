#pragma once

#include "ui/ch-tone.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Something that waits for the user, with its one action. The whole row works like its button. */
#define CH_TYPE_DUE_ROW (ch_due_row_get_type ())
G_DECLARE_FINAL_TYPE (ChDueRow, ch_due_row, CH, DUE_ROW, AdwActionRow)

GtkWidget *ch_due_row_new (const char *glyph, const char *title, const char *subtitle, ChTone tone);
void ch_due_row_set_action (ChDueRow *self, const char *label, const char *action_name, const char *target);
void ch_due_row_set_suggested (ChDueRow *self, gboolean suggested);

G_END_DECLS
