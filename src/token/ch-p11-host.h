#pragma once

#include <gio/gio.h>

#include "token/ch-p11-wire.h"

G_BEGIN_DECLS

/* A module in its child: started when it is first called, ended when a call takes too long, started again
 * after a pause that grows. Calls come from any thread and are made one at a time. */
typedef struct _ChP11Host ChP11Host;

/* What a call may cost, in multiples of the limit of one */
typedef enum
{
  CH_P11_COST_USUAL = 1,
  CH_P11_COST_CARD = 3,   /* the card has to think: signing, writing */
  CH_P11_COST_PERSON = 6, /* somebody types at a PIN pad */
  CH_P11_COST_KEY_PAIR = 18,
} ChP11Cost;

/* In the main context the host was made in */
typedef void (*ChP11EventFunc) (char event, gpointer user_data);

ChP11Host *ch_p11_host_new (const char *program, const char *module, guint limit_ms);
ChP11Host *ch_p11_host_new_twin (ChP11Host *self);
ChP11Host *ch_p11_host_ref (ChP11Host *self);
void ch_p11_host_unref (ChP11Host *self);
void ch_p11_host_watch (ChP11Host *self, ChP11EventFunc func, gpointer user_data);
void ch_p11_host_poke (ChP11Host *self);
void ch_p11_host_stop (ChP11Host *self);
void ch_p11_host_give_up (ChP11Host *self);
GByteArray *ch_p11_host_call (ChP11Host *self,
                              GByteArray *request,
                              ChP11Cost cost,
                              guint *generation,
                              ChP11Reader *in,
                              gulong *status,
                              GError **error);
guint ch_p11_host_get_pause (ChP11Host *self);
void ch_p11_host_forgive (ChP11Host *self);
const char *ch_p11_host_get_module (ChP11Host *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChP11Host, ch_p11_host_unref)

G_END_DECLS
