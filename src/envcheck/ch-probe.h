#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How far a call to a server came */
typedef enum
{
  CH_PROBE_NAME,    /* looking up its name */
  CH_PROBE_CONNECT, /* reaching it */
  CH_PROBE_TLS,     /* agreeing on a secure connection */
  CH_PROBE_ANSWER,  /* waiting for its answer */
  CH_PROBE_DONE,
  CH_N_PROBE_PHASES
} ChProbePhase;

/* One call to a server and how long each part of it took */
typedef struct
{
  ChProbePhase phase;          /* where it stopped */
  gboolean is_late;            /* the time limit was reached */
  gboolean is_proxy;           /* it stopped at the proxy */
  gboolean wants_password;     /* the proxy lets nobody through whom it does not know */
  gboolean is_other_host;      /* the certificate is of another server */
  char *message;               /* (owned) (nullable): what libcurl said */
  char *address;               /* (owned) (nullable): number of what was reached */
  gint64 spent[CH_PROBE_DONE]; /* microseconds in each phase; -1: not reached, or left out */
  gint64 total;                /* microseconds */
  long http_status;            /* 0: no answer */
  gboolean is_page;            /* the answer is a page for people */
  char *location;              /* (owned) (nullable): where the answer sends to instead */
  GPtrArray *chain;   /* (owned) (element-type GBytes): certificates shown, DER, the server’s first */
  GBytes *body;       /* (owned): of the answer, at most 64 KiB */
  gint64 received_at; /* by this PC’s clock, seconds */
} ChProbe;

ChProbe *ch_probe_run (const char *url, const char *proxy, guint limit, GCancellable *cancellable);
void ch_probe_free (ChProbe *self);
char *ch_probe_find_portal (const char *url, guint limit, GCancellable *cancellable);
const char *ch_probe_phase_get_id (ChProbePhase phase);
char *ch_probe_get_system_anchors (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChProbe, ch_probe_free)

G_END_DECLS
