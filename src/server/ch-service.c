#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-gcm.h"
#include "pki/ch-pkcs8.h"
#include "server/ch-ca.h"
#include "server/ch-erase.h"
#include "server/ch-offer.h"
#include "server/ch-password.h"
#include "server/ch-service.h"
#include "server/ch-ticket.h"

#define DB_FILE      "certhall.db"
#define PROFILE_FILE "profile.json"
#define KEY_FILE     "keys/store.key"

#define MAX_PROFILE      (4 * 1024 * 1024)
#define IDEMPOTENCY_DAYS 30
#define MESSAGE_DAYS     180
/* Who was away longer asks for everything anew */
#define EVENT_DAYS 14

/* Passwords at once, and how many may wait for their turn */
#define N_PASSWORD_SLOTS   2
#define MAX_PASSWORD_QUEUE 24

/* Messages that may wait to be sent */
#define MAX_MESSAGES 1000

struct _ChService
{
  char *dir;              /* (owned) */
  ChDb *db;               /* (owned) */
  ChProfile *profile;     /* (owned) */
  GBytes *profile_json;   /* (owned) */
  GHashTable *offered;    /* (owned): name → content, for download */
  ChSecret *mac_key;      /* (owned): 32 bytes */
  ChSecret *seal_key;     /* (owned): 32 bytes */
  ChPasswords *passwords; /* (owned) */
  ChSms *sms;             /* (owned) (nullable) */
  ChMail *mail;           /* (owned) (nullable) */
  ChWorker *messenger;    /* (owned): sends what nobody waits for */
  ChGateway *gateway;     /* (owned) (nullable) */
  ChCa *ca;               /* (owned) (nullable) */
  GDestroyNotify free_ca;
  GBytes *tls_certificate; /* (owned) (nullable) */
  char *oldest;            /* (owned) (nullable): version of the program that is accepted at least */
  char *entry;             /* (owned) (nullable): where it is, when that is not the profile’s */
  gboolean is_trial;
  gboolean has_trial_names; /* the CA’s */
};

static ChProfile *
load_profile (const char *path, GBytes **json, GError **error)
{
  g_autoptr (GBytes) text = ch_file_read (path, MAX_PROFILE, error);
  ChProfile *profile = text != NULL ? ch_wire_decode (&ChProfile_wire, text, error) : NULL;

  if (profile == NULL)
    g_prefix_error (error, "%s: ", path);
  else
    *json = g_steal_pointer (&text);
  return profile;
}

typedef struct
{
  const char *label;
  guint8 digest[32];
} Derived;

static gboolean
derive (const guint8 *data, gsize len, gpointer user_data)
{
  Derived *derived = user_data;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = sizeof derived->digest;

  g_checksum_update (sum, (const guint8 *) derived->label, strlen (derived->label) + 1);
  g_checksum_update (sum, data, len);
  g_checksum_get_digest (sum, derived->digest, &size);
  return TRUE;
}

static ChSecret *
derive_key (ChSecret *clear, const char *label)
{
  Derived derived = { label };
  ChSecret *secret;

  ch_secret_with (clear, derive, &derived);
  secret = ch_secret_new (derived.digest, sizeof derived.digest);
  ch_secret_wipe (derived.digest, sizeof derived.digest);
  return secret;
}

/* The keys of the store’s HMACs, and of what lies sealed in it, come from a key that lies encrypted like
 * those of the CA: a stolen database alone lets neither codes be guessed nor media be opened. */
static gboolean
load_keys (ChService *self, ChSecret *passphrase, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, KEY_FILE, NULL);
  g_autoptr (GBytes) file = ch_file_read (path, 65536, error);
  g_autoptr (GBytes) der = file != NULL ? ch_pkcs8_from_data (file, error) : NULL;
  g_autoptr (ChKey) key = der != NULL ? ch_pkcs8_decrypt (der, passphrase, error) : NULL;
  g_autoptr (ChSecret) clear = key != NULL ? ch_key_to_pkcs8 (key, error) : NULL;

  if (clear == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  self->mac_key = derive_key (clear, "certhall-store/1");
  self->seal_key = derive_key (clear, "certhall-escrow/1");
  return TRUE;
}

