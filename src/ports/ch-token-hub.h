#pragma once

#include "ports/ch-token.h"

G_BEGIN_DECLS

/* The tokens that are there: a GListModel of ChToken that follows plugging in and out. */
#define CH_TYPE_TOKEN_HUB (ch_token_hub_get_type ())
G_DECLARE_INTERFACE (ChTokenHub, ch_token_hub, CH, TOKEN_HUB, GListModel)

struct _ChTokenHubInterface
{
  GTypeInterface parent_iface;

  gboolean (*can_create) (ChTokenHub *self, const char *medium);
  void (*create_async) (ChTokenHub *self,
                        const char *medium,
                        const char *label,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  ChToken *(*create_finish) (ChTokenHub *self, GAsyncResult *result, GError **error);
  void (*import_async) (ChTokenHub *self,
                        GBytes *file,
                        GBytes *cert_file,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  ChToken *(*import_finish) (ChTokenHub *self, GAsyncResult *result, char **move_code, GError **error);
  /* Those who are complete from the beginning leave it out; the task returns a boolean */
  void (*settle_async) (ChTokenHub *self, GAsyncReadyCallback callback, gpointer user_data);
};

gboolean ch_token_hub_can_create (ChTokenHub *self, const char *medium);
void ch_token_hub_create_async (ChTokenHub *self,
                                const char *medium,
                                const char *label,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
ChToken *ch_token_hub_create_finish (ChTokenHub *self, GAsyncResult *result, GError **error);
void ch_token_hub_import_async (ChTokenHub *self,
                                GBytes *file,
                                GBytes *cert_file,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
ChToken *
ch_token_hub_import_finish (ChTokenHub *self, GAsyncResult *result, char **move_code, GError **error);
void ch_token_hub_settle_async (ChTokenHub *self, GAsyncReadyCallback callback, gpointer user_data);
void ch_token_hub_settle_finish (ChTokenHub *self, GAsyncResult *result);
ChToken *ch_token_hub_find (ChTokenHub *self, const char *serial);

G_END_DECLS
