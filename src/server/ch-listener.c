#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/ch-error.h"
#include "server/ch-listener.h"
#include "server/ch-peer-stream.h"

#define PEER_KEY "certhall-peer"

static const ChListenerLimits default_limits = {
  .max_total = 4096,
  .max_per_address = 1024,
  .silence = 15,
  .arrival = 60,
};

/* Seconds for a handshake; and GIO runs each in one of ten threads: when so many are under way, those that
 * last longer than a second make room */
#define SHAKE      10
#define MAX_SHAKES 8

/* Of a TLS record: kind, version, length */
#define RECORD_HEAD 5
#define RECORD_MAX  16384
#define HANDSHAKE   0x16

/* File descriptors for all else: store, files, gateways */
#define OTHER_FILES 256

typedef enum
{
  PEER_NEW,  /* no request has come yet, perhaps not even a greeting */
  PEER_IDLE, /* between two requests */
  PEER_BUSY, /* a request is being answered */
} PeerState;

/* One connection */
typedef struct
{
  guint n_refs; /* until the handshake is over the source or the handshake, then stream and address, which
                 * messages keep longer */
  ChListener *listener;          /* (nullable): NULL when it counts no more */
  GSocket *socket;               /* (owned) */
  GSocketConnection *connection; /* (owned) (nullable): NULL once it is encrypted */
  GSource *greeting;             /* (owned) (nullable): waits for the first bytes */
  gsize wanted;                  /* so many of them */
  gint64 shaking;                /* monotonic; since when; 0 before and after */
  ChPeerStream *stream;          /* (unowned) (nullable): NULL when it is gone */
  char *address;                 /* (owned): without port */
  PeerState state;
  gint64 deadline; /* monotonic; a request must have arrived by then; 0 while busy */
  gboolean is_cut;
} Peer;

struct _ChListener
{
  SoupServer *soup;             /* (owned) (nullable): set by the start */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GSocketService *sockets;      /* (owned) */
  ChListenerLimits limits;
  GQueue peers;             /* Peer, oldest first; forgotten with their streams */
  GHashTable *n_by_address; /* (owned): address → count */
  guint sweep_id;
};

static guint
count (ChListener *self, const char *address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->n_by_address, address));
}

static void
add_count (ChListener *self, const char *address, int n)
{
  guint now = count (self, address) + n;

  if (now == 0)
    g_hash_table_remove (self->n_by_address, address);
  else
    g_hash_table_replace (self->n_by_address, g_strdup (address), GUINT_TO_POINTER (now));
}

/* The end comes to whoever reads or writes there, which then lets go of the stream. */
static void
cut (Peer *peer)
{
  if (peer->is_cut)
    return;

  peer->is_cut = TRUE;
  g_socket_shutdown (peer->socket, TRUE, TRUE, NULL);
}

static void
peer_unref (gpointer data)
{
  Peer *peer = data;

  if (--peer->n_refs > 0)
    return;
  g_clear_object (&peer->connection);
  g_object_unref (peer->socket);
  g_free (peer->address);
  g_free (peer);
}

/* It counts no more. One that has not said anything is gone with it. */
static void
forget (Peer *peer)
{
  gboolean is_waiting = peer->greeting != NULL;

  if (peer->listener != NULL)
    {
      g_queue_remove (&peer->listener->peers, peer);
      add_count (peer->listener, peer->address, -1);
      peer->listener = NULL;
    }
  if (is_waiting)
    {
      g_source_destroy (peer->greeting);
      g_clear_pointer (&peer->greeting, g_source_unref);
      peer_unref (peer);
    }
}

static void
on_stream_gone_cb (gpointer data)
{
  Peer *peer = data;

  peer->stream = NULL;
  forget (peer);
  peer_unref (peer);
}

static Peer *
get_peer (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return address != NULL ? g_object_get_data (G_OBJECT (address), PEER_KEY) : NULL;
}

static void
on_request_read_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  Peer *peer = get_peer (message);

  if (peer == NULL)
    return;
  peer->state = PEER_BUSY;
  peer->deadline = 0;
}

