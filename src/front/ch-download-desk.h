#pragma once

#include "ports/ch-ports.h"
#include "wire/messages-download.h"

G_BEGIN_DECLS

/* How what a CA offers is put together for people */
/* clang-format off */
#define CH_DOWNLOAD_GROUPS(X) \
  X (CERTIFICATES, "certificates", N_("CA certificates")) \
  X (LISTS,        "lists",        N_("Revocation lists")) \
  X (FILES,        "files",        N_("Forms and material lists"))
/* clang-format on */

#define X(code, id, title) CH_DOWNLOAD_GROUP_##code,
typedef enum
{
  CH_DOWNLOAD_GROUPS (X) CH_N_DOWNLOAD_GROUPS
} ChDownloadGroup;
#undef X

/* What window and terminal do about downloads: what is offered, in words, and fetched so that it is what the
 * CA published. */
const char *ch_download_group_get_title (ChDownloadGroup group);
ChDownloadGroup ch_download_get_group (const ChDownload *item);
char *ch_download_format_title (const ChDownload *item);
char *ch_download_format_about (const ChDownload *item);
char *ch_download_format_fingerprint (const char *sha256);
const ChDownload *ch_downloads_find (const ChDownloadList *list, const char *file);

void ch_download_desk_list_async (ChPorts *ports,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
ChDownloadList *ch_download_desk_list_finish (ChPorts *ports, GAsyncResult *result, GError **error);
void ch_download_desk_fetch_async (ChPorts *ports,
                                   const ChDownloadList *list,
                                   const ChDownload *item,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GBytes *ch_download_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error);

G_END_DECLS
