#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ch_paths_get_token_dir (void);
char *ch_paths_get_state_dir (void);
char *ch_paths_get_runtime_dir (void);
const char *ch_paths_get_config_dir (void);
char *ch_paths_find_data (const char *relative);
char *ch_paths_find_helper (const char *name);
const char *ch_paths_get_locale_dir (void);

G_END_DECLS
