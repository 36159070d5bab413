#pragma once

#include "base/ch-secret.h"
#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* The desk’s calls to the server it serves: from this machine, with the token of the store’s folder */
#define CH_TYPE_DESK_CLIENT (ch_desk_client_get_type ())
G_DECLARE_FINAL_TYPE (ChDeskClient, ch_desk_client, CH, DESK_CLIENT, GObject)

ChDeskClient *ch_desk_client_new (const char *url, const char *trust_file, ChSecret *token, GError **error);
const char *ch_desk_client_get_url (ChDeskClient *self);
void ch_desk_client_call_async (ChDeskClient *self,
                                const char *method,
                                const char *path,
                                GBytes *body,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GBytes *ch_desk_client_call_finish (ChDeskClient *self, GAsyncResult *result, GError **error);

G_END_DECLS
