#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-file.h"
#include "token/ch-soft-tries.h"

/* After the free tries each wrong one makes wait: 1, 2, 4 … seconds, up to this many */
#define MAX_WAIT  60
#define MAX_SIZE  64
#define MAX_COUNT 1000

static char *
get_path (const char *token_path)
{
  g_autofree char *dir = g_path_get_dirname (token_path);
  g_autofree char *base = g_path_get_basename (token_path);

  return g_strdup_printf ("%s/.%s.tries", dir, base);
}

/* What cannot be read was never written */
static void
read_tries (const char *path, guint *n, gint64 *last)
{
  g_autoptr (GBytes) data = ch_file_read (path, MAX_SIZE, NULL);
  g_autofree char *text = NULL;

  *n = 0;
  *last = 0;
  if (data == NULL)
    return;
  text = g_strndup (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  if (sscanf (text, "%u %" G_GINT64_FORMAT, n, last) != 2 || *n > MAX_COUNT)
    *n = 0;
}

/**
 * ch_soft_tries_get:
 * @token_path: the token’s file
 * @wait: (out): seconds until the next try is looked at; 0 for none
 *
 * Returns: how many wrong ones in a row there were
 */
guint
ch_soft_tries_get (const char *token_path, gint64 *wait)
{
  g_autofree char *path = get_path (token_path);
  gint64 last = 0, ends;
  guint n = 0;

  read_tries (path, &n, &last);
  *wait = 0;
  if (n >= CH_SOFT_FREE_TRIES)
    {
      gint64 delay = MIN (MAX_WAIT, (gint64) 1 << MIN (n - CH_SOFT_FREE_TRIES, 10));

      /* A clock that was set back does not make the wait longer */
      ends = last + delay;
      *wait = CLAMP (ends - ch_clock_now (), 0, delay);
    }
  return n;
}

/**
 * ch_soft_tries_count:
 *
 * Remembers one more wrong try. Where that cannot be written, nobody is locked out for it.
 */
void
ch_soft_tries_count (const char *token_path)
{
  g_autofree char *path = get_path (token_path);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gint64 last = 0;
  guint n = 0;

  read_tries (path, &n, &last);
  text = g_strdup_printf ("%u %" G_GINT64_FORMAT "\n", MIN (n + 1, MAX_COUNT), ch_clock_now ());
  if (!ch_file_write_durably (path, text, strlen (text), 0600, &error))
    g_debug ("a wrong passphrase is not counted: %s", error->message);
}

/**
 * ch_soft_tries_forget:
 *
 * The right one was given.
 */
void
ch_soft_tries_forget (const char *token_path)
{
  g_autofree char *path = get_path (token_path);

  g_unlink (path);
}
