#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* All answers once more, before they are handed in */
#define CH_TYPE_CONFIRM_PAGE (ch_confirm_page_get_type ())
G_DECLARE_FINAL_TYPE (ChConfirmPage, ch_confirm_page, CH, CONFIRM_PAGE, ChPage)

GtkWidget *ch_confirm_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
