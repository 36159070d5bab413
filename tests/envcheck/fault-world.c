#include "config.h"

#include "fault-world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-proxy.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"

static const char *const readers[] = { "Certhall test reader 00 00", NULL };

/* Adds the reader’s own stop: its threads end with the connections */
static void
plain_free (gpointer data)
{
  GSocketService *service = data;

  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  while (g_atomic_int_get (&G_OBJECT (service)->ref_count) > 1)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (service);
}

FaultWorld *
fault_world_new (const char *socket, const char *bad_module)
{
  FaultWorld *self = g_new0 (FaultWorld, 1);

  self->dir = check_make_dir ();
  self->socket = g_strdup (socket);
  self->bad_module = g_strdup (bad_module);
  self->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) tls_server_free);
  self->plain = g_ptr_array_new_with_free_func (plain_free);
  self->entries = g_ptr_array_new_with_free_func (g_free);
  self->service = fake_pcscd_new (socket, 0, readers);
  fake_pcscd_set_cards (self->service, FAKE_PCSCD_CARD);
  return self;
}

void
fault_world_free (FaultWorld *self)
{
  g_unsetenv ("CERTHALL_BAD_MODULE");
  g_unsetenv ("CERTHALL_BAD_MODULE_SCRIPT");
  g_unsetenv ("FONTCONFIG_FILE");
  ch_proxy_set (NULL);
  g_clear_pointer (&self->service, fake_pcscd_free);
  g_ptr_array_unref (self->servers);
  g_ptr_array_unref (self->plain);
  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->context, ch_check_context_unref);
  check_remove_dir (self->dir);
  g_free (self->trust_file);
  g_free (self->bad_module);
  g_free (self->socket);
  g_free (self->dir);
  g_free (self);
}

/* Takes @service, or nothing at all */
void
fault_world_set_service (FaultWorld *self, FakePcscd *service)
{
  g_clear_pointer (&self->service, fake_pcscd_free);
  self->service = service;
}

void
fault_world_add_module (FaultWorld *self, const char *name, const char *path)
{
  g_autofree char *file = g_strdup_printf ("modules/%s.module", name);
  g_autofree char *text = g_strdup_printf ("module: %s\n", path);

  check_write (self->dir, file, text, 0644);
}

void
fault_world_break_module (FaultWorld *self, const char *faults)
{
  fault_world_add_module (self, "driver", self->bad_module);
  g_setenv ("CERTHALL_BAD_MODULE", faults, TRUE);
}

/* A key with these flags and, if not NULL, these objects */
void
fault_world_set_token (FaultWorld *self, guint flags, const char *objects)
{
  g_autofree char *script = g_build_filename (self->dir, "script", NULL);
  g_autofree char *text = g_strdup_printf ("[token]\nlabel=text:甲公司\nserial=DENK0100123\nflags=0x%x\n%s",
                                           flags, objects != NULL ? objects : "");

  check_write (self->dir, "script", text, 0644);
  fault_world_add_module (self, "driver", self->bad_module);
  g_setenv ("CERTHALL_BAD_MODULE_SCRIPT", script, TRUE);
}

/* Hexadecimal: a certificate, and the modulus or point of its key */
char *
fault_world_make_cert (WorldCertificate kind, char **point)
{
  g_autofree char *dir = check_make_dir ();
  g_autofree char *trust = g_build_filename (dir, "anchor.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = world_make_certificate (kind, trust);
  g_autoptr (GByteArray) der = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) end = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  bytes = g_bytes_new (der->data, der->len);
  spki = ch_cert_get_spki (bytes, NULL);
  /* The end of it is enough to know it again */
  end = g_bytes_new_from_bytes (spki, g_bytes_get_size (spki) - 64, 64);
  if (point != NULL)
    *point = ch_bytes_to_hex (end);
  check_remove_dir (dir);
  return ch_bytes_to_hex (bytes);
}

const char *
fault_world_serve (FaultWorld *self, WorldCertificate kind, TlsServerFunc func, gconstpointer data)
{
  g_autofree char *trust = g_build_filename (self->dir, "anchor.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = world_make_certificate (kind, trust);
  TlsServer *server = tls_server_new (certificate, func, data);

  g_free (self->trust_file);
  self->trust_file = g_strdup (trust);
  g_ptr_array_add (self->servers, server);
  return tls_server_get_url (server);
}

/* Answers whoever comes with the same, and leaves */
static gboolean
on_plain_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, char *answer)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char piece[4096];

  if (g_input_stream_read (in, piece, sizeof piece, NULL, NULL) <= 0)
    return TRUE;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer,
                             strlen (answer), NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  while (g_input_stream_read (in, piece, sizeof piece, NULL, NULL) > 0)
    continue;
  return TRUE;
}

/* Returns: HOST:PORT of what speaks without encryption */
char *
fault_world_serve_plain (FaultWorld *self, const char *answer)
{
  GSocketService *service = g_threaded_socket_service_new (8);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  g_signal_connect_data (service, "run", G_CALLBACK (on_plain_cb), g_strdup (answer),
                         (GClosureNotify) (GCallback) g_free, 0);
  g_socket_service_start (service);
  g_ptr_array_add (self->plain, service);
  return g_strdup_printf ("127.0.0.1:%d", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

void
fault_world_set_entry (FaultWorld *self, const char *url)
{
  g_ptr_array_add (self->entries, g_strdup (url));
}

static ChProfile *
make_profile (FaultWorld *self)
{
  ChProfile *profile = ch_wire_new (&ChProfile_wire);

  profile->flows = g_strsplit ("apply.enterprise.ukey.self-pay", " ", -1);
  profile->entries = ch_wire_list_new (&ChEntry_wire);
  for (guint i = 0; i < self->entries->len; i++)
    {
      ChEntry *entry = ch_wire_new (&ChEntry_wire);

      entry->id = g_strdup_printf ("e%u", i + 1);
      entry->url = g_strdup (self->entries->pdata[i]);
      entry->name = ch_wire_new (&ChText_wire);
      entry->name->zh = g_strdup (entry->id);
      entry->name->en = g_strdup (entry->id);
      g_ptr_array_add (profile->entries, entry);
    }
  return profile;
}

/* Made once, with what was set until now; the test may change it further */
ChCheckContext *
fault_world_get_context (FaultWorld *self)
{
  g_autoptr (ChProfile) profile = NULL;
  g_autoptr (ChCheckContext) like = NULL;
  g_autofree char *modules = g_build_filename (self->dir, "modules", NULL);
  g_autofree char *data = g_build_filename (self->dir, "data", NULL);
  const char *const dirs[] = { modules, NULL };

  if (self->context != NULL)
    return self->context;
  /* Its system, which lies beside the folder */
  like = check_make_context (self->dir);
  profile = make_profile (self);
  self->context = ch_check_context_new (profile, NULL, self->trust_file);
  ch_check_context_set_root (self->context, like->root);
  ch_check_context_set_data_dir (self->context, data);
  ch_check_context_set_driver_dirs (self->context, dirs);
  self->context->time_limit = self->time_limit > 0 ? self->time_limit : like->time_limit;
  return self->context;
}
