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

GBytes *ch_pkcs12_export (GPtrArray *items, ChSecret *passphrase, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPkcs12Item, ch_pkcs12_item_free)

G_END_DECLS
