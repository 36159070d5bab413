#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* What the reviewer wants corrected one by one; leads there and back */
#define CH_TYPE_REFUSED_PAGE (ch_refused_page_get_type ())
G_DECLARE_FINAL_TYPE (ChRefusedPage, ch_refused_page, CH, REFUSED_PAGE, ChPage)

GtkWidget *ch_refused_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
