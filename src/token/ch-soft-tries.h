#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often a wrong passphrase was given: a file beside the token. It is a brake, not protection: whoever has
 * the token’s file tries as often as they like. */
#define CH_SOFT_FREE_TRIES 5

guint ch_soft_tries_get (const char *token_path, gint64 *wait);
void ch_soft_tries_count (const char *token_path);
void ch_soft_tries_forget (const char *token_path);

G_END_DECLS
