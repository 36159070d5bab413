#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-builder.h"
#include "pki/ch-cert.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-pem.h"
#include "pki/ch-pkcs8.h"
#include "server/ch-ca-private.h"

#define DAY 86400

/* How long things live. An issuing CA outlives the longest certificate it signs; the off-line root’s list is
 * long-lived because it changes only when an issuing CA is given up. */
#define ROOT_DAYS     (20 * 365)
#define ISSUING_DAYS  (15 * 365)
#define OCSP_DAYS     (3 * 365)
#define TLS_CA_DAYS   (15 * 365)
#define TLS_DAYS      (3 * 365)
#define ROOT_CRL_DAYS 365
#define CRL_DAYS      7

/* Begin a little early: clocks of those who check are not exact */
#define EARLY 300

/* Names the server answers to besides the hosts of the profile’s entries */
static const char *const local_addresses[] = { "localhost", "127.0.0.1", "::1", NULL };

typedef struct
{
  const char *dir;
  const ChProfile *profile;
  ChSecret *passphrase;
  const char *suffix; /* (nullable): behind each name */
  const char *entry;  /* for what certificates point to */
  gint64 now;
} Init;

static ChSubject *
make_name (Init *init, const char *role, const char *id, GError **error)
{
  g_autofree char *cn
      = g_strdup_printf ("%s %s %s%s%s", init->profile->issue->organisation, role, id,
                         init->suffix != NULL ? " " : "", init->suffix != NULL ? init->suffix : "");
  g_autoptr (ChSubject) name = ch_subject_new ();

  if (!ch_subject_add (name, "C", "CN", error)
      || !ch_subject_add (name, "O", init->profile->issue->organisation, error)
      || !ch_subject_add (name, "CN", g_strstrip (cn), error))
    return NULL;
  return g_steal_pointer (&name);
}

static gboolean
write_text (Init *init, const char *folder, const char *file, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (init->dir, folder, file, NULL);

  return ch_file_write_durably (path, text, strlen (text), 0644, error);
}

static gboolean
write_cert (Init *init, const char *name, GBytes *der, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *pem = ch_cert_to_pem (der);

  return write_text (init, CH_CA_CERTS, file, pem, error);
}

static gboolean
write_key (Init *init, const char *folder, const char *name, ChKey *key, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s/%s.key", init->dir, folder, name);
  g_autoptr (GBytes) der = ch_pkcs8_encrypt (key, init->passphrase, error);
  g_autofree char *pem = der != NULL ? ch_pkcs8_to_pem (der) : NULL;

  return pem != NULL && ch_file_write_durably (path, pem, strlen (pem), 0600, error);
}

static gboolean
write_crl (Init *init, const char *name, ChIssuer *issuer, int days, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/" CH_CA_CERTS "/%s.crl", init->dir, name);
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GBytes) der = ch_crl_builder_sign (builder, issuer, 1, init->now, init->now + days * DAY, error);

  return der != NULL
         && ch_file_write_durably (path, g_bytes_get_data (der, NULL), g_bytes_get_size (der), 0644, error);
}

static ChBuilder *
begin_cert (Init *init, ChCertKind kind, ChSubject *name, ChKey *key, int days)
{
  ChBuilder *builder = ch_builder_new (kind);

  ch_builder_set_subject (builder, name);
  ch_builder_set_spki (builder, ch_key_get_spki (key));
  ch_builder_set_validity (builder, init->now - EARLY, init->now + (gint64) days * DAY);
  return builder;
}

static GBytes *
make_cert (Init *init,
           ChCertKind kind,
           ChSubject *name,
           ChKey *key,
           int days,
           ChIssuer *issuer,
           GError **error)
{
  g_autoptr (ChBuilder) builder = begin_cert (init, kind, name, key, days);

  return ch_builder_issue (builder, issuer, error);
}

