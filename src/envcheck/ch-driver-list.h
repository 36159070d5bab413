#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A PKCS#11 module as p11-kit is told of it, and what its file looks like. The file is read, never loaded. */
typedef enum
{
  CH_DRIVER_GOOD,    /* a library for this kind of PC */
  CH_DRIVER_MISSING, /* there is no such file */
  CH_DRIVER_NO_ACCESS,
  CH_DRIVER_NO_LIBRARY, /* another kind of file */
  CH_DRIVER_OTHER_PC,   /* a library for another kind of PC, e.g. 32 bit */
} ChDriverState;

typedef struct
{
  char *name;  /* of its *.module file, without the ending */
  char *title; /* for people: “Driver NAME”, translated */
  char *path;  /* of the library */
  ChDriverState state;
} ChDriver;

GStrv ch_driver_list_get_dirs (void);
GStrv ch_driver_list_find_modules (void);
GPtrArray *ch_driver_list_read (const char *const *dirs, GPtrArray *unreadable);
ChDriverState ch_driver_look (const char *path);
const char *ch_driver_state_get_id (ChDriverState state);

G_END_DECLS
