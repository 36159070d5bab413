#pragma once

#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* The files a profile offers: beside it in a folder of its name, in a store in the folder `files` */
#define CH_OFFER_FOLDER "files"

/* More is no form any more */
#define CH_OFFER_MAX_SIZE (4 * 1024 * 1024)

gboolean
ch_offer_copy (const ChProfile *profile, const char *profile_path, const char *store, GError **error);
GHashTable *ch_offer_load (const ChProfile *profile, const char *store);

G_END_DECLS
