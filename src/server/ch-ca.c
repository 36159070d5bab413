#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-cert.h"
#include "pki/ch-pem.h"
#include "pki/ch-pkcs8.h"
#include "server/ch-ca-private.h"

#define MAX_FILE 65536

typedef struct
{
  ChIssuer *issuing;          /* (owned) */
  ChIssuer *ocsp;             /* (owned) */
  ChOcspResponder *responder; /* (owned) */
  GBytes *root;               /* (owned): certificate */
} Hierarchy;

struct _ChCa
{
  gatomicrefcount refs;
  char *dir; /* (owned) */
  Hierarchy hierarchies[CH_N_HIERARCHIES];
  GTlsCertificate *tls; /* (owned) */
  GBytes *tls_der;      /* (owned) */
};

static const struct
{
  const char *id;
  ChKeySpec root;
  ChKeySpec spec;
} kinds[] = {
  [CH_HIERARCHY_RSA] = { "rsa", CH_KEY_RSA_3072, CH_KEY_RSA_2048 },
  [CH_HIERARCHY_SM2] = { "sm2", CH_KEY_SM2, CH_KEY_SM2 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == CH_N_HIERARCHIES);

/* A key that is being decrypted in a thread of its own: scrypt is slow on purpose */
typedef struct
{
  char *path;           /* (owned) */
  ChSecret *passphrase; /* (unowned) */
  ChKey *key;           /* (owned) */
  GError *error;        /* (owned) */
} KeyJob;

ChKeySpec
ch_hierarchy_get_root_spec (ChHierarchy hierarchy)
{
  return kinds[hierarchy].root;
}

ChKeySpec
ch_hierarchy_get_spec (ChHierarchy hierarchy)
{
  return kinds[hierarchy].spec;
}

/* What certificates of one CA point to: @ca and @crl are names without ending */
ChIssuerUrls *
ch_ca_urls_new (const char *entry, const char *ca, const char *crl)
{
  ChIssuerUrls *urls = g_new0 (ChIssuerUrls, 1);

  urls->ocsp = g_strdup_printf ("%s/ocsp", entry);
  urls->ca_issuers = g_strdup_printf ("%s/ca/%s.cer", entry, ca);
  urls->crl = g_strdup_printf ("%s/crl/%s.crl", entry, crl);
  return urls;
}

void
ch_ca_urls_free (ChIssuerUrls *urls)
{
  g_free ((char *) urls->ocsp);
  g_free ((char *) urls->ca_issuers);
  g_free ((char *) urls->crl);
  g_free (urls);
}

static gpointer
decrypt_key_thread (gpointer data)
{
  KeyJob *job = data;
  g_autoptr (GBytes) file = ch_file_read (job->path, MAX_FILE, &job->error);
  g_autoptr (GBytes) der = file != NULL ? ch_pkcs8_from_data (file, &job->error) : NULL;

  job->key = der != NULL ? ch_pkcs8_decrypt (der, job->passphrase, &job->error) : NULL;
  return NULL;
}

static void
key_job_clear (KeyJob *job)
{
  g_free (job->path);
  g_clear_pointer (&job->key, ch_key_unref);
  g_clear_error (&job->error);
}

static GBytes *
read_cert (const char *dir, const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/" CH_CA_CERTS "/%s.pem", dir, name);
  g_autoptr (GBytes) file = ch_file_read (path, MAX_FILE, error);

  return file != NULL ? ch_cert_from_data (file, error) : NULL;
}

static ChIssuer *
load_issuer (const char *dir, const char *name, ChKey *key, const ChIssuerUrls *urls, GError **error)
{
  g_autoptr (GBytes) cert = read_cert (dir, name, error);

  return cert != NULL ? ch_issuer_new (key, cert, urls, CH_CA_SM2_ID, error) : NULL;
}

static gboolean
load_hierarchy (ChCa *self, ChHierarchy which, ChKey *issuing, ChKey *ocsp, const char *entry, GError **error)
{
  Hierarchy *hierarchy = &self->hierarchies[which];
  const char *id = kinds[which].id;
  g_autofree char *root_name = g_strdup_printf ("root-%s", id);
  g_autofree char *issuing_name = g_strdup_printf ("issuing-%s", id);
  g_autofree char *ocsp_name = g_strdup_printf ("ocsp-%s", id);
  g_autoptr (ChIssuerUrls) urls = ch_ca_urls_new (entry, issuing_name, id);

  hierarchy->root = read_cert (self->dir, root_name, error);
  if (hierarchy->root == NULL)
    return FALSE;
  hierarchy->issuing = load_issuer (self->dir, issuing_name, issuing, urls, error);
  if (hierarchy->issuing == NULL)
    return FALSE;
  hierarchy->ocsp = load_issuer (self->dir, ocsp_name, ocsp, NULL, error);
  if (hierarchy->ocsp == NULL)
    return FALSE;
  hierarchy->responder
      = ch_ocsp_responder_new (ch_issuer_get_cert (hierarchy->issuing), hierarchy->ocsp, error);
  return hierarchy->responder != NULL;
}

typedef struct
{
  const char *certs;     /* PEM of the server and of its CA */
  GTlsCertificate *made; /* (owned) */
  GError *error;         /* (owned) */
} TlsJob;

/* GIO wants the key as text. It lives as long as this function; GnuTLS keeps its own copy as it must. */
static gboolean
make_tls_certificate (const guint8 *data, gsize len, gpointer user_data)
{
  TlsJob *job = user_data;
  char *base64 = g_base64_encode (data, len);
  gsize size = strlen (base64) + strlen (job->certs) + 128;
  char *pem = g_malloc (size);

  g_snprintf (pem, size, "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n%s", base64,
              job->certs);
  job->made = g_tls_certificate_new_from_pem (pem, -1, &job->error);
  ch_secret_wipe (pem, size);
  ch_secret_wipe (base64, strlen (base64));
  g_free (pem);
  g_free (base64);
  return job->made != NULL;
}

static gboolean
load_tls (ChCa *self, ChKey *key, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, CH_CA_CERTS, "tls.pem", NULL);
  g_autofree char *ca_path = g_build_filename (self->dir, "tls-ca.pem", NULL);
  g_autofree char *own = NULL;
  g_autofree char *ca = NULL;
  g_autofree char *both = NULL;
  g_autoptr (ChSecret) pkcs8 = ch_key_to_pkcs8 (key, error);
  TlsJob job = { NULL };

  if (pkcs8 == NULL || !g_file_get_contents (path, &own, NULL, error)
      || !g_file_get_contents (ca_path, &ca, NULL, error))
    return FALSE;

  both = g_strconcat (own, ca, NULL);
  job.certs = both;
  if (!ch_secret_with (pkcs8, make_tls_certificate, &job))
    {
      g_propagate_error (error, job.error);
      return FALSE;
    }

  self->tls = job.made;
  self->tls_der = read_cert (self->dir, "tls", error);
  return self->tls_der != NULL;
}

