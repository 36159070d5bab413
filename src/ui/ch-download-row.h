#pragma once

#include "ui/ch-ui.h"
#include "wire/messages-download.h"

G_BEGIN_DECLS

/* One thing that can be downloaded: what it is, its fingerprint, and a button that saves it. Signal: `save`.
 */
#define CH_TYPE_DOWNLOAD_ROW (ch_download_row_get_type ())
G_DECLARE_FINAL_TYPE (ChDownloadRow, ch_download_row, CH, DOWNLOAD_ROW, AdwActionRow)

GtkWidget *ch_download_row_new (const ChDownload *item);
const ChDownload *ch_download_row_get_item (ChDownloadRow *self);
void ch_download_row_set_busy (ChDownloadRow *self, gboolean is_busy);

G_END_DECLS