/* A root signs itself first, then as an issuer whose URLs stand in what it signs */
static ChIssuer *
make_root (Init *init,
           const char *role,
           const char *id,
           ChKeySpec spec,
           const ChIssuerUrls *urls,
           int days,
           GBytes **cert,
           ChKey **key,
           GError **error)
{
  g_autoptr (ChSubject) name = make_name (init, role, id, error);
  g_autoptr (ChKey) made = name != NULL ? ch_key_generate (spec, error) : NULL;
  g_autoptr (ChIssuer) self = made != NULL ? ch_issuer_new_self (made, name, CH_CA_SM2_ID) : NULL;
  g_autoptr (GBytes) der = NULL;
  ChIssuer *issuer;

  if (self == NULL)
    return NULL;

  der = make_cert (init, CH_CERT_ROOT, name, made, days, self, error);
  issuer = der != NULL ? ch_issuer_new (made, der, urls, CH_CA_SM2_ID, error) : NULL;
  if (issuer == NULL)
    return NULL;

  *cert = g_steal_pointer (&der);
  *key = g_steal_pointer (&made);
  return issuer;
}

/* The issuing CA and its OCSP signer, whose keys are used every day */
static gboolean
make_workers (Init *init, ChHierarchy which, ChIssuer *root, GBytes *root_cert, GError **error)
{
  const char *id = ch_hierarchy_get_id (which);
  g_autofree char *upper = g_ascii_strup (id, -1);
  g_autofree char *issuing_name = g_strdup_printf ("issuing-%s", id);
  g_autofree char *ocsp_name = g_strdup_printf ("ocsp-%s", id);
  g_autofree char *chain_file = g_strdup_printf ("chain-%s.pem", id);
  g_autofree char *chain = NULL, *issuing_pem = NULL, *root_pem = NULL;
  g_autoptr (ChKey) issuing_key = ch_key_generate (ch_hierarchy_get_spec (which), error);
  g_autoptr (ChKey) ocsp_key = ch_key_generate (ch_hierarchy_get_spec (which), error);
  g_autoptr (ChSubject) issuing_subject = make_name (init, "Issuing CA", upper, error);
  g_autoptr (ChSubject) ocsp_subject = make_name (init, "OCSP signer", upper, error);
  g_autoptr (GBytes) issuing_cert = NULL;
  g_autoptr (GBytes) ocsp_cert = NULL;
  g_autoptr (ChIssuer) issuing = NULL;

  if (issuing_key == NULL || ocsp_key == NULL || issuing_subject == NULL || ocsp_subject == NULL)
    return FALSE;

  issuing_cert
      = make_cert (init, CH_CERT_ISSUING_CA, issuing_subject, issuing_key, ISSUING_DAYS, root, error);
  if (issuing_cert == NULL)
    return FALSE;
  issuing = ch_issuer_new (issuing_key, issuing_cert, NULL, CH_CA_SM2_ID, error);
  if (issuing == NULL)
    return FALSE;
  ocsp_cert = make_cert (init, CH_CERT_OCSP_SIGNER, ocsp_subject, ocsp_key, OCSP_DAYS, issuing, error);
  if (ocsp_cert == NULL)
    return FALSE;

  issuing_pem = ch_cert_to_pem (issuing_cert);
  root_pem = ch_cert_to_pem (root_cert);
  chain = g_strconcat (issuing_pem, root_pem, NULL);
  return write_cert (init, issuing_name, issuing_cert, error)
         && write_cert (init, ocsp_name, ocsp_cert, error)
         && write_text (init, CH_CA_CERTS, chain_file, chain, error)
         && write_crl (init, id, issuing, CRL_DAYS, error)
         && write_key (init, CH_CA_KEYS, issuing_name, issuing_key, error)
         && write_key (init, CH_CA_KEYS, ocsp_name, ocsp_key, error);
}

