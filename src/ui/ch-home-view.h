#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What is due, the tokens that are here, and the businesses the CA offers */
#define CH_TYPE_HOME_VIEW (ch_home_view_get_type ())
G_DECLARE_FINAL_TYPE (ChHomeView, ch_home_view, CH, HOME_VIEW, AdwBin)

void ch_home_view_set_front (ChHomeView *self, ChFront *front);

G_END_DECLS
