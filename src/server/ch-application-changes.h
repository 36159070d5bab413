#pragma once

#include "server/ch-application-record.h"

G_BEGIN_DECLS

/* Which fields and documents of an application were changed last, in which version and on which PC: what a
 * writer with a stale version is told */
gboolean
ch_changes_note (ChDbTx *tx, const char *application, const char *field, const char *place, GError **error);
gboolean ch_changes_note_answers (ChDbTx *tx,
                                  const ChApplicationRecord *before,
                                  GHashTable *answers,
                                  const char *place,
                                  GError **error);
gboolean
ch_changes_check_version (ChDbTx *tx, const ChApplicationRecord *record, gint64 version, GError **error);

G_END_DECLS
