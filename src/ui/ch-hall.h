#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The hall: three views, their switcher in the header bar, at the bottom when narrow */
#define CH_TYPE_HALL (ch_hall_get_type ())
G_DECLARE_FINAL_TYPE (ChHall, ch_hall, CH, HALL, AdwBin)

void ch_hall_set_front (ChHall *self, ChFront *front);
void ch_hall_focus (ChHall *self);
void ch_hall_show_view (ChHall *self, const char *view);
void ch_hall_show_certificate (ChHall *self, const char *serial);
void ch_hall_show_application (ChHall *self, const char *id);
void ch_hall_show_part (ChHall *self, ChListPart part);
gboolean ch_hall_go_back (ChHall *self);

G_END_DECLS
