#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-authority.h"

/* commonName of X.520; the names that count are in SubjectAltName */
#define MAX_COMMON_NAME 64

static ChBuilder *
new_builder (ChCertKind kind, GBytes *spki, ChSubject *name, gint64 not_before, gint64 not_after)
{
  ChBuilder *builder = ch_builder_new (kind);

  ch_builder_set_subject (builder, name);
  ch_builder_set_spki (builder, spki);
  ch_builder_set_validity (builder, not_before, not_after);
  return builder;
}

/**
 * ch_authority_make_root:
 * @key: the key of the root
 * @name: its name
 * @not_before: seconds since 1970, UTC
 * @not_after: the last second it is valid
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Returns: (transfer full): a certificate signed by itself
 */
GBytes *
ch_authority_make_root (ChKey *key,
                        ChSubject *name,
                        gint64 not_before,
                        gint64 not_after,
                        const char *sm2_id,
                        GError **error)
{
  g_autoptr (ChIssuer) self = ch_issuer_new_self (key, name, sm2_id);
  g_autoptr (ChBuilder) builder
      = new_builder (CH_CERT_ROOT, ch_key_get_spki (key), name, not_before, not_after);

  return ch_builder_issue (builder, self, error);
}

/**
 * ch_authority_make_issuing_ca:
 * @root: who signs; give it the URL of the root’s CRL
 * @spki: the key of the issuing CA
 * @name: its name
 * @not_before: seconds since 1970, UTC
 * @not_after: the last second it is valid
 *
 * Returns: (transfer full): the certificate of a CA that has no CAs below it
 */
GBytes *
ch_authority_make_issuing_ca (ChIssuer *root,
                              GBytes *spki,
                              ChSubject *name,
                              gint64 not_before,
                              gint64 not_after,
                              GError **error)
{
  g_autoptr (ChBuilder) builder = new_builder (CH_CERT_ISSUING_CA, spki, name, not_before, not_after);

  return ch_builder_issue (builder, root, error);
}

/**
 * ch_authority_make_ocsp_signer:
 * @ca: the CA whose certificates it answers for
 * @spki: the key of the signer
 * @name: its name
 * @not_before: seconds since 1970, UTC
 * @not_after: the last second it is valid; keep it short, it cannot be revoked
 *
 * Returns: (transfer full): the certificate
 */
GBytes *
ch_authority_make_ocsp_signer (ChIssuer *ca,
                               GBytes *spki,
                               ChSubject *name,
                               gint64 not_before,
                               gint64 not_after,
                               GError **error)
{
  g_autoptr (ChBuilder) builder = new_builder (CH_CERT_OCSP_SIGNER, spki, name, not_before, not_after);

  return ch_builder_issue (builder, ca, error);
}

/**
 * ch_authority_make_tls_server:
 * @ca: who signs
 * @spki: the key of the server: RSA or P-256, there is no TLS with SM2 here
 * @addresses: (array zero-terminated=1): DNS names and IP addresses, at least one
 * @not_before: seconds since 1970, UTC
 * @not_after: the last second it is valid
 *
 * Returns: (transfer full): the certificate
 */
GBytes *
ch_authority_make_tls_server (ChIssuer *ca,
                              GBytes *spki,
                              const char *const *addresses,
                              gint64 not_before,
                              gint64 not_after,
                              GError **error)
{
  g_autoptr (ChSubject) name = ch_subject_new ();
  g_autoptr (ChBuilder) builder = NULL;
  g_autofree char *common_name = NULL;

  if (addresses[0] == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "a server needs an address");
      return NULL;
    }

  common_name = g_utf8_substring (addresses[0], 0, MIN (g_utf8_strlen (addresses[0], -1), MAX_COMMON_NAME));
  if (!ch_subject_add (name, "CN", common_name, error))
    return NULL;

  builder = new_builder (CH_CERT_TLS_SERVER, spki, name, not_before, not_after);
  for (guint i = 0; addresses[i] != NULL; i++)
    ch_builder_add_address (builder, addresses[i]);
  return ch_builder_issue (builder, ca, error);
}
