#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The projects the CA works for: searched by name, with medium, types, terms and prices; a new certificate is
 * begun from a row with that project chosen. Read before anybody logs in. */
#define CH_TYPE_PROJECTS_WINDOW (ch_projects_window_get_type ())
G_DECLARE_FINAL_TYPE (ChProjectsWindow, ch_projects_window, CH, PROJECTS_WINDOW, AdwWindow)

GtkWidget *ch_projects_window_new (ChFront *front, GtkWindow *parent);

G_END_DECLS
