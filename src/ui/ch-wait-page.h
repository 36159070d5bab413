#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* Somebody else is at work: where the application stands, and that one may leave */
#define CH_TYPE_WAIT_PAGE (ch_wait_page_get_type ())
G_DECLARE_FINAL_TYPE (ChWaitPage, ch_wait_page, CH, WAIT_PAGE, ChPage)

GtkWidget *ch_wait_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
