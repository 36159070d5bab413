#pragma once

#include "front/ch-application-turn.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Asks before an application is sent another way, and does it */
void ch_turn_dialog_ask (GtkWindow *parent, ChFront *front, ChApplicationItem *item);

G_END_DECLS