static gboolean
use_keys (ChCa *self, KeyJob *jobs, const char *entry, GError **error)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    if (!load_hierarchy (self, i, jobs[2 * i].key, jobs[2 * i + 1].key, entry, error))
      return FALSE;

  return load_tls (self, jobs[2 * CH_N_HIERARCHIES].key, error);
}

/**
 * ch_ca_load:
 * @dir: the folder of a store, made by ch_ca_init()
 * @passphrase: of the keys
 * @entry: the address under which holders reach the server, `https://host:port`; new certificates point there
 * @error: %CH_ERROR_PIN_WRONG when @passphrase is not the one
 *
 * Returns: (transfer full): the CA, which may be used from several threads
 */
ChCa *
ch_ca_load (const char *dir, ChSecret *passphrase, const char *entry, GError **error)
{
  g_autoptr (ChCa) self = g_new0 (ChCa, 1);
  KeyJob jobs[2 * CH_N_HIERARCHIES + 1] = { 0 };
  GThread *threads[G_N_ELEMENTS (jobs)];
  gboolean is_read = TRUE;

  g_atomic_ref_count_init (&self->refs);
  self->dir = g_strdup (dir);

  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      jobs[2 * i].path = g_strdup_printf ("%s/" CH_CA_KEYS "/issuing-%s.key", dir, kinds[i].id);
      jobs[2 * i + 1].path = g_strdup_printf ("%s/" CH_CA_KEYS "/ocsp-%s.key", dir, kinds[i].id);
    }
  jobs[2 * CH_N_HIERARCHIES].path = g_build_filename (dir, CH_CA_KEYS, "tls.key", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i].passphrase = passphrase;
      threads[i] = g_thread_new ("ch-ca-key", decrypt_key_thread, &jobs[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_thread_join (threads[i]);
      if (jobs[i].key == NULL && is_read)
        {
          g_propagate_error (error, g_steal_pointer (&jobs[i].error));
          is_read = FALSE;
        }
    }

  is_read = is_read && use_keys (self, jobs, entry, error);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    key_job_clear (&jobs[i]);
  return is_read ? g_steal_pointer (&self) : NULL;
}