static void
on_request_finished_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  Peer *peer = get_peer (message);

  if (peer == NULL || peer->listener == NULL)
    return;
  peer->state = PEER_IDLE;
  peer->deadline = g_get_monotonic_time () + peer->listener->limits.arrival * G_USEC_PER_SEC;
  if (peer->stream != NULL)
    ch_peer_stream_set_idle (peer->stream);
}

static gboolean
on_sweep_cb (gpointer user_data)
{
  ChListener *self = user_data;
  gint64 now = g_get_monotonic_time ();
  guint n_shaking = 0;

  for (GList *l = self->peers.head; l != NULL; l = l->next)
    n_shaking += ((Peer *) l->data)->shaking != 0;
  for (GList *l = self->peers.head; l != NULL; l = l->next)
    {
      Peer *peer = l->data;
      gboolean is_in_the_way
          = n_shaking >= MAX_SHAKES && peer->shaking != 0 && now - peer->shaking > G_USEC_PER_SEC;

      if ((peer->deadline != 0 && now > peer->deadline) || is_in_the_way)
        cut (peer);
    }
  return G_SOURCE_CONTINUE;
}

/* Makes room for a newcomer: who has been silent longest goes first, never one whose call is being answered.
 * So thousands of silent sockets keep nobody out. */
static gboolean
make_room (ChListener *self, const char *address)
{
  for (PeerState state = PEER_NEW; state < PEER_BUSY; state++)
    for (GList *l = self->peers.head; l != NULL; l = l->next)
      {
        Peer *peer = l->data;

        if (peer->state != state || (address != NULL && !g_str_equal (peer->address, address)))
          continue;

        /* though its stream is still being taken down */
        cut (peer);
        forget (peer);
        return TRUE;
      }
  return FALSE;
}

static gboolean
admit (ChListener *self, const char *address)
{
  if (count (self, address) >= self->limits.max_per_address && !make_room (self, address))
    return FALSE;
  return self->peers.length < self->limits.max_total || make_room (self, NULL);
}

static gint64
after (guint seconds)
{
  return g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

static Peer *
peer_new (ChListener *self, GSocketConnection *connection, const char *address)
{
  Peer *peer = g_new0 (Peer, 1);

  peer->n_refs = 1;
  peer->listener = self;
  peer->connection = g_object_ref (connection);
  peer->socket = g_object_ref (g_socket_connection_get_socket (connection));
  peer->address = g_strdup (address);
  peer->deadline = after (self->limits.arrival);
  g_queue_push_tail (&self->peers, peer);
  add_count (self, address, 1);
  return peer;
}

/* Nobody is asked for a certificate here. Unless it is told so, GnuTLS reads all authorities the system
 * knows, anew for each connection: that takes a hundred times as long as all else. */
static GIOStream *
encrypt (ChListener *self, GSocketConnection *connection)
{
  return g_initable_new (g_tls_backend_get_server_connection_type (g_tls_backend_get_default ()), NULL, NULL,
                         "base-io-stream", connection, "certificate", self->certificate, "database", NULL,
                         NULL);
}

/* Now libsoup may have it */
static void
hand_over (Peer *peer, GIOStream *tls)
{
  ChListener *self = peer->listener;
  g_autoptr (GSocketConnection) connection = g_steal_pointer (&peer->connection);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GIOStream) stream = ch_peer_stream_new (tls);

  /* libsoup hands this very address back with each message: that is how a message finds its connection */
  peer->n_refs++;
  peer->deadline = after (self->limits.arrival);
  peer->stream = CH_PEER_STREAM (stream);
  g_object_set_data_full (G_OBJECT (remote), PEER_KEY, peer, peer_unref);
  g_object_set_data_full (G_OBJECT (stream), PEER_KEY, peer, on_stream_gone_cb);
  soup_server_accept_iostream (self->soup, stream, local, remote, NULL);
}

static void
on_shaken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  gboolean is_good = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);

  peer->shaking = 0;
  if (is_good && peer->listener != NULL && !peer->is_cut)
    {
      hand_over (peer, G_IO_STREAM (source));
      return;
    }
  forget (peer);
  peer_unref (peer);
}

