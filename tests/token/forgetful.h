#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk that forgets: what base/ch-file does in one folder is counted, and at one of its calls the power
 * fails. Afterwards the folder holds what had been synced then, files and names apart; with @half also the
 * first half of what was on its way. */
void forgetful_watch (const char *dir);
void forgetful_fail_at (guint call, gboolean half);
gboolean forgetful_has_failed (void);
void forgetful_wake_up (void);

G_END_DECLS
