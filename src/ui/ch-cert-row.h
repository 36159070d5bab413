#pragma once

#include "ui/ch-tone.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A certificate or an application in the list at the side: name, badge, one line. */
#define CH_TYPE_CERT_ROW (ch_cert_row_get_type ())
G_DECLARE_FINAL_TYPE (ChCertRow, ch_cert_row, CH, CERT_ROW, AdwBin)

GtkWidget *ch_cert_row_new (void);
void ch_cert_row_fill (ChCertRow *self,
                       const char *glyph,
                       const char *title,
                       const char *subtitle,
                       const char *badge,
                       ChTone tone);
void ch_cert_row_clear (ChCertRow *self);
const char *ch_cert_row_get_title (ChCertRow *self);
const char *ch_cert_row_get_detail (ChCertRow *self);

G_END_DECLS
