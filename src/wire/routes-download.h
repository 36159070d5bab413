#pragma once

#include "wire/messages-download.h"

/* clang-format off */
/*    name           id              method  path              request    answer          who      owned flags */
#define CH_ROUTES_DOWNLOAD(R) \
  R (downloads,     "downloads",    "GET",  "/v1/downloads",  ChNothing, ChDownloadList, ANYBODY, NONE, PLAIN) \
  R (offered_file,  "offered-file", "GET",  "/files/{file}",  ChNothing, ChNothing,      ANYBODY, NONE, RAW)
/* clang-format on */
