#pragma once

#include "front/ch-cert-item.h"
#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* The certificates of the tokens here and of the account, each once, those that need attention first:
 * a GListModel of ChCertItem. It follows tokens being plugged in and out. Property: `loading`. */
#define CH_TYPE_CERT_LIST (ch_cert_list_get_type ())
G_DECLARE_FINAL_TYPE (ChCertList, ch_cert_list, CH, CERT_LIST, GObject)

ChCertList *ch_cert_list_new (ChPorts *ports);
void ch_cert_list_set_applications (ChCertList *self, GListModel *applications);
void ch_cert_list_refresh_async (ChCertList *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean ch_cert_list_refresh_finish (ChCertList *self, GAsyncResult *result, GError **error);
ChPorts *ch_cert_list_get_ports (ChCertList *self);
gboolean ch_cert_list_is_loading (ChCertList *self);
ChCertItem *ch_cert_list_find (ChCertList *self, const char *serial);

G_END_DECLS
