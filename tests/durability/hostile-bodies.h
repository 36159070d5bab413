#pragma once

#include "wire/ch-route.h"

G_BEGIN_DECLS

/* What nobody who means well would send, made of the table of a message */
typedef struct
{
  char *name;   /* (owned): member and what is done to it */
  GBytes *body; /* (owned) */
} HostileBody;

GBytes *hostile_bodies_make_good (const ChWireType *type);
GPtrArray *hostile_bodies_make (const ChWireType *type);
GPtrArray *hostile_queries_make (const ChWireType *type);

G_END_DECLS
