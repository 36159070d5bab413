#include "config.h"

#include "wire/messages-download.h"

CH_WIRE_DEFINE_ENUM (ChDownloadKind, CH_DOWNLOAD_KINDS, "download-kind")

CH_WIRE_DEFINE (ChDownload, ch_download, CH_DOWNLOAD_FIELDS, "download")
CH_WIRE_DEFINE (ChDownloadList, ch_download_list, CH_DOWNLOAD_LIST_FIELDS, "download-list")

/**
 * ch_download_kind_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_download_kind_get_title (ChDownloadKind kind)
{
#define TITLE(code, id, title) title,
  static const char *const titles[] = { CH_DOWNLOAD_KINDS (TITLE) };
#undef TITLE

  g_return_val_if_fail ((guint) kind < CH_N_DOWNLOAD_KINDS, "");

  return titles[kind];
}
