#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* For how long an opened key may sign without the passphrase being asked again, in seconds. */
#define CH_SOFT_KEEPER_OPEN_TIME 120

/* Keeps the key used last for a short while, so that making a key and signing its request asks once. */
typedef struct _ChSoftKeeper ChSoftKeeper;

ChSoftKeeper *ch_soft_keeper_new (void);
void ch_soft_keeper_free (ChSoftKeeper *self);
void ch_soft_keeper_keep (ChSoftKeeper *self, const char *key_id, ChKey *key);
ChKey *ch_soft_keeper_recall (ChSoftKeeper *self, const char *key_id);
gboolean ch_soft_keeper_is_open (ChSoftKeeper *self);
void ch_soft_keeper_forget (ChSoftKeeper *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSoftKeeper, ch_soft_keeper_free)

G_END_DECLS
