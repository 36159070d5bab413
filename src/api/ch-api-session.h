#pragma once

#include <libsoup/soup.h>

#include "base/ch-secret.h"
#include "wire/ch-route.h"

G_BEGIN_DECLS

SoupSession *ch_api_session_new (GTlsDatabase *anchor, guint silence_limit);
SoupMessage *ch_api_session_new_message (const char *method, const char *url);
SoupMessage *ch_api_session_build (const char *entry,
                                   const ChRoute *route,
                                   const char *const *args,
                                   GBytes *body,
                                   const char *key,
                                   ChSecret *token);

G_END_DECLS
