#pragma once

#include "front/ch-front.h"
#include "ui/ch-cert-row.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The applications of the account. Property: `in-detail`. */
#define CH_TYPE_APPLICATIONS_VIEW (ch_applications_view_get_type ())
G_DECLARE_FINAL_TYPE (ChApplicationsView, ch_applications_view, CH, APPLICATIONS_VIEW, AdwBin)

void ch_applications_view_fill_row (ChCertRow *row, gpointer data);
void ch_applications_view_set_front (ChApplicationsView *self, ChFront *front);
void ch_applications_view_show (ChApplicationsView *self, const char *id);
void ch_applications_view_show_part (ChApplicationsView *self, ChListPart part);
gboolean ch_applications_view_is_in_detail (ChApplicationsView *self);
void ch_applications_view_go_back (ChApplicationsView *self);

G_END_DECLS
