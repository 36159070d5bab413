#include "config.h"

#include "base/ch-error.h"
#include "front/ch-batch-confirm.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "wire/ch-batch.h"
#include "wire/ch-policy.h"

/* Known to the server, or: a key that may sign, nonce, signature, batch */
typedef struct
{
  ChBatchSheet *sheet;    /* (owned) */
  char *wanted;           /* (owned) (nullable): serial of the only token that may sign */
  GTlsInteraction *asker; /* (owned) (nullable) */
  GBytes *digests;        /* (owned): of the rows */
  GBytes *digest;         /* (owned): what is confirmed */
  GPtrArray *objects; /* (owned) (nullable) (element-type ChTokenObject): of `token`, still to be looked at */
  guint next;         /* token that is looked at next */
  ChToken *token;     /* (owned) (nullable): that signs */
  char *key_id;       /* (owned) (nullable) */
  GBytes *cert;       /* (owned) (nullable) */
  ChNonce *nonce;     /* (owned) (nullable) */
  gboolean is_second; /* a PIN that took its time: the key is open now, so it goes quickly */
} Confirm;

static void look_at_next (GTask *task);
static void look_at_next_key (GTask *task);
static void ask_nonce (GTask *task);

static void
confirm_free (gpointer data)
{
  Confirm *self = data;

  g_object_unref (self->sheet);
  g_free (self->wanted);
  g_clear_object (&self->asker);
  g_bytes_unref (self->digests);
  g_bytes_unref (self->digest);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_clear_object (&self->token);
  g_free (self->key_id);
  g_clear_pointer (&self->cert, g_bytes_unref);
  g_clear_pointer (&self->nonce, ch_nonce_free);
  g_free (self);
}

static void
call (GTask *task, const ChRoute *route, gconstpointer request, const char *key, GAsyncReadyCallback callback)
{
  ch_server_call_async (ch_ports_get_server (g_task_get_source_object (task)), route, NULL, request, key,
                        g_task_get_cancellable (task), callback, task);
}

static void
fail (GTask *task, GError *error) /* both (transfer full) */
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static const char *
get_sm2_id (GTask *task)
{
  return ch_profile_get_sm2_id (ch_ports_get_profile (g_task_get_source_object (task)));
}

static void
on_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Confirm *self = g_task_get_task_data (task);
  GError *error = NULL;
  ChBatch *batch = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (g_error_matches (error, CH_ERROR, CH_ERROR_NONCE_SPENT) && !self->is_second)
    {
      g_clear_error (&error);
      self->is_second = TRUE;
      ask_nonce (task);
      return;
    }
  if (batch == NULL)
    {
      fail (task, error);
      return;
    }
  g_task_return_pointer (task, batch, (GDestroyNotify) ch_batch_free);
  g_object_unref (task);
}

static void
on_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Confirm *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  g_autofree char *key = g_uuid_string_random ();
  const ChBatchNew request = {
    .flow = (char *) ch_batch_sheet_get_flow (self->sheet)->id,
    .project = (char *) ch_batch_sheet_get_project (self->sheet),
    .name = (char *) ch_batch_sheet_get_name (self->sheet),
    .digests = self->digests,
    .certificate = self->cert,
    .nonce = self->nonce->nonce,
    .signature = signature,
  };

  if (signature == NULL)
    fail (task, error);
  else
    call (task, &ch_route_batch_new, &request, key, on_confirmed_cb);
}

static void
on_nonce_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Confirm *self = g_task_get_task_data (task);
  g_autoptr (GBytes) tls = NULL;
  g_autoptr (GBytes) statement = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->nonce, ch_nonce_free);
  self->nonce = ch_server_call_finish (CH_SERVER (source), result, &error);
  if (self->nonce != NULL)
    {
      tls = ch_server_get_peer_certificate (CH_SERVER (source));
      statement = ch_statement_build (CH_STATEMENT_CONFIRM, tls, self->cert, self->nonce->nonce, self->digest,
                                      &error);
    }
  if (statement == NULL)
    fail (task, error);
  else
    ch_token_sign_as_async (self->token, self->key_id, statement, get_sm2_id (task), self->asker,
                            g_task_get_cancellable (task), on_signed_cb, task);
}

static void
ask_nonce (GTask *task)
{
  const ChNonceRequest request = { .label = (char *) CH_STATEMENT_CONFIRM };

  call (task, &ch_route_nonce, &request, NULL, on_nonce_cb);
}

