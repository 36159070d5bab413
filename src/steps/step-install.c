#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "pki/ch-chain.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

static void
on_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (ch_token_store_cert_finish (CH_TOKEN (source), result, &error))
    g_task_return_int (task, CH_STEP_DONE);
  else
    g_task_return_error (task, error);
}

/* What the server sent is a certificate of this CA, and valid now by the server’s time */
static gboolean
check_certificate (const ChCertificate *certificate, GError **error)
{
  g_autoptr (GPtrArray) intermediates = g_ptr_array_new ();
  g_autoptr (GPtrArray) anchors = g_ptr_array_new ();
  g_autoptr (ChCertInfo) info = ch_cert_info_new (certificate->der, error);
  g_autoptr (ChChainResult) result = NULL;

  if (info == NULL)
    return FALSE;

  g_ptr_array_add (intermediates, certificate->issuing_ca);
  g_ptr_array_add (anchors, certificate->root_ca);
  result = ch_chain_verify (certificate->der, intermediates, anchors, info->not_before, NULL, NULL);
  if (result->reason == CH_CHAIN_OK)
    return TRUE;

  g_set_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG, "the certificate received: %s",
               ch_chain_reason_get_id (result->reason));
  return FALSE;
}

static void
store_certificate (ChRun *run, GTask *task)
{
  const ChCertificate *certificate = ch_run_get_certificate (run);
  GError *error = NULL;

  if (!check_certificate (certificate, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_token_store_cert_async (ch_run_get_token (run), ch_run_get_key_id (run), certificate->der,
                             ch_run_get_asker (run), g_task_get_cancellable (task), on_stored_cb, task);
}

static void
on_certificate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChCertificate *certificate = ch_run_call_finish (run, result, &error);

  if (certificate == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_run_take_certificate (run, certificate);
  store_certificate (run, task);
}

static void
store (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->certificate, NULL };

  if (ch_run_get_certificate (run) != NULL)
    store_certificate (run, task);
  else if (args[0] != NULL)
    ch_run_call_async (run, &ch_route_certificate, args, NULL, g_task_get_cancellable (task),
                       on_certificate_cb, task);
  else
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_BAD_ANSWER, "the application names no certificate");
      g_object_unref (task);
    }
}

const ChStep ch_step_store = {
  .id = "store",
  .title = N_ ("Storing the certificate"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_ISSUED | CH_FACT_KEY,
  .gives = CH_FACT_STORED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_made_there,
  .work = store,
};

/* The proof on its way: nonce, what is signed, signature */
typedef struct
{
  GTask *task;    /* (owned) */
  ChNonce *nonce; /* (owned) (nullable) */
} Proof;

static void
proof_fail (Proof *self, GError *error) /* (transfer full) */
{
  g_task_return_error (self->task, error);
  g_object_unref (self->task);
  g_clear_pointer (&self->nonce, ch_nonce_free);
  g_free (self);
}

static void
on_proof_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = g_task_get_source_object (self->task);
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  ChPossession request;

  if (signature == NULL)
    {
      proof_fail (self, error);
      return;
    }

  request = (ChPossession){ .nonce = self->nonce->nonce, .signature = signature };
  ch_run_call_async (run, &ch_route_installed, args, &request, g_task_get_cancellable (self->task),
                     ch_step_on_application_cb, self->task);
  ch_nonce_free (self->nonce);
  g_free (self);
}

/* The certificate as it lies on the token, not as it was received: that is what is proved */
static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = g_task_get_source_object (self->task);
  g_autoptr (GBytes) tls = ch_server_get_peer_certificate (ch_ports_get_server (ch_run_get_ports (run)));
  g_autoptr (GBytes) statement = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);
  GBytes *own = NULL;

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (g_strcmp0 (object->key_id, ch_run_get_key_id (run)) == 0)
        own = object->cert;
    }

  if (own != NULL)
    statement = ch_statement_build (CH_STATEMENT_POSSESSION, tls, own, self->nonce->nonce, NULL, &error);
  else if (error == NULL)
    error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING, "the certificate is no longer on the token");
  if (statement == NULL)
    {
      proof_fail (self, error);
      return;
    }

  ch_token_sign_as_async (CH_TOKEN (source), ch_run_get_key_id (run), statement,
                          ch_profile_get_sm2_id (ch_run_get_profile (run)), ch_run_get_asker (run),
                          g_task_get_cancellable (self->task), on_proof_signed_cb, self);
}

static void
on_nonce_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proof *self = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;

  self->nonce = ch_run_call_finish (run, result, &error);
  if (self->nonce == NULL)
    proof_fail (self, error);
  else
    ch_token_list_objects_async (ch_run_get_token (run), g_task_get_cancellable (self->task), on_read_back_cb,
                                 self);
}

static void
confirm (ChRun *run, GTask *task)
{
  ChNonceRequest request = { .label = (char *) CH_STATEMENT_POSSESSION };
  Proof *proof = g_new0 (Proof, 1);

  proof->task = task;
  ch_run_call_async (run, &ch_route_nonce, NULL, &request, g_task_get_cancellable (task), on_nonce_cb, proof);
}

const ChStep ch_step_confirm = {
  .id = "confirm",
  .title = N_ ("Trying the certificate"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_STORED | CH_FACT_KEY,
  .gives = CH_FACT_INSTALLED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_made_there,
  .work = confirm,
};

/* What the CA wants seen to now */
static char *
explain_result (ChRun *run)
{
  const ChReplacingRule *rule
      = ch_profile_get_replacing (ch_run_get_profile (run), ch_run_get_axes (run)->business);

  return rule != NULL && rule->notice != NULL ? g_strjoin (
             " ",
             _ ("It was tried: its key signs, and the CA knows it. You find it among your certificates."),
             ch_text_get (rule->notice), NULL)
                                              : NULL;
}

const ChStep ch_step_result = {
  .id = "result",
  .title = N_ ("The certificate is installed"),
  .lead = N_ ("It was tried: its key signs, and the CA knows it. You find it among your certificates."),
  .page = CH_PAGE_RESULT,
  .explain = explain_result,
  .needs = CH_FACT_INSTALLED,
  .gives = CH_FACT_SHOWN,
  .applies = ch_step_is_made_there,
};
