#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki-make.h"
#include "token/ch-p11-token-private.h"
#include "token/ch-soft-lock.h"

#define RSA_BITS    2048
#define MAX_PLAIN   4096 /* what is longer is hashed here */
#define DIGEST_SIZE 32
/* How long a fault may turn out to be a medium that was pulled out */
#define GONE_N_LOOKS 15
#define GONE_LOOK_US 100000

static const guint8 p256_params[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const guint8 rsa_exponent[] = { 1, 0, 1 };

static void ch_p11_token_iface_init (ChTokenInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChP11Token,
                               ch_p11_token,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN, ch_p11_token_iface_init))

static ChPinState
get_state (CK_FLAGS flags)
{
  if ((flags & CKF_USER_PIN_INITIALIZED) == 0)
    return CH_PIN_NOT_SET;
  if ((flags & CKF_USER_PIN_LOCKED) != 0)
    return CH_PIN_LOCKED;
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
    return CH_PIN_FINAL;
  return (flags & CKF_USER_PIN_COUNT_LOW) != 0 ? CH_PIN_LOW : CH_PIN_GOOD;
}

static ChPinState
get_officer_state (CK_FLAGS flags)
{
  if ((flags & CKF_SO_PIN_LOCKED) != 0)
    return CH_PIN_LOCKED;
  if ((flags & CKF_SO_PIN_FINAL_TRY) != 0)
    return CH_PIN_FINAL;
  return (flags & CKF_SO_PIN_COUNT_LOW) != 0 ? CH_PIN_LOW : CH_PIN_GOOD;
}

CK_SLOT_ID
ch_p11_token_get_slot (ChP11Token *self)
{
  CK_SLOT_ID slot;

  g_mutex_lock (&self->mutex);
  slot = self->slot;
  g_mutex_unlock (&self->mutex);
  return slot;
}

/* With the mutex held. An answer may come later than another that was asked for after it. */
static void
take_state (ChP11Token *self, const ChP11TokenInfo *info)
{
  if (info->stamp < self->stamp)
    return;
  self->stamp = info->stamp;
  self->pin_state = get_state (info->flags);
  self->officer_state = get_officer_state (info->flags);
}

/* Sees that the medium is still the one it was. @flags: (out) (optional): what it says of itself now. */
gboolean
ch_p11_token_look (ChP11Token *self, CK_FLAGS *flags, GError **error)
{
  g_autoptr (ChP11TokenInfo) info = NULL;
  g_autofree char *serial = NULL;
  gboolean has_news;

  info = ch_p11_get_token_info (self->host, ch_p11_token_get_slot (self), error);
  if (info == NULL)
    return FALSE;
  serial = ch_p11_token_make_serial (info);
  if (g_strcmp0 (serial, self->info->serial) != 0)
    return ch_p11_fail (error, CKR_TOKEN_NOT_PRESENT, "another serial");

  g_mutex_lock (&self->mutex);
  take_state (self, info);
  has_news = self->pin_state != self->told_state;
  g_mutex_unlock (&self->mutex);
  if (has_news)
    ch_p11_host_poke (self->host);
  if (flags != NULL)
    *flags = info->flags;
  return TRUE;
}

/* The same, and that there is a session on it. @state: (out) (optional): who is logged in. */
gboolean
ch_p11_token_begin (ChP11Token *self, CK_FLAGS *flags, CK_STATE *state, GError **error)
{
  CK_STATE now = 0;

  if (!ch_p11_token_look (self, flags, error))
    return FALSE;
  if (self->session.handle != 0 && !ch_p11_get_state (self->host, &self->session, &now, NULL))
    self->session = (ChP11Session){ 0 };
  if (self->session.handle == 0
      && (!ch_p11_open_session (self->host, ch_p11_token_get_slot (self), &self->session, error)
          || !ch_p11_get_state (self->host, &self->session, &now, error)))
    return FALSE;

  if (state != NULL)
    *state = now;
  return TRUE;
}

/* A medium pulled out in the middle of a call is a fault to its module, which hears of it a moment later.
 * Returns: @result; where there is none, @error says that the medium is gone, if it is. */
