#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A QR code, drawn at whole pixels: black on white in every style, with its quiet zone. */
#define CH_TYPE_QR_CODE (ch_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (ChQrCode, ch_qr_code, CH, QR_CODE, GtkWidget)

GtkWidget *ch_qr_code_new (int edge);
void ch_qr_code_set_text (ChQrCode *self, const char *text);

G_END_DECLS
