#pragma once

#include <libsoup/soup.h>

#include "server/ch-dispatch.h"
#include "server/ch-handler.h"
#include "server/ch-service.h"

G_BEGIN_DECLS

struct _ChCall
{
  ChDispatch *dispatch;       /* (unowned): outlives its calls */
  ChService *service;         /* (unowned) */
  SoupServerMessage *message; /* (unowned): owns this; touched by the main thread only */
  const ChHandlerRow *row;    /* (nullable): NULL when there is no such route */
  char id[20];                /* names the line in the log */
  gint64 started;             /* monotonic, microseconds */

  GStrv args;           /* (owned) */
  char *query;          /* (owned) (nullable): as it came */
  char *address;        /* (owned): of the other side */
  char *place;          /* (owned) (nullable): what the other side calls its PC */
  GBytes *token;        /* (owned) (nullable): SHA-256 of the session’s token */
  char *key;            /* (owned) (nullable): Idempotency-Key */
  GHashTable *headers;  /* (owned) (nullable): those the row wants to see */
  GByteArray *arriving; /* (owned): the body so far; wiped */
  GBytes *body;         /* (owned) (nullable) */
  gsize max_body;
  gsize n_arrived;

  ChCaller *caller;  /* (owned) (nullable) */
  GBytes *mac;       /* (owned) (nullable): HMAC of path and body, to know a repetition */
  GBytes *committed; /* (owned) (nullable): the answer as it was stored */

  GError *error;            /* (owned) (nullable) */
  GBytes *answer;           /* (owned) (nullable) */
  const char *content_type; /* static */
  guint max_age;            /* seconds others may keep a RAW answer */
  guint status;             /* of a RAW answer; 0: 200 */
  const char *policy;       /* (nullable): what a page may load; static */
  gboolean is_gone;         /* the other side has hung up */
  char *watched;            /* (owned) (nullable): the answer is a WebSocket with what this one’s are */
};

ChCall *ch_call_new (ChDispatch *dispatch, ChService *service, SoupServerMessage *message);
void ch_call_free (ChCall *self);
void ch_call_take_body (ChCall *self);
void ch_call_run (ChCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCall, ch_call_free)

G_END_DECLS
