#pragma once

#include "wire/ch-route.h"

G_BEGIN_DECLS

/* Who calls */
typedef struct
{
  ChPrincipals principals; /* what they are: ANYBODY and what the session gives */
  char *account;           /* (owned) (nullable): id of the member’s account */
  char *staff;             /* (owned) (nullable): name of the member of staff */
  char *certificate; /* (owned) (nullable): serial of the holder’s certificate; there is no account then */
  char *session;     /* (owned) (nullable): id of the session */
  char *ticket;      /* (owned) (nullable): id of the ticket; there is no session then */
  gboolean is_late;  /* came with a ticket that has ended */
} ChCaller;

ChCaller *ch_caller_new (void);
void ch_caller_free (ChCaller *self);
char *ch_caller_get_id (const ChCaller *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCaller, ch_caller_free)

G_END_DECLS
