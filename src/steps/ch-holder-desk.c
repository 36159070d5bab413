#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-statement.h"
#include "steps/ch-holder-desk.h"
#include "wire/ch-policy.h"

/* A login on its way: certificate, nonce, signature, session, holder */
typedef struct
{
  ChToken *token;         /* (owned) */
  char *key_id;           /* (owned) */
  char *staff;            /* (owned) (nullable): name of a member of staff */
  GTlsInteraction *asker; /* (owned) (nullable) */
  GBytes *cert;           /* (owned) (nullable): as it lies on the token */
  ChNonce *nonce;         /* (owned) (nullable) */
  gboolean is_second;     /* a passphrase that took its time: the key is open now, so it goes quickly */
} Login;

static void ask_nonce (GTask *task);

static void
login_free (gpointer data)
{
  Login *login = data;

  g_object_unref (login->token);
  g_free (login->key_id);
  g_free (login->staff);
  g_clear_object (&login->asker);
  g_clear_pointer (&login->cert, g_bytes_unref);
  g_clear_pointer (&login->nonce, ch_nonce_free);
  g_free (login);
}

static ChServer *
get_server (GTask *task)
{
  return ch_ports_get_server (g_task_get_source_object (task));
}

static void
fail (GTask *task, GError *error) /* both (transfer full) */
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
succeed (GTask *task)
{
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Who is logged in is named like an account, but is none: the id keeps the drafts apart */
static ChAccount *
make_account (const ChHolder *holder)
{
  ChAccount *account = ch_wire_new (&ChAccount_wire);

  account->id = g_strconcat ("holder-", holder->certificate, NULL);
  account->user_name = g_strdup ("");
  account->name = g_strdup (holder->name);
  account->mobile = g_strdup ("");
  account->document_number = g_strdup ("");
  return account;
}

static void
on_holder_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (ChHolder) holder = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (holder == NULL)
    {
      fail (task, error);
      return;
    }

  ch_ports_take_account (g_task_get_source_object (task), make_account (holder));
  succeed (task);
}

static void
on_session_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChPorts *ports = g_task_get_source_object (task);
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ChSession) session = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (g_error_matches (error, CH_ERROR, CH_ERROR_NONCE_SPENT) && !login->is_second)
    {
      g_clear_error (&error);
      login->is_second = TRUE;
      ask_nonce (task);
      return;
    }
  if (session == NULL || !ch_vault_put_session (ch_ports_get_vault (ports), session->token, &error))
    {
      fail (task, error);
      return;
    }

  ch_server_set_session (CH_SERVER (source), session->token);
  if (login->staff == NULL)
    {
      ch_server_call_async (CH_SERVER (source), &ch_route_holder, NULL, NULL, NULL,
                            g_task_get_cancellable (task), on_holder_cb, task);
      return;
    }
  ch_ports_take_account (ports, NULL);
  succeed (task);
}

static void
on_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) signature = ch_token_sign_finish (CH_TOKEN (source), result, &error);
  g_autoptr (GPtrArray) consents = NULL;

  if (signature == NULL)
    {
      fail (task, error);
      return;
    }

  if (login->staff != NULL)
    {
      ChStaffLogin request = {
        .name = login->staff, .certificate = login->cert, .nonce = login->nonce->nonce, .signature = signature
      };

      ch_server_call_async (get_server (task), &ch_route_staff_login, NULL, &request, NULL,
                            g_task_get_cancellable (task), on_session_cb, task);
    }
  else
    {
      ChPorts *ports = g_task_get_source_object (task);
      ChHolderLogin request
          = { .certificate = login->cert, .nonce = login->nonce->nonce, .signature = signature };

      request.consents = consents = ch_profile_accept_consents (ch_ports_get_profile (ports), "login");
      ch_server_call_async (get_server (task), &ch_route_holder_login, NULL, &request, NULL,
                            g_task_get_cancellable (task), on_session_cb, task);
    }
}

static void
on_nonce_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChPorts *ports = g_task_get_source_object (task);
  Login *login = g_task_get_task_data (task);
  g_autoptr (GBytes) tls = NULL;
  g_autoptr (GBytes) statement = NULL;
  GError *error = NULL;

  g_clear_pointer (&login->nonce, ch_nonce_free);
  login->nonce = ch_server_call_finish (CH_SERVER (source), result, &error);
  if (login->nonce != NULL)
    {
      tls = ch_server_get_peer_certificate (CH_SERVER (source));
      statement
          = ch_statement_build (CH_STATEMENT_LOGIN, tls, login->cert, login->nonce->nonce, NULL, &error);
    }
  if (statement == NULL)
    {
      fail (task, error);
      return;
    }

  ch_token_sign_as_async (login->token, login->key_id, statement,
                          ch_profile_get_sm2_id (ch_ports_get_profile (ports)), login->asker,
                          g_task_get_cancellable (task), on_signed_cb, task);
}

static void
ask_nonce (GTask *task)
{
  ChNonceRequest request = { .label = (char *) CH_STATEMENT_LOGIN };

  ch_server_call_async (get_server (task), &ch_route_nonce, NULL, &request, NULL,
                        g_task_get_cancellable (task), on_nonce_cb, task);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (object->cert == NULL || !object->has_key || ch_token_object_is_former (object)
          || (login->key_id != NULL && g_ascii_strcasecmp (object->key_id, login->key_id) != 0))
        continue;
      g_clear_pointer (&login->cert, g_bytes_unref);
      login->cert = g_bytes_ref (object->cert);
      g_free (login->key_id);
      login->key_id = g_strdup (object->key_id);
      break;
    }

  if (login->cert != NULL)
    ask_nonce (task);
  else
    fail (task, error != NULL ? error
                              : g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING,
                                             "there is no certificate with its key on the token"));
}

/**
 * ch_holder_desk_login_async:
 * @ports: with the profile; session and account are filled in
 * @token: a token
 * @key_id: (nullable): which key; %NULL for the first one with a certificate
 * @staff: (nullable): name of the member of staff whose certificate it is; %NULL for a holder
 * @asker: (nullable): who is asked for the PIN or passphrase
 *
 * Logs in by certificate. The front end has had every agreement of `login` ticked.
 */
void
ch_holder_desk_login_async (ChPorts *ports,
                            ChToken *token,
                            const char *key_id,
                            const char *staff,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  Login *login = g_new0 (Login, 1);

  g_task_set_source_tag (task, ch_holder_desk_login_async);
  g_task_set_check_cancellable (task, FALSE);
  login->token = g_object_ref (token);
  login->key_id = g_strdup (key_id);
  login->staff = g_strdup (staff);
  login->asker = asker != NULL ? g_object_ref (asker) : NULL;
  g_task_set_task_data (task, login, login_free);
  ch_token_list_objects_async (token, cancellable, on_listed_cb, task);
}

gboolean
ch_holder_desk_login_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_holder_desk_recall_async:
 *
 * Asks whose certificate the session is that was kept on this PC.
 */
void
ch_holder_desk_recall_async (ChPorts *ports,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_holder_desk_recall_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_server_call_async (get_server (task), &ch_route_holder, NULL, NULL, NULL, cancellable, on_holder_cb,
                        task);
}

/**
 * ch_holder_desk_recall_finish:
 *
 * Returns: %FALSE with @error set when it is the session of no certificate
 */
gboolean
ch_holder_desk_recall_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