static void
shake_hands (Peer *peer)
{
  g_autoptr (GIOStream) tls = encrypt (peer->listener, peer->connection);

  if (tls == NULL)
    {
      forget (peer);
      return;
    }
  g_source_destroy (peer->greeting);
  g_clear_pointer (&peer->greeting, g_source_unref);
  g_socket_set_option (peer->socket, SOL_SOCKET, SO_RCVLOWAT, 1, NULL);

  /* programs that hang up without a TLS goodbye are no attack here: lengths are told beforehand */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  peer->shaking = g_get_monotonic_time ();
  peer->deadline = after (MIN (SHAKE, peer->listener->limits.arrival));
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, on_shaken_cb, peer);
}

/* How many bytes there must be before TLS is worth a thread: the whole first record. What is none is TLS’s to
 * refuse. */
static gsize
count_wanted (const guint8 *head, gssize n)
{
  gsize length = n == RECORD_HEAD ? (gsize) head[3] << 8 | head[4] : 0;

  if (head[0] != HANDSHAKE || length > RECORD_MAX)
    return 1;
  return RECORD_HEAD + length;
}

static void
want (Peer *peer, gsize n)
{
  peer->wanted = n;
  g_socket_set_option (peer->socket, SOL_SOCKET, SO_RCVLOWAT, n, NULL);
}

static gboolean
on_greeting_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Peer *peer = user_data;
  guint8 room[RECORD_HEAD + RECORD_MAX];
  gssize n = recv (g_socket_get_fd (socket), room, sizeof room, MSG_PEEK | MSG_DONTWAIT);
  gsize wanted = n > 0 ? count_wanted (room, MIN (n, RECORD_HEAD)) : 0;

  /* the end, or too slow: the system does not call for fewer bytes than are wanted */
  if (n <= 0 || (gsize) n < peer->wanted)
    forget (peer);
  else if ((gsize) n >= wanted)
    shake_hands (peer);
  else
    {
      want (peer, wanted);
      return G_SOURCE_CONTINUE;
    }
  return G_SOURCE_REMOVE;
}

/* GIO gives each handshake a thread that waits for the other side, and has few of them: a connection that
 * does not greet must not come so far. */
static void
wait_for_greeting (Peer *peer)
{
  want (peer, RECORD_HEAD);
  peer->greeting = g_socket_create_source (peer->socket, G_IO_IN, NULL);
  g_source_set_callback (peer->greeting, G_SOURCE_FUNC (on_greeting_cb), peer, NULL);
  g_source_attach (peer->greeting, g_main_context_get_thread_default ());
}

static gboolean
on_incoming_cb (GSocketService *sockets, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  ChListener *self = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autofree char *address = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return TRUE;
  address = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  if (!admit (self, address))
    {
      g_message ("connection refused: too many");
      return TRUE;
    }

  g_socket_set_timeout (socket, self->limits.silence);
  g_socket_set_option (socket, 6 /* IPPROTO_TCP */, 1 /* TCP_NODELAY */, 1, NULL);
  wait_for_greeting (peer_new (self, connection, address));
  return TRUE;
}

/* Sockets are files, and there must be some left for the store. */
static void
fit_to_files (ChListenerLimits *limits)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0)
    return;
  if (files.rlim_cur < files.rlim_max && files.rlim_cur < limits->max_total + OTHER_FILES)
    {
      files.rlim_cur = MIN (files.rlim_max, limits->max_total + OTHER_FILES);
      setrlimit (RLIMIT_NOFILE, &files);
    }
  if (files.rlim_cur < limits->max_total + OTHER_FILES)
    limits->max_total = files.rlim_cur > 2 * OTHER_FILES ? files.rlim_cur - OTHER_FILES : files.rlim_cur / 2;
  limits->max_per_address = MIN (limits->max_per_address, MAX (limits->max_total / 2, 1));
}

/**
 * ch_listener_set_tls_floor:
 *
 * Called first by every main that speaks TLS: nothing older than TLS 1.2.
 */
void
ch_listener_set_tls_floor (void)
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
}

/**
 * ch_listener_new:
 * @limits: (nullable): %NULL for the usual ones
 *
 * Returns: (transfer full): the listener, which does not accept anybody yet
 */
ChListener *
ch_listener_new (const ChListenerLimits *limits)
{
  ChListener *self = g_new0 (ChListener, 1);

  self->limits = limits != NULL ? *limits : default_limits;
  fit_to_files (&self->limits);
  self->n_by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->peers);
  self->sockets = g_socket_service_new ();
  g_socket_service_stop (self->sockets);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->sockets), 1024);
  g_signal_connect (self->sockets, "incoming", G_CALLBACK (on_incoming_cb), self);
  return self;
}

