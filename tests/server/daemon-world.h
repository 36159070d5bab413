#pragma once

#include <libsoup/soup.h>

#include "wire/ch-policy.h"
#include "wire/ch-route.h"

G_BEGIN_DECLS

/* A real certhalld in a process of its own, on a store of its own, and somebody who talks to it */
typedef struct
{
  char *dir;
  char *url;
  guint16 port;
  char *desk_token;     /* (nullable): of a demonstration */
  GSubprocess *process; /* (nullable) */
  SoupSession *soup;
  ChProfile *profile;
  guint status; /* of the last answer */
} DaemonWorld;

/* How a call is made; all may be left out */
typedef struct
{
  const char *session;
  const char *key; /* NULL: a new one where one is needed; "": none */
  const char *const *args;
} DaemonCall;

DaemonWorld *daemon_world_new (void);
void daemon_world_free (DaemonWorld *self);
void daemon_world_start (DaemonWorld *self);
int daemon_world_stop (DaemonWorld *self, int signal);

gpointer daemon_world_call (DaemonWorld *self,
                            const ChRoute *route,
                            const DaemonCall *how,
                            gconstpointer request,
                            GError **error);
GBytes *daemon_world_send (DaemonWorld *self,
                           const char *method,
                           const char *path,
                           const char *session,
                           const char *key,
                           const char *body);
char *daemon_world_desk (DaemonWorld *self, const char *method, const char *path, const char *body);

char *daemon_world_get_code (DaemonWorld *self, const char *mobile);
void daemon_world_move_clock (DaemonWorld *self, gint64 seconds);
ChSmsRequest *daemon_world_make_sms_request (DaemonWorld *self, const char *mobile);
GPtrArray *daemon_world_make_consents (DaemonWorld *self, const char *where);
ChRegister *
daemon_world_make_register (DaemonWorld *self, const char *user, const char *mobile, const char *code);
void daemon_world_register (DaemonWorld *self, const char *user, const char *mobile);
ChLogin *daemon_world_make_login (DaemonWorld *self, const char *user, const char *password);
ChSession *daemon_world_try_login (DaemonWorld *self, const char *user, const char *password, GError **error);
char *daemon_world_login (DaemonWorld *self, const char *user);
char *daemon_world_staff_login (DaemonWorld *self);

int daemon_run (const char *const *args, char **standard_error);

#define DAEMON_PASSWORD "plum-tree-in-snow"
#define DAEMON_STAFF    "anna"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonWorld, daemon_world_free)

G_END_DECLS
