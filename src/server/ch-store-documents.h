#pragma once

#include "server/ch-application-record.h"
#include "server/ch-db.h"

G_BEGIN_DECLS

/* Documents come in pieces, each its own transaction, and become visible by one small one at the end. */

/* A document on its way, or arrived */
typedef struct
{
  char *id;
  char *application;
  char *document; /* id of the rule */
  char *name;
  gint64 size;
  GBytes *sha256;
  gint64 arrived;
  gboolean is_finished;
} ChUploadRecord;

#define CH_UPLOAD_LIFETIME 86400

ChUploadRecord *ch_upload_record_load (ChDbTx *tx, const char *id, GError **error);
void ch_upload_record_free (ChUploadRecord *self);
ChUpload *ch_upload_record_format (const ChUploadRecord *self);

char *ch_documents_begin (ChDbTx *tx,
                          const ChApplicationRecord *record,
                          const ChProfile *profile,
                          const ChUploadNew *request,
                          GError **error);
gboolean ch_documents_add_piece (ChDbTx *tx, ChUploadRecord *upload, const ChPiece *piece, GError **error);
GBytes *ch_documents_read (ChDbTx *tx, const char *upload, gint64 size, GError **error);
gboolean ch_documents_finish (ChDbTx *tx,
                              const ChApplicationRecord *record,
                              const ChUploadRecord *upload,
                              const char *content,
                              const char *who,
                              GError **error);
gboolean ch_documents_drop (ChDbTx *tx, const char *upload, GError **error);
void ch_documents_clean_up (ChDb *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChUploadRecord, ch_upload_record_free)

G_END_DECLS
