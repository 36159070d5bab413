#pragma once

#include "wire/ch-axes.h"
#include "wire/messages-batch.h"

G_BEGIN_DECLS

/* What of a batch is signed: made by the program from the sheet, by the server from what it has stored */
void ch_batch_digest_row (const ChAxes *axes, GHashTable *answers, GHashTable *files, guint8 *digest);
GBytes *ch_batch_describe (const char *flow, const char *project, GBytes *digests);
GBytes *ch_batch_digest (const char *flow, const char *project, GBytes *digests);
char *ch_batch_format_digest (GBytes *digest);

G_END_DECLS
