#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What has to be at hand for a business, to be read before anybody logs in; copied, printed, or begun. */
#define CH_TYPE_NEEDS_WINDOW (ch_needs_window_get_type ())
G_DECLARE_FINAL_TYPE (ChNeedsWindow, ch_needs_window, CH, NEEDS_WINDOW, AdwWindow)

GtkWidget *ch_needs_window_new (ChFront *front, ChBusiness business, GtkWindow *parent);

G_END_DECLS
