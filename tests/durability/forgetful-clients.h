#pragma once

#include "server-world.h"

G_BEGIN_DECLS

/* People who do the whole business again and again and do not mind if the server is gone: they send the same
 * call with the same key until it is answered. */
typedef struct _ForgetfulClients ForgetfulClients;

/* Something that was acknowledged */
typedef struct
{
  const ChRoute *route;
  char *key;      /* (owned) (nullable): the Idempotency-Key of a change */
  GBytes *answer; /* (owned) */
} Told;

ForgetfulClients *forgetful_clients_new (const char *dir, guint n);
void forgetful_clients_free (ForgetfulClients *self);
void forgetful_clients_set_url (ForgetfulClients *self, const char *url);
gboolean forgetful_clients_wait_told (ForgetfulClients *self, guint n);
void forgetful_clients_finish (ForgetfulClients *self);
guint forgetful_clients_get_n_told (ForgetfulClients *self);
guint forgetful_clients_get_n_whole (ForgetfulClients *self);
const Told *forgetful_clients_get_told (ForgetfulClients *self, guint i);

G_END_DECLS
