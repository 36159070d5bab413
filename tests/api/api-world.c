#include "config.h"

#include "api-world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pki/ch-cert.h"
#include "pki/ch-pem.h"

#define DAY (24 * 3600)

typedef struct
{
  const char *host;
  int days_from;
  int days_to;
  gboolean other_anchor;
  gboolean self_signed;
} CertificateRow;

static const CertificateRow rows[] = {
  [CERTIFICATE_RIGHT] = { "127.0.0.1", -1, 30, FALSE, FALSE },
  [CERTIFICATE_OTHER_ANCHOR] = { "127.0.0.1", -1, 30, TRUE, FALSE },
  [CERTIFICATE_SAME_NAME] = { "127.0.0.1", -1, 30, TRUE, FALSE },
  [CERTIFICATE_OTHER_HOST] = { "127.0.0.2", -1, 30, FALSE, FALSE },
  [CERTIFICATE_SELF_SIGNED] = { "127.0.0.1", -1, 30, FALSE, TRUE },
  [CERTIFICATE_EXPIRED] = { "127.0.0.1", -30, -1, FALSE, FALSE },
  [CERTIFICATE_FUTURE] = { "127.0.0.1", 10, 30, FALSE, FALSE },
  [CERTIFICATE_FUTURE_OTHER_ANCHOR] = { "127.0.0.1", 10, 30, TRUE, FALSE },
  [CERTIFICATE_FUTURE_OTHER_HOST] = { "127.0.0.2", 10, 30, FALSE, FALSE },
  [CERTIFICATE_IN_YEARS] = { "127.0.0.1", 3 * 365 - 30, 3 * 365 + 30, FALSE, FALSE },
};

static ChSubject *
make_name (const char *common_name)
{
  ChSubject *name = ch_subject_new ();

  g_assert_true (ch_subject_add (name, "CN", common_name, NULL));
  return name;
}

static GBytes *
issue (ChCertKind kind, const char *name, ChKey *key, ChIssuer *issuer, const CertificateRow *row)
{
  g_autoptr (ChBuilder) builder = ch_builder_new (kind);
  g_autoptr (ChSubject) subject = make_name (name);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  GBytes *cert;

  ch_builder_set_subject (builder, subject);
  ch_builder_set_spki (builder, ch_key_get_spki (key));
  ch_builder_set_validity (builder, now + row->days_from * DAY, now + row->days_to * DAY);
  if (kind == CH_CERT_TLS_SERVER)
    ch_builder_add_address (builder, row->host);
  cert = ch_builder_issue (builder, issuer, &error);
  g_assert_no_error (error);
  return cert;
}

static ChIssuer *
make_anchor (const char *common_name, GBytes **cert)
{
  static const CertificateRow always = { NULL, -100, 2000, FALSE, FALSE };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, &error);
  g_autoptr (ChSubject) name = make_name (common_name);
  g_autoptr (ChIssuer) self = ch_issuer_new_self (key, name, NULL);
  ChIssuer *issuer;

  *cert = issue (CH_CERT_ROOT, common_name, key, self, &always);
  issuer = ch_issuer_new (key, *cert, NULL, NULL, &error);
  g_assert_no_error (error);
  return issuer;
}

static gboolean
add_key (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GBytes) der = g_bytes_new (data, len);
  g_autofree char *pem = ch_pem_encode ("PRIVATE KEY", der);

  g_string_append (user_data, pem);
  return TRUE;
}

static GTlsCertificate *
make_certificate (ChIssuer *issuer, const CertificateRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, &error);
  g_autoptr (ChSubject) name = make_name ("certhalld");
  g_autoptr (ChIssuer) self = ch_issuer_new_self (key, name, NULL);
  g_autoptr (GBytes) cert
      = issue (CH_CERT_TLS_SERVER, "certhalld", key, row->self_signed ? self : issuer, row);
  g_autoptr (ChSecret) pkcs8 = ch_key_to_pkcs8 (key, &error);
  g_autofree char *pem = ch_cert_to_pem (cert);
  GString *text = g_string_new (pem);
  GTlsCertificate *certificate;

  g_assert_no_error (error);
  ch_secret_with (pkcs8, add_key, text);
  certificate = g_tls_certificate_new_from_pem (text->str, text->len, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
  return certificate;
}

static void
on_request_cb (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  World *self = user_data;

  self->n_requests++;
  self->handler (self, message);
}

