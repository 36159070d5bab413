#include "config.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/ch-clock.h"
#include "base/ch-log.h"

static const char *name;
static gboolean debug;

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *message = NULL, *domain = "";
  g_autofree char *time = NULL;

  if (!debug && (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) != 0)
    return G_LOG_WRITER_HANDLED;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        message = fields[i].value;
      else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
        domain = fields[i].value;
    }

  time = ch_clock_format (ch_clock_now ());
  fprintf (stderr, "%s %s %s: %s\n", time, name, domain, message != NULL ? message : "");
  fflush (stderr);
  return G_LOG_WRITER_HANDLED;
}

/**
 * ch_log_set_up:
 * @program: (transfer none): static name shown in each line
 * @verbose: whether debug lines are written too
 *
 * Called first by every main: log lines go to standard error, and core dumps are switched off, so that no
 * secret reaches the disk in clear.
 */
void
ch_log_set_up (const char *program, gboolean verbose)
{
  const struct rlimit none = { 0, 0 };

  name = program;
  debug = verbose;
  setrlimit (RLIMIT_CORE, &none);
  g_log_set_writer_func (write_line, NULL, NULL);
}
