#pragma once

#include "ports/ch-asker.h"

G_BEGIN_DECLS

/* Answers from what a form was given, each kind of secret once; a wrong one is not asked for again: the form
 * is there to be mended. */
#define CH_TYPE_GIVEN_ASKER (ch_given_asker_get_type ())
G_DECLARE_FINAL_TYPE (ChGivenAsker, ch_given_asker, CH, GIVEN_ASKER, GTlsInteraction)

GTlsInteraction *ch_given_asker_new (void);
void ch_given_asker_give (GTlsInteraction *self, ChAskKind kind, ChSecret *secret);
void ch_given_asker_set_next (GTlsInteraction *self, GTlsInteraction *next);
void ch_given_asker_confirm_last_try (GTlsInteraction *self);

G_END_DECLS
