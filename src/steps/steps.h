#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* What is noted on this PC while the key of a replaced certificate is deleted: this and the id of the
 * application; content: the serial number of the token */
#define CH_STEP_RETIRING "retire-"

/* Every step there is; a recipe is one order of them. One file each. */
extern const ChStep ch_step_choose, ch_step_subject, ch_step_subject_legal_person, ch_step_subject_person,
    ch_step_documents, ch_step_handler, ch_step_order, ch_step_settle, ch_step_pay, ch_step_submit,
    ch_step_review, ch_step_find_key, ch_step_plug_in, ch_step_passphrase, ch_step_key, ch_step_issue,
    ch_step_store, ch_step_confirm, ch_step_result, ch_step_download_code, ch_step_download_check;
extern const ChStep ch_step_delivery, ch_step_delivery_person, ch_step_made, ch_step_result_made;
extern const ChStep ch_step_make_application, ch_step_make_check, ch_step_make_medium,
    ch_step_make_initialise, ch_step_make_pin, ch_step_make_sent, ch_step_make_result;
extern const ChStep ch_step_list_certificates, ch_step_choose_certificate, ch_step_term, ch_step_hand_in,
    ch_step_hand_in_approved, ch_step_room, ch_step_no_documents, ch_step_old_token, ch_step_look_at_old,
    ch_step_old_key, ch_step_retire;
extern const ChStep ch_step_subject_kept, ch_step_handler_kept, ch_step_handler_changed, ch_step_free,
    ch_step_carried_out, ch_step_change, ch_step_change_legal_person, ch_step_change_person, ch_step_reason,
    ch_step_send_code, ch_step_prove, ch_step_what_happened;
extern const ChStep ch_step_unlock_key, ch_step_unlock_mobile, ch_step_unlock_code, ch_step_unlock_proof,
    ch_step_unlock_release, ch_step_unlock_pin, ch_step_unlock_confirm, ch_step_unlock_result;
extern const ChStep ch_step_look_for_media, ch_step_choose_medium;
extern const ChStep ch_step_phone;

/* Ends of recipes, part of their lists: an approved certificate gets to a key medium that is there or new, or
 * onto a phone, which does it all by itself… */
#define CH_STEPS_INSTALL                                                                                     \
  &ch_step_find_key, &ch_step_choose_medium, &ch_step_plug_in, &ch_step_passphrase, &ch_step_key,            \
      &ch_step_issue, &ch_step_store, &ch_step_confirm, &ch_step_phone, &ch_step_result
/* …or beside the old one on its medium, and takes its place */
#define CH_STEPS_TAKE_PLACE                                                                                  \
  &ch_step_find_key, &ch_step_old_token, &ch_step_key, &ch_step_issue, &ch_step_store, &ch_step_confirm,     \
      &ch_step_look_at_old, &ch_step_old_key, &ch_step_retire, &ch_step_phone, &ch_step_result

/* Recipes, and the rows that use them */
extern const ChFlow ch_apply_flows[], ch_renew_flows[], ch_download_flows[], ch_change_handler_flows[],
    ch_change_flows[], ch_revoke_flows[], ch_unlock_flows[], ch_replace_flows[];
extern const guint ch_n_apply_flows, ch_n_renew_flows, ch_n_download_flows, ch_n_change_handler_flows,
    ch_n_change_flows, ch_n_revoke_flows, ch_n_unlock_flows, ch_n_replace_flows;
extern const ChFlow ch_make_flows[];
extern const guint ch_n_make_flows;

/* What several steps do */
void ch_step_return (GTask *task, ChStepOutcome outcome);
void ch_step_refresh (ChRun *run, GTask *task);
void ch_step_await (ChRun *run, GTask *task);
void ch_step_on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data);
char *ch_step_key_label (ChRun *run);
void ch_step_make_key (ChRun *run, GTask *task);
gboolean ch_step_is_made_here (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_is_on_token (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_is_made_there (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_for_enterprise (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_for_legal_person (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_for_person (const ChAxes *axes, const ChProfile *profile);
gboolean ch_step_check_form (ChRun *run, GError **error);
void ch_step_send_form (ChRun *run, GTask *task);

G_END_DECLS
