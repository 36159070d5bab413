#pragma once

#include "ui/ch-ui.h"

#include "wire/messages-application.h"

G_BEGIN_DECLS

void ch_receipt_button_refresh (GtkButton *button, const ChApplication *application);

G_END_DECLS
