#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Head of a page: what is to be done here, and what for. Properties `title` and `description`. */
#define CH_TYPE_PAGE_HEADER (ch_page_header_get_type ())
G_DECLARE_FINAL_TYPE (ChPageHeader, ch_page_header, CH, PAGE_HEADER, GtkBox)

GtkWidget *ch_page_header_new (const char *title, const char *description);
void ch_page_header_set_title (ChPageHeader *self, const char *title);
void ch_page_header_set_description (ChPageHeader *self, const char *description);

G_END_DECLS