/**
 * ch_listener_listen:
 * @address: `ADDRESS:PORT`, e.g. `127.0.0.1:0` or `[::]:8443`; port 0 picks one
 * @error: %CH_ERROR_USAGE when @address is none, or what the system says
 *
 * Takes a port. Who connects waits until ch_listener_start().
 *
 * Returns: (transfer full): where it really listens
 */
GSocketAddress *
ch_listener_listen (ChListener *self, const char *address, GError **error)
{
  g_autoptr (GSocketConnectable) where = g_network_address_parse (address, 0, NULL);
  g_autoptr (GSocketAddress) wanted = NULL;
  GSocketAddress *got = NULL;

  if (where != NULL)
    wanted
        = g_inet_socket_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (where)),
                                                 g_network_address_get_port (G_NETWORK_ADDRESS (where)));
  if (wanted == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is not ADDRESS:PORT", address);
      return NULL;
    }

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->sockets), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &got, error))
    return NULL;
  return got;
}

/* SoupServer closes a connection after one answer unless it listens itself (libsoup 3.2), whoever accepted
 * it. So it is given a socket that has lost its name before anybody could know it. */
static void
keep_connections (SoupServer *soup)
{
  g_autofree char *dir = g_dir_make_tmp ("certhalld-XXXXXX", NULL);
  g_autofree char *path = dir != NULL ? g_build_filename (dir, "nobody", NULL) : NULL;
  g_autoptr (GSocketAddress) address = path != NULL ? g_unix_socket_address_new (path) : NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr (GError) error = NULL;

  if (address == NULL || socket == NULL || !g_socket_bind (socket, address, FALSE, &error)
      || g_unlink (path) != 0 || !g_socket_listen (socket, &error)
      || !soup_server_listen_socket (soup, socket, 0, &error))
    g_warning ("each connection serves one call only: %s",
               error != NULL ? error->message : g_strerror (errno));
  if (dir != NULL)
    g_rmdir (dir);
}

/**
 * ch_listener_start:
 * @soup: reads the requests
 * @certificate: with its key and chain
 *
 * Begins to accept connections.
 */
void
ch_listener_start (ChListener *self, SoupServer *soup, GTlsCertificate *certificate)
{
  g_return_if_fail (self->soup == NULL);

  self->soup = g_object_ref (soup);
  self->certificate = g_object_ref (certificate);
  g_signal_connect (soup, "request-read", G_CALLBACK (on_request_read_cb), self);
  g_signal_connect (soup, "request-finished", G_CALLBACK (on_request_finished_cb), self);
  g_signal_connect (soup, "request-aborted", G_CALLBACK (on_request_finished_cb), self);
  self->sweep_id = g_timeout_add_seconds (1, on_sweep_cb, self);
  keep_connections (soup);
  g_socket_service_start (self->sockets);
}

/**
 * ch_listener_get_n_connections:
 *
 * Returns: how many there are now
 */
guint
ch_listener_get_n_connections (ChListener *self)
{
  return self->peers.length;
}

/**
 * ch_listener_drop:
 * @message: of a connection that is to end now, without an answer
 */
void
ch_listener_drop (SoupServerMessage *message)
{
  Peer *peer = get_peer (message);

  if (peer != NULL)
    cut (peer);
}

/**
 * ch_listener_free:
 *
 * Takes no more connections. Those there are go on until their server closes them.
 */
void
ch_listener_free (ChListener *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_socket_service_stop (self->sockets);
  g_socket_listener_close (G_SOCKET_LISTENER (self->sockets));
  g_signal_handlers_disconnect_by_data (self->sockets, self);
  if (self->soup != NULL)
    g_signal_handlers_disconnect_by_data (self->soup, self);
  while (!g_queue_is_empty (&self->peers))
    forget (g_queue_peek_head (&self->peers));
  g_hash_table_unref (self->n_by_address);
  g_object_unref (self->sockets);
  g_clear_object (&self->certificate);
  g_clear_object (&self->soup);
  g_free (self);
}
