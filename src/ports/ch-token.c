#include "config.h"

#include "base/ch-error.h"
#include "base/ch-worker.h"
#include "ports/ch-token.h"

G_DEFINE_INTERFACE (ChToken, ch_token, G_TYPE_OBJECT)

/* One call on its way to the token’s thread; each kind uses what it needs */
typedef struct
{
  char *key_id;           /* (owned) (nullable): or the label of a new key */
  char *text;             /* (owned) (nullable): the id of SM2, or a code */
  GBytes *data;           /* (owned) (nullable) */
  GTlsInteraction *asker; /* (owned) (nullable) */
  ChSecret *so_pin;       /* (owned) (nullable) */
  ChSecret *next_so_pin;  /* (owned) (nullable) */
  ChKeySpec spec;
  gboolean is_wanted;
  gboolean is_again;
} Call;

static void
call_free (Call *call)
{
  g_clear_pointer (&call->key_id, g_free);
  g_clear_pointer (&call->text, g_free);
  g_clear_pointer (&call->data, g_bytes_unref);
  g_clear_object (&call->asker);
  g_clear_pointer (&call->so_pin, ch_secret_unref);
  g_clear_pointer (&call->next_so_pin, ch_secret_unref);
  g_free (call);
}

static Call *
call_new (const char *key_id, GBytes *data, GTlsInteraction *asker)
{
  Call *call = g_new0 (Call, 1);

  call->key_id = g_strdup (key_id);
  call->data = data != NULL ? g_bytes_ref (data) : NULL;
  call->asker = asker != NULL ? g_object_ref (asker) : NULL;
  return call;
}

static void
ch_token_default_init (ChTokenInterface *iface)
{
}

static void
return_bytes (GTask *task, GBytes *bytes, GError *error)
{
  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
return_done (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
list_objects_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GTlsInteraction *asker = ((Call *) data)->asker;
  ChTokenInterface *iface = CH_TOKEN_GET_IFACE (source);
  GError *error = NULL;
  GPtrArray *objects = asker != NULL && iface->list_all != NULL
                           ? iface->list_all (source, asker, cancellable, &error)
                           : iface->list_objects (source, cancellable, &error);

  if (objects != NULL)
    g_task_return_pointer (task, objects, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
generate_key_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  GBytes *spki = CH_TOKEN_GET_IFACE (source)->generate_key (source, call->spec, call->key_id, call->asker,
                                                            cancellable, &error);

  return_bytes (task, spki, error);
}

static void
sign_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  GBytes *signature = CH_TOKEN_GET_IFACE (source)->sign (source, call->key_id, call->data, call->text,
                                                         call->asker, cancellable, &error);

  return_bytes (task, signature, error);
}

static void
store_cert_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_stored = CH_TOKEN_GET_IFACE (source)->store_cert (source, call->key_id, call->data, call->asker,
                                                                cancellable, &error);

  return_done (task, is_stored, error);
}

static void
delete_object_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_gone
      = CH_TOKEN_GET_IFACE (source)->delete_object (source, call->key_id, call->asker, cancellable, &error);

  return_done (task, is_gone, error);
}

static void
set_label_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean (*set_label) (ChToken *, const char *, const char *, GTlsInteraction *, GCancellable *, GError **)
      = CH_TOKEN_GET_IFACE (source)->set_label;
  gboolean is_set = FALSE;

  if (set_label != NULL)
    is_set = set_label (source, call->key_id, call->text, call->asker, cancellable, &error);
  else
    error = g_error_new (CH_ERROR, CH_ERROR_TOKEN_UNABLE, "the token does not change labels");
  return_done (task, is_set, error);
}

static void
export_bundle_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  GBytes *bundle
      = CH_TOKEN_GET_IFACE (source)->export_bundle (source, call->key_id, call->asker, cancellable, &error);

  return_bytes (task, bundle, error);
}

