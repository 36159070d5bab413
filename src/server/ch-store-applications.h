#pragma once

#include "server/ch-application-record.h"
#include "server/ch-caller.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* Changes of applications. Each runs within a transaction, adds its row to the history and counts the version
 * up. @who is what ch_caller_get_id() says. */

char *ch_applications_create (ChDbTx *tx,
                              const ChProfile *profile,
                              const ChCaller *caller,
                              const ChApplicationNew *request,
                              GError **error);
gboolean ch_applications_save (ChDbTx *tx,
                               ChApplicationRecord *record,
                               const ChProfile *profile,
                               GHashTable *answers,
                               const char *who,
                               GError **error);
gboolean ch_applications_submit (ChDbTx *tx,
                                 ChApplicationRecord *record,
                                 const ChProfile *profile,
                                 const char *who,
                                 GError **error);
gboolean ch_applications_review (ChDbTx *tx,
                                 ChApplicationRecord *record,
                                 const ChProfile *profile,
                                 const ChReview *review,
                                 const char *who,
                                 GError **error);

gboolean ch_applications_set_state (ChDbTx *tx,
                                    const char *id,
                                    ChApplicationState state,
                                    const char *what,
                                    const char *who,
                                    GError **error);
gboolean
ch_applications_add_history (ChDbTx *tx, const char *id, const char *what, const char *who, GError **error);
gboolean
ch_applications_put_answer (ChDbTx *tx, const char *id, const char *field, const char *value, GError **error);
gboolean ch_applications_unmark (ChDbTx *tx, const char *id, const char *field, GError **error);
gboolean ch_applications_note_opened (ChDbTx *tx,
                                      const char *id,
                                      const char *document,
                                      const char *who,
                                      GError **error);

ChApplication *ch_applications_get (ChDbTx *tx,
                                    const char *id,
                                    const ChProfile *profile,
                                    ChApplicationDetail detail,
                                    GError **error);
ChApplicationList *
ch_applications_list_held (ChDbTx *tx, const ChProfile *profile, const char *certificate, GError **error);
ChApplicationList *ch_applications_list (ChDbTx *tx,
                                         const ChProfile *profile,
                                         const char *account,
                                         const ChListQuery *query,
                                         GError **error);

G_END_DECLS
