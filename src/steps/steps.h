#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* Every step there is; a recipe is one order of them. One file each. */
extern const ChStep ch_step_choose, ch_step_subject, ch_step_subject_legal_person, ch_step_subject_person,
    ch_step_documents, ch_step_handler, ch_step_order, ch_step_settle, ch_step_pay, ch_step_submit,
    ch_step_review, ch_step_find_key, ch_step_plug_in, ch_step_passphrase, ch_step_key, ch_step_issue,
    ch_step_store, ch_step_confirm, ch_step_result;

/* Recipes, and the rows that use them */
extern const ChFlow ch_apply_flows[];
extern const guint ch_n_apply_flows;

/* What several steps do */
void ch_step_return (GTask *task, ChStepOutcome outcome);
void ch_step_refresh (ChRun *run, GTask *task);
void ch_step_on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data);
char *ch_step_key_label (ChRun *run);

G_END_DECLS
