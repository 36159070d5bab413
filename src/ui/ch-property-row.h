#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A name, small, above its value; a button that copies where the value is a code. */
#define CH_TYPE_PROPERTY_ROW (ch_property_row_get_type ())
G_DECLARE_FINAL_TYPE (ChPropertyRow, ch_property_row, CH, PROPERTY_ROW, AdwActionRow)

GtkWidget *ch_property_row_new (const char *title, const char *value, gboolean copyable);

G_END_DECLS
