#pragma once

#include "pki/ch-builder.h"
#include "pki/ch-csr.h"

G_BEGIN_DECLS

/* A root, an issuing CA and its OCSP signer in a temporary folder of their own, and the openssl tool to
 * disagree. */
typedef struct
{
  char *dir;
  ChKey *root_key;
  GBytes *root;
  ChKey *ca_key;
  GBytes *ca;
  ChIssuer *issuer;
  gint64 now;
} PkiWorld;

PkiWorld *pki_world_new (ChKeySpec spec);
void pki_world_free (PkiWorld *self);

ChSubject *pki_subject (const char *common_name);
ChBuilder *pki_holder (PkiWorld *self, GBytes *spki, const char *common_name);
GBytes *pki_issue (PkiWorld *self, GBytes *spki, const char *common_name);
char *pki_write (PkiWorld *self, const char *name, GBytes *bytes);
char *pki_write_pem (PkiWorld *self, const char *name, GBytes *cert);
char *pki_write_chain (PkiWorld *self);
char *pki_openssl (PkiWorld *self, int expected_status, const char *arguments, ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkiWorld, pki_world_free)

G_END_DECLS
