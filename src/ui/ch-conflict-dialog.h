#pragma once

#include "flow/ch-run.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Two windows changed the same field: the user chooses whose value it is to be */
void ch_conflict_dialog_ask (ChRun *run, GtkWidget *above);

G_END_DECLS
