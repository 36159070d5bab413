#pragma once

#include "front/ch-verify-item.h"

G_BEGIN_DECLS

/* Certificates of many files, each with its verdict: a GListModel of ChVerifyItem. Property: `busy`. */
#define CH_TYPE_VERIFY_LIST (ch_verify_list_get_type ())
G_DECLARE_FINAL_TYPE (ChVerifyList, ch_verify_list, CH, VERIFY_LIST, GObject)

ChVerifyList *ch_verify_list_new (ChVerifier *verifier);
void ch_verify_list_add_cert (ChVerifyList *self, const char *source, GBytes *der);
void ch_verify_list_add_paths_async (ChVerifyList *self,
                                     const char *const *paths,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean ch_verify_list_add_paths_finish (ChVerifyList *self, GAsyncResult *result, GError **error);
void ch_verify_list_check_async (ChVerifyList *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean ch_verify_list_check_finish (ChVerifyList *self, GAsyncResult *result, GError **error);
gboolean ch_verify_list_is_busy (ChVerifyList *self);
guint ch_verify_list_count (ChVerifyList *self, ChVerifyOutcome verdict);
void ch_verify_list_recount (ChVerifyList *self);
void ch_verify_list_clear (ChVerifyList *self);
gboolean ch_verify_list_save_csv (ChVerifyList *self, const char *path, GError **error);

G_END_DECLS
