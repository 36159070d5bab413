#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* A key with its certificate, on the way to another program. */
typedef struct
{
  ChKey *key;   /* (owned) */
  GBytes *cert; /* (owned) (nullable) */
  char *label;  /* (owned) */
} ChPkcs12Item;

ChPkcs12Item *ch_pkcs12_item_new (ChKey *key, GBytes *cert, const char *label);
void ch_pkcs12_item_free (ChPkcs12Item *self);

/* Most that is derived for a whole file from outside, as %CH_PKCS8_MAX_COST; a file of ours with eight keys
 * costs half of it */
#define CH_PKCS12_MAX_COST 10485760

GBytes *ch_pkcs12_export (GPtrArray *items, ChSecret *passphrase, GError **error);
gboolean ch_pkcs12_is_one (GBytes *data);
GPtrArray *ch_pkcs12_import (GBytes *data, ChSecret *passphrase, guint64 max_cost, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPkcs12Item, ch_pkcs12_item_free)

G_END_DECLS
