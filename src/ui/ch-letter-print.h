#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

void ch_letter_print_async (GtkWindow *parent,
                            const char *title,
                            const char *name,
                            GBytes *pdf,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean ch_letter_print_finish (GtkWindow *parent, GAsyncResult *result, GError **error);

G_END_DECLS
