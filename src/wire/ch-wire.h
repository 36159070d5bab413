#pragma once

#include <gio/gio.h>

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* One table per message is the schema: program, server, terminal, fuzzers and data/openapi.yaml all read it.
 */
typedef enum
{
  CH_WIRE_STRING,  /* char *; max = bytes */
  CH_WIRE_INT,     /* gint64 from 0 to max */
  CH_WIRE_BOOL,    /* gboolean */
  CH_WIRE_BYTES,   /* GBytes *, base64; max = bytes */
  CH_WIRE_TIME,    /* gint64 seconds since 1970, RFC 3339 in UTC; 0 = absent */
  CH_WIRE_ENUM,    /* an enum with a ChWireEnum, by id */
  CH_WIRE_SECRET,  /* ChSecret *, a string; max = bytes */
  CH_WIRE_OBJECT,  /* a message */
  CH_WIRE_LIST,    /* GPtrArray of messages; max = elements */
  CH_WIRE_STRINGS, /* GStrv; max = elements, of 1024 bytes each */
  CH_WIRE_MAP,     /* GHashTable string → string; max = members, of 4096 bytes each */
} ChWireKind;

typedef enum
{
  CH_WIRE_OPTIONAL,
  CH_WIRE_REQUIRED
} ChWireNeed;

typedef struct _ChWireType ChWireType;

typedef struct
{
  const char *name;
  const char *const *ids; /* indexed by value */
  guint n_ids;
} ChWireEnum;

typedef struct
{
  const char *name;
  gsize offset;
  ChWireKind kind;
  ChWireNeed need;
  gint64 max;
  gconstpointer aux; /* ChWireType of OBJECT and LIST, ChWireEnum of ENUM, else NULL */
} ChWireField;

struct _ChWireType
{
  const char *name;
  gsize size;
  const ChWireField *fields;
  guint n_fields;
  GDestroyNotify free;
};

/* The C type of each kind; `aux` is the message or enum type, `_` where there is none */
#define CH_WIRE_C_STRING(aux)  char *
#define CH_WIRE_C_INT(aux)     gint64
#define CH_WIRE_C_BOOL(aux)    gboolean
#define CH_WIRE_C_BYTES(aux)   GBytes *
#define CH_WIRE_C_TIME(aux)    gint64
#define CH_WIRE_C_ENUM(aux)    aux
#define CH_WIRE_C_SECRET(aux)  ChSecret *
#define CH_WIRE_C_OBJECT(aux)  aux *
#define CH_WIRE_C_LIST(aux)    GPtrArray *
#define CH_WIRE_C_STRINGS(aux) GStrv
#define CH_WIRE_C_MAP(aux)     GHashTable *

#define CH_WIRE_AUX_STRING(aux)  NULL
#define CH_WIRE_AUX_INT(aux)     NULL
#define CH_WIRE_AUX_BOOL(aux)    NULL
#define CH_WIRE_AUX_BYTES(aux)   NULL
#define CH_WIRE_AUX_TIME(aux)    NULL
#define CH_WIRE_AUX_ENUM(aux)    &aux##_enum
#define CH_WIRE_AUX_SECRET(aux)  NULL
#define CH_WIRE_AUX_OBJECT(aux)  &aux##_wire
#define CH_WIRE_AUX_LIST(aux)    &aux##_wire
#define CH_WIRE_AUX_STRINGS(aux) NULL
#define CH_WIRE_AUX_MAP(aux)     NULL

#define CH_WIRE_MEMBER(Struct, member, kind, name, need, max, aux) CH_WIRE_C_##kind (aux) member;
#define CH_WIRE_ROW(Struct, member, kind, name, need, max, aux)                                              \
  { name, G_STRUCT_OFFSET (Struct, member), CH_WIRE_##kind, CH_WIRE_##need, max, CH_WIRE_AUX_##kind (aux) },

/* CH_WIRE_DECLARE in the header, CH_WIRE_DEFINE in one source: struct, table, free and autoptr from one list.
 * The table of ChOrder is ChOrder_wire. */
#define CH_WIRE_DECLARE(Struct, prefix, FIELDS)                                                              \
  typedef struct                                                                                             \
  {                                                                                                          \
    FIELDS (CH_WIRE_MEMBER, Struct)                                                                          \
  } Struct;                                                                                                  \
  extern const ChWireType Struct##_wire;                                                                     \
  static inline void prefix##_free (Struct *self)                                                            \
  {                                                                                                          \
    ch_wire_free (&Struct##_wire, self);                                                                     \
  }                                                                                                          \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (Struct, prefix##_free)

#define CH_WIRE_DEFINE(Struct, prefix, FIELDS, label)                                                        \
  static const ChWireField Struct##_fields[] = { FIELDS (CH_WIRE_ROW, Struct) };                             \
  const ChWireType Struct##_wire = { label, sizeof (Struct), Struct##_fields,                                \
                                     G_N_ELEMENTS (Struct##_fields), (GDestroyNotify) prefix##_free };

/* An enum of the wire from a list X (CODE, "id", …) */
#define CH_WIRE_ENUM_ID(code, id, ...) id,
#define CH_WIRE_DEFINE_ENUM(Enum, LIST, label)                                                               \
  static const char *const Enum##_ids[] = { LIST (CH_WIRE_ENUM_ID) };                                        \
  const ChWireEnum Enum##_enum = { label, Enum##_ids, G_N_ELEMENTS (Enum##_ids) };

/* What has no content */
typedef struct
{
  char nothing;
} ChNothing;
extern const ChWireType ChNothing_wire;

gboolean ch_wire_scan (GBytes *json, GError **error);
gpointer ch_wire_decode (const ChWireType *type, GBytes *json, GError **error);
GBytes *ch_wire_encode (const ChWireType *type, gconstpointer self);
gboolean ch_wire_kind_fits_query (ChWireKind kind);
gpointer ch_wire_decode_query (const ChWireType *type, const char *query, GError **error);
char *ch_wire_encode_query (const ChWireType *type, gconstpointer self);
gpointer ch_wire_copy (const ChWireType *type, gconstpointer self);
void ch_wire_free (const ChWireType *type, gpointer self);
gpointer ch_wire_new (const ChWireType *type);
GPtrArray *ch_wire_list_new (const ChWireType *type);
GHashTable *ch_wire_map_new (void);

const char *ch_wire_enum_get_id (const ChWireEnum *self, int value);
gboolean ch_wire_enum_from_id (const ChWireEnum *self, const char *id, int *value);

G_END_DECLS
