#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* The certificate is installed */
#define CH_TYPE_RESULT_PAGE (ch_result_page_get_type ())
G_DECLARE_FINAL_TYPE (ChResultPage, ch_result_page, CH, RESULT_PAGE, ChPage)

GtkWidget *ch_result_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
