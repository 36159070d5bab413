#pragma once

#include "api/api-world.h"
#include "check-world.h"
#include "fake-pcscd.h"
#include "tls-server.h"

G_BEGIN_DECLS

/* A PC in which everything is well until a fault is made: a smart-card service with a key in its reader, a
 * driver, a server whose clock agrees. */
typedef struct
{
  char *dir;
  char *socket;       /* of the smart-card service */
  char *bad_module;   /* PKCS#11 module that does wrong what it is told to */
  FakePcscd *service; /* (nullable) */
  GPtrArray *servers; /* (element-type TlsServer) */
  GPtrArray *plain;   /* (element-type GSocketService) */
  GPtrArray *entries; /* (element-type utf8): addresses */
  char *trust_file;
  ChCheckContext *context; /* made by fault_world_get_context() */
  guint time_limit;
} FaultWorld;

FaultWorld *fault_world_new (const char *socket, const char *bad_module);
void fault_world_free (FaultWorld *self);
void fault_world_set_service (FaultWorld *self, FakePcscd *service);
void fault_world_add_module (FaultWorld *self, const char *name, const char *path);
void fault_world_break_module (FaultWorld *self, const char *faults);
void fault_world_set_token (FaultWorld *self, guint flags, const char *objects);
char *fault_world_make_cert (WorldCertificate kind, char **point);
const char *
fault_world_serve (FaultWorld *self, WorldCertificate kind, TlsServerFunc func, gconstpointer data);
char *fault_world_serve_plain (FaultWorld *self, const char *answer);
void fault_world_set_entry (FaultWorld *self, const char *url);
ChCheckContext *fault_world_get_context (FaultWorld *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultWorld, fault_world_free)

G_END_DECLS
