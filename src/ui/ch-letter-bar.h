#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* What is done with the letter a run of the staff ends with: printed or saved. It is nowhere else, and goes
 * with the run. Seen only while there is one. */
#define CH_TYPE_LETTER_BAR (ch_letter_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChLetterBar, ch_letter_bar, CH, LETTER_BAR, AdwBin)

void ch_letter_bar_set_run (ChLetterBar *self, ChRun *run);
gboolean ch_letter_bar_is_waiting (ChLetterBar *self);
void ch_letter_bar_print (ChLetterBar *self);
void ch_letter_bar_save (ChLetterBar *self);

G_END_DECLS
