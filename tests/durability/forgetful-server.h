#pragma once

#include <glib.h>

#include "forgetful-vfs.h"

G_BEGIN_DECLS

/* A server over a file system that forgets, in processes that live until the power goes */
typedef struct _ForgetfulServer ForgetfulServer;

/* One life of it */
typedef struct
{
  ForgetMode mode;
  guint32 seed;
  guint n_steps; /* of the file system, then it dies by itself; 0: it is killed */
} ForgetfulLife;

#define FORGETFUL_SERVE      "--forgetful-serve"
#define FORGETFUL_SIGNATURES "signatures"

int forgetful_serve (const char *dir, gboolean is_careless);

ForgetfulServer *forgetful_server_new (const char *dir, gboolean is_careless);
void forgetful_server_free (ForgetfulServer *self);
char *forgetful_server_start (ForgetfulServer *self, const ForgetfulLife *life);
void forgetful_server_cut_power (ForgetfulServer *self);
int forgetful_server_wait (ForgetfulServer *self);

G_END_DECLS
