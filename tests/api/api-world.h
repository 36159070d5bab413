#pragma once

#include <libsoup/soup.h>

#include "api/ch-api-server.h"
#include "base/ch-error.h"
#include "pki/ch-builder.h"

G_BEGIN_DECLS

/* What the server shows at the handshake */
typedef enum
{
  CERTIFICATE_RIGHT,
  CERTIFICATE_OTHER_ANCHOR,
  CERTIFICATE_SAME_NAME, /* of an anchor that has the right one’s name and another key */
  CERTIFICATE_OTHER_HOST,
  CERTIFICATE_SELF_SIGNED,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_FUTURE,
  CERTIFICATE_FUTURE_OTHER_ANCHOR,
  CERTIFICATE_FUTURE_OTHER_HOST,
  CERTIFICATE_IN_YEARS, /* from three years on */
} WorldCertificate;

typedef struct _World World;

/* Lets a SoupServer be reached on the loopback. Its own listener forgets sockets and addresses. */
typedef struct
{
  GSocketService *service;
  SoupServer *soup;             /* (unowned) */
  GTlsCertificate *certificate; /* (unowned) (nullable): plain */
  guint16 port;
} WorldListener;

WorldListener *world_listener_new (SoupServer *soup, GTlsCertificate *certificate);
void world_listener_close (WorldListener *self);
void world_listener_free (WorldListener *self);

/* Answers one request of a test */
typedef void (*WorldHandler) (World *world, SoupServerMessage *message);

/* A real server over TLS in this process, and a client that trusts its anchor */
struct _World
{
  char *dir;
  char *trust_file;
  SoupServer *soup;
  WorldListener *listener;
  char *url;
  GTlsCertificate *certificate;
  ChServer *client;
  WorldHandler handler;
  gconstpointer data; /* for the handler */
  guint n_requests;
  GPtrArray *paused; /* (element-type SoupServerMessage): never answered */
};

GTlsCertificate *world_make_certificate (WorldCertificate kind, const char *trust_file);
World *world_new (WorldCertificate kind, WorldHandler handler, gconstpointer data);
void world_free (World *self);
GBytes *world_call (World *self,
                    const ChRoute *route,
                    const char *const *args,
                    gconstpointer request,
                    GError **error);
void world_expect (World *self, const ChRoute *route, ChErrorCode code);
void world_pump (gpointer *flag);
void world_answer (World *self, SoupServerMessage *message);
void world_answer_raw (World *self, SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

G_END_DECLS
