#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What is wrong with the row above it (or what helps there). Never focusable: the row above points here. */
#define CH_TYPE_FIELD_MESSAGE (ch_field_message_get_type ())
G_DECLARE_FINAL_TYPE (ChFieldMessage, ch_field_message, CH, FIELD_MESSAGE, AdwPreferencesRow)

GtkWidget *ch_field_message_new (void);
void ch_field_message_set_text (ChFieldMessage *self, const char *text);
const char *ch_field_message_get_text (ChFieldMessage *self);

G_END_DECLS
