#include "config.h"

#include "server/ch-peer-stream.h"

/* SoupServer (libsoup 3.2) never lets go of a connection that ends between two requests: it hears of the end
 * only while a request is arriving. So the end is preceded here by one byte of a request that never comes. */
#define FIRST_BYTE 'X'

#define CH_TYPE_PEER_INPUT (ch_peer_input_get_type ())
G_DECLARE_FINAL_TYPE (ChPeerInput, ch_peer_input, CH, PEER_INPUT, GInputStream)

struct _ChPeerInput
{
  GInputStream parent_instance;

  GInputStream *base; /* (owned) */
  gboolean is_idle;   /* nothing of the next request has come yet */
  gboolean has_ended; /* the byte was given: now the end */
};

static void input_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChPeerInput,
                               ch_peer_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, input_init))

static gssize
pass_on (ChPeerInput *self, void *buffer, gssize n, GError **error)
{
  if (n > 0)
    {
      self->is_idle = FALSE;
      return n;
    }
  if (!self->is_idle
      || (n < 0 && error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    return n;

  /* the end, or silence for too long */
  g_clear_error (error);
  self->is_idle = FALSE;
  self->has_ended = TRUE;
  *(char *) buffer = FIRST_BYTE;
  return 1;
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  ChPeerInput *self = CH_PEER_INPUT (stream);
  GError *local = NULL;
  gssize n;

  if (self->has_ended)
    return 0;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->base), buffer, count, NULL,
                                                &local);
  n = pass_on (self, buffer, n, &local);
  if (local != NULL)
    g_propagate_error (error, local);
  return n;
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  ChPeerInput *self = CH_PEER_INPUT (stream);

  return self->has_ended || g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (self->base));
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  ChPeerInput *self = CH_PEER_INPUT (stream);
  g_autoptr (GSource) child
      = self->has_ended ? g_timeout_source_new (0)
                        : g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->base), NULL);

  return g_pollable_source_new_full (self, child, cancellable);
}

static gssize
ch_peer_input_read (GInputStream *stream,
                    void *buffer,
                    gsize count,
                    GCancellable *cancellable,
                    GError **error)
{
  ChPeerInput *self = CH_PEER_INPUT (stream);

  return self->has_ended ? 0 : g_input_stream_read (self->base, buffer, count, cancellable, error);
}

static gboolean
ch_peer_input_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  return g_input_stream_close (CH_PEER_INPUT (stream)->base, cancellable, error);
}

static void
ch_peer_input_finalize (GObject *object)
{
  g_clear_object (&CH_PEER_INPUT (object)->base);
  G_OBJECT_CLASS (ch_peer_input_parent_class)->finalize (object);
}

static void
ch_peer_input_class_init (ChPeerInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_peer_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = ch_peer_input_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = ch_peer_input_close;
}

static void
input_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

static void
ch_peer_input_init (ChPeerInput *self)
{
}

struct _ChPeerStream
{
  GIOStream parent_instance;

  GIOStream *base;    /* (owned) */
  ChPeerInput *input; /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChPeerStream, ch_peer_stream, G_TYPE_IO_STREAM)

static GInputStream *
ch_peer_stream_get_input (GIOStream *stream)
{
  return G_INPUT_STREAM (CH_PEER_STREAM (stream)->input);
}

static GOutputStream *
ch_peer_stream_get_output (GIOStream *stream)
{
  return g_io_stream_get_output_stream (CH_PEER_STREAM (stream)->base);
}

static gboolean
ch_peer_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (CH_PEER_STREAM (stream)->base, cancellable, error);
}

static void
ch_peer_stream_finalize (GObject *object)
{
  ChPeerStream *self = CH_PEER_STREAM (object);

  /* GIOStream has closed it in its dispose */
  g_clear_object (&self->input);
  g_clear_object (&self->base);
  G_OBJECT_CLASS (ch_peer_stream_parent_class)->finalize (object);
}

static void
ch_peer_stream_class_init (ChPeerStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_peer_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = ch_peer_stream_get_input;
  G_IO_STREAM_CLASS (klass)->get_output_stream = ch_peer_stream_get_output;
  G_IO_STREAM_CLASS (klass)->close_fn = ch_peer_stream_close;
}

static void
ch_peer_stream_init (ChPeerStream *self)
{
}

/**
 * ch_peer_stream_new:
 * @base: an encrypted connection
 *
 * Returns: (transfer full): the same for a SoupServer, which hears of its end at any time
 */
GIOStream *
ch_peer_stream_new (GIOStream *base)
{
  ChPeerStream *self = g_object_new (CH_TYPE_PEER_STREAM, NULL);

  self->base = g_object_ref (base);
  self->input = g_object_new (CH_TYPE_PEER_INPUT, NULL);
  self->input->base = g_object_ref (g_io_stream_get_input_stream (base));
  self->input->is_idle = TRUE;
  return G_IO_STREAM (self);
}

/**
 * ch_peer_stream_set_idle:
 *
 * Says that a request was answered and none is arriving.
 */
void
ch_peer_stream_set_idle (ChPeerStream *self)
{
  self->input->is_idle = TRUE;
}
