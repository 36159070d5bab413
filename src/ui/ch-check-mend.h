#pragma once

#include "ui/ch-ui.h"

#include "envcheck/ch-check-result.h"

G_BEGIN_DECLS

/* What the program can do about a finding: said first, done when somebody agrees */
void ch_check_mend_async (GtkWindow *parent,
                          const ChCheckResult *found,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean ch_check_mend_finish (GtkWindow *parent, GAsyncResult *result, GError **error);

G_END_DECLS