gpointer
ch_p11_token_explain (ChP11Token *self, gpointer result, GError **error)
{
  if (result != NULL || error == NULL || !g_error_matches (*error, CH_ERROR, CH_ERROR_TOKEN_FAILED))
    return result;

  for (guint i = 0; i < GONE_N_LOOKS; i++)
    {
      if (!ch_p11_token_begin (self, NULL, NULL, NULL))
        {
          (*error)->code = CH_ERROR_TOKEN_GONE;
          return NULL;
        }
      g_usleep (GONE_LOOK_US);
    }
  return NULL;
}

/* Returns: (transfer full) (element-type ChP11Entry): what is there, after begin or log-in */
static GPtrArray *
load_entries (ChP11Token *self, gboolean sees_private, GError **error)
{
  g_autoptr (GPtrArray) objects = ch_p11_objects_load (self->host, &self->session, error);

  return objects != NULL ? ch_p11_objects_join (objects, sees_private)
                         : ch_p11_token_explain (self, NULL, error);
}

/* Logs in and looks for a key. @entries: (out) (transfer full): keeps the entry. */
ChP11Entry *
ch_p11_token_open_entry (ChP11Token *self,
                         const char *key_id,
                         GTlsInteraction *asker,
                         GPtrArray **entries,
                         GCancellable *cancellable,
                         GError **error)
{
  ChP11Entry *entry;

  *entries = NULL;
  if (!ch_p11_token_log_in (self, asker, cancellable, error))
    return ch_p11_token_explain (self, NULL, error);
  *entries = load_entries (self, TRUE, error);
  if (*entries == NULL)
    return NULL;
  entry = ch_p11_objects_find (*entries, key_id);
  if (entry == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "the key is not on this medium");
  return entry;
}

static const ChTokenInfo *
ch_p11_token_get_info (ChToken *token)
{
  return CH_P11_TOKEN (token)->info;
}

static ChWorker *
ch_p11_token_get_worker (ChToken *token)
{
  return CH_P11_TOKEN (token)->worker;
}

static ChPinState
ch_p11_token_get_pin_state (ChToken *token)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  ChPinState state;

  g_mutex_lock (&self->mutex);
  state = self->pin_state;
  g_mutex_unlock (&self->mutex);
  return state;
}

/* (transfer full): without what only we need */
static GPtrArray *
take_objects (GPtrArray *entries)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_token_object_free);

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (objects, g_steal_pointer (&((ChP11Entry *) entries->pdata[i])->object));
  return objects;
}

static ChPinState
ch_p11_token_get_officer_state (ChToken *token)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  ChPinState state;

  g_mutex_lock (&self->mutex);
  state = self->officer_state;
  g_mutex_unlock (&self->mutex);
  return state;
}

static GPtrArray *
ch_p11_token_list_objects (ChToken *token, GCancellable *cancellable, GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (GPtrArray) entries = NULL;
  CK_FLAGS flags = 0;
  CK_STATE state = 0;

  if (!ch_p11_token_look (self, &flags, error))
    return NULL;
  /* There is nothing on one that is blank, and some modules open no session on it */
  if ((flags & CKF_TOKEN_INITIALIZED) == 0)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) ch_token_object_free);
  if (!ch_p11_token_begin (self, NULL, &state, error))
    return NULL;
  entries = load_entries (self,
                          (flags & CKF_LOGIN_REQUIRED) == 0 || state == CKS_RW_USER_FUNCTIONS
                              || state == CKS_RO_USER_FUNCTIONS,
                          error);
  return entries != NULL ? take_objects (entries) : NULL;
}

/* A key whose certificate was broken off while it was written may have nothing public any more */
static GPtrArray *
ch_p11_token_list_all (ChToken *token, GTlsInteraction *asker, GCancellable *cancellable, GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  CK_FLAGS flags = 0;

  if (!ch_p11_token_look (self, &flags, error))
    return NULL;
  if ((flags & CKF_USER_PIN_INITIALIZED) == 0)
    return ch_p11_token_list_objects (token, cancellable, error);

  lock = ch_soft_lock_new (self->lock_path, error);
  if (lock == NULL || !ch_p11_token_log_in (self, asker, cancellable, error))
    return ch_p11_token_explain (self, NULL, error);
  entries = load_entries (self, TRUE, error);
  return entries != NULL ? take_objects (entries) : NULL;
}

