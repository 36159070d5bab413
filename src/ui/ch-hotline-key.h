#pragma once

#include "ui/ch-ui.h"

#include "front/ch-front.h"

G_BEGIN_DECLS

void ch_hotline_key_install (GtkApplication *application);
void ch_hotline_key_show (ChFront *front);

G_END_DECLS
