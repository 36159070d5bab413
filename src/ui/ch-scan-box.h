#pragma once

#include "ui/ch-ui.h"

#include "front/ch-scan-desk.h"

G_BEGIN_DECLS

/* A code for a phone, and what the phone does with it. The code is asked for when somebody sees the box, and
 * taken back when nobody does. Signal: `done`. */
#define CH_TYPE_SCAN_BOX (ch_scan_box_get_type ())
G_DECLARE_FINAL_TYPE (ChScanBox, ch_scan_box, CH, SCAN_BOX, AdwBin)

GtkWidget *ch_scan_box_new (ChPorts *ports, ChScanPurpose purpose, const char *application);
void ch_scan_box_set_why_not (ChScanBox *self, const char *why_not);
void ch_scan_box_focus (ChScanBox *self);

G_END_DECLS
