#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

void ch_text_print (GtkWindow *parent, const char *title, const char *text);

G_END_DECLS
