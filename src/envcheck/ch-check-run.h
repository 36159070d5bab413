#pragma once

#include "envcheck/ch-check-item.h"

G_BEGIN_DECLS

/* All checks that apply, as a list of ChCheckItem, and the one way to make them: side by side, each in a
 * thread of its own, those that depend on another after it. Property: `running`. Lives in the main thread. */
#define CH_TYPE_CHECK_RUN (ch_check_run_get_type ())
G_DECLARE_FINAL_TYPE (ChCheckRun, ch_check_run, CH, CHECK_RUN, GObject)

ChCheckRun *ch_check_run_new (ChCheckContext *context, const char *const *only);
ChCheckContext *ch_check_run_get_context (ChCheckRun *self);
void ch_check_run_start_async (ChCheckRun *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ch_check_run_start_finish (ChCheckRun *self, GAsyncResult *result, GError **error);

gboolean ch_check_run_is_running (ChCheckRun *self);
ChCheckItem *ch_check_run_find (ChCheckRun *self, const char *id);
ChCheckItem *ch_check_run_find_first (ChCheckRun *self, ChCheckState state);
guint ch_check_run_count (ChCheckRun *self, ChCheckState state);
int ch_check_run_get_exit_status (ChCheckRun *self);

G_END_DECLS
