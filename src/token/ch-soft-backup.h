#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* The random number by which a token that was moved proves on the old PC that it arrived. */
#define CH_SOFT_MOVE_SIZE 16

GBytes *ch_soft_backup_make (const char *serial,
                             const char *label,
                             GBytes *token_file,
                             GBytes *move,
                             ChSecret *passphrase,
                             GError **error);
GBytes *ch_soft_backup_make_move (GError **error);
gboolean ch_soft_backup_is_one (GBytes *data);
char *ch_soft_backup_get_label (GBytes *data);
GBytes *ch_soft_backup_open (GBytes *data, ChSecret *passphrase, GBytes **move, GError **error);
char *ch_soft_backup_format_code (GBytes *move);

G_END_DECLS
