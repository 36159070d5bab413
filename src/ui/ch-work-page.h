#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* The program is at work: a stage for each automatic step */
#define CH_TYPE_WORK_PAGE (ch_work_page_get_type ())
G_DECLARE_FINAL_TYPE (ChWorkPage, ch_work_page, CH, WORK_PAGE, ChPage)

GtkWidget *ch_work_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
