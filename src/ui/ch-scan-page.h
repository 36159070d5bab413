#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* Where a phone does the work: what is to be done there, and the code that leads to it. A page of its own,
 * for no other shows a code that changes and is taken back. */
#define CH_TYPE_SCAN_PAGE (ch_scan_page_get_type ())
G_DECLARE_FINAL_TYPE (ChScanPage, ch_scan_page, CH, SCAN_PAGE, ChPage)

GtkWidget *ch_scan_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
