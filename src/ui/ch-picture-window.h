#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

void ch_picture_window_present (GtkWidget *widget, const char *title, GFile *file);

G_END_DECLS