/* What the new public key is, or nothing of it is left */
static GBytes *
take_new_key (ChP11Token *self, CK_OBJECT_HANDLE public_key, CK_OBJECT_HANDLE private_key, GError **error)
{
  g_autoptr (GPtrArray) entries = load_entries (self, TRUE, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const ChP11Entry *entry = entries->pdata[i];

      if (entry->public_key == public_key && entry->object->spki != NULL)
        return g_bytes_ref (entry->object->spki);
    }
  if (entries == NULL)
    return NULL;

  ch_p11_destroy (self->host, &self->session, private_key, NULL);
  ch_p11_destroy (self->host, &self->session, public_key, NULL);
  ch_p11_fail (error, CKR_DEVICE_ERROR, "C_GenerateKeyPair: no public key");
  return NULL;
}

/* Other programs find key and certificate by the same id. Ours compute it, so a medium may refuse.
 * Returns: whether it did not. */
gboolean
ch_p11_token_write_id (ChP11Token *self, CK_OBJECT_HANDLE object, GBytes *id)
{
  const CK_ATTRIBUTE template[] = { { CKA_ID, (void *) g_bytes_get_data (id, NULL), g_bytes_get_size (id) } };
  g_autoptr (GError) error = NULL;

  if (ch_p11_write (self->host, &self->session, object, template, G_N_ELEMENTS (template), &error))
    return TRUE;
  g_debug ("the id of a key stays as it is: %s", error->message);
  return FALSE;
}

static GBytes *
make_pair (ChP11Token *self, ChKeySpec spec, const char *label, GError **error)
{
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ULONG bits = RSA_BITS;
  gboolean is_rsa = spec == CH_KEY_RSA_2048;
  g_autofree char *first_id = g_uuid_string_random ();
  /* The kinds of key differ in the last rows */
  const CK_ATTRIBUTE public_template[] = {
    { CKA_TOKEN, &yes, sizeof yes },
    { CKA_VERIFY, &yes, sizeof yes },
    { CKA_LABEL, (void *) label, strlen (label) },
    { CKA_ID, first_id, CH_KEY_ID_SIZE },
    { is_rsa ? CKA_MODULUS_BITS : CKA_EC_PARAMS, is_rsa ? (void *) &bits : (void *) p256_params,
      is_rsa ? sizeof bits : sizeof p256_params },
    { CKA_PUBLIC_EXPONENT, (void *) rsa_exponent, sizeof rsa_exponent },
  };
  const CK_ATTRIBUTE private_template[] = {
    { CKA_TOKEN, &yes, sizeof yes },      { CKA_PRIVATE, &yes, sizeof yes },
    { CKA_SENSITIVE, &yes, sizeof yes },  { CKA_EXTRACTABLE, &no, sizeof no },
    { CKA_SIGN, &yes, sizeof yes },       { CKA_LABEL, (void *) label, strlen (label) },
    { CKA_ID, first_id, CH_KEY_ID_SIZE },
  };
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) id = NULL;

  if (!ch_p11_generate (self->host, &self->session, is_rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN,
                        public_template, G_N_ELEMENTS (public_template) - (is_rsa ? 0 : 1), private_template,
                        G_N_ELEMENTS (private_template), &public_key, &private_key, error))
    return NULL;
  spki = take_new_key (self, public_key, private_key, error);
  if (spki == NULL)
    return NULL;
  id = ch_spki_get_key_id (spki);
  ch_p11_token_write_id (self, private_key, id);
  ch_p11_token_write_id (self, public_key, id);
  return g_steal_pointer (&spki);
}

/* Private keys under that label of which there is nothing public: what is left of a try that was broken off
 * while the key was made. Nobody can ask for a certificate for them, or find them; they only take up room. */
static gboolean
clear_rests (ChP11Token *self, const char *label, GError **error)
{
  g_autoptr (GPtrArray) entries = load_entries (self, TRUE, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const ChP11Entry *entry = entries->pdata[i];

      if (entry->private_key != 0 && entry->object->spki == NULL && entry->object->cert == NULL
          && g_strcmp0 (entry->object->label, label) == 0
          && !ch_p11_destroy (self->host, &self->session, entry->private_key, error))
        return FALSE;
    }
  return entries != NULL;
}

static GBytes *
ch_p11_token_generate_key (ChToken *token,
                           ChKeySpec spec,
                           const char *label,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = NULL;

  if ((self->info->key_specs & (1u << spec)) == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE, "the medium makes no such keys");
      return NULL;
    }
  lock = ch_soft_lock_new (self->lock_path, error);
  if (lock == NULL || !ch_p11_token_log_in (self, asker, cancellable, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error) || !clear_rests (self, label, error))
    return ch_p11_token_explain (self, NULL, error);
  return ch_p11_token_explain (self, make_pair (self, spec, label, error), error);
}

