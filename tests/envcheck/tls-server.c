#include "config.h"

#include "tls-server.h"

#include <string.h>

struct _TlsServer
{
  GSocketService *service;
  GTlsCertificate *certificate;
  char *url;
  TlsServerFunc func;
  gconstpointer data;
};

/* Up to the blank line; NULL when the other side leaves before */
static char *
read_head (GInputStream *in)
{
  g_autoptr (GString) head = g_string_new (NULL);

  while (strstr (head->str, "\r\n\r\n") == NULL)
    {
      char piece[1024];
      gssize n = g_input_stream_read (in, piece, sizeof piece, NULL, NULL);

      if (n <= 0)
        return NULL;
      g_string_append_len (head, piece, n);
    }
  return g_string_free (g_steal_pointer (&head), FALSE);
}

static gboolean
on_run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, TlsServer *self)
{
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  g_autofree char *head = read_head (g_io_stream_get_input_stream (tls));
  g_autofree char *answer = head != NULL ? self->func (head, self->data) : NULL;

  if (answer != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (tls), answer, strlen (answer), NULL, NULL,
                               NULL);
  g_io_stream_close (tls, NULL, NULL);
  return TRUE;
}

TlsServer *
tls_server_new (GTlsCertificate *certificate, TlsServerFunc func, gconstpointer data)
{
  TlsServer *self = g_new0 (TlsServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->certificate = g_object_ref (certificate);
  self->func = func;
  self->data = data;
  self->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("https://127.0.0.1:%d",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_signal_connect (self->service, "run", G_CALLBACK (on_run_cb), self);
  g_socket_service_start (self->service);
  return self;
}

/* Its threads end with the connections */
void
tls_server_free (TlsServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_atomic_int_get (&G_OBJECT (self->service)->ref_count) > 1)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (self->service);
  g_object_unref (self->certificate);
  g_free (self->url);
  g_free (self);
}

const char *
tls_server_get_url (TlsServer *self)
{
  return self->url;
}
