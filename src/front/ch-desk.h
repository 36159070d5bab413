#pragma once

#include "flow/ch-run.h"
#include "wire/messages-making.h"

G_BEGIN_DECLS

/* What a front end without lists holds in hand: knowing the CA, who is logged in, staff’s verbs, and the
 * flows. */
#define CH_TYPE_DESK (ch_desk_get_type ())
G_DECLARE_FINAL_TYPE (ChDesk, ch_desk, CH, DESK, GObject)

ChDesk *ch_desk_new (ChPorts *ports);
ChPorts *ch_desk_get_ports (ChDesk *self);

const ChFlow *const *ch_desk_get_flows (guint *n_flows);
const ChFlow *ch_desk_lookup_flow (const char *id);
ChRun *ch_desk_start_business (ChDesk *self, ChBusiness business, GError **error);
ChRun *ch_desk_start (ChDesk *self, const char *flow_id, GError **error);
ChRun *ch_desk_start_making (ChDesk *self, const char *application);
const ChPinLetter *ch_desk_get_letter (ChRun *run);
ChRun *ch_desk_resume (ChDesk *self, const ChApplication *application, GError **error);

void ch_desk_connect_async (ChDesk *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean ch_desk_connect_finish (ChDesk *self, GAsyncResult *result, GError **error);
void ch_desk_send_code_async (ChDesk *self,
                              const char *mobile,
                              ChSmsPurpose purpose,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
ChSmsSent *ch_desk_send_code_finish (ChDesk *self, GAsyncResult *result, GError **error);
void ch_desk_register_async (ChDesk *self,
                             GHashTable *answers,
                             ChSecret *password,
                             ChSecret *code,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean ch_desk_register_finish (ChDesk *self, GAsyncResult *result, GError **error);
void ch_desk_login_async (ChDesk *self,
                          const ChLogin *login,
                          gboolean as_staff,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean ch_desk_get_must_change_password (ChDesk *self);
gboolean ch_desk_login_finish (ChDesk *self, GAsyncResult *result, GError **error);
void ch_desk_login_by_certificate_async (ChDesk *self,
                                         ChToken *token,
                                         const char *key_id,
                                         const char *staff,
                                         GTlsInteraction *asker,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean ch_desk_login_by_certificate_finish (ChDesk *self, GAsyncResult *result, GError **error);
void ch_desk_logout_async (ChDesk *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean ch_desk_logout_finish (ChDesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