static void
change_pin_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_changed = CH_TOKEN_GET_IFACE (source)->change_pin (source, call->asker, cancellable, &error);

  return_done (task, is_changed, error);
}

static void
unlock_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_open = CH_TOKEN_GET_IFACE (source)->unlock (source, call->so_pin, call->next_so_pin,
                                                          call->is_again, call->asker, cancellable, &error);

  return_done (task, is_open, error);
}

static void
initialise_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_made = CH_TOKEN_GET_IFACE (source)->initialise (source, call->key_id, call->so_pin, call->text,
                                                              call->asker, cancellable, &error);

  return_done (task, is_made, error);
}

static void
back_up_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  GBytes *file
      = CH_TOKEN_GET_IFACE (source)->back_up (source, call->is_wanted, call->asker, cancellable, &error);

  return_bytes (task, file, error);
}

static void
remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  gboolean is_gone
      = CH_TOKEN_GET_IFACE (source)->remove (source, call->text, call->asker, cancellable, &error);

  return_done (task, is_gone, error);
}

static void
push (ChToken *self,
      gpointer tag,
      GTaskThreadFunc func,
      Call *call,
      GCancellable *cancellable,
      GAsyncReadyCallback callback,
      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, tag);
  /* What the token has done is told even when the waiting was cancelled meanwhile */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  if (!ch_worker_push (CH_TOKEN_GET_IFACE (self)->get_worker (self), task, func, &error))
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * ch_token_list_objects_async:
 *
 * Looks at what is on the token; needs no PIN.
 */
void
ch_token_list_objects_async (ChToken *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN (self));

  push (self, ch_token_list_objects_async, list_objects_thread, call_new (NULL, NULL, NULL), cancellable,
        callback, user_data);
}

/**
 * ch_token_list_all_async:
 * @asker: who is asked for the PIN, where there is more to be seen with it
 *
 * The same, with what only the holder sees; ends with ch_token_list_objects_finish().
 */
void
ch_token_list_all_async (ChToken *self,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  push (self, ch_token_list_all_async, list_objects_thread, call_new (NULL, NULL, asker), cancellable,
        callback, user_data);
}

/**
 * ch_token_list_objects_finish:
 *
 * Returns: (transfer full) (element-type ChTokenObject): what is there; %NULL with @error set on failure
 */
GPtrArray *
ch_token_list_objects_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_token_generate_key_async:
 * @self: a token with %CH_TOKEN_CAN_GENERATE
 * @spec: the kind of key
 * @label: the label it gets; `certhall:APPLICATION` while it has no certificate
 * @asker: (nullable): who is asked for the PIN
 *
 * Makes a key pair on the token, durably. The private key never leaves it.
 */
void
ch_token_generate_key_async (ChToken *self,
                             ChKeySpec spec,
                             const char *label,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Call *call;

  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (label != NULL);

  call = call_new (label, NULL, asker);
  call->spec = spec;
  push (self, ch_token_generate_key_async, generate_key_thread, call, cancellable, callback, user_data);
}

/**
 * ch_token_generate_key_finish:
 *
 * Returns: (transfer full): the public key as SubjectPublicKeyInfo, DER; %NULL with @error set on failure
 */
GBytes *
ch_token_generate_key_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_token_sign_async:
 * @self: a token
 * @key_id: which key
 * @data: the bytes to be signed, which our own program has built: hashed here (SHA-256; SM3 with Z for SM2)
 * @asker: (nullable): who is asked for the PIN
 *
 * Signs @data. RSA: PKCS #1 v1.5; P-256 and SM2: DER of r and s.
 */
void
ch_token_sign_async (ChToken *self,
                     const char *key_id,
                     GBytes *data,
                     GTlsInteraction *asker,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  ch_token_sign_as_async (self, key_id, data, NULL, asker, cancellable, callback, user_data);
}

/**
 * ch_token_sign_as_async:
 * @data: as ch_token_sign_async()
 * @sm2_id: (nullable): the distinguishing id of an SM2 key, as the CA’s profile has it; others ignore it
 *
 * Signs @data; finished by ch_token_sign_finish().
 */
