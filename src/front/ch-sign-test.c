#include "config.h"

#include "base/ch-error.h"
#include "front/ch-sign-test.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "wire/ch-policy.h"

typedef struct
{
  char *key_id;           /* (owned) (nullable) */
  GTlsInteraction *asker; /* (owned) (nullable) */
  GBytes *cert;           /* (owned) (nullable) */
  GBytes *statement;      /* (owned) (nullable) */
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_free (test->key_id);
  g_clear_object (&test->asker);
  g_clear_pointer (&test->cert, g_bytes_unref);
  g_clear_pointer (&test->statement, g_bytes_unref);
  g_free (test);
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
  Test *test = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  g_autoptr (ChCertInfo) info = signature != NULL ? ch_cert_info_new (test->cert, &error) : NULL;

  if (info != NULL && ch_spki_verify (info->spki, test->statement, signature, get_sm2_id (task), &error))
    g_task_return_pointer (task, g_strdup (info->key_text), g_free);
  else
    g_task_return_error (task, error);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Test *test = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  for (guint i = 0; objects != NULL && test->cert == NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (object->cert == NULL || !object->has_key
          || (test->key_id != NULL && g_ascii_strcasecmp (object->key_id, test->key_id) != 0))
        continue;
      test->cert = g_bytes_ref (object->cert);
      g_free (test->key_id);
      test->key_id = g_strdup (object->key_id);
    }

  if (test->cert != NULL)
    test->statement = ch_statement_build_test (test->cert, &error);
  else if (error == NULL)
    error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING, "there is no certificate with its key on the token");
  if (test->statement == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  ch_token_sign_as_async (CH_TOKEN (source), test->key_id, test->statement, get_sm2_id (task), test->asker,
                          g_task_get_cancellable (task), on_signed_cb, task);
}

/**
 * ch_sign_test_async:
 * @token: a token
 * @key_id: (nullable): which key; %NULL for the first one with a certificate
 * @asker: (nullable): who is asked for the PIN or passphrase
 *
 * Has the key sign a test and verifies it.
 */
void
ch_sign_test_async (ChPorts *ports,
                    ChToken *token,
                    const char *key_id,
                    GTlsInteraction *asker,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  Test *test = g_new0 (Test, 1);

  g_task_set_source_tag (task, ch_sign_test_async);
  g_task_set_check_cancellable (task, FALSE);
  test->key_id = g_strdup (key_id);
  test->asker = asker != NULL ? g_object_ref (asker) : NULL;
  g_task_set_task_data (task, test, test_free);
  ch_token_list_objects_async (token, cancellable, on_listed_cb, task);
}

/**
 * ch_sign_test_finish:
 *
 * Returns: (transfer full): the kind of key that signed, e.g. “RSA 2048”; %NULL with @error set when it did
 * not, or its signature is wrong
 */
char *
ch_sign_test_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