static gboolean
make_hierarchy (Init *init, ChHierarchy which, GError **error)
{
  const char *id = ch_hierarchy_get_id (which);
  g_autofree char *upper = g_ascii_strup (id, -1);
  g_autofree char *name = g_strdup_printf ("root-%s", id);
  g_autoptr (ChIssuerUrls) urls = ch_ca_urls_new (init->entry, name, name);
  g_autoptr (GBytes) cert = NULL;
  g_autoptr (ChKey) key = NULL;
  g_autoptr (ChIssuer) root = NULL;

  /* The root answers no OCSP itself: its list is enough for the few CAs below it */
  g_clear_pointer ((char **) &urls->ocsp, g_free);
  root = make_root (init, "Root", upper, ch_hierarchy_get_root_spec (which), urls, ROOT_DAYS, &cert, &key,
                    error);
  if (root == NULL || !make_workers (init, which, root, cert, error))
    return FALSE;

  return write_cert (init, name, cert, error) && write_crl (init, name, root, ROOT_CRL_DAYS, error)
         && write_key (init, CH_CA_OFFLINE, name, key, error);
}

static void
add_entry_hosts (Init *init, ChBuilder *builder)
{
  for (guint i = 0; i < init->profile->entries->len; i++)
    {
      const ChEntry *entry = init->profile->entries->pdata[i];
      g_autoptr (GUri) uri = g_uri_parse (entry->url, G_URI_FLAGS_NONE, NULL);

      if (uri != NULL && g_uri_get_host (uri) != NULL
          && !g_strv_contains (local_addresses, g_uri_get_host (uri)))
        ch_builder_add_address (builder, g_uri_get_host (uri));
    }
}

/* TLS has its own small root: trusting the server is not trusting certificates of holders */
static gboolean
make_tls (Init *init, GError **error)
{
  g_autoptr (GBytes) ca_cert = NULL;
  g_autoptr (ChKey) ca_key = NULL;
  g_autoptr (ChIssuer) ca
      = make_root (init, "TLS", "CA", CH_KEY_P256, NULL, TLS_CA_DAYS, &ca_cert, &ca_key, error);
  g_autoptr (ChSubject) name = NULL;
  g_autoptr (ChBuilder) builder = NULL;
  g_autoptr (ChKey) key = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autofree char *ca_pem = NULL;

  if (ca == NULL)
    return FALSE;
  name = make_name (init, "TLS", "server", error);
  key = ch_key_generate (CH_KEY_P256, error);
  if (name == NULL || key == NULL)
    return FALSE;

  builder = begin_cert (init, CH_CERT_TLS_SERVER, name, key, TLS_DAYS);
  for (guint i = 0; local_addresses[i] != NULL; i++)
    ch_builder_add_address (builder, local_addresses[i]);
  add_entry_hosts (init, builder);
  cert = ch_builder_issue (builder, ca, error);
  if (cert == NULL)
    return FALSE;

  ca_pem = ch_cert_to_pem (ca_cert);
  return write_cert (init, "tls", cert, error) && write_text (init, ".", "tls-ca.pem", ca_pem, error)
         && write_key (init, CH_CA_KEYS, "tls", key, error)
         && write_key (init, CH_CA_OFFLINE, "tls-ca", ca_key, error);
}

static gboolean
make_folders (Init *init, GError **error)
{
  static const char *const folders[] = { CH_CA_CERTS, CH_CA_KEYS, CH_CA_OFFLINE };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (init->dir, folders[i], NULL);

      if (!ch_file_make_dir (path, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * ch_ca_init:
 * @dir: the folder of a store; keys and certificates that are there already are replaced
 * @profile: of the CA: organisation, entries
 * @passphrase: encrypts every key
 * @suffix: (nullable): stands behind each name, so that what is for trying out cannot be taken for real
 *
 * Makes the hierarchies and the server’s TLS certificate. The roots’ keys go to a folder of their own, to be
 * taken off-line.
 *
 * Returns: whether everything is on disk
 */
gboolean
ch_ca_init (const char *dir,
            const ChProfile *profile,
            ChSecret *passphrase,
            const char *suffix,
            GError **error)
{
  const ChEntry *entry = profile->entries->len > 0 ? profile->entries->pdata[0] : NULL;
  Init init = {
    dir, profile, passphrase, suffix, entry != NULL ? entry->url : "https://localhost", ch_clock_now ()
  };

  if (!make_folders (&init, error))
    return FALSE;
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    if (!make_hierarchy (&init, i, error))
      return FALSE;

  return make_tls (&init, error);
}
