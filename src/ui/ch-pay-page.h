#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* A QR code to pay with */
#define CH_TYPE_PAY_PAGE (ch_pay_page_get_type ())
G_DECLARE_FINAL_TYPE (ChPayPage, ch_pay_page, CH, PAY_PAGE, ChPage)

GtkWidget *ch_pay_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
