#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "base/ch-error.h"
#include "base/ch-paths.h"
#include "cli/ch-cli.h"
#include "envcheck/ch-failure.h"

/* Run when the programs are built, and not installed: writes what is made of their own tables, so that
 * manual, completion and the document of failures know of all there is. */
int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ch_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc == 3 && g_str_equal (argv[1], "manual"))
    ch_cli_print_manual (argv[2]);
  else if (argc == 2 && g_str_equal (argv[1], "completion"))
    ch_cli_print_completion ();
  else if (argc == 2 && g_str_equal (argv[1], "failures"))
    {
      g_autofree char *text = ch_failure_make_document ();

      g_print ("%s", text);
    }
  else
    return ch_error_code_get_info (CH_ERROR_USAGE)->exit_status;
  return 0;
}
