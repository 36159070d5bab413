#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The CA’s hotline, in every header bar: the number in full where there is room, else the icon alone. It
 * finds the number by itself, through the window it is in. */
#define CH_TYPE_HOTLINE (ch_hotline_get_type ())
G_DECLARE_FINAL_TYPE (ChHotline, ch_hotline, CH, HOTLINE, AdwBin)

GtkWidget *ch_hotline_new (void);
void ch_hotline_set_front (ChHotline *self, ChFront *front);
void ch_hotline_open (ChHotline *self);
gboolean ch_hotline_open_in (GtkWidget *widget);

G_END_DECLS
