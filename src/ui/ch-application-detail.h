#pragma once

#include "front/ch-application-item.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* An application in full: how far it has come, what to do next, what was handed in */
#define CH_TYPE_APPLICATION_DETAIL (ch_application_detail_get_type ())
G_DECLARE_FINAL_TYPE (ChApplicationDetail, ch_application_detail, CH, APPLICATION_DETAIL, AdwBin)

GtkWidget *ch_application_detail_new (void);
void ch_application_detail_set_read_only (ChApplicationDetail *self);
void ch_application_detail_set_item (ChApplicationDetail *self, ChApplicationItem *item);

G_END_DECLS
