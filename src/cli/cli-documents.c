#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "cli/ch-cli-private.h"
#include "front/ch-format.h"
#include "papers/ch-prepare.h"
#include "wire/ch-policy.h"

/* -- Which files
 * ------------------------------------------------------------------------------------------------ */

/* Paths of an answers file begin beside it */
static char *
find_path (ChCli *self, const char *path)
{
  g_autofree char *beside = self->answers_dir != NULL && !g_path_is_absolute (path)
                                ? g_build_filename (self->answers_dir, path, NULL)
                                : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&beside);
  return g_strdup (path);
}

/* `FILE@90` is turned to the right; a file that is really called so is taken as it is */
static ChPaper *
make_paper (ChCli *self, const char *text)
{
  g_autofree char *whole = find_path (self, text);
  const char *at = strrchr (text, '@');
  guint64 degrees = 0;
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  ChPaper *paper;

  if (!g_file_test (whole, G_FILE_TEST_EXISTS) && at != NULL
      && g_ascii_string_to_unsigned (at + 1, 10, 0, 270, &degrees, NULL) && degrees % 90 == 0)
    {
      g_autofree char *stem = g_strndup (text, at - text);

      path = find_path (self, stem);
    }
  else
    path = g_steal_pointer (&whole);

  file = g_file_new_for_commandline_arg (path);
  paper = ch_paper_new (file);
  for (guint64 i = 0; i < degrees; i += 90)
    ch_paper_turn (paper);
  return paper;
}

/**
 * ch_cli_make_papers:
 * @text: `FILE[@90|@180|@270][,FILE…]`
 *
 * Returns: (transfer full) (element-type ChPaper): the files for one document, in their order
 */
GPtrArray *
ch_cli_make_papers (ChCli *self, const char *text)
{
  GPtrArray *papers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *whole = find_path (self, text);
  g_auto (GStrv) parts = NULL;

  /* A name may have a comma in it */
  if (g_file_test (whole, G_FILE_TEST_EXISTS))
    {
      g_ptr_array_add (papers, make_paper (self, text));
      return papers;
    }

  parts = g_strsplit (text, ",", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] != 0)
      g_ptr_array_add (papers, make_paper (self, parts[i]));
  return papers;
}

/**
 * ch_cli_find_document:
 * @document: id of a document
 *
 * Returns: (transfer none) (nullable): the files given for it with --document
 */
const char *
ch_cli_find_document (ChCli *self, const char *document)
{
  for (gsize i = 0; self->given.documents != NULL && self->given.documents[i] != NULL; i++)
    {
      const char *text = self->given.documents[i];
      const char *equals = strchr (text, '=');

      if (equals != NULL && equals[1] != 0 && strlen (document) == (gsize) (equals - text)
          && strncmp (text, document, equals - text) == 0)
        return equals + 1;
    }
  return NULL;
}

/* Each --document must name a document there is */
static gboolean
check_given (ChCli *self, GPtrArray *rules, GError **error)
{
  for (gsize i = 0; self->given.documents != NULL && self->given.documents[i] != NULL; i++)
    {
      const char *text = self->given.documents[i];
      gboolean is_known = FALSE;

      for (guint j = 0; j < rules->len; j++)
        {
          g_autofree char *beginning
              = g_strconcat (((const ChDocumentRule *) rules->pdata[j])->id, "=", NULL);

          is_known |= g_str_has_prefix (text, beginning);
        }
      if (!is_known)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "--document %s: no such document is asked for", text);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * ch_cli_check_documents:
 * @axes: of the flow
 * @error: %CH_ERROR_USAGE
 */
gboolean
ch_cli_check_documents (ChCli *self, const ChAxes *axes, GError **error)
{
  g_autoptr (GPtrArray) rules
      = ch_profile_list_documents (ch_ports_get_profile (ch_cli_get_ports (self)), axes);

  return check_given (self, rules, error);
}

/* -- Saving
 * ----------------------------------------------------------------------------------------------------- */

/**
 * ch_cli_save_document:
 * @path: must not exist yet
 *
 * Writes a document so that only this user can read it.
 */
gboolean
ch_cli_save_document (const char *path, GBytes *bytes, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s exists already", path);
      return FALSE;
    }
  return ch_file_write_durably (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0600, error);
}

/**
 * ch_cli_get_document:
 * @application: whose
 * @document: which
 *
 * Fetches a document and saves it to --out, or beside under its name. What it is is told by its content.
 */
