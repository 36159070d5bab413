#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keeps window, terminal and timer apart: one of them at a time works with a token. */
typedef struct _ChSoftLock ChSoftLock;

ChSoftLock *ch_soft_lock_new (const char *token_path, GError **error);
void ch_soft_lock_free (ChSoftLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSoftLock, ch_soft_lock_free)

G_END_DECLS
