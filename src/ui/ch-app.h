#pragma once

#include "ports/ch-ports.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Makes the way to the CA at @server, which is known by the certificates in the file @trust. On a PC that
 * many people share (@is_shared) it keeps nothing there. */
typedef ChPorts *(*ChAppMakePorts) (const char *server,
                                    const char *trust,
                                    gboolean is_shared,
                                    GError **error);

/* The desktop program: options, actions, keys, the window. */
#define CH_TYPE_APP (ch_app_get_type ())
G_DECLARE_FINAL_TYPE (ChApp, ch_app, CH, APP, AdwApplication)

ChApp *ch_app_new (ChAppMakePorts make_ports);
void ch_app_set_shared (ChApp *self, gboolean is_shared);
void ch_app_set_ca (ChApp *self, const char *server, const char *trust);

G_END_DECLS