static gboolean
write_store_key (const char *dir, ChSecret *passphrase, GError **error)
{
  g_autofree char *path = g_build_filename (dir, KEY_FILE, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, error);
  g_autoptr (GBytes) der = key != NULL ? ch_pkcs8_encrypt (key, passphrase, error) : NULL;
  g_autofree char *pem = der != NULL ? ch_pkcs8_to_pem (der) : NULL;

  return pem != NULL && ch_file_make_dir (folder, error)
         && ch_file_write_durably (path, pem, strlen (pem), 0600, error);
}

/**
 * ch_service_init:
 * @dir: made if it is missing; must not hold a store yet
 * @profile_path: the CA’s profile, which is checked and copied
 * @passphrase: under which keys are kept
 * @error: what is wrong
 *
 * Makes an empty store: profile, tables and the key of its HMACs. The keys of the CA are made by
 * ch_ca_init().
 */
gboolean
ch_service_init (const char *dir, const char *profile_path, ChSecret *passphrase, GError **error)
{
  g_autofree char *db_path = g_build_filename (dir, DB_FILE, NULL);
  g_autofree char *path = g_build_filename (dir, PROFILE_FILE, NULL);
  g_autoptr (GBytes) json = NULL;
  g_autoptr (ChProfile) profile = load_profile (profile_path, &json, error);
  g_autoptr (ChDb) db = NULL;

  if (profile == NULL)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (db_path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s holds a store already", dir);
      return FALSE;
    }

  if (!ch_file_make_dir (dir, error) || !write_store_key (dir, passphrase, error))
    return FALSE;
  db = ch_db_open (db_path, error);
  return db != NULL && ch_offer_copy (profile, profile_path, dir, error)
         && ch_file_write_durably (path, g_bytes_get_data (json, NULL), g_bytes_get_size (json), 0644, error);
}

static gpointer
read_trial (ChDbTx *tx, gpointer data, GError **error)
{
  ChService *self = data;
  gint64 n = 0, n_names = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM setting WHERE name = 'trial'", NULL, &n, error)
      || !ch_db_query_int (tx, "SELECT COUNT (*) FROM setting WHERE name = 'trial-names'", NULL, &n_names,
                           error))
    return NULL;
  self->is_trial = n > 0;
  self->has_trial_names = n_names > 0;
  return CH_DB_DONE;
}

/**
 * ch_service_open:
 * @dir: made by ch_service_init()
 * @passphrase: (nullable): the one of init; %NULL for what needs no HMAC, such as adding staff
 * @error: %CH_ERROR_PIN_WRONG when @passphrase is not the right one
 *
 * Returns: (transfer full): the service, still without CA and those outside
 */
ChService *
ch_service_open (const char *dir, ChSecret *passphrase, GError **error)
{
  g_autoptr (ChService) self = g_new0 (ChService, 1);
  g_autofree char *db_path = g_build_filename (dir, DB_FILE, NULL);
  g_autofree char *profile_path = g_build_filename (dir, PROFILE_FILE, NULL);

  self->dir = g_strdup (dir);
  self->profile = load_profile (profile_path, &self->profile_json, error);
  if (self->profile == NULL)
    return NULL;
  g_clear_pointer (&self->profile_json, g_bytes_unref);
  self->profile_json = ch_wire_encode (&ChProfile_wire, self->profile);
  self->offered = ch_offer_load (self->profile, dir);

  if (passphrase != NULL && !load_keys (self, passphrase, error))
    return NULL;

  self->db = ch_db_open (db_path, error);
  if (self->db == NULL || ch_db_read (self->db, read_trial, self, error) == NULL)
    return NULL;

  self->passwords = ch_passwords_new (N_PASSWORD_SLOTS, MAX_PASSWORD_QUEUE);
  self->messenger = ch_worker_new ("messages", 2, MAX_MESSAGES);
  return g_steal_pointer (&self);
}

/**
 * ch_service_free:
 *
 * Closes the store. No call may be on its way any more.
 */
