#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "base/ch-secret.h"

struct _ChSecret
{
  gatomicrefcount refs;
  gsize len;
  gsize mapped;
  guint8 *data; /* own pages: locked, out of core dumps and forks; a NUL follows the data */
};

/**
 * ch_secret_wipe:
 * @data: (nullable): memory of the caller
 * @len: its size in bytes
 *
 * Overwrites @data in a way the compiler keeps.
 */
void
ch_secret_wipe (gpointer data, gsize len)
{
  if (data != NULL && len > 0)
    explicit_bzero (data, len);
}

/**
 * ch_secret_new:
 * @data: what to keep; the caller wipes its own copy
 * @len: bytes
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_secret_new (gconstpointer data, gsize len)
{
  ChSecret *self = g_new0 (ChSecret, 1);

  g_atomic_ref_count_init (&self->refs);
  self->len = len;
  self->mapped = (len + 1 + 4095) & ~(gsize) 4095;
  self->data = mmap (NULL, self->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->data == MAP_FAILED)
    {
      g_free (self);
      g_return_val_if_reached (NULL);
    }

  /* Locking may be refused by RLIMIT_MEMLOCK; the rest still protects */
  if (mlock (self->data, self->mapped) != 0)
    g_debug ("a secret could not be locked in memory");
  madvise (self->data, self->mapped, MADV_DONTDUMP);
  madvise (self->data, self->mapped, MADV_WIPEONFORK);
  if (len > 0)
    memcpy (self->data, data, len);

  return self;
}

/**
 * ch_secret_take_bytes:
 * @data: (transfer full): wiped and freed here
 * @len: bytes
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_secret_take_bytes (guint8 *data, gsize len)
{
  ChSecret *self = ch_secret_new (data, len);

  ch_secret_wipe (data, len);
  g_free (data);
  return self;
}

/**
 * ch_secret_take_text:
 * @text: (transfer full): wiped and freed here
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_secret_take_text (char *text)
{
  return ch_secret_take_bytes ((guint8 *) text, strlen (text));
}

/**
 * ch_secret_take_password:
 * @password: an answered password; emptied here
 *
 * Returns: (transfer full): the secret
 */
ChSecret *
ch_secret_take_password (GTlsPassword *password)
{
  gsize len = 0;
  const guchar *data = g_tls_password_get_value (password, &len);
  ChSecret *self = ch_secret_new (data, len);

  /* The value is GLib’s copy: wipe it in place before it is replaced */
  ch_secret_wipe ((gpointer) data, len);
  g_tls_password_set_value (password, (const guchar *) "", 0);
  return self;
}

static void
free_password_copy (gpointer data)
{
  ch_secret_wipe (data, strlen (data));
  g_free (data);
}

/**
 * ch_secret_set_password:
 * @self: a secret without NUL bytes
 * @password: gets a copy, wiped when @password drops it
 */
void
ch_secret_set_password (ChSecret *self, GTlsPassword *password)
{
  g_tls_password_set_value_full (password, (guchar *) g_strndup ((char *) self->data, self->len), self->len,
                                 free_password_copy);
}

ChSecret *
ch_secret_ref (ChSecret *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_secret_unref (ChSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  ch_secret_wipe (self->data, self->mapped);
  munmap (self->data, self->mapped);
  g_free (self);
}

/**
 * ch_secret_get_size:
 *
 * Returns: bytes without the closing NUL
 */
gsize
ch_secret_get_size (ChSecret *self)
{
  return self->len;
}

/**
 * ch_secret_equal:
 *
 * Compares in constant time for equal lengths.
 */
gboolean
ch_secret_equal (ChSecret *a, ChSecret *b)
{
  guint8 diff = 0;

  if (a->len != b->len)
    return FALSE;
  for (gsize i = 0; i < a->len; i++)
    diff |= a->data[i] ^ b->data[i];
  return diff == 0;
}

/**
 * ch_secret_with:
 * @self: a secret
 * @func: (scope call): may read the bytes (a NUL follows them) while it runs, and must not keep them
 * @user_data: for @func
 *
 * The only way to the bytes: there is no getter, so that printing a secret does not compile.
 *
 * Returns: what @func returned
 */
gboolean
ch_secret_with (ChSecret *self, ChSecretFunc func, gpointer user_data)
{
  return func (self->data, self->len, user_data);
}