void
ch_token_sign_as_async (ChToken *self,
                        const char *key_id,
                        GBytes *data,
                        const char *sm2_id,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Call *call;

  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (key_id != NULL && data != NULL);

  call = call_new (key_id, data, asker);
  call->text = g_strdup (sm2_id);
  push (self, ch_token_sign_as_async, sign_thread, call, cancellable, callback, user_data);
}

GBytes *
ch_token_sign_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_token_store_cert_async:
 * @self: a token
 * @key_id: the key it belongs to
 * @der: the certificate
 * @asker: (nullable): who is asked for the PIN
 *
 * Stores a certificate durably and reads it back; one that does not belong to the key is refused
 * (%CH_ERROR_CERTIFICATE_WRONG).
 */
void
ch_token_store_cert_async (ChToken *self,
                           const char *key_id,
                           GBytes *der,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (key_id != NULL && der != NULL);

  push (self, ch_token_store_cert_async, store_cert_thread, call_new (key_id, der, asker), cancellable,
        callback, user_data);
}

gboolean
ch_token_store_cert_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_delete_object_async:
 * @key_id: what is to go, key and certificate
 *
 * Deletes a key for ever. Nothing is ever deleted to make room.
 */
void
ch_token_delete_object_async (ChToken *self,
                              const char *key_id,
                              GTlsInteraction *asker,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (key_id != NULL);

  push (self, ch_token_delete_object_async, delete_object_thread, call_new (key_id, NULL, asker), cancellable,
        callback, user_data);
}

gboolean
ch_token_delete_object_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_can_set_label:
 *
 * Returns: whether a key on it can be marked
 */
gboolean
ch_token_can_set_label (ChToken *self)
{
  g_return_val_if_fail (CH_IS_TOKEN (self), FALSE);

  return CH_TOKEN_GET_IFACE (self)->set_label != NULL;
}

/**
 * ch_token_set_label_async:
 * @key_id: which key
 * @label: the new label, of its certificate too
 *
 * Says what a key is for from now on. A token that cannot do so fails with %CH_ERROR_TOKEN_UNABLE.
 */
void
ch_token_set_label_async (ChToken *self,
                          const char *key_id,
                          const char *label,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Call *call;

  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (key_id != NULL && label != NULL);

  call = call_new (key_id, NULL, asker);
  call->text = g_strdup (label);
  push (self, ch_token_set_label_async, set_label_thread, call, cancellable, callback, user_data);
}

gboolean
ch_token_set_label_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_export_bundle_async:
 * @self: a token with %CH_TOKEN_CAN_EXPORT
 * @key_id: (nullable): which key; %NULL for all
 * @asker: who is asked for the passphrase of the token, then for a new one of the file
 *
 * Gives keys and certificates for other programs.
 */
void
ch_token_export_bundle_async (ChToken *self,
                              const char *key_id,
                              GTlsInteraction *asker,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN (self));

  push (self, ch_token_export_bundle_async, export_bundle_thread, call_new (key_id, NULL, asker), cancellable,
        callback, user_data);
}

/**
 * ch_token_export_bundle_finish:
 *
 * Returns: (transfer full): PKCS #12, DER; %NULL with @error set on failure
 */
GBytes *
ch_token_export_bundle_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_token_change_pin_async:
 * @self: a token with %CH_TOKEN_CAN_CHANGE_PIN
 * @asker: who is asked for the present PIN or passphrase, then for the new one (%CH_ASK_CHANGED)
 *
 * Changes what opens the token. Whatever happens meanwhile, afterwards one of the two opens all of it.
 */
void
ch_token_change_pin_async (ChToken *self,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (CH_IS_TOKEN (self));

  push (self, ch_token_change_pin_async, change_pin_thread, call_new (NULL, NULL, asker), cancellable,
        callback, user_data);
}

