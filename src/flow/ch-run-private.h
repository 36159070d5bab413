#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

struct _ChRun
{
  GObject parent_instance;

  ChPorts *ports;             /* (owned) */
  const ChFlow *flow;         /* of the catalogue */
  const ChFlow *const *flows; /* (nullable) (array zero-terminated=1): flows the first step may turn to */
  GPtrArray *steps;           /* (owned) (element-type ChStep) */
  int position;
  int furthest; /* the last step that was shown; beyond it, steps whose facts hold are passed over */
  ChFact facts;
  ChRunState state;
  double progress;

  GHashTable *answers; /* (owned): field id → value */
  GHashTable *changed; /* (owned): field ids the server has not acknowledged */
  GHashTable *secrets; /* (owned): field id → ChSecret */
  guint draft_id;      /* source, 0 when none */
  gint64 draft_saved;  /* seconds since 1970, 0 before */

  GListStore *attachments;         /* (owned) (element-type ChAttachment) */
  gboolean has_taken_up;           /* files that were on their way when the program ended */
  ChApplication *application;      /* (owned) (nullable) */
  ChOrder *order;                  /* (owned) (nullable) */
  ChCertificate *certificate;      /* (owned) (nullable) */
  ChCertificateList *certificates; /* (owned) (nullable): one of which the business is to be about */
  GPtrArray *media;       /* (owned) (nullable) (element-type ChChoice): plugged in, when looked at */
  ChToken *token;         /* (owned) (nullable) */
  char *key_id;           /* (owned) (nullable) */
  gboolean is_given;      /* what the first page asks for is answered: it goes on by itself */
  GTlsInteraction *asker; /* (owned): answers from the secrets, else asks the front end’s */

  GCancellable *cancellable; /* (owned) (nullable): set while work is going on */
  GError *error;             /* (owned) (nullable) */
  GError *conflict;          /* (owned) (nullable): met, while the newest state is asked for */
  guint n_conflicts;         /* met in a row and settled by themselves */
  guint poll_id;             /* source, 0 when none */
  guint poll_seconds;        /* between two questions while nobody tells of changes */
  gboolean is_watching;      /* the server is to tell of changes */
  gboolean has_changed;      /* it told of one while it was just being asked */
  guint n_quiet_failures;
  gint64 again_at;    /* when another code may be sent, seconds since 1970; 0 when nobody has said */
  gboolean quiet;     /* the work going on was begun by the clock, not by the user */
  gboolean is_joined; /* it was, until the user asked for the same */
};

/* ch-run-make.c */
void ch_run_prefill (ChRun *self);

/* ch-run-answers.c */
void ch_run_load_draft (ChRun *self);
void ch_run_drop_draft (ChRun *self);
void ch_run_merge_answers (ChRun *self);

/* ch-run-documents.c */
void ch_run_fill_attachments (ChRun *self);

/* ch-run-asker.c */
GTlsInteraction *ch_run_asker_new (ChRun *run);

/* ch-run-conflict.c */
void ch_run_meet_conflict (ChRun *self, GError *conflict);
GPtrArray *ch_run_list_conflicts_of (ChRun *self, const GError *conflict);

/* ch-run.c */
void ch_run_resync (ChRun *self);
void ch_run_restart (ChRun *self);
void ch_run_fail (ChRun *self, GError *error);
void ch_run_do_again (ChRun *self);
GTask *ch_run_begin_task (ChRun *self, GAsyncReadyCallback callback, gboolean quiet);
void ch_run_be_ready (ChRun *self);
void ch_run_work_quietly (ChRun *self);

/* ch-run-calls.c */
gboolean ch_run_is_in_doubt (const GError *error);

/* ch-run-events.c */
void ch_run_listen (ChRun *self);
void ch_run_stop_listening (ChRun *self);
void ch_run_update_watch (ChRun *self);
void ch_run_plan_poll (ChRun *self);

G_END_DECLS
