#include "config.h"

#include "envcheck/ch-module-probe.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pki/ch-spki.h"

/* What a child may say in all, and how much of anything is looked at: it lives with a stranger’s code */
#define SAID_LIMIT   (4 * 1024 * 1024)
#define TOKEN_LIMIT  32
#define OBJECT_LIMIT 256
#define NAME_LIMIT   256

static void
object_free (gpointer data)
{
  ChKeyObject *object = data;

  g_clear_pointer (&object->id, g_bytes_unref);
  g_clear_pointer (&object->value, g_bytes_unref);
  g_free (object);
}

static void
token_free (gpointer data)
{
  ChKeyToken *token = data;

  g_free (token->label);
  g_free (token->serial);
  g_ptr_array_unref (token->certs);
  g_ptr_array_unref (token->publics);
  g_ptr_array_unref (token->privates);
  g_free (token);
}

static void
clear_probe (gpointer data)
{
  ChModuleProbe *self = data;

  g_free (self->stage);
  g_free (self->error);
  g_free (self->name);
  g_string_free (self->needs, TRUE);
  g_ptr_array_unref (self->tokens);
}

/* -- What it says: a word and what belongs to it, a line each ------------------------------------------- */

static char *
read_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, MIN (strlen (text), NAME_LIMIT));
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != 0; p = g_utf8_next_char (p))
    g_string_append_unichar (clean, g_unichar_isprint (g_utf8_get_char (p)) ? g_utf8_get_char (p) : '?');
  return g_strstrip (g_string_free (clean, FALSE));
}

/* Texts of a token come as the bytes they are */
static char *
read_hex_text (const char *hex)
{
  g_autoptr (GBytes) bytes = ch_bytes_from_hex (hex);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return g_strdup ("");
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return read_text (text);
}

static void
read_token (ChModuleProbe *self, const char *rest)
{
  g_auto (GStrv) words = g_strsplit (rest, " ", 4);
  ChKeyToken *token;

  if (g_strv_length (words) != 3 || self->tokens->len >= TOKEN_LIMIT)
    return;
  token = g_new0 (ChKeyToken, 1);
  token->flags = g_ascii_strtoull (words[0], NULL, 16);
  token->serial = read_hex_text (words[1]);
  token->label = read_hex_text (words[2]);
  token->certs = g_ptr_array_new_with_free_func (object_free);
  token->publics = g_ptr_array_new_with_free_func (object_free);
  token->privates = g_ptr_array_new_with_free_func (object_free);
  g_ptr_array_add (self->tokens, token);
}

static void
read_object (ChModuleProbe *self, const char *word, const char *rest)
{
  ChKeyToken *token = self->tokens->len > 0 ? self->tokens->pdata[self->tokens->len - 1] : NULL;
  g_auto (GStrv) words = g_strsplit (rest, " ", 3);
  GPtrArray *objects;
  ChKeyObject *object;

  if (token == NULL || g_strv_length (words) != 2)
    return;
  objects = g_str_equal (word, "cert")     ? token->certs
            : g_str_equal (word, "public") ? token->publics
                                           : token->privates;
  if (objects->len >= OBJECT_LIMIT)
    return;
  object = g_new0 (ChKeyObject, 1);
  object->id = ch_bytes_from_hex (words[0]);
  object->value = ch_bytes_from_hex (words[1]);
  g_ptr_array_add (objects, object);
}

static void
read_line (ChModuleProbe *self, char *line)
{
  char *space = strchr (line, ' ');
  const char *rest = space != NULL ? space + 1 : "";

  if (space != NULL)
    *space = 0;
  if (g_str_equal (line, "stage"))
    {
      g_free (self->stage);
      self->stage = read_text (rest);
      self->is_done = g_str_equal (rest, "done");
    }
  else if (g_str_equal (line, "error") && self->error == NULL)
    self->error = read_text (rest);
  else if (g_str_equal (line, "needs") && self->needs->len < SAID_LIMIT)
    {
      g_autofree char *name = read_text (rest);

      g_string_append_printf (self->needs, "%s%s", self->needs->len > 0 ? ", " : "", name);
    }
  else if (g_str_equal (line, "module") && self->name == NULL)
    self->name = read_text (rest);
  else if (g_str_equal (line, "token"))
    read_token (self, rest);
  else if (g_str_equal (line, "cert") || g_str_equal (line, "public") || g_str_equal (line, "private"))
    read_object (self, line, rest);
}

/* -- The child ----------------------------------------------------------------------------------------- */

/* Everything it says until it ends; FALSE when it was still at it when the time was over */
static gboolean
listen_until (int fd, gint64 end, GCancellable *cancellable, GString *said)
{
  struct pollfd wanted[2] = { { .fd = fd, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
  char piece[16384];

  wanted[1].fd = g_cancellable_get_fd (cancellable);
  while (said->len < SAID_LIMIT)
    {
      gint64 left = (end - g_get_monotonic_time ()) / 1000;
      gssize n;

      if (left <= 0 || g_cancellable_is_cancelled (cancellable))
        break;
      if (poll (wanted, 2, MIN (left, G_MAXINT)) <= 0 || wanted[0].revents == 0)
        continue;
      n = read (fd, piece, sizeof piece);
      if (n == 0)
        return TRUE;
      if (n > 0)
        g_string_append_len (said, piece, n);
      else if (errno != EINTR && errno != EAGAIN)
        return TRUE;
    }
  return FALSE;
}

/**
 * ch_module_probe_run:
 * @program: the child
 * @path: of a PKCS#11 module
 * @limit: milliseconds it gets
 * @cancellable: ends it
 *
 * Has a child load a module and tell what it finds: vendors’ modules crash, hang and talk. Blocks. Nothing is
 * changed, and no PIN is asked for.
 *
 * Returns: (transfer full): how far it came; never %NULL
 */
ChModuleProbe *
ch_module_probe_run (const char *program, const char *path, guint limit, GCancellable *cancellable)
{
  ChModuleProbe *self = g_atomic_rc_box_new0 (ChModuleProbe);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GSubprocess) child = NULL;
  g_auto (GStrv) lines = NULL;
  GInputStream *out;

  self->needs = g_string_new (NULL);
  self->tokens = g_ptr_array_new_with_free_func (token_free);
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, program,
                            path, NULL);
  if (child == NULL)
    return self;

  self->is_started = TRUE;
  out = g_subprocess_get_stdout_pipe (child);
  self->is_late
      = !listen_until (g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (out)),
                       g_get_monotonic_time () + limit * G_TIME_SPAN_MILLISECOND, cancellable, said);
  g_cancellable_release_fd (cancellable);
  /* What it started itself must not keep it: it has said all it was asked for */
  if (self->is_late)
    g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  if (!self->is_late && g_subprocess_get_if_signaled (child))
    self->signal = g_subprocess_get_term_sig (child);

  lines = g_strsplit (said->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (self, lines[i]);
  return self;
}

void
ch_module_probe_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, clear_probe);
}
