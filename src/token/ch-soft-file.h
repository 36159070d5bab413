#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

#define CH_SOFT_MAX_KEYS 64

/* A key with what belongs to it. */
typedef struct
{
  char *key_id;   /* (owned): hex */
  char *label;    /* (owned) */
  GBytes *sealed; /* (owned): EncryptedPrivateKeyInfo */
  GBytes *spki;   /* (owned) */
  GBytes *cert;   /* (owned) (nullable) */
} ChSoftEntry;

/* The content of a token file: text a person can read, from which `openssl pkey` takes the key. */
typedef struct
{
  char *serial;       /* (owned) */
  char *label;        /* (owned) */
  GBytes *lock;       /* (owned): a key that opens nothing: by it a passphrase is tried */
  GPtrArray *entries; /* (owned) (element-type ChSoftEntry) */
} ChSoftFile;

ChSoftFile *ch_soft_file_new (const char *serial, const char *label, GBytes *lock);
ChSoftFile *ch_soft_file_parse (GBytes *data, GError **error);
void ch_soft_file_free (ChSoftFile *self);
GBytes *ch_soft_file_format (ChSoftFile *self);
ChSoftEntry *ch_soft_file_find (ChSoftFile *self, const char *key_id);
ChSoftEntry *ch_soft_file_add (ChSoftFile *self, const char *label, GBytes *sealed, GBytes *spki);
void ch_soft_file_remove (ChSoftFile *self, ChSoftEntry *entry);
char *ch_soft_file_clean_label (const char *label);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSoftFile, ch_soft_file_free)

G_END_DECLS
