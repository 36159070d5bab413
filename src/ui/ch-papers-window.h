#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-attachment.h"

G_BEGIN_DECLS

/* The pages of one document: their order, turning them, taking them out, adding more. Signal: `done`, with
 * the papers as a #GPtrArray of #ChPaper; not when it was closed otherwise. */
#define CH_TYPE_PAPERS_WINDOW (ch_papers_window_get_type ())
G_DECLARE_FINAL_TYPE (ChPapersWindow, ch_papers_window, CH, PAPERS_WINDOW, AdwWindow)

GtkWidget *ch_papers_window_new (GtkWindow *parent, const ChDocumentRule *rule, GPtrArray *papers);

G_END_DECLS
