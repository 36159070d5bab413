#pragma once

#include <gio/gio.h>

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* What is kept on this PC: drafts until the server has them, the journal of calls in the air, the session. */
typedef enum
{
  CH_VAULT_DRAFT,    /* id: of the application or the flow */
  CH_VAULT_JOURNAL,  /* id: APPLICATION/STEP; content: idempotency key, written before the call is sent */
  CH_VAULT_DOCUMENT, /* id: APPLICATION/DOCUMENT; content: a file on its way, until the server has it */
  CH_VAULT_KNOWN,    /* id: what of; content: by what the other side knows this PC again */
} ChVaultKind;

#define CH_TYPE_VAULT (ch_vault_get_type ())
G_DECLARE_INTERFACE (ChVault, ch_vault, CH, VAULT, GObject)

struct _ChVaultInterface
{
  GTypeInterface parent_iface;

  void (*put_async) (ChVault *self,
                     ChVaultKind kind,
                     const char *id,
                     GBytes *content,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  gboolean (*put_finish) (ChVault *self, GAsyncResult *result, GError **error);
  GBytes *(*get) (ChVault *self, ChVaultKind kind, const char *id);
  GStrv (*list) (ChVault *self, ChVaultKind kind);
  gboolean (*put_session) (ChVault *self, ChSecret *token, GError **error);
  ChSecret *(*get_session) (ChVault *self);
};

void ch_vault_put_async (ChVault *self,
                         ChVaultKind kind,
                         const char *id,
                         GBytes *content,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean ch_vault_put_finish (ChVault *self, GAsyncResult *result, GError **error);
void ch_vault_remove (ChVault *self, ChVaultKind kind, const char *id);
GBytes *ch_vault_get (ChVault *self, ChVaultKind kind, const char *id);
GStrv ch_vault_list (ChVault *self, ChVaultKind kind);
gboolean ch_vault_put_session (ChVault *self, ChSecret *token, GError **error);
ChSecret *ch_vault_get_session (ChVault *self);

G_END_DECLS
