#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What the CA offers for download: its certificates with their fingerprints, lists of what was revoked, forms
 * and material lists. Open to everybody. */
#define CH_TYPE_DOWNLOADS_WINDOW (ch_downloads_window_get_type ())
G_DECLARE_FINAL_TYPE (ChDownloadsWindow, ch_downloads_window, CH, DOWNLOADS_WINDOW, AdwWindow)

GtkWidget *ch_downloads_window_new (ChFront *front, GtkWindow *parent);

G_END_DECLS
