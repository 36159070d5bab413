#pragma once

#include "front/ch-cert-item.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A certificate in full: name, where it stands, and what is in it */
#define CH_TYPE_CERT_DETAIL (ch_cert_detail_get_type ())
G_DECLARE_FINAL_TYPE (ChCertDetail, ch_cert_detail, CH, CERT_DETAIL, AdwBin)

GtkWidget *ch_cert_detail_new (void);
void ch_cert_detail_set_item (ChCertDetail *self, ChCertItem *item);

G_END_DECLS
