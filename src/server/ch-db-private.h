#pragma once

#include <sqlite3.h>

#include "server/ch-stmt.h"

G_BEGIN_DECLS

ChDbTx *ch_db_tx_new (const char *path, gboolean can_write, GError **error);
void ch_db_tx_free (ChDbTx *self);
gboolean ch_db_tx_is_open (ChDbTx *self);
gboolean ch_db_run_script (ChDbTx *tx, const char *script, GError **error);
gboolean ch_db_migrate (ChDbTx *tx, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDbTx, ch_db_tx_free)

G_END_DECLS