static GBytes *
hash (GBytes *data)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[DIGEST_SIZE];
  gsize len = sizeof digest;

  g_checksum_update (checksum, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  g_checksum_get_digest (checksum, digest, &len);
  return g_bytes_new (digest, len);
}

static GBytes *
sign_with (ChP11Token *self, const ChP11Entry *entry, GBytes *data, ChSecret *own_pin, GError **error)
{
  gboolean is_rsa = entry->object->spec == CH_KEY_RSA_2048 || entry->object->spec == CH_KEY_RSA_3072;
  gboolean is_plain = is_rsa && self->hashes_rsa && g_bytes_get_size (data) <= MAX_PLAIN;
  g_autoptr (GBytes) input = is_plain ? g_bytes_ref (data)
                             : is_rsa ? ch_spki_make_digest_info (data)
                                      : hash (data);
  CK_MECHANISM_TYPE mechanism = is_plain ? CKM_SHA256_RSA_PKCS : is_rsa ? CKM_RSA_PKCS : CKM_ECDSA;
  g_autoptr (GBytes) raw = ch_p11_sign (self->host, &self->session, mechanism, entry->private_key, input,
                                        entry->has_own_pin, own_pin, error);
  g_autoptr (GBytes) signature = raw != NULL && !is_rsa ? ch_spki_join_signature (raw) : NULL;

  if (raw == NULL)
    return NULL;
  if (is_rsa)
    signature = g_steal_pointer (&raw);
  /* A signature that is none is found out here and not by the CA */
  if (signature != NULL && ch_spki_verify (entry->object->spki, data, signature, NULL, NULL))
    return g_steal_pointer (&signature);
  ch_p11_fail (error, CKR_SIGNATURE_INVALID, "C_Sign");
  return NULL;
}

static GBytes *
ch_p11_token_sign (ChToken *token,
                   const char *key_id,
                   GBytes *data,
                   const char *sm2_id,
                   GTlsInteraction *asker,
                   GCancellable *cancellable,
                   GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (ChSecret) own_pin = NULL;
  ChP11Entry *entry
      = lock != NULL ? ch_p11_token_open_entry (self, key_id, asker, &entries, cancellable, error) : NULL;

  if (entry == NULL)
    return NULL;
  if (entry->private_key == 0 || entry->object->spki == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "only the certificate is on this medium");
      return NULL;
    }
  if (entry->has_own_pin && (self->info->abilities & CH_TOKEN_HAS_PIN_PAD) == 0)
    {
      own_pin = ch_p11_token_ask (self, asker, CH_ASK_PIN, G_TLS_PASSWORD_NONE, cancellable, error);
      if (own_pin == NULL)
        return NULL;
    }
  return ch_p11_token_explain (self, sign_with (self, entry, data, own_pin, error), error);
}

