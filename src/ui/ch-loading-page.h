#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* Shown until it is known where the run stands */
#define CH_TYPE_LOADING_PAGE (ch_loading_page_get_type ())
G_DECLARE_FINAL_TYPE (ChLoadingPage, ch_loading_page, CH, LOADING_PAGE, ChPage)

GtkWidget *ch_loading_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
