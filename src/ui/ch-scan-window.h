#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-run.h"

G_BEGIN_DECLS

GtkWidget *ch_scan_window_present (GtkWidget *widget, ChRun *run);

G_END_DECLS
