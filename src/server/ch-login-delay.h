#pragma once

#include "server/ch-service.h"

G_BEGIN_DECLS

/* Wrong passwords of one name */
typedef struct
{
  GBytes *name; /* (owned): HMAC, whether there is somebody of that name or not */
  gint64 n_failures;
  gint64 wait; /* seconds until the next try is looked at */
} ChLoginDelay;

gboolean ch_login_turn_take (const char *name, GError **error);
void ch_login_turn_give (const char *name);

void ch_login_delay_init (ChLoginDelay *self, ChService *service, const char *kind, const char *name);
void ch_login_delay_clear (ChLoginDelay *self);
gboolean ch_login_delay_read (ChDbTx *tx, ChLoginDelay *self, GError **error);
void ch_login_delay_refuse (const ChLoginDelay *self, GError **error);
gboolean ch_login_delay_note (ChDbTx *tx, ChLoginDelay *self, gboolean is_right, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChLoginDelay, ch_login_delay_clear)

G_END_DECLS
