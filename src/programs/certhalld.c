#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ch-error.h"
#include "base/ch-log.h"
#include "programs/certhalld.h"
#include "server/ch-listener.h"

static const struct
{
  const char *name;
  gboolean (*run) (int argc, char **argv, GError **error);
  const char *usage;
} commands[] = {
  { "init", certhalld_init, "init --dir DIR --profile FILE [--key-file FILE]" },
  { "staff", certhalld_staff,
    "staff add --dir DIR NAME --role ROLE… [--password-file FILE | --certificate FILE]" },
  { "secret", certhalld_secret, "secret add --dir DIR NAME --from FILE [--key-file FILE]" },
  { "medium", certhalld_medium,
    "medium keep --dir DIR SERIAL --application ID --so-pin-file FILE [--key-file FILE]" },
  { "serve", certhalld_serve, "serve --dir DIR --listen ADDR:PORT [--key-file FILE] [--demo]" },
  { "backup", certhalld_backup, "backup DIR TO" },
  { "restore", certhalld_restore, "restore FROM DIR" },
};

static void
print_usage (FILE *to)
{
  fprintf (to, "certhalld %s, the service of a certificate authority\n", CH_VERSION);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (to, "  certhalld %s\n", commands[i].usage);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  ch_log_set_up ("certhalld", g_getenv ("CERTHALL_DEBUG") != NULL);
  ch_listener_set_tls_floor ();
  umask (077); /* there is personal data in the store */
  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);

  if (argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "--version")))
    {
      print_usage (stdout);
      return 0;
    }

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      {
        if (commands[i].run (argc - 1, argv + 1, &error))
          return 0;
        fprintf (stderr, "certhalld %s: %s\n", commands[i].name, error->message);
        return ch_error_get_info (error)->exit_status;
      }

  print_usage (stderr);
  return ch_error_code_get_info (CH_ERROR_USAGE)->exit_status;
}