gboolean
ch_token_change_pin_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_unlock_async:
 * @self: a token with %CH_TOKEN_CAN_UNLOCK
 * @so_pin: the security officer’s PIN, which the CA keeps
 * @next_so_pin: (nullable): what it is to be from now on
 * @is_again: the medium may have @next_so_pin already, so that is tried first
 * @asker: who is asked for the user’s own new PIN (%CH_ASK_PIN_NEW), once
 *
 * Gives the token a PIN again, then changes the security officer’s; afterwards the token is open. Fails with
 * %CH_ERROR_SO_PIN_WRONG when it is neither: each is tried once, for few wrong ones end a medium.
 */
void
ch_token_unlock_async (ChToken *self,
                       ChSecret *so_pin,
                       ChSecret *next_so_pin,
                       gboolean is_again,
                       GTlsInteraction *asker,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Call *call = call_new (NULL, NULL, asker);

  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (so_pin != NULL);

  call->so_pin = ch_secret_ref (so_pin);
  call->next_so_pin = next_so_pin != NULL ? ch_secret_ref (next_so_pin) : NULL;
  call->is_again = is_again;
  push (self, ch_token_unlock_async, unlock_thread, call, cancellable, callback, user_data);
}

gboolean
ch_token_unlock_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_initialise_async:
 * @self: a token with %CH_TOKEN_CAN_INITIALISE
 * @label: name for people
 * @so_pin: the security officer’s PIN, which is kept durably already; that of a token that has one stays
 * @typed_serial: (nullable): the token’s own serial, typed by somebody who knows that all on it will be
 * deleted
 * @asker: who is asked for the first PIN (%CH_ASK_PIN_NEW)
 *
 * Makes the token blank and sets its PINs. Fails with %CH_ERROR_TOKEN_NOT_BLANK when there is something on it
 * and its serial was not typed.
 */
void
ch_token_initialise_async (ChToken *self,
                           const char *label,
                           ChSecret *so_pin,
                           const char *typed_serial,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Call *call;

  g_return_if_fail (CH_IS_TOKEN (self));
  g_return_if_fail (label != NULL && so_pin != NULL);

  call = call_new (label, NULL, asker);
  call->so_pin = ch_secret_ref (so_pin);
  call->text = g_strdup (typed_serial);
  push (self, ch_token_initialise_async, initialise_thread, call, cancellable, callback, user_data);
}

gboolean
ch_token_initialise_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_token_back_up_async:
 * @self: a token with %CH_TOKEN_CAN_BACK_UP
 * @to_move: whether the token is to go on living elsewhere: the token stays here until it is removed with the
 * code that the other PC shows
 * @asker: who is asked for the passphrase of the token, which opens the back-up too
 *
 * Gives the whole token as an encrypted file.
 */
void
ch_token_back_up_async (ChToken *self,
                        gboolean to_move,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Call *call = call_new (NULL, NULL, asker);

  g_return_if_fail (CH_IS_TOKEN (self));

  call->is_wanted = to_move;
  push (self, ch_token_back_up_async, back_up_thread, call, cancellable, callback, user_data);
}

/**
 * ch_token_back_up_finish:
 *
 * Returns: (transfer full): the file; %NULL with @error set on failure
 */
GBytes *
ch_token_back_up_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_token_remove_async:
 * @self: a token with %CH_TOKEN_CAN_BACK_UP
 * @move_code: (nullable): what the PC shows to which it was moved; without it the keys are lost for ever
 * unless there is a back-up
 * @asker: who is asked for the passphrase
 *
 * Removes a token from this PC, keys and all.
 */
void
ch_token_remove_async (ChToken *self,
                       const char *move_code,
                       GTlsInteraction *asker,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Call *call = call_new (NULL, NULL, asker);

  g_return_if_fail (CH_IS_TOKEN (self));

  call->text = g_strdup (move_code);
  push (self, ch_token_remove_async, remove_thread, call, cancellable, callback, user_data);
}

gboolean
ch_token_remove_finish (ChToken *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
