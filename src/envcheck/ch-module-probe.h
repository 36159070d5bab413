#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A key or certificate on a token, as a module tells it. All are owned. */
typedef struct
{
  GBytes *id;
  GBytes *value; /* certificate in DER; modulus or point of a key */
} ChKeyObject;

typedef struct
{
  char *label;
  char *serial;
  gulong flags;        /* of CK_TOKEN_INFO */
  GPtrArray *certs;    /* (owned) (element-type ChKeyObject) */
  GPtrArray *publics;  /* (owned) (element-type ChKeyObject) */
  GPtrArray *privates; /* (owned) (element-type ChKeyObject): those seen without a PIN */
} ChKeyToken;

/* What a module did in a child of its own */
typedef struct
{
  gboolean is_started; /* the child came into being */
  gboolean is_late;    /* it was ended */
  int signal;          /* 0 unless it crashed */
  gboolean is_done;    /* it said everything, in order */
  char *stage;         /* (nullable): what it was about last */
  char *error;         /* (nullable): what went wrong */
  char *name;          /* (nullable): of the module, as it says */
  GString *needs;      /* names of libraries that are missing, with commas between */
  GPtrArray *tokens;   /* (owned) (element-type ChKeyToken) */
} ChModuleProbe;

ChModuleProbe *
ch_module_probe_run (const char *program, const char *path, guint limit, GCancellable *cancellable);
void ch_module_probe_unref (gpointer self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChModuleProbe, ch_module_probe_unref)

G_END_DECLS
