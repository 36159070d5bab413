#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Tells when nobody has touched any window of the program for a while: signal `idle`, once for each time. */
#define CH_TYPE_IDLE_WATCH (ch_idle_watch_get_type ())
G_DECLARE_FINAL_TYPE (ChIdleWatch, ch_idle_watch, CH, IDLE_WATCH, GObject)

ChIdleWatch *ch_idle_watch_new (guint seconds);

G_END_DECLS
