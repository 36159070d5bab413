#pragma once

#include "flow/ch-choice.h"
#include "flow/ch-flow.h"
#include "ports/ch-ports.h"
#include "wire/messages-certificate.h"

G_BEGIN_DECLS

typedef enum
{
  CH_RUN_READY,   /* the step waits for the user */
  CH_RUN_BUSY,    /* the step’s work is going on */
  CH_RUN_RESTING, /* somebody else must act first: payment, review, a field nobody could be asked for */
  CH_RUN_FAILED,  /* see ch_run_get_error(); next tries again */
  CH_RUN_DONE,    /* nothing is left to do */
} ChRunState;

/* The only way to move through a flow. Front ends set answers and call next; they decide nothing.
 * Properties to watch: `step` (pointer), `state`, `progress`, `facts`, `draft-saved`. */
#define CH_TYPE_RUN (ch_run_get_type ())
G_DECLARE_FINAL_TYPE (ChRun, ch_run, CH, RUN, GObject)

ChRun *ch_run_new (const ChFlow *flow, ChPorts *ports);
ChRun *ch_run_new_open (const ChFlow *const *flows, ChPorts *ports);
ChRun *ch_run_resume (const ChFlow *flow, ChPorts *ports, const ChApplication *application);

/* For front ends */
const ChFlow *ch_run_get_flow (ChRun *self);
GPtrArray *ch_run_get_steps (ChRun *self);
const ChStep *ch_run_get_step (ChRun *self);
ChRunState ch_run_get_state (ChRun *self);
const GError *ch_run_get_error (ChRun *self);
ChFact ch_run_get_facts (ChRun *self);
double ch_run_get_progress (ChRun *self);
gint64 ch_run_get_draft_saved (ChRun *self);
gboolean ch_run_is_done (ChRun *self, const ChStep *step);
gboolean ch_run_get_can_back (ChRun *self);
gboolean ch_run_can_go_to (ChRun *self, const ChStep *step);
const char *ch_run_get_answer (ChRun *self, const char *field);
void ch_run_set_answer (ChRun *self, const char *field, const char *value);
void ch_run_set_secret (ChRun *self, const char *field, ChSecret *secret);
GPtrArray *ch_run_list_choices (ChRun *self, const ChField *field);
GListModel *ch_run_get_attachments (ChRun *self);
void ch_run_attach (ChRun *self, const char *document, GFile *file);
void ch_run_attach_papers (ChRun *self, const char *document, GPtrArray *papers);
void ch_run_attach_again (ChRun *self, const char *document);
void ch_run_look_again (ChRun *self);
void ch_run_detach (ChRun *self, const char *document);
const ChFieldReason *ch_run_get_reason (ChRun *self, const char *field);
void ch_run_start (ChRun *self);
void ch_run_give (ChRun *self, const char *field, const char *value);
char *ch_run_explain (ChRun *self, const ChStep *step);
void ch_run_next (ChRun *self);
void ch_run_send_again (ChRun *self);
gint64 ch_run_get_again_at (ChRun *self);
void ch_run_back (ChRun *self);
void ch_run_go_to (ChRun *self, const ChStep *step);
void ch_run_cancel (ChRun *self);
void ch_run_keep_draft (ChRun *self);
GPtrArray *ch_run_list_conflicts (ChRun *self);
void ch_run_take_theirs (ChRun *self);

const ChApplication *ch_run_get_application (ChRun *self);
const ChOrder *ch_run_get_order (ChRun *self);
const ChCertificate *ch_run_get_certificate (ChRun *self);
ChToken *ch_run_get_token (ChRun *self);
ChPorts *ch_run_get_ports (ChRun *self);
const ChProfile *ch_run_get_profile (ChRun *self);
const ChAxes *ch_run_get_axes (ChRun *self);
const char *ch_run_get_missing_field (ChRun *self);

/* For steps */
GHashTable *ch_run_get_answers (ChRun *self);
ChSecret *ch_run_get_secret (ChRun *self, const char *field);
void ch_run_set_again_at (ChRun *self, gint64 when);
GTlsInteraction *ch_run_get_asker (ChRun *self);
gboolean ch_run_set_flow (ChRun *self, const ChFlow *flow);
void ch_run_set_session (ChRun *self, ChSecret *token);
const ChFlow *ch_run_find_flow (ChRun *self, const ChAxes *axes);
void ch_run_take_application (ChRun *self, ChApplication *application);
void ch_run_take_order (ChRun *self, ChOrder *order);
void ch_run_take_certificate (ChRun *self, ChCertificate *certificate);
void ch_run_take_certificates (ChRun *self, ChCertificateList *list);
const ChCertificate *ch_run_find_certificate (ChRun *self, const char *serial);
void ch_run_take_media (ChRun *self, GPtrArray *media);
guint ch_run_get_n_media (ChRun *self);
void ch_run_set_token (ChRun *self, ChToken *token, const char *key_id);
const char *ch_run_get_key_id (ChRun *self);
void ch_run_set_facts (ChRun *self, ChFact set, ChFact clear);
void ch_run_set_progress (ChRun *self, double progress);
void ch_run_forget_draft (ChRun *self);
void ch_run_keep_document (ChRun *self, ChAttachment *attachment, const ChPrepared *prepared);
void ch_run_call_async (ChRun *self,
                        const ChRoute *route,
                        const char *const *args,
                        gconstpointer request,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gpointer ch_run_call_finish (ChRun *self, GAsyncResult *result, GError **error);

G_END_DECLS
