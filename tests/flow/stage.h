#pragma once

#include "flow/ch-run.h"

/* What the flows stand on in these tests: a server that answers as a test says, no tokens, a real vault in a
 * folder that goes away with the test. */
#define CH_TYPE_STAGE_SERVER (ch_stage_server_get_type ())
G_DECLARE_FINAL_TYPE (ChStageServer, ch_stage_server, CH, STAGE_SERVER, GObject)

/* Gives the answer of a call, or an error; runs in the main loop, after the caller has returned to it */
typedef GBytes *(
    *StageAnswer) (const ChRoute *route, GBytes *body, const char *key, gpointer data, GError **error);

typedef struct
{
  char *dir;
  ChStageServer *server;
  ChPorts *ports;
  StageAnswer answer;
  gpointer data;
  GPtrArray *keys;     /* idempotency keys in the order they came */
  gboolean is_holding; /* answers are made and do not arrive until stage_release() */
  GPtrArray *held;     /* (element-type GTask): whose answers these are */
} Stage;

void stage_set_up (Stage *stage, gconstpointer data);
void stage_tear_down (Stage *stage, gconstpointer data);
void stage_reopen (Stage *stage);
void stage_release (Stage *stage);
ChApplication *stage_application (gint64 version, const char *state, ChFact facts);
GBytes *stage_encode (ChApplication *application);
void stage_run_until (ChRun *run, gboolean (*reached) (ChRun *run));
gboolean stage_is_idle (ChRun *run);