static void
on_certificate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Confirm *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) certificate = ch_server_call_finish (CH_SERVER (source), result, &error);

  /* Another’s, or of another CA */
  if (certificate == NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND))
    fail (task, g_steal_pointer (&error));
  else if (certificate != NULL && g_bytes_equal (certificate->der, self->cert)
           && (certificate->state == CH_CERTIFICATE_ISSUED || certificate->state == CH_CERTIFICATE_INSTALLED))
    ask_nonce (task);
  else
    look_at_next_key (task);
}

/* Whether it is one of the account’s, the server knows: there may be thousands */
static void
look_at_next_key (GTask *task)
{
  Confirm *self = g_task_get_task_data (task);
  const char *args[] = { NULL, NULL };
  g_autoptr (ChCertInfo) info = NULL;

  while (info == NULL && self->objects->len > 0)
    {
      const ChTokenObject *object = self->objects->pdata[0];

      if (object->has_key && object->cert != NULL)
        info = ch_cert_info_new (object->cert, NULL);
      g_free (self->key_id);
      g_clear_pointer (&self->cert, g_bytes_unref);
      self->key_id = g_strdup (object->key_id);
      self->cert = object->cert != NULL ? g_bytes_ref (object->cert) : NULL;
      g_ptr_array_remove_index (self->objects, 0);
    }
  if (info == NULL)
    {
      look_at_next (task);
      return;
    }
  args[0] = info->serial;
  ch_server_call_async (ch_ports_get_server (g_task_get_source_object (task)), &ch_route_certificate, args,
                        NULL, NULL, g_task_get_cancellable (task), on_certificate_cb, task);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Confirm *self = g_task_get_task_data (task);

  g_clear_pointer (&self->objects, g_ptr_array_unref);
  self->objects = ch_token_list_objects_finish (CH_TOKEN (source), result, NULL);
  /* A token that cannot be read is no reason not to look at the others */
  if (self->objects != NULL)
    look_at_next_key (task);
  else
    look_at_next (task);
}

static void
look_at_next (GTask *task)
{
  Confirm *self = g_task_get_task_data (task);
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (g_task_get_source_object (task)));

  do
    {
      g_clear_object (&self->token);
      self->token = g_list_model_get_item (hub, self->next++);
    }
  while (self->token != NULL && self->wanted != NULL
         && !g_str_equal (ch_token_get_info (self->token)->serial, self->wanted));

  if (self->token != NULL)
    {
      ch_token_list_objects_async (self->token, g_task_get_cancellable (task), on_listed_cb, task);
      return;
    }
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_BATCH_SIGNER,
                           "no token here has a certificate of the account");
  g_object_unref (task);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  look_at_next (user_data);
}

/* What was confirmed already is not signed a second time */
static void
on_known_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (ChBatchList) list = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (list == NULL)
    fail (task, error);
  else if (list->items->len == 0)
    ch_token_hub_settle_async (ch_ports_get_hub (g_task_get_source_object (task)), on_settled_cb, task);
  else
    {
      g_task_return_pointer (task, ch_wire_copy (&ChBatch_wire, list->items->pdata[0]),
                             (GDestroyNotify) ch_batch_free);
      g_object_unref (task);
    }
}

/**
 * ch_batch_confirm_async:
 * @sheet: with nothing wrong in it
 * @token: (nullable): serial of the token that is to sign; %NULL: the first with a certificate of the account
 * @asker: (nullable): who is asked for the PIN or passphrase
 *
 * Has a sheet confirmed: `certhall-confirm/1` over all its rows. The server knows a sheet again by what is in
 * it, on whatever PC.
 */
void
ch_batch_confirm_async (ChPorts *ports,
                        ChBatchSheet *sheet,
                        const char *token,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  Confirm *self = g_new0 (Confirm, 1);
  g_autofree char *hex = NULL;
  ChBatchQuery query = { NULL };

  g_task_set_source_tag (task, ch_batch_confirm_async);
  g_task_set_check_cancellable (task, FALSE);
  self->sheet = g_object_ref (sheet);
  self->wanted = g_strdup (token);
  self->asker = asker != NULL ? g_object_ref (asker) : NULL;
  self->digests = ch_batch_sheet_make_digests (sheet);
  self->digest = ch_batch_digest (ch_batch_sheet_get_flow (sheet)->id, ch_batch_sheet_get_project (sheet),
                                  self->digests);
  g_task_set_task_data (task, self, confirm_free);

  query.digest = hex = ch_batch_format_digest (self->digest);
  call (task, &ch_route_batch_list, &query, NULL, on_known_cb);
}

/**
 * ch_batch_confirm_finish:
 *
 * Returns: (transfer full): the batch; %NULL with %CH_ERROR_BATCH_SIGNER when no token here can sign for the
 *   account, or as the token or the server says
 */
ChBatch *
ch_batch_confirm_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