int
ch_cli_get_document (ChCli *self, const char *application, const char *document, GError **error)
{
  const char *const path[] = { application, document, NULL };
  g_autoptr (ChDocumentContent) content = ch_cli_call (self, &ch_route_document, path, NULL, error);
  g_autofree char *base = content != NULL ? g_path_get_basename (content->name) : NULL;
  const char *out = self->given.out != NULL ? self->given.out : base;
  g_autofree char *size = NULL;
  ChContent kind;
  gsize len;
  const guint8 *data;

  if (content == NULL || !ch_cli_save_document (out, content->bytes, error))
    return 0;

  data = g_bytes_get_data (content->bytes, &len);
  kind = ch_sniff (data, len);
  size = ch_format_size (len);
  if (self->given.json)
    {
      ChCliPrepared report = { .document = (char *) document,
                               .name = (char *) out,
                               .content = (char *) ch_content_get_id (kind),
                               .size = len };

      ch_cli_print_json (&ChCliPrepared_wire, &report);
      return 0;
    }

  ch_cli_say (self, "%s · %s · %s", content->name, _ (ch_content_get_name (kind)), size);
  printf ("%s\n", out);
  return 0;
}

static int
run_get (ChCli *cli, const char *const *args, GError **error)
{
  return ch_cli_get_document (cli, args[0], args[1], error);
}

/* -- Seeing what would be sent
 * ----------------------------------------------------------------------------------- */

static ChCliPrepared *
report_prepared (const ChDocumentRule *rule, const ChPrepared *prepared)
{
  ChCliPrepared *report = ch_wire_new (&ChCliPrepared_wire);

  report->document = g_strdup (rule->id);
  report->name = g_strdup (prepared->name);
  report->content = g_strdup (ch_content_get_id (prepared->content));
  report->size = g_bytes_get_size (prepared->bytes);
  report->files = prepared->n_papers;
  report->size_before = prepared->size_before;
  report->changes = ch_prepared_list_changes (prepared);
  return report;
}

static void
on_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ch_cli_on_result_cb (source, result, user_data);
}

static gboolean
prepare (ChCli *cli, const ChDocumentRule *rule, const char *text, GPtrArray *reports, GError **error)
{
  g_autoptr (GPtrArray) papers = ch_cli_make_papers (cli, text);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ChPrepared) prepared = NULL;

  ch_prepare_async (papers, rule, NULL, on_prepared_cb, cli);
  result = ch_cli_wait (cli);
  prepared = ch_prepare_finish (result, error);
  if (prepared == NULL)
    return FALSE;

  g_ptr_array_add (reports, report_prepared (rule, prepared));
  if (cli->given.out != NULL)
    {
      g_autofree char *ending = g_strdup_printf ("%s.%s", rule->id, ch_content_get_id (prepared->content));
      g_autofree char *path = g_build_filename (cli->given.out, ending, NULL);

      return ch_file_make_dir (cli->given.out, error) && ch_cli_save_document (path, prepared->bytes, error);
    }
  return TRUE;
}

static void
print_prepared (ChCli *cli, const ChCliPrepared *report)
{
  g_autofree char *size = ch_format_size (report->size);
  g_autofree char *before = ch_format_size (report->size_before);
  g_autofree char *changes = ch_format_document_changes ((const char *const *) report->changes);

  printf ("%s: %s · %s (%s)\n", ch_cli_get_label (cli, report->document), report->name, size, before);
  if (*changes != 0)
    printf ("  %s\n", changes);
}

static int
run_prepare (ChCli *cli, const char *const *args, GError **error)
{
  const ChFlow *flow = ch_desk_lookup_flow (args[0]);
  g_autoptr (GPtrArray) rules = NULL;
  g_autoptr (GPtrArray) reports = ch_wire_list_new (&ChCliPrepared_wire);
  ChCliPreparedList list = { .items = reports };

  if (flow == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "there is no flow %s", args[0]);
      return 0;
    }
  rules = ch_profile_list_documents (ch_ports_get_profile (ch_cli_get_ports (cli)), &flow->axes);
  if (!check_given (cli, rules, error))
    return 0;

  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];
      const char *text = ch_cli_find_document (cli, rule->id);

      if (text != NULL && !prepare (cli, rule, text, reports, error))
        return 0;
    }

  if (cli->given.json)
    ch_cli_print_json (&ChCliPreparedList_wire, &list);
  else
    for (guint i = 0; i < reports->len; i++)
      print_prepared (cli, reports->pdata[i]);
  return 0;
}

const ChCliCommand ch_cli_documents_commands[] = {
  {
      .topic = "documents",
      .verb = "prepare",
      .arguments = N_ ("FLOW"),
      .summary = N_ ("See what would be made of files and sent"),
      .about = N_ ("Several files of one --document become one: pages of a PDF, or an archive where the CA "
                   "asks for one. "
                   "FILE@90 turns a page to the right. With --out the documents are written to that folder. "
                   "Nothing is "
                   "sent."),
      .takes = CH_CLI_TAKES (DOCUMENT) | CH_CLI_TAKES (OUT),
      .n_args = 1,
      .needs = CH_CLI_ANYBODY,
      .run = run_prepare,
  },
  {
      .topic = "documents",
      .verb = "get",
      .arguments = N_ ("APPLICATION DOCUMENT"),
      .summary = N_ ("Save a document you have uploaded"),
      .takes = CH_CLI_TAKES (OUT),
      .n_args = 2,
      .needs = CH_CLI_MEMBER,
      .run = run_get,
  },
  { NULL },
};
