#pragma once

#include "base/ch-secret.h"
#include "server/ch-server-types.h"

G_BEGIN_DECLS

ChPasswords *ch_passwords_new (guint n_slots, guint max_waiting);
void ch_passwords_free (ChPasswords *self);

char *ch_passwords_hash (ChPasswords *self, ChSecret *password, GError **error);
gboolean ch_passwords_verify (ChPasswords *self, ChSecret *password, const char *hash, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPasswords, ch_passwords_free)

G_END_DECLS
