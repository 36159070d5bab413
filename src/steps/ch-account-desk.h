#pragma once

#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* What comes before any flow: knowing the CA and being known to it. One object for window and terminal. */
#define CH_TYPE_ACCOUNT_DESK (ch_account_desk_get_type ())
G_DECLARE_FINAL_TYPE (ChAccountDesk, ch_account_desk, CH, ACCOUNT_DESK, GObject)

ChAccountDesk *ch_account_desk_new (ChPorts *ports);

ChSecret *ch_account_desk_find_installation (ChPorts *ports);
void ch_account_desk_keep_installation (ChPorts *ports, ChSecret *installation);

void ch_account_desk_connect_async (ChAccountDesk *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean ch_account_desk_connect_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);
void ch_account_desk_send_code_async (ChAccountDesk *self,
                                      const char *mobile,
                                      ChSmsPurpose purpose,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
ChSmsSent *ch_account_desk_send_code_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);
void ch_account_desk_register_async (ChAccountDesk *self,
                                     GHashTable *answers,
                                     ChSecret *password,
                                     ChSecret *code,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean ch_account_desk_register_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);
gboolean ch_account_desk_get_must_change (ChAccountDesk *self);
void ch_account_desk_login_async (ChAccountDesk *self,
                                  const ChLogin *login,
                                  gboolean computes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean ch_account_desk_login_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);
void ch_account_desk_staff_login_async (ChAccountDesk *self,
                                        const char *name,
                                        ChSecret *password,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean ch_account_desk_staff_login_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);
void ch_account_desk_logout_async (ChAccountDesk *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ch_account_desk_logout_finish (ChAccountDesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