void
ch_service_free (ChService *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->messenger, ch_worker_free);
  g_clear_object (&self->sms);
  g_clear_object (&self->mail);
  g_clear_object (&self->gateway);
  if (self->ca != NULL && self->free_ca != NULL)
    self->free_ca (self->ca);
  g_clear_pointer (&self->db, ch_db_close);
  g_clear_pointer (&self->passwords, ch_passwords_free);
  g_clear_pointer (&self->mac_key, ch_secret_unref);
  g_clear_pointer (&self->seal_key, ch_secret_unref);
  g_clear_pointer (&self->profile, ch_profile_free);
  g_clear_pointer (&self->profile_json, g_bytes_unref);
  g_clear_pointer (&self->offered, g_hash_table_unref);
  g_clear_pointer (&self->tls_certificate, g_bytes_unref);
  g_free (self->oldest);
  g_free (self->entry);
  g_free (self->dir);
  g_free (self);
}

const char *
ch_service_get_dir (ChService *self)
{
  return self->dir;
}

ChDb *
ch_service_get_db (ChService *self)
{
  return self->db;
}

const ChProfile *
ch_service_get_profile (ChService *self)
{
  return self->profile;
}

/**
 * ch_service_get_profile_json:
 *
 * Returns: (transfer none): the profile as it is served
 */
GBytes *
ch_service_get_profile_json (ChService *self)
{
  return self->profile_json;
}

/**
 * ch_service_get_offered:
 * @file: name of a file the profile offers for download
 *
 * Returns: (transfer none) (nullable): its content
 */
GBytes *
ch_service_get_offered (ChService *self, const char *file)
{
  return g_hash_table_lookup (self->offered, file);
}

/**
 * ch_service_is_trial:
 *
 * Returns: whether this store is for trying out, which it then is for ever
 */
gboolean
ch_service_is_trial (ChService *self)
{
  return self->is_trial;
}

/**
 * ch_service_needs_two_people:
 *
 * Returns: whether what one of the staff agreed to must be done by another. Only a store for trying out can
 * do without.
 */
gboolean
ch_service_needs_two_people (ChService *self)
{
  return !self->is_trial || self->profile->two_people;
}

static gpointer
count_accounts (ChDbTx *tx, gpointer data, GError **error)
{
  gint64 *n = data;

  return ch_db_query_int (tx, "SELECT COUNT (*) FROM account", NULL, n, error) ? CH_DB_DONE : NULL;
}

/**
 * ch_service_is_untouched:
 * @is_untouched: (out): whether nobody has an account yet, and so nobody a certificate
 */
gboolean
ch_service_is_untouched (ChService *self, gboolean *is_untouched, GError **error)
{
  gint64 n = 0;

  if (ch_db_read (self->db, count_accounts, &n, error) == NULL)
    return FALSE;
  *is_untouched = n == 0;
  return TRUE;
}

