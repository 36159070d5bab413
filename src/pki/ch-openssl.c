#include "config.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <time.h>

#include "pki/ch-openssl-private.h"

/* Threads of a pool end when they like, also while the program does: what OpenSSL would clean up then under
 * their hands goes with the process anyway. */
__attribute__ ((constructor)) static void
keep_until_the_end (void)
{
  OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
}

/* Sets a %CH_ERROR of @code that says what was tried and what OpenSSL remarked; empties OpenSSL’s queue,
 * which would otherwise blame a later call of this thread. */
gboolean
ch_openssl_fail (GError **error, int code, const char *what)
{
  unsigned long last = ERR_peek_last_error ();
  char text[256] = "";

  if (last != 0)
    ERR_error_string_n (last, text, sizeof text);
  ERR_clear_error ();
  g_set_error (error, CH_ERROR, code, "%s%s%s", what, last != 0 ? ": " : "", text);
  return FALSE;
}

/* Copies what an i2d function made, and frees it. */
GBytes *
ch_openssl_take_der (guint8 *der, int len)
{
  GBytes *bytes = len > 0 ? g_bytes_new (der, len) : NULL;

  OPENSSL_free (der);
  return bytes;
}

gboolean
ch_asn1_time_get (const ASN1_TIME *time, gint64 *seconds)
{
  struct tm tm;

  if (time == NULL || ASN1_TIME_to_tm (time, &tm) != 1)
    {
      ERR_clear_error ();
      return FALSE;
    }

  *seconds = timegm (&tm);
  return TRUE;
}
