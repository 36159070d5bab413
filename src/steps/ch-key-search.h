#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* A key found on one of the tokens that are here */
typedef struct
{
  ChToken *token;
  char *key_id;
  GBytes *cert; /* (nullable) */
  guint n_keys; /* on that token in all */
} ChKeyFound;

/* Whether it is the one */
typedef gboolean (*ChKeyFits) (const ChTokenObject *object, ChRun *run);

void ch_key_search_async (ChRun *run,
                          ChKeyFits fits,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
void ch_key_search_inside_async (ChRun *run,
                                 ChKeyFits fits,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
ChKeyFound *ch_key_search_finish (ChRun *run, GAsyncResult *result, GError **error);
void ch_key_found_free (ChKeyFound *self);

gboolean ch_key_has_serial (const ChTokenObject *object, const char *serial);
void ch_key_set_known (ChRun *run, const char *certified, GStrv former);
gboolean ch_key_belongs_to (const ChTokenObject *object, ChRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChKeyFound, ch_key_found_free)

G_END_DECLS