/* What went with another object already is gone too */
static gboolean
destroy (ChP11Token *self, CK_OBJECT_HANDLE object, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (object == 0 || ch_p11_destroy (self->host, &self->session, object, &local)
      || g_error_matches (local, CH_ERROR, CH_ERROR_KEY_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return ch_p11_token_explain (self, NULL, error) != NULL;
}

/* The private key goes last: until then the rest can be deleted again */
static gboolean
ch_p11_token_delete_object (ChToken *token,
                            const char *key_id,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  g_autoptr (GPtrArray) entries = NULL;
  ChP11Entry *entry
      = lock != NULL ? ch_p11_token_open_entry (self, key_id, asker, &entries, cancellable, error) : NULL;

  if (entry == NULL)
    return FALSE;
  for (guint i = 0; i < entry->certs->len; i++)
    if (!destroy (self, g_array_index (entry->certs, gulong, i), error))
      return FALSE;
  return destroy (self, entry->public_key, error) && destroy (self, entry->private_key, error);
}

static void
ch_p11_token_iface_init (ChTokenInterface *iface)
{
  iface->get_info = ch_p11_token_get_info;
  iface->get_worker = ch_p11_token_get_worker;
  iface->get_pin_state = ch_p11_token_get_pin_state;
  iface->get_officer_state = ch_p11_token_get_officer_state;
  iface->list_objects = ch_p11_token_list_objects;
  iface->list_all = ch_p11_token_list_all;
  iface->generate_key = ch_p11_token_generate_key;
  iface->sign = ch_p11_token_sign;
  iface->store_cert = ch_p11_token_store_cert;
  iface->delete_object = ch_p11_token_delete_object;
  iface->change_pin = ch_p11_token_change_pin;
  iface->unlock = ch_p11_token_unlock;
  iface->initialise = ch_p11_token_initialise;
}

static gpointer
free_worker_thread (gpointer data)
{
  ch_worker_free (data);
  return NULL;
}

static void
ch_p11_token_finalize (GObject *object)
{
  ChP11Token *self = CH_P11_TOKEN (object);
  GThread *thread;

  ch_p11_token_forget (self);
  g_clear_object (&self->asking);
  ch_token_info_free (self->info);
  g_free (self->lock_path);
  ch_p11_host_unref (self->host);
  g_mutex_clear (&self->mutex);
  /* The last reference may be dropped by the worker’s own thread, which cannot wait for itself */
  thread = g_thread_try_new ("p11-token-end", free_worker_thread, self->worker, NULL);
  g_clear_pointer (&thread, g_thread_unref);

  G_OBJECT_CLASS (ch_p11_token_parent_class)->finalize (object);
}

static void
ch_p11_token_class_init (ChP11TokenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_p11_token_finalize;
}

static void
ch_p11_token_init (ChP11Token *self)
{
  g_mutex_init (&self->mutex);
  self->worker = ch_worker_new ("p11-token", 1, 0);
}

/**
 * ch_p11_token_new:
 * @info: what its module says of it
 * @mechanisms: (element-type ChP11Mechanism): what it can do
 * @lock_dir: where programs that work with media keep apart; there already
 *
 * Returns: (transfer full): the token
 */
ChP11Token *
ch_p11_token_new (ChP11Host *host, const ChP11TokenInfo *info, GArray *mechanisms, const char *lock_dir)
{
  ChP11Token *self = g_object_new (CH_TYPE_P11_TOKEN, NULL);
  g_autofree char *serial = ch_p11_token_make_serial (info);
  g_autofree char *lock_name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, serial, -1);

  self->host = ch_p11_host_ref (host);
  self->info = ch_p11_make_info (info, mechanisms);
  self->lock_path = g_build_filename (lock_dir, lock_name, NULL);
  self->slot = info->slot;
  self->pin_state = self->told_state = get_state (info->flags);
  self->officer_state = get_officer_state (info->flags);
  self->hashes_rsa = ch_p11_makes (mechanisms, CKM_SHA256_RSA_PKCS, RSA_BITS, CKF_SIGN);
  return self;
}

/**
 * ch_p11_token_see:
 * @info: how its module describes it now
 *
 * The medium is plugged in, perhaps somewhere else.
 *
 * Returns: whether there is news of its PIN
 */
gboolean
ch_p11_token_see (ChP11Token *self, const ChP11TokenInfo *info)
{
  gboolean has_news;

  g_mutex_lock (&self->mutex);
  self->slot = info->slot;
  take_state (self, info);
  has_news = self->pin_state != self->told_state;
  self->told_state = self->pin_state;
  self->is_gone = FALSE;
  g_mutex_unlock (&self->mutex);
  return has_news;
}

/**
 * ch_p11_token_miss:
 *
 * The medium was unplugged: whoever is asked for its PIN is so no longer.
 */
void
ch_p11_token_miss (ChP11Token *self)
{
  g_autoptr (GCancellable) asking = NULL;

  g_mutex_lock (&self->mutex);
  self->is_gone = TRUE;
  asking = self->asking != NULL ? g_object_ref (self->asking) : NULL;
  g_mutex_unlock (&self->mutex);
  if (asking != NULL)
    g_cancellable_cancel (asking);
}

/**
 * ch_p11_token_is_remade:
 *
 * Returns: whether it is being initialised: what is seen of it meanwhile is half done, and not another medium
 */
gboolean
ch_p11_token_is_remade (ChP11Token *self)
{
  gboolean is_remade;

  g_mutex_lock (&self->mutex);
  is_remade = self->is_remade;
  g_mutex_unlock (&self->mutex);
  return is_remade;
}
