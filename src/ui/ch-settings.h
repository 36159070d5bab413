#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the user has set on this PC: data/org.certhall.Certhall.gschema.xml. Of those who share a PC nothing
 * is kept, so there it holds until the program ends. */
GSettings *ch_settings_get (void);
char *ch_settings_get_language (void);
int ch_settings_get_reminder_days (GSettings *settings);
char *ch_settings_get_download_dir (void);

G_END_DECLS
