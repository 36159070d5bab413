#pragma once

#include "envcheck/ch-check-run.h"
#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The environment check: needs neither login nor network. On top what to do in a sentence, below every check
 * by group, the group with the failure first. */
#define CH_TYPE_CHECK_WINDOW (ch_check_window_get_type ())
G_DECLARE_FINAL_TYPE (ChCheckWindow, ch_check_window, CH, CHECK_WINDOW, AdwWindow)

GtkWidget *ch_check_window_new (GtkApplication *application, ChFront *front, ChCheckRun *run);
void ch_check_window_show_check (ChCheckWindow *self, const char *check);

G_END_DECLS
