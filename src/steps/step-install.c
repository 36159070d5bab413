#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "pki/ch-chain.h"
#include "pki/ch-cert.h"
#include "pki/ch-statement.h"
#include "steps/ch-proof.h"
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

static void
on_proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  GError *error = NULL;
  g_autoptr (ChProof) proof = ch_proof_finish (run, result, &error);
  ChPossession request;

  if (proof == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  request = (ChPossession){ .nonce = proof->nonce->nonce, .signature = proof->signature };
  ch_run_call_async (run, &ch_route_installed, args, &request, g_task_get_cancellable (task),
                     ch_step_on_application_cb, task);
}

static void
confirm (ChRun *run, GTask *task)
{
  ch_proof_async (run, CH_STATEMENT_POSSESSION, NULL, g_task_get_cancellable (task), on_proved_cb, task);
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

static gboolean
is_not_made_here (const ChAxes *axes, const ChProfile *profile)
{
  return !ch_step_is_made_here (axes, profile);
}

const ChStep ch_step_result = {
  .id = "result",
  .title = N_ ("The certificate is installed"),
  .lead = N_ ("It was tried: its key signs, and the CA knows it. You find it among your certificates."),
  .page = CH_PAGE_RESULT,
  .explain = explain_result,
  .needs = CH_FACT_INSTALLED,
  .gives = CH_FACT_SHOWN,
  .applies = is_not_made_here,
};