static gboolean
on_incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  WorldListener *self = user_data;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (connection));

  if (self->certificate != NULL)
    {
      g_autoptr (GIOStream) plain = g_steal_pointer (&stream);

      stream = g_tls_server_connection_new (plain, self->certificate, NULL);
      g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (stream), FALSE);
    }
  soup_server_accept_iostream (self->soup, stream, local, remote, NULL);
  return TRUE;
}

WorldListener *
world_listener_new (SoupServer *soup, GTlsCertificate *certificate)
{
  WorldListener *self = g_new0 (WorldListener, 1);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->soup = soup;
  self->certificate = certificate;
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming_cb), self);
  return self;
}

void
world_listener_close (WorldListener *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
}

void
world_listener_free (WorldListener *self)
{
  world_listener_close (self);
  g_object_unref (self->service);
  g_free (self);
}

/* What the server shows, and the file with the anchor that the client trusts */
GTlsCertificate *
world_make_certificate (WorldCertificate kind, const char *trust_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) anchor = NULL, other = NULL;
  g_autoptr (ChIssuer) issuer = make_anchor ("Anchor", &anchor);
  g_autoptr (ChIssuer) stranger = make_anchor (kind == CERTIFICATE_SAME_NAME ? "Anchor" : "Stranger", &other);
  g_autofree char *pem = ch_cert_to_pem (anchor);

  g_file_set_contents (trust_file, pem, -1, &error);
  g_assert_no_error (error);
  return make_certificate (rows[kind].other_anchor ? stranger : issuer, &rows[kind]);
}

World *
world_new (WorldCertificate kind, WorldHandler handler, gconstpointer data)
{
  World *self = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("certhall-api-XXXXXX", &error);
  g_assert_no_error (error);
  self->trust_file = g_build_filename (self->dir, "tls-ca.pem", NULL);
  self->certificate = world_make_certificate (kind, self->trust_file);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  self->handler = handler;
  self->data = data;
  self->paused = g_ptr_array_new_with_free_func (g_object_unref);
  soup_server_add_handler (self->soup, NULL, on_request_cb, self, NULL);
  self->listener = world_listener_new (self->soup, self->certificate);
  self->url = g_strdup_printf ("https://127.0.0.1:%u", self->listener->port);

  self->client = CH_SERVER (ch_api_server_new (self->url, self->trust_file, &error));
  g_assert_no_error (error);
  return self;
}

void
world_free (World *self)
{
  g_clear_pointer (&self->listener, world_listener_free);
  soup_server_disconnect (self->soup);
  g_clear_object (&self->client);
  g_clear_pointer (&self->paused, g_ptr_array_unref);
  g_clear_object (&self->soup);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&self->certificate);
  g_unlink (self->trust_file);
  g_rmdir (self->dir);
  g_free (self->trust_file);
  g_free (self->dir);
  g_free (self->url);
  g_free (self);
}

/* Until *flag is set */
void
world_pump (gpointer *flag)
{
  while (*flag == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The answer’s bytes as they came */
GBytes *
world_call (World *self, const ChRoute *route, const char *const *args, gconstpointer request, GError **error)
{
  ChServerInterface *iface = CH_SERVER_GET_IFACE (self->client);
  const char *key = (route->flags & CH_ROUTE_CHANGES) != 0 ? "5f0c7c1e-0000-4000-8000-000000000001" : NULL;
  g_autoptr (GBytes) body = request != NULL ? ch_wire_encode (route->request, request) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  iface->call_async (self->client, route, args, body, key, NULL, on_called_cb, &result);
  world_pump ((gpointer *) &result);
  return iface->call_finish (self->client, result, error);
}

/* The call fails so, as a message and not only as bytes */
void
world_expect (World *self, const ChRoute *route, ChErrorCode code)
{
  static const char *const args[] = { "A1", "licence", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gpointer answer;

  ch_server_call_async (self->client, route, args, NULL, "5f0c7c1e-0000-4000-8000-000000000001", NULL,
                        on_called_cb, &result);
  world_pump ((gpointer *) &result);
  answer = ch_server_call_finish (self->client, result, &error);
  g_assert_null (answer);
  g_assert_error (error, CH_ERROR, (int) code);
}

/* 200 with the text in data */
void
world_answer (World *self, SoupServerMessage *message)
{
  const char *text = self->data;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

/* The text in data is all that is sent, and then the line is cut */
void
world_answer_raw (World *self, SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  const char *text = self->data;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}
