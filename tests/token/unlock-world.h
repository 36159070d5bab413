#pragma once

#include "card-world.h"
#include "flow/ch-run.h"
#include "token/unlock-ca.h"

G_BEGIN_DECLS

/* A CA in this process, a virtual card that it made, with a key and a certificate on it, and PCs at which the
 * card is unlocked. Everything is real: server, HTTPS, OpenSC, vault; only the phone is the test’s. */

#define UNLOCK_MOBILE "13800000000"
#define UNLOCK_PIN    "482915"

typedef struct
{
  UnlockCa *ca;
  CardWorld *cards;
  ChTokenHub *hub;
  char *serial; /* of the card */
  GBytes *cert;
  char *key_id;
  ChPorts *ports; /* of the PC sat at just now */
  guint n_pcs;
} UnlockWorld;

UnlockWorld *unlock_world_new (void);
void unlock_world_free (UnlockWorld *self);
ChToken *unlock_world_get_token (UnlockWorld *self);
void unlock_world_wait_for_tokens (UnlockWorld *self, guint n);
void unlock_world_lock (UnlockWorld *self);
void unlock_world_sit_at_another (UnlockWorld *self, GTlsInteraction *asker);

ChRun *unlock_world_begin (UnlockWorld *self, const char *mobile);
gboolean unlock_world_next (ChRun *run);
void unlock_world_give_code (UnlockWorld *self, ChRun *run);
gboolean unlock_world_signs (UnlockWorld *self, const char *pin);

G_END_DECLS
