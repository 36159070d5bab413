#pragma once

#include "front/ch-verify-item.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A certificate in a long list, with its verdict as icon and word. It is used for one item after the other.
 */
#define CH_TYPE_VERIFY_ROW (ch_verify_row_get_type ())
G_DECLARE_FINAL_TYPE (ChVerifyRow, ch_verify_row, CH, VERIFY_ROW, GtkBox)

GtkWidget *ch_verify_row_new (void);
void ch_verify_row_set_item (ChVerifyRow *self, ChVerifyItem *item);

G_END_DECLS
