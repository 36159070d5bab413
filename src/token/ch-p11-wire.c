#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ch-secret.h"
#include "token/ch-p11-wire.h"

#define HEAD sizeof (guint32)
/* Room from the start: a PIN is then never left behind in memory that was too small */
#define ROOM 2048

/**
 * ch_p11_frame_new:
 *
 * Returns: (transfer full): an empty frame; ch_p11_frame_free() wipes it
 */
GByteArray *
ch_p11_frame_new (void)
{
  GByteArray *frame = g_byte_array_sized_new (ROOM);

  g_byte_array_set_size (frame, HEAD);
  return frame;
}

void
ch_p11_frame_free (GByteArray *frame)
{
  if (frame == NULL)
    return;

  ch_secret_wipe (frame->data, frame->len);
  g_byte_array_unref (frame);
}

void
ch_p11_frame_add_number (GByteArray *frame, guint64 number)
{
  g_byte_array_append (frame, (const guint8 *) &number, sizeof number);
}

/**
 * ch_p11_frame_add_bytes:
 * @data: (nullable): %NULL is something else than no bytes
 */
void
ch_p11_frame_add_bytes (GByteArray *frame, gconstpointer data, gsize len)
{
  ch_p11_frame_add_number (frame, data != NULL ? len : G_MAXUINT64);
  if (data != NULL && len > 0)
    g_byte_array_append (frame, data, len);
}

static ChP11Passage
wait_for (int fd, short events, gint64 deadline)
{
  struct pollfd wanted = { .fd = fd, .events = events };
  int n;

  do
    {
      gint64 left = deadline - g_get_monotonic_time ();

      if (deadline >= 0 && left <= 0)
        return CH_P11_LATE;
      n = poll (&wanted, 1, deadline < 0 ? -1 : (int) MIN (left / 1000 + 1, G_MAXINT));
    }
  while (n == 0 || (n < 0 && errno == EINTR));
  return n > 0 ? CH_P11_PASSED : CH_P11_CLOSED;
}

static ChP11Passage
pass (int fd, guint8 *data, gsize len, gboolean is_sent, gint64 deadline)
{
  while (len > 0)
    {
      ChP11Passage passage = wait_for (fd, is_sent ? POLLOUT : POLLIN, deadline);
      gssize n;

      if (passage != CH_P11_PASSED)
        return passage;
      n = is_sent ? send (fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) : recv (fd, data, len, MSG_DONTWAIT);
      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        continue;
      if (n <= 0)
        return CH_P11_CLOSED;
      data += n;
      len -= n;
    }
  return CH_P11_PASSED;
}

/**
 * ch_p11_frame_send:
 * @deadline: of g_get_monotonic_time(), or -1 for none
 */
ChP11Passage
ch_p11_frame_send (GByteArray *frame, int fd, gint64 deadline)
{
  guint32 len = frame->len - HEAD;

  if (len > CH_P11_MAX_FRAME)
    return CH_P11_CLOSED;
  memcpy (frame->data, &len, HEAD);
  return pass (fd, frame->data, frame->len, TRUE, deadline);
}

/**
 * ch_p11_frame_receive:
 * @deadline: of g_get_monotonic_time(), or -1 for none
 * @frame: (out): only when it passed
 */
ChP11Passage
ch_p11_frame_receive (int fd, gint64 deadline, GByteArray **frame)
{
  guint32 len = 0;
  GByteArray *received;
  ChP11Passage passage = pass (fd, (guint8 *) &len, sizeof len, FALSE, deadline);

  if (passage != CH_P11_PASSED)
    return passage;
  if (len > CH_P11_MAX_FRAME)
    return CH_P11_CLOSED;

  received = g_byte_array_sized_new (HEAD + len);
  g_byte_array_set_size (received, HEAD + len);
  passage = pass (fd, received->data + HEAD, len, FALSE, deadline);
  if (passage == CH_P11_PASSED)
    *frame = received;
  else
    ch_p11_frame_free (received);
  return passage;
}

/**
 * ch_p11_reader:
 * @frame: one that was received; outlives the reader
 */
ChP11Reader
ch_p11_reader (const GByteArray *frame)
{
  return (ChP11Reader){ frame->data + HEAD, frame->len - HEAD, FALSE, 0 };
}

static const guint8 *
take (ChP11Reader *self, gsize len)
{
  const guint8 *data = self->data;

  if (self->is_bad || len > self->len)
    {
      self->is_bad = TRUE;
      return NULL;
    }
  self->data += len;
  self->len -= len;
  return data;
}

/**
 * ch_p11_read_number:
 * @max: what it may be at most
 *
 * Returns: the number; 0 when something was wrong
 */
guint64
ch_p11_read_number (ChP11Reader *self, guint64 max)
{
  guint64 number = 0;
  const guint8 *data = take (self, sizeof number);

  if (data != NULL)
    memcpy (&number, data, sizeof number);
  if (number <= max)
    return number;
  self->is_bad = TRUE;
  return 0;
}

/**
 * ch_p11_read_bytes:
 * @max: how many there may be at most
 * @len: (out): bytes
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL when there are none or something was wrong
 */
const guint8 *
ch_p11_read_bytes (ChP11Reader *self, gsize max, gsize *len)
{
  guint64 size = ch_p11_read_number (self, G_MAXUINT64);
  const guint8 *data;

  *len = 0;
  if (self->is_bad || size == G_MAXUINT64)
    return NULL;
  if (size > max)
    {
      self->is_bad = TRUE;
      return NULL;
    }
  data = take (self, size);
  *len = data != NULL ? size : 0;
  return data;
}

/**
 * ch_p11_reader_is_done:
 *
 * Returns: whether all was right and nothing is left
 */
gboolean
ch_p11_reader_is_done (const ChP11Reader *self)
{
  return !self->is_bad && self->len == 0;
}
