#pragma once

#include "ports/ch-fetcher.h"

G_BEGIN_DECLS

/* Fetches over http and https. Each fetch has a connection of its own and may run in any thread. */
#define CH_TYPE_CURL_FETCHER (ch_curl_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (ChCurlFetcher, ch_curl_fetcher, CH, CURL_FETCHER, GObject)

ChFetcher *ch_curl_fetcher_new (const char *trust_file);
void ch_curl_fetcher_set_time_limit (ChCurlFetcher *self, guint seconds);

G_END_DECLS
