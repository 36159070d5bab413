#pragma once

#include "ports/ch-vault.h"

G_BEGIN_DECLS

/* Drafts and journal in files of the user’s own, the session in the runtime folder; all bound to one server
 */
#define CH_TYPE_LOCAL_VAULT (ch_local_vault_get_type ())
G_DECLARE_FINAL_TYPE (ChLocalVault, ch_local_vault, CH, LOCAL_VAULT, GObject)

ChLocalVault *
ch_local_vault_new (const char *state_dir, const char *runtime_dir, const char *server_url, GError **error);
void ch_local_vault_flush (ChLocalVault *self);

G_END_DECLS
