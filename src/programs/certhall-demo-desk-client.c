#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "api/ch-api-error.h"
#include "base/ch-error.h"
#include "programs/certhall-demo-desk-client.h"

#define SILENCE_LIMIT 10

struct _ChDeskClient
{
  GObject parent_instance;

  char *url;
  SoupSession *session; /* (owned) */
  ChSecret *token;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChDeskClient, ch_desk_client, G_TYPE_OBJECT)

static void
ch_desk_client_finalize (GObject *object)
{
  ChDeskClient *self = CH_DESK_CLIENT (object);

  g_free (self->url);
  g_clear_object (&self->session);
  g_clear_pointer (&self->token, ch_secret_unref);

  G_OBJECT_CLASS (ch_desk_client_parent_class)->finalize (object);
}

static void
ch_desk_client_class_init (ChDeskClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_desk_client_finalize;
}

static void
ch_desk_client_init (ChDeskClient *self)
{
}

/**
 * ch_desk_client_new:
 * @url: of the server, without a slash at its end
 * @trust_file: the certificate it must lead to
 * @token: what the server wrote into its folder
 *
 * Returns: (transfer full): the client
 */
ChDeskClient *
ch_desk_client_new (const char *url, const char *trust_file, ChSecret *token, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (trust_file);
  g_autoptr (GTlsDatabase) anchor = g_tls_file_database_new (g_file_peek_path (file), error);
  ChDeskClient *self;

  if (anchor == NULL)
    return NULL;

  self = g_object_new (CH_TYPE_DESK_CLIENT, NULL);
  self->url = g_strdup (url);
  self->token = ch_secret_ref (token);
  self->session = soup_session_new_with_options ("tls-database", anchor, "timeout", SILENCE_LIMIT, NULL);
  return self;
}

const char *
ch_desk_client_get_url (ChDeskClient *self)
{
  return self->url;
}

static gboolean
add_token (const guint8 *data, gsize len, gpointer user_data)
{
  g_autofree char *text = g_strchomp (g_strndup ((const char *) data, len));

  soup_message_headers_replace (soup_message_get_request_headers (user_data), "Demo-Token", text);
  ch_secret_wipe (text, strlen (text));
  return TRUE;
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SoupMessage *message = g_task_get_task_data (task);
  guint status = soup_message_get_status (message);
  GError *error = NULL;
  GBytes *body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (body == NULL)
    g_task_return_error (task, ch_api_error_from_network (error));
  else if (SOUP_STATUS_IS_SUCCESSFUL (status))
    g_task_return_pointer (task, body, (GDestroyNotify) g_bytes_unref);
  else
    {
      g_task_return_error (task, ch_api_error_from_answer (status, body, NULL));
      g_bytes_unref (body);
    }
}

/**
 * ch_desk_client_call_async:
 * @path: begins with a slash
 * @body: (nullable): JSON
 */
void
ch_desk_client_call_async (ChDeskClient *self,
                           const char *method,
                           const char *path,
                           GBytes *body,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  SoupMessage *message = soup_message_new (method, url);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, ch_desk_client_call_async);
  g_task_set_task_data (task, message, g_object_unref);
  ch_secret_with (self->token, add_token, message);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_answered_cb, task);
}

/**
 * ch_desk_client_call_finish:
 *
 * Returns: (transfer full): the answer’s body
 */
GBytes *
ch_desk_client_call_finish (ChDeskClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
