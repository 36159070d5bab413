#pragma once

#include "base/ch-sniff.h"
#include "papers/ch-paper.h"
#include "papers/ch-picture.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What is done to files so that they become the one document a CA asks for */
typedef enum
{
  CH_PREPARED_TURNED = CH_PICTURE_TURNED,
  CH_PREPARED_SHRUNK = CH_PICTURE_SHRUNK,
  CH_PREPARED_CONVERTED = CH_PICTURE_CONVERTED,
  CH_PREPARED_CLEANED = CH_PICTURE_CLEANED,
  CH_PREPARED_JOINED = 1 << 4,
  CH_PREPARED_BUNDLED = 1 << 5,
} ChPreparedChanges;

/* A document ready to be sent */
typedef struct
{
  GBytes *bytes; /* (owned) */
  char *name;    /* (owned) */
  ChContent content;
  guint n_papers;
  gint64 size_before;
  guint changes; /* of ChPreparedChanges */
} ChPrepared;

ChPrepared *
ch_prepare (GPtrArray *papers, const ChDocumentRule *rule, GCancellable *cancellable, GError **error);
void ch_prepare_async (GPtrArray *papers,
                       const ChDocumentRule *rule,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
ChPrepared *ch_prepare_finish (GAsyncResult *result, GError **error);
void ch_prepared_free (ChPrepared *self);
GStrv ch_prepared_list_changes (const ChPrepared *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPrepared, ch_prepared_free)

G_END_DECLS
