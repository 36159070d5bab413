#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-possession.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "wire/ch-policy.h"

typedef struct
{
  ChVerifyItem *item;     /* (owned) */
  GTlsInteraction *asker; /* (owned) (nullable) */
  GListModel *hub;        /* (owned) */
  guint next;             /* token that is looked at next */
  ChToken *token;         /* (owned) (nullable): that is looked at */
  GBytes *statement;      /* (owned) (nullable) */
} Proof;

static void look_at_next (GTask *task);

static void
proof_free (gpointer data)
{
  Proof *proof = data;

  g_object_unref (proof->item);
  g_clear_object (&proof->asker);
  g_object_unref (proof->hub);
  g_clear_object (&proof->token);
  g_clear_pointer (&proof->statement, g_bytes_unref);
  g_free (proof);
}

static const char *
get_sm2_id (GTask *task)
{
  return ch_profile_get_sm2_id (ch_ports_get_profile (g_task_get_source_object (task)));
}

static void
on_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Proof *proof = g_task_get_task_data (task);
  const ChTokenInfo *token = ch_token_get_info (CH_TOKEN (source));
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  g_autoptr (ChCertInfo) info
      = signature != NULL ? ch_cert_info_new (ch_verify_item_get_der (proof->item), &error) : NULL;
  gboolean is_right;

  if (info == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  is_right = ch_spki_verify (info->spki, proof->statement, signature, get_sm2_id (task), NULL);
  ch_verify_item_add_check (
      proof->item, "possession", N_ ("Possession"), is_right ? CH_VERIFY_PASSED : CH_VERIFY_FAILED,
      is_right
          /* Translators: name and serial number of a token */
          ? g_strdup_printf (_ ("Its key is on “%1$s” (%2$s) and has signed just now."), token->label,
                             token->serial)
          : g_strdup (_ ("What was signed just now is not confirmed by the certificate.")),
      "possession", N_ ("The key on the token is not that of the certificate."));
  g_task_return_boolean (task, TRUE);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Proof *proof = g_task_get_task_data (task);
  GBytes *cert = ch_verify_item_get_der (proof->item);
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, NULL);
  const ChTokenObject *found = NULL;
  GError *error = NULL;

  for (guint i = 0; objects != NULL && found == NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (object->has_key && object->cert != NULL && g_bytes_equal (object->cert, cert))
        found = object;
    }
  /* A token that cannot be read is no reason not to look at the others */
  if (found == NULL)
    {
      look_at_next (task);
      return;
    }

  proof->statement = ch_statement_build_possession (cert, &error);
  if (proof->statement == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  ch_token_sign_as_async (CH_TOKEN (source), found->key_id, proof->statement, get_sm2_id (task), proof->asker,
                          g_task_get_cancellable (task), on_signed_cb, task);
}

static void
look_at_next (GTask *task)
{
  Proof *proof = g_task_get_task_data (task);

  g_clear_object (&proof->token);
  proof->token = g_list_model_get_item (proof->hub, proof->next++);
  if (proof->token != NULL)
    {
      ch_token_list_objects_async (proof->token, g_task_get_cancellable (task), on_listed_cb, task);
      return;
    }

  g_task_return_new_error (task, CH_ERROR, CH_ERROR_KEY_MISSING, "the key of %s is on no token here",
                           ch_verify_item_get_source (proof->item));
  g_object_unref (task);
}

/**
 * ch_possession_prove_async:
 * @item: a certificate that was looked at
 * @asker: (nullable): who is asked for the PIN or passphrase
 *
 * Has the key of a certificate, which must be on a token here, sign a statement of possession, verifies the
 * signature by the certificate, and adds what came out to the report of @item.
 */
void
ch_possession_prove_async (ChPorts *ports,
                           ChVerifyItem *item,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  Proof *proof = g_new0 (Proof, 1);

  g_task_set_source_tag (task, ch_possession_prove_async);
  g_task_set_check_cancellable (task, FALSE);
  proof->item = g_object_ref (item);
  proof->asker = asker != NULL ? g_object_ref (asker) : NULL;
  proof->hub = g_object_ref (G_LIST_MODEL (ch_ports_get_hub (ports)));
  g_task_set_task_data (task, proof, proof_free);
  look_at_next (task);
}

/**
 * ch_possession_prove_finish:
 *
 * Returns: whether it was tried, and its outcome is in the report; %FALSE with %CH_ERROR_KEY_MISSING when the
 * key is on no token here, or with the error of the token
 */
gboolean
ch_possession_prove_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
