#pragma once

#include <gio/gio.h>

#include "pki/ch-spki.h"
#include "pki/ch-subject.h"

G_BEGIN_DECLS

/* Bits of KeyUsage in the order of RFC 5280. */
typedef enum
{
  CH_USAGE_DIGITAL_SIGNATURE = 1 << 0,
  CH_USAGE_NON_REPUDIATION = 1 << 1,
  CH_USAGE_KEY_ENCIPHERMENT = 1 << 2,
  CH_USAGE_DATA_ENCIPHERMENT = 1 << 3,
  CH_USAGE_KEY_AGREEMENT = 1 << 4,
  CH_USAGE_CERT_SIGN = 1 << 5,
  CH_USAGE_CRL_SIGN = 1 << 6,
} ChUsage;

/* A certificate for display and for decisions that need no chain. All fields are owned. */
typedef struct
{
  gatomicrefcount refs;

  GBytes *der;
  ChSubject *subject;
  ChSubject *issuer;
  GBytes *subject_der;
  GBytes *issuer_der;
  char *subject_text; /* CN first */
  char *issuer_text;  /* CN first */
  char *serial;       /* upper-case hex, no leading zeros but in pairs */
  gint64 not_before;  /* seconds since 1970, UTC */
  gint64 not_after;
  GBytes *spki;
  ChKeyKind key_kind;
  guint key_bits;
  char *key_text; /* e.g. “RSA 2048”, “SM2” */
  GBytes *key_id; /* as tokens name it: ch_spki_get_key_id() */
  char *key_id_hex;
  GBytes *subject_key_id; /* (nullable): the extension */
  char *signature_text;   /* e.g. “RSA-SHA256”, “SM2-SM3” */
  char *sha256;           /* of the certificate: lower-case hex */
  guint usages;           /* bits of ChUsage; all when the extension is missing */
  gboolean is_ca;
  int path_length; /* -1: no limit */
  char **purposes; /* ExtendedKeyUsage: short names or dotted numbers */
  char **policies; /* dotted numbers */
  char **ocsp_urls;
  char **issuer_urls;
  char **crl_urls;
} ChCertInfo;

ChCertInfo *ch_cert_info_new (GBytes *der, GError **error);
ChCertInfo *ch_cert_info_ref (ChCertInfo *self);
void ch_cert_info_unref (ChCertInfo *self);
gboolean ch_cert_info_can_encipher (const ChCertInfo *self);
char *ch_cert_info_find_extension_text (ChCertInfo *self, const char *oid);

GBytes *ch_cert_get_spki (GBytes *der, GError **error);
char *ch_cert_to_pem (GBytes *der);
GPtrArray *ch_cert_list_from_pem (const char *text, gsize len, GError **error);
GBytes *ch_cert_from_data (GBytes *data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCertInfo, ch_cert_info_unref)

G_END_DECLS
