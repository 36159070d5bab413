#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Many applications from a sheet: choose, look at what is wrong, confirm, send, result */
#define CH_TYPE_BATCH_WINDOW (ch_batch_window_get_type ())
G_DECLARE_FINAL_TYPE (ChBatchWindow, ch_batch_window, CH, BATCH_WINDOW, AdwWindow)

GtkWidget *ch_batch_window_new (ChFront *front, GtkWindow *parent);

G_END_DECLS
