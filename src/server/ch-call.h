#pragma once

#include "server/ch-caller.h"
#include "server/ch-db.h"
#include "server/ch-server-types.h"
#include "wire/ch-route.h"

G_BEGIN_DECLS

/* One call on its way: what a handler is given. Principal and ownership are already checked. */
ChService *ch_call_get_service (ChCall *self);
const ChRoute *ch_call_get_route (ChCall *self);
const ChCaller *ch_call_get_caller (ChCall *self);
const char *ch_call_get_arg (ChCall *self, guint i);
const char *ch_call_get_address (ChCall *self);
const char *ch_call_get_place (ChCall *self);
GBytes *ch_call_get_body (ChCall *self);
GHashTable *ch_call_get_headers (ChCall *self);

gpointer ch_call_commit (ChCall *self, ChDbFunc func, gpointer data, GError **error);
void ch_call_set_json (ChCall *self, GBytes *json);
void ch_call_set_raw (ChCall *self, const char *content_type, GBytes *body, guint max_age);
void ch_call_set_policy (ChCall *self, const char *policy);
void ch_call_set_status (ChCall *self, guint status);
void ch_call_set_watched (ChCall *self, const char *whose);

G_END_DECLS
