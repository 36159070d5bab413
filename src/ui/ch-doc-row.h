#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-attachment.h"

G_BEGIN_DECLS

/* One document asked for: thumbnail, name, how far its upload has got, one button.
 * Signals: `choose`; `cancel`; `changed` (its state is another); `retry`; `pages` (see and
 * order them); `open` (look at it large). */
#define CH_TYPE_DOC_ROW (ch_doc_row_get_type ())
G_DECLARE_FINAL_TYPE (ChDocRow, ch_doc_row, CH, DOC_ROW, AdwPreferencesRow)

GtkWidget *ch_doc_row_new (ChAttachment *attachment);
ChAttachment *ch_doc_row_get_attachment (ChDocRow *self);
void ch_doc_row_set_message (ChDocRow *self, GtkWidget *message);
void ch_doc_row_focus_button (ChDocRow *self);

G_END_DECLS
