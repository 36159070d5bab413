#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What the user can set, and by what this PC is tied to its CA. Each setting works at once. */
#define CH_TYPE_PREFERENCES_WINDOW (ch_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (ChPreferencesWindow,
                      ch_preferences_window,
                      CH,
                      PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *ch_preferences_window_new (GtkWindow *parent,
                                      GSettings *settings,
                                      ChFront *front,
                                      const char *server,
                                      const char *trust,
                                      gboolean is_shared);

G_END_DECLS
