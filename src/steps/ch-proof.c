#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "steps/ch-proof.h"
#include "wire/ch-policy.h"

/* What is to be signed, and what came of it so far */
typedef struct
{
  const char *label; /* (unowned): a constant of ch-statement.h */
  GBytes *digest;    /* (owned) (nullable) */
  ChProof *proof;    /* (owned) (nullable): handed over when it is whole */
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_pointer (&self->digest, g_bytes_unref);
  g_clear_pointer (&self->proof, ch_proof_free);
  g_free (self);
}

static void
on_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->proof->signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  if (job->proof->signature == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&job->proof), (GDestroyNotify) ch_proof_free);
}

static GBytes *
find_certificate (GPtrArray *objects, const char *key_id)
{
  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (object->cert != NULL && g_strcmp0 (object->key_id, key_id) == 0)
        return object->cert;
    }
  return NULL;
}

/* Built here of what lies on the token, not of what was received: label, both certificates, a nonce */
static GBytes *
build_statement (ChRun *run, Job *job, GPtrArray *objects, GError **error)
{
  g_autoptr (GBytes) tls = ch_server_get_peer_certificate (ch_ports_get_server (ch_run_get_ports (run)));
  GBytes *own = find_certificate (objects, ch_run_get_key_id (run));
  g_autoptr (ChCertInfo) info = own != NULL ? ch_cert_info_new (own, error) : NULL;

  if (own == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_KEY_MISSING, "the certificate is no longer on the token");
  if (info == NULL)
    return NULL;
  job->proof->serial = g_strdup (info->serial);
  return ch_statement_build (job->label, tls, own, job->proof->nonce->nonce, job->digest, error);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);
  g_autoptr (GBytes) statement
      = objects != NULL ? build_statement (run, g_task_get_task_data (task), objects, &error) : NULL;

  if (statement == NULL)
    g_task_return_error (task, error);
  else
    ch_token_sign_as_async (CH_TOKEN (source), ch_run_get_key_id (run), statement,
                            ch_profile_get_sm2_id (ch_run_get_profile (run)), ch_run_get_asker (run),
                            cancellable, on_signed_cb, g_steal_pointer (&task));
}

static void
on_nonce_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  ChRun *run = CH_RUN (source);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  job->proof->nonce = ch_run_call_finish (run, result, &error);
  if (job->proof->nonce == NULL)
    g_task_return_error (task, error);
  else
    ch_token_list_objects_async (ch_run_get_token (run), cancellable, on_listed_cb, g_steal_pointer (&task));
}

/**
 * ch_proof_async:
 * @run: with a token and the id of a key on it
 * @label: of ch-statement.h: what the signature is for
 * @digest: (nullable): of what is confirmed by it
 *
 * Has the key sign a nonce of the server, for the certificate that is read back from the token.
 */
void
ch_proof_async (ChRun *run,
                const char *label,
                GBytes *digest,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (run, cancellable, callback, user_data);
  ChNonceRequest request = { .label = (char *) label };
  Job *job = g_new0 (Job, 1);

  job->label = label;
  job->digest = digest != NULL ? g_bytes_ref (digest) : NULL;
  job->proof = g_new0 (ChProof, 1);
  g_task_set_source_tag (task, ch_proof_async);
  g_task_set_task_data (task, job, job_free);
  ch_run_call_async (run, &ch_route_nonce, NULL, &request, cancellable, on_nonce_cb, task);
}

/**
 * ch_proof_finish:
 * @error: %CH_ERROR_KEY_MISSING when the certificate is not on the token, or one of server and token
 *
 * Returns: (transfer full): what the server is told
 */
ChProof *
ch_proof_finish (ChRun *run, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, run), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ch_proof_free (ChProof *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->nonce, ch_nonce_free);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self->serial);
  g_free (self);
}
