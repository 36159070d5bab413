#pragma once

#include "front/ch-application-item.h"
#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* The applications of the account, whose turn it is first: a GListModel of ChApplicationItem.
 * Properties: `loading`, `n-waiting` (how many wait for the user). */
#define CH_TYPE_APPLICATION_MODEL (ch_application_model_get_type ())
G_DECLARE_FINAL_TYPE (ChApplicationModel, ch_application_model, CH, APPLICATION_MODEL, GObject)

ChApplicationModel *ch_application_model_new (ChPorts *ports);
void ch_application_model_refresh_async (ChApplicationModel *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean ch_application_model_refresh_finish (ChApplicationModel *self, GAsyncResult *result, GError **error);
void ch_application_model_load_details (ChApplicationModel *self, ChApplicationItem *item);
void ch_application_model_update (ChApplicationModel *self, const ChApplication *application);
void ch_application_model_clear (ChApplicationModel *self);
gboolean ch_application_model_is_loading (ChApplicationModel *self);
guint ch_application_model_get_n_waiting (ChApplicationModel *self);
ChApplicationItem *ch_application_model_find (ChApplicationModel *self, const char *id);

G_END_DECLS
