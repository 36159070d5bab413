#pragma once

#include "ports/ch-asker.h"

G_BEGIN_DECLS

/* Answers with a row of passphrases, one a question, and remembers how it was asked. After the last it
 * cancels. */
#define TOKEN_TYPE_ASKER (token_asker_get_type ())
G_DECLARE_FINAL_TYPE (TokenAsker, token_asker, TOKEN, ASKER, GTlsInteraction)

GTlsInteraction *token_asker_new (const char *const *answers);
guint token_asker_get_n_asked (GTlsInteraction *asker);
GTlsPasswordFlags token_asker_get_flags (GTlsInteraction *asker, guint i);
ChAskKind token_asker_get_kind (GTlsInteraction *asker, guint i);
gboolean token_asker_was_new (GTlsInteraction *asker, guint i);
gboolean token_asker_was_at_pad (GTlsInteraction *asker, guint i);

G_END_DECLS
