#pragma once

#include <gio/gio.h>

#include "base/ch-reason.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* The files a sheet names: all below its folder, each looked at once */
typedef struct _ChBatchFiles ChBatchFiles;

ChBatchFiles *ch_batch_files_new (const char *sheet);
void ch_batch_files_free (ChBatchFiles *self);
GStrv ch_batch_files_resolve (ChBatchFiles *self,
                              const ChDocumentRule *rule,
                              const char *cell,
                              char **sha256,
                              ChReason *reason);

GPtrArray *ch_batch_files_load (const char *const *paths, const char *sha256, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChBatchFiles, ch_batch_files_free)

G_END_DECLS
