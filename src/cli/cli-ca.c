#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-messages.h"
#include "cli/ch-cli-private.h"
#include "front/ch-download-desk.h"
#include "front/ch-format.h"

/* What is offered has no secrets */
#define FILE_MODE 0644

static ChDownloadList *
ask_what_is_offered (ChCli *cli, GError **error)
{
  ChPorts *ports = ch_cli_get_ports (cli);
  g_autoptr (GAsyncResult) result = NULL;

  ch_download_desk_list_async (ports, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_download_desk_list_finish (ports, result, error);
}

/* -- List -- */

static void
add_row (GPtrArray *rows, const ChDownload *item)
{
  g_autofree char *title = ch_download_format_title (item);
  g_autofree char *size = ch_format_size (item->size);
  g_autofree char *made = item->made != 0 ? ch_format_iso_time (item->made) : NULL;
  const char *last = item->sha256 != NULL ? item->sha256 : made != NULL ? made : "";
  const char *const cells[] = { item->file, title, size, last, NULL };

  g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
}

static int
run_ca_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChDownloadList) list = ask_what_is_offered (cli, error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (list == NULL)
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChDownloadList_wire, list);
      return 0;
    }
  for (guint i = 0; i < list->items->len; i++)
    add_row (rows, list->items->pdata[i]);
  ch_cli_print_rows (rows);
  return 0;
}

/* -- Download -- */

static GBytes *
fetch (ChCli *cli, const ChDownloadList *list, const ChDownload *item, GError **error)
{
  ChPorts *ports = ch_cli_get_ports (cli);
  g_autoptr (GAsyncResult) result = NULL;

  ch_download_desk_fetch_async (ports, list, item, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_download_desk_fetch_finish (ports, result, error);
}

static ChCliSaved *
save (ChCli *cli, const ChDownloadList *list, const ChDownload *item, GError **error)
{
  g_autofree char *path = g_build_filename (cli->given.out != NULL ? cli->given.out : ".", item->file, NULL);
  g_autoptr (GBytes) content = NULL;
  ChCliSaved *saved;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s exists already", path);
      return NULL;
    }
  content = fetch (cli, list, item, error);
  if (content == NULL
      || !ch_file_write_durably (path, g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                                 FILE_MODE, error))
    return NULL;

  saved = ch_wire_new (&ChCliSaved_wire);
  saved->file = g_strdup (item->file);
  saved->path = g_strdup (path);
  saved->size = g_bytes_get_size (content);
  saved->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  return saved;
}

/* All names are looked at before the first is fetched */
static GPtrArray *
find_all (const ChDownloadList *list, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    {
      const ChDownload *item = ch_downloads_find (list, names[i]);

      if (item == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "%s is not offered: see certhallctl ca list",
                       names[i]);
          return NULL;
        }
      g_ptr_array_add (items, (gpointer) item);
    }
  return g_steal_pointer (&items);
}

static int
run_ca_download (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChDownloadList) list = ask_what_is_offered (cli, error);
  g_autoptr (GPtrArray) items = list != NULL ? find_all (list, args, error) : NULL;
  g_autoptr (GPtrArray) done = ch_wire_list_new (&ChCliSaved_wire);
  const ChCliSavedList report = { done };

  if (items == NULL || (cli->given.out != NULL && !ch_file_make_dir (cli->given.out, error)))
    return 0;
  for (guint i = 0; i < items->len; i++)
    {
      ChCliSaved *saved = save (cli, list, items->pdata[i], error);

      if (saved == NULL)
        return 0;
      g_ptr_array_add (done, saved);
      if (!cli->given.json)
        printf ("%s\n", saved->path);
    }
  if (cli->given.json)
    ch_cli_print_json (&ChCliSavedList_wire, &report);
  return 0;
}

const ChCliCommand ch_cli_ca_commands[] = {
  {
      .topic = "ca",
      .verb = "list",
      .summary = N_ ("What the CA offers: its certificates, revocation lists, forms"),
      .about = N_ ("The last column is the SHA-256 fingerprint, or when a list was made."),
      .needs = CH_CLI_ANYBODY,
      .run = run_ca_list,
  },
  {
      .topic = "ca",
      .verb = "download",
      .arguments = N_ ("NAME…"),
      .summary = N_ ("Save what the CA offers, here or in the folder --out"),
      .about
      = N_ ("A root is saved only if it is one by which this CA is known, other certificates and lists only "
            "if their signatures lead there, files only if their fingerprint is right. No file is replaced."),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 1,
      .takes_more = TRUE,
      .needs = CH_CLI_ANYBODY,
      .run = run_ca_download,
  },
  { NULL },
};
