#pragma once

#include "ports/ch-token.h"
#include "token/ch-p11-module.h"

G_BEGIN_DECLS

/* An object as a token describes it. Nothing of it is true until it was looked at. */
typedef struct
{
  CK_OBJECT_CLASS kind;
  CK_OBJECT_HANDLE handle;
  GBytes *id;       /* (nullable) */
  GBytes *label;    /* (nullable) */
  GBytes *value;    /* (nullable): of a certificate */
  GBytes *type;     /* (nullable): of the key */
  GBytes *modulus;  /* (nullable) */
  GBytes *exponent; /* (nullable) */
  GBytes *params;   /* (nullable) */
  GBytes *point;    /* (nullable) */
  gboolean has_own_pin;
} ChP11Object;

/* What belongs together: a key pair and its certificates */
typedef struct
{
  ChTokenObject *object;        /* (owned) */
  GBytes *id;                   /* (owned) (nullable): CKA_ID */
  CK_OBJECT_HANDLE private_key; /* 0: not seen */
  CK_OBJECT_HANDLE public_key;  /* 0: not seen */
  GArray *certs;                /* (owned) (element-type gulong) */
  gint64 not_before;            /* of the certificate that is shown */
  gboolean has_own_pin;
} ChP11Entry;

ChP11Object *ch_p11_object_new (CK_OBJECT_CLASS kind, CK_OBJECT_HANDLE handle);
void ch_p11_object_free (ChP11Object *self);
GPtrArray *ch_p11_objects_load (ChP11Host *host, ChP11Session *session, GError **error);
GPtrArray *ch_p11_objects_join (GPtrArray *objects, gboolean sees_private);
ChP11Entry *ch_p11_objects_find (GPtrArray *entries, const char *key_id);

G_END_DECLS
