#pragma once

#include "ui/ch-page.h"

G_BEGIN_DECLS

/* The files asked for */
#define CH_TYPE_DOCUMENTS_PAGE (ch_documents_page_get_type ())
G_DECLARE_FINAL_TYPE (ChDocumentsPage, ch_documents_page, CH, DOCUMENTS_PAGE, ChPage)

GtkWidget *ch_documents_page_new (ChRun *run, const ChStep *step);

G_END_DECLS