ChCa *
ch_ca_ref (ChCa *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_ca_unref (ChCa *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_clear_pointer (&self->hierarchies[i].issuing, ch_issuer_unref);
      g_clear_pointer (&self->hierarchies[i].responder, ch_ocsp_responder_free);
      g_clear_pointer (&self->hierarchies[i].ocsp, ch_issuer_unref);
      g_clear_pointer (&self->hierarchies[i].root, g_bytes_unref);
    }
  g_clear_object (&self->tls);
  g_clear_pointer (&self->tls_der, g_bytes_unref);
  g_free (self->dir);
  g_free (self);
}

/**
 * ch_hierarchy_get_id:
 *
 * Returns: (transfer none): `rsa` or `sm2`, as file names have it
 */
const char *
ch_hierarchy_get_id (ChHierarchy hierarchy)
{
  g_return_val_if_fail ((guint) hierarchy < CH_N_HIERARCHIES, "");

  return kinds[hierarchy].id;
}

/**
 * ch_ca_get_issuing:
 *
 * Returns: (transfer none): who signs certificates and CRLs
 */
ChIssuer *
ch_ca_get_issuing (ChCa *self, ChHierarchy hierarchy)
{
  return self->hierarchies[hierarchy].issuing;
}

/**
 * ch_ca_get_ocsp_signer:
 *
 * Returns: (transfer none): who signs OCSP answers
 */
ChIssuer *
ch_ca_get_ocsp_signer (ChCa *self, ChHierarchy hierarchy)
{
  return self->hierarchies[hierarchy].ocsp;
}

/**
 * ch_ca_get_responder:
 *
 * Returns: (transfer none): who answers OCSP requests
 */
ChOcspResponder *
ch_ca_get_responder (ChCa *self, ChHierarchy hierarchy)
{
  return self->hierarchies[hierarchy].responder;
}

/**
 * ch_ca_get_root:
 *
 * Returns: (transfer none): the root’s certificate in DER
 */
GBytes *
ch_ca_get_root (ChCa *self, ChHierarchy hierarchy)
{
  return self->hierarchies[hierarchy].root;
}

/**
 * ch_ca_get_file:
 * @name: what stands behind `/ca/`: `issuing-rsa.cer`, `root-rsa.cer` and the same of SM2
 *
 * Returns: (transfer none) (nullable): the certificate in DER
 */
GBytes *
ch_ca_get_file (ChCa *self, const char *name)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autofree char *root = g_strdup_printf ("root-%s.cer", kinds[i].id);
      g_autofree char *issuing = g_strdup_printf ("issuing-%s.cer", kinds[i].id);

      if (g_str_equal (name, root))
        return self->hierarchies[i].root;
      if (g_str_equal (name, issuing))
        return ch_issuer_get_cert (self->hierarchies[i].issuing);
    }

  return NULL;
}

/**
 * ch_ca_get_tls:
 *
 * Returns: (transfer none): certificate and key of the server itself
 */
GTlsCertificate *
ch_ca_get_tls (ChCa *self)
{
  return self->tls;
}

/**
 * ch_ca_get_tls_der:
 *
 * Returns: (transfer none): the certificate clients see, as statements name it
 */
GBytes *
ch_ca_get_tls_der (ChCa *self)
{
  return self->tls_der;
}

/**
 * ch_ca_get_path:
 * @name: a file below the folder of certificates
 *
 * Returns: (transfer full): where it lies
 */
char *
ch_ca_get_path (ChCa *self, const char *name)
{
  return g_build_filename (self->dir, CH_CA_CERTS, name, NULL);
}
