#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* The fields of a form: also the page on which a project is picked */
#define CH_TYPE_FORM_PAGE (ch_form_page_get_type ())
G_DECLARE_FINAL_TYPE (ChFormPage, ch_form_page, CH, FORM_PAGE, ChPage)

GtkWidget *ch_form_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
