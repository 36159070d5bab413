#pragma once

#include "steps/ch-account-desk.h"
#include "steps/ch-catalog.h"

G_BEGIN_DECLS

/* A world of its own for a test: a demonstration CA in a child process, and one PC after the other that talks
 * to it. Everything is real: server, HTTPS, software tokens, vault. */
typedef struct
{
  char *dir;           /* (owned): goes away with the world */
  GSubprocess *server; /* (owned) (nullable) */
  char *url;           /* (owned) */
  char *trust;         /* (owned) */
  ChTokenHub *media;   /* (owned) (nullable): what is plugged in wherever one sits */
  ChPorts *ports;      /* (owned): of the PC sat at just now */
  ChAccountDesk *desk; /* (owned) */
} ChWorld;

ChWorld *ch_world_new (void);
void ch_world_free (ChWorld *self);
void ch_world_stop_server (ChWorld *self, gboolean kill);
void ch_world_change_profile (ChWorld *self, const char *old, const char *new);
void ch_world_change_profile_all (ChWorld *self, const char *const (*changes)[2]);
void ch_world_start_server (ChWorld *self);
void ch_world_sit_at (ChWorld *self, const char *pc);
void ch_world_connect (ChWorld *self);
void ch_world_register (ChWorld *self, const char *user, const char *mobile);
void ch_world_log_in (ChWorld *self, const char *user);
char *ch_world_demo (ChWorld *self, const char *method, const char *path, const char *body);
char *ch_world_make_file (ChWorld *self, const char *name, const char *content, gsize len);
void ch_world_answer_all (ChWorld *self, ChRun *run);
ChApplication *ch_world_get_application (ChWorld *self, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWorld, ch_world_free)

G_END_DECLS
