#include "config.h"

#include "fake-pcscd.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* What goes over the socket: winscard_msg.h and eventhandler.h of pcsc-lite 1.9 */
#define COMMAND_ESTABLISH    0x01
#define COMMAND_RELEASE      0x02
#define COMMAND_VERSION      0x11
#define COMMAND_READERS      0x12
#define COMMAND_WAIT         0x13
#define COMMAND_STOP_WAITING 0x14
#define MAX_READERS          16

typedef struct
{
  guint32 size;
  guint32 command;
} Head;

typedef struct
{
  gint32 major;
  gint32 minor;
  guint32 status;
} Version;

typedef struct
{
  guint32 scope;
  guint32 context;
  guint32 status;
} Establish;

typedef struct
{
  guint32 context;
  guint32 status;
} Release;

typedef struct
{
  guint32 limit;
  guint32 status;
} Waited;

typedef struct
{
  char name[128];
  guint32 counter;
  guint32 state;
  gint32 sharing;
  guint8 atr[33];
  guint32 atr_len;
  guint32 protocol;
} Reader;

struct _FakePcscd
{
  GSocketService *service;
  char *path;
  guint32 status; /* of a new context */
  const char *const *readers;
  guint32 cards; /* state of each reader */
  gboolean is_silent;
  GCancellable *stop;
};

/* Of no card there is */
static const guint8 atr[] = { 0x3b, 0x85, 0x80, 0x01, 0x43, 0x48, 0x54, 0x45, 0x53, 0x54 };

static gboolean
read_all (GInputStream *in, gpointer data, gsize size, GCancellable *stop)
{
  gsize got = 0;

  return g_input_stream_read_all (in, data, size, &got, stop, NULL) && got == size;
}

static void
write_all (GOutputStream *out, gconstpointer data, gsize size)
{
  g_output_stream_write_all (out, data, size, NULL, NULL, NULL);
}

static void
answer_readers (FakePcscd *self, GOutputStream *out)
{
  Reader readers[MAX_READERS] = { 0 };

  for (guint i = 0; self->readers[i] != NULL; i++)
    {
      g_strlcpy (readers[i].name, self->readers[i], sizeof readers[i].name);
      readers[i].state = self->cards;
      if (self->cards == FAKE_PCSCD_CARD)
        {
          memcpy (readers[i].atr, atr, sizeof atr);
          readers[i].atr_len = sizeof atr;
        }
    }
  write_all (out, readers, sizeof readers);
}

static gboolean
answer (FakePcscd *self, const Head *head, GInputStream *in, GOutputStream *out)
{
  Version version;
  Establish establish;
  Release release;
  Waited waited = { 0 };

  switch (head->command)
    {
    case COMMAND_VERSION:
      if (!read_all (in, &version, sizeof version, self->stop))
        return FALSE;
      version.status = 0;
      write_all (out, &version, sizeof version);
      return TRUE;
    case COMMAND_ESTABLISH:
      if (!read_all (in, &establish, sizeof establish, self->stop))
        return FALSE;
      establish.context = 1;
      establish.status = self->status;
      write_all (out, &establish, sizeof establish);
      return TRUE;
    case COMMAND_RELEASE:
      if (!read_all (in, &release, sizeof release, self->stop))
        return FALSE;
      release.status = 0;
      write_all (out, &release, sizeof release);
      return TRUE;
    case COMMAND_STOP_WAITING:
      write_all (out, &waited, sizeof waited);
      return TRUE;
    case COMMAND_WAIT:
    case COMMAND_READERS:
      answer_readers (self, out);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
on_run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, FakePcscd *self)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  Head head;
  char byte;

  /* Until the other side gives up, or the test ends */
  while (self->is_silent && read_all (in, &byte, 1, self->stop))
    continue;
  while (!self->is_silent && read_all (in, &head, sizeof head, self->stop) && answer (self, &head, in, out))
    continue;
  return TRUE;
}

FakePcscd *
fake_pcscd_new (const char *path, guint32 status, const char *const *readers)
{
  FakePcscd *self = g_new0 (FakePcscd, 1);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  self->path = g_strdup (path);
  self->status = status;
  self->readers = readers;
  self->cards = FAKE_PCSCD_EMPTY;
  self->stop = g_cancellable_new ();
  self->service = g_threaded_socket_service_new (4);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (on_run_cb), self);
  g_socket_service_start (self->service);
  return self;
}

FakePcscd *
fake_pcscd_new_silent (const char *path)
{
  FakePcscd *self = fake_pcscd_new (path, 0, NULL);

  self->is_silent = TRUE;
  return self;
}

void
fake_pcscd_set_cards (FakePcscd *self, guint32 state)
{
  self->cards = state;
}

/* Its threads end with the connections */
void
fake_pcscd_free (FakePcscd *self)
{
  g_cancellable_cancel (self->stop);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (G_OBJECT (self->service)->ref_count > 1)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (self->service);
  g_object_unref (self->stop);
  g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}
