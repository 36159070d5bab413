#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* One file of a copy */
#define CH_BACKUP_FILE_FIELDS(F, S)                                                                          \
  F (S, path, STRING, "path", REQUIRED, 255, _)                                                              \
  F (S, size, INT, "size", REQUIRED, G_MAXINT64 / 16, _)                                                     \
  F (S, sha256, STRING, "sha256", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChBackupFile, ch_backup_file, CH_BACKUP_FILE_FIELDS)

/* What a copy of a store consists of: manifest.json, written last */
#define CH_BACKUP_MANIFEST_FIELDS(F, S)                                                                      \
  F (S, format, INT, "format", REQUIRED, 1000, _)                                                            \
  F (S, program, STRING, "program", REQUIRED, 64, _)                                                         \
  F (S, made, TIME, "made", REQUIRED, 0, _)                                                                  \
  F (S, files, LIST, "files", REQUIRED, 1000, ChBackupFile)
CH_WIRE_DECLARE (ChBackupManifest, ch_backup_manifest, CH_BACKUP_MANIFEST_FIELDS)

/* Copies of a store, made while it is served, and stores made of copies. What only some stores have is named
 * besides: files of the store that ch_backup_can_hold(), others are left out. */
gboolean ch_backup_can_hold (const char *name);
gboolean ch_backup_make (const char *dir, const char *to, GPtrArray *more, GError **error);
gboolean ch_backup_restore (const char *from, const char *dir, GPtrArray *more, GError **error);

G_END_DECLS
