#pragma once

#include "server/ch-stmt.h"

G_BEGIN_DECLS

/* What was answered for a certificate that a business is about: the data in it are those of the application
 * it was issued on; who acts for it may have become another person since. */
GHashTable *ch_before_read (ChDbTx *tx, const char *certificate, const char *handler_from, GError **error);
char *ch_before_find_handler (ChDbTx *tx, const char *certificate, GError **error);
char *ch_before_get_handler_answer (ChDbTx *tx, const char *certificate, const char *field, GError **error);

G_END_DECLS
