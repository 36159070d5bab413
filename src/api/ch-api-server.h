#pragma once

#include "ports/ch-server.h"

G_BEGIN_DECLS

/* The CA’s service over HTTPS: one session, trusted by one anchor only. When the entry in use does not answer
 * a call that may be repeated goes to another one. Lives in the main thread. */
#define CH_TYPE_API_SERVER (ch_api_server_get_type ())
G_DECLARE_FINAL_TYPE (ChApiServer, ch_api_server, CH, API_SERVER, GObject)

ChApiServer *ch_api_server_new (const char *addresses, const char *trust_file, GError **error);
const char *ch_api_server_get_url (ChApiServer *self);
void ch_api_server_set_time_limit (ChApiServer *self, guint seconds);
void ch_api_server_set_connect_limit (ChApiServer *self, guint milliseconds);

G_END_DECLS
