#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The certificates of one file, in a window of their own: needs neither login nor network. */
GtkWidget *ch_cert_window_new (GtkApplication *application, GFile *file, GError **error);

G_END_DECLS
