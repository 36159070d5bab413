#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

GtkWidget *ch_pages_make (ChRun *run, GPtrArray *outline, const ChStep *mending, ChPage *current);

G_END_DECLS