static gpointer
write_trial (ChDbTx *tx, gpointer data, GError **error)
{
  gint64 n = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM account", NULL, &n, error))
    return NULL;
  if (n > 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "there are accounts: this store is in earnest");
      return NULL;
    }
  return ch_db_run (tx,
                    "INSERT INTO setting (name, value) VALUES ('trial', 'yes') ON CONFLICT (name) DO NOTHING",
                    NULL, error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_service_mark_trial:
 * @error: %CH_ERROR_WRONG_STATE when somebody has an account
 *
 * Makes this a store for trying out, for ever.
 */
gboolean
ch_service_mark_trial (ChService *self, GError **error)
{
  if (ch_db_write (self->db, write_trial, NULL, NULL, error) == NULL)
    return FALSE;
  self->is_trial = TRUE;
  return TRUE;
}

static gpointer
write_trial_names (ChDbTx *tx, gpointer data, GError **error)
{
  const char *sql
      = GPOINTER_TO_INT (data)
            ? "INSERT INTO setting (name, value) VALUES ('trial-names', 'yes') ON CONFLICT (name) DO NOTHING"
            : "DELETE FROM setting WHERE name = 'trial-names'";

  return ch_db_run (tx, sql, NULL, error) ? CH_DB_DONE : NULL;
}

/**
 * ch_service_has_trial_names:
 *
 * Returns: whether the CA’s names say that it is for trying out
 */
gboolean
ch_service_has_trial_names (ChService *self)
{
  return self->has_trial_names;
}

/**
 * ch_service_set_trial_names:
 *
 * Notes under what kind of names the hierarchies were made.
 */
gboolean
ch_service_set_trial_names (ChService *self, gboolean has_trial_names, GError **error)
{
  if (ch_db_write (self->db, write_trial_names, GINT_TO_POINTER (has_trial_names), NULL, error) == NULL)
    return FALSE;
  self->has_trial_names = has_trial_names;
  return TRUE;
}

static gpointer
delete_old (ChDbTx *tx, gpointer data, GError **error)
{
  ChService *self = data;
  const ChLimits *limits = self->profile->limits;
  gint64 now = ch_clock_now ();
  gint64 longest = MAX (limits->session_total, limits->staff_total);
  const struct
  {
    const char *sql;
    gint64 before;
  } rows[] = {
    { "DELETE FROM session WHERE created < $1", now - longest },
    { "DELETE FROM sms_code WHERE expires < $1", now - 24 * 3600 },
    { "DELETE FROM counter WHERE ends < $1", now },
    { "DELETE FROM picture WHERE expires < $1", now },
    { "DELETE FROM message WHERE at < $1", now - MESSAGE_DAYS * 24 * 3600 },
    { "UPDATE account SET once = NULL WHERE once IS NOT NULL AND once_expires < $1", now },
    { "DELETE FROM spent WHERE expires < $1", now },
    { "DELETE FROM login_delay WHERE until < $1", now - 24 * 3600 },
    { "DELETE FROM idempotency WHERE created < $1", now - IDEMPOTENCY_DAYS * 24 * 3600 },
    { "DELETE FROM event WHERE at < $1", now - EVENT_DAYS * 24 * 3600 },
    { "DELETE FROM scan WHERE created < $1", now - CH_TICKET_SECONDS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!ch_db_run (tx, rows[i].sql, CH_BIND (CH_INT (rows[i].before)), error))
      return NULL;
  return ch_ticket_delete_old (tx, error) && ch_erase_expired (tx, self, error) ? CH_DB_DONE : NULL;
}

/**
 * ch_service_clean_up:
 *
 * Deletes what has had its time. Does not wait; called now and then.
 */
void
ch_service_clean_up (ChService *self)
{
  ch_db_post (self->db, delete_old, self, NULL);
}

ChCa *
ch_service_get_ca (ChService *self)
{
  return self->ca;
}

/* The connection is known by its own anchor: who talks to this server learns from it whom to trust besides */
static void
tell_roots (ChService *self)
{
  g_clear_pointer (&self->profile->roots, g_ptr_array_unref);
  self->profile->roots = ch_wire_list_new (&ChTrustedRoot_wire);
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      ChTrustedRoot *root = ch_wire_new (&ChTrustedRoot_wire);

      root->der = g_bytes_ref (ch_ca_get_root (self->ca, i));
      g_ptr_array_add (self->profile->roots, root);
    }
  g_bytes_unref (self->profile_json);
  self->profile_json = ch_wire_encode (&ChProfile_wire, self->profile);
}

/**
 * ch_service_take_ca:
 * @ca: (transfer full): the CA
 * @free_ca: (nullable): frees it
 *
 * From now on the profile names its roots.
 */
void
ch_service_take_ca (ChService *self, ChCa *ca, GDestroyNotify free_ca)
{
  g_return_if_fail (self->ca == NULL);

  self->ca = ca;
  self->free_ca = free_ca;
  tell_roots (self);
}

ChSms *
ch_service_get_sms (ChService *self)
{
  return self->sms;
}

void
ch_service_set_sms (ChService *self, ChSms *sms)
{
  g_set_object (&self->sms, sms);
}

ChMail *
ch_service_get_mail (ChService *self)
{
  return self->mail;
}

void
ch_service_set_mail (ChService *self, ChMail *mail)
{
  g_set_object (&self->mail, mail);
}

/**
 * ch_service_get_messenger:
 *
 * Returns: (transfer none): sends messages nobody waits for; ends before the service does
 */
ChWorker *
ch_service_get_messenger (ChService *self)
{
  return self->messenger;
}

ChGateway *
ch_service_get_gateway (ChService *self)
{
  return self->gateway;
}

void
ch_service_set_gateway (ChService *self, ChGateway *gateway)
{
  g_set_object (&self->gateway, gateway);
}

/**
 * ch_service_get_tls_certificate:
 *
 * Returns: (transfer none) (nullable): what programs see in the connection, in DER; part of what tokens sign
 */
GBytes *
ch_service_get_tls_certificate (ChService *self)
{
  return self->tls_certificate;
}

void
ch_service_set_tls_certificate (ChService *self, GBytes *der)
{
  g_clear_pointer (&self->tls_certificate, g_bytes_unref);
  self->tls_certificate = g_bytes_ref (der);
}

ChPasswords *
ch_service_get_passwords (ChService *self)
{
  return self->passwords;
}

static gboolean
start_mac (const guint8 *data, gsize len, gpointer hmac)
{
  *(GHmac **) hmac = g_hmac_new (G_CHECKSUM_SHA256, data, len);
  return TRUE;
}

/**
 * ch_service_make_mac:
 * @purpose: what it is for: codes of one kind are worth nothing for another
 * @data: what is to be recognised
 *
 * Returns: (transfer full): 32 bytes that only this store can make
 */
GBytes *
ch_service_make_mac (ChService *self, const char *purpose, gconstpointer data, gsize len)
{
  GHmac *hmac = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_val_if_fail (self->mac_key != NULL, NULL);

  ch_secret_with (self->mac_key, start_mac, &hmac);
  g_hmac_update (hmac, (const guint8 *) purpose, strlen (purpose) + 1);
  g_hmac_update (hmac, data, len);
  g_hmac_get_digest (hmac, digest, &size);
  g_hmac_unref (hmac);
  return g_bytes_new (digest, size);
}

/**
 * ch_service_seal:
 * @about: what it is and whose; must be said again to open it
 * @clear: a small secret that this store keeps
 *
 * Returns: (transfer full): what may lie in the store
 */
GBytes *
ch_service_seal (ChService *self, const char *about, ChSecret *clear, GError **error)
{
  guint8 random[CH_GCM_NONCE_SIZE];
  g_autoptr (GBytes) with = g_bytes_new (about, strlen (about));
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) sealed = NULL;
  GByteArray *out;

  g_return_val_if_fail (self->seal_key != NULL, NULL);

  ch_random_fill (random, sizeof random);
  nonce = g_bytes_new (random, sizeof random);
  sealed = ch_gcm_seal (self->seal_key, nonce, with, clear, error);
  if (sealed == NULL)
    return NULL;

  out = g_byte_array_new ();
  g_byte_array_append (out, random, sizeof random);
  g_byte_array_append (out, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (out);
}

/**
 * ch_service_unseal:
 * @about: as it was said when it was sealed
 * @sealed: made by ch_service_seal()
 * @error: %CH_ERROR_FORBIDDEN when it is another’s, or was changed
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_service_unseal (ChService *self, const char *about, GBytes *sealed, GError **error)
{
  gsize size = g_bytes_get_size (sealed), head = MIN (size, CH_GCM_NONCE_SIZE);
  g_autoptr (GBytes) with = g_bytes_new (about, strlen (about));
  g_autoptr (GBytes) nonce = g_bytes_new_from_bytes (sealed, 0, head);
  g_autoptr (GBytes) rest = g_bytes_new_from_bytes (sealed, head, size - head);

  g_return_val_if_fail (self->seal_key != NULL, NULL);

  return ch_gcm_open (self->seal_key, nonce, with, rest, error);
}

/**
 * ch_service_get_entry:
 *
 * Returns: (transfer none): the address under which phones find this server, without a slash at its end
 */
const char *
ch_service_get_entry (ChService *self)
{
  const GPtrArray *entries = self->profile->entries;

  if (self->entry != NULL)
    return self->entry;
  return entries->len > 0 ? ((const ChEntry *) entries->pdata[0])->url : "https://localhost";
}

/**
 * ch_service_set_oldest_program:
 * @version: (nullable): programs before it are told that they are too old
 */
void
ch_service_set_oldest_program (ChService *self, const char *version)
{
  g_free (self->oldest);
  self->oldest = g_strdup (version);
}

/**
 * ch_service_get_oldest_program:
 *
 * Returns: (nullable): the oldest version of the program that may talk to this service; %NULL: any
 */
const char *
ch_service_get_oldest_program (ChService *self)
{
  return self->oldest;
}

/**
 * ch_service_set_entry:
 * @entry: where it really is, when that is not the profile’s public entry
 */
void
ch_service_set_entry (ChService *self, const char *entry)
{
  g_free (self->entry);
  self->entry = g_strdup (entry);
}
