#include "config.h"

#include <errno.h>
#include <sys/random.h>

#include "server/ch-random.h"

/**
 * ch_random_fill:
 *
 * Fills @data from the kernel’s generator, which cannot fail once the machine is up.
 */
void
ch_random_fill (gpointer data, gsize len)
{
  guint8 *at = data;

  while (len > 0)
    {
      gssize n = getrandom (at, len, 0);

      if (n > 0)
        {
          at += n;
          len -= n;
        }
      else if (errno != EINTR)
        g_abort (); /* nothing that follows would be safe */
    }
}

/**
 * ch_random_new_id:
 *
 * Returns: (transfer full): 128 random bits as 32 hexadecimal digits: nobody guesses another’s
 */
char *
ch_random_new_id (void)
{
  guint8 bits[16];
  GString *id = g_string_sized_new (2 * sizeof bits);

  ch_random_fill (bits, sizeof bits);
  for (guint i = 0; i < sizeof bits; i++)
    g_string_append_printf (id, "%02x", bits[i]);
  return g_string_free (id, FALSE);
}

/**
 * ch_sha256:
 *
 * Returns: (transfer full): 32 bytes
 */
GBytes *
ch_sha256 (gconstpointer data, gsize len)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (sum, data, len);
  g_checksum_get_digest (sum, digest, &size);
  return g_bytes_new (digest, size);
}

/**
 * ch_equal_in_constant_time:
 *
 * Returns: whether two secrets of @len bytes are the same; how long it takes tells nothing of them
 */
gboolean
ch_equal_in_constant_time (gconstpointer a, gconstpointer b, gsize len)
{
  const volatile guint8 *x = a, *y = b;
  guint8 difference = 0;

  for (gsize i = 0; i < len; i++)
    difference |= x[i] ^ y[i];
  return difference == 0;
}
