#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-possession.h"
#include "front/ch-verify-list.h"
#include "wire/ch-policy.h"

/* -- Telling what came out ----------------------------------------------------------------------------- */

static ChCliVerify *
make_message (ChVerifyItem *item)
{
  const ChVerifyReport *report = ch_verify_item_get_report (item);
  const GError *error = ch_verify_item_get_error (item);
  ChVerifyOutcome verdict = ch_verify_item_get_verdict (item);
  ChCliVerify *message = ch_wire_new (&ChCliVerify_wire);

  message->checks = ch_wire_list_new (&ChCliCheck_wire);
  message->valid = verdict == CH_VERIFY_PASSED;
  message->verdict = g_strdup (ch_verify_outcome_get_id (verdict));
  message->source = g_strdup (ch_verify_item_get_source (item));
  message->reason = g_strdup (error != NULL ? ch_error_get_info (error)->id : report->reason);
  for (guint i = 0; report != NULL && i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];
      ChCliCheck *row = ch_wire_new (&ChCliCheck_wire);

      row->id = g_strdup (check->id);
      row->outcome = g_strdup (ch_verify_outcome_get_id (check->outcome));
      row->text = g_strdup (check->text);
      g_ptr_array_add (message->checks, row);
    }
  if (report != NULL)
    {
      message->serial = g_strdup (report->serial);
      message->name = g_strdup (report->name);
    }
  return message;
}

static void
print_json (ChVerifyList *list, guint n)
{
  g_autoptr (ChCliVerifyMany) many = ch_wire_new (&ChCliVerifyMany_wire);

  many->certificates = ch_wire_list_new (&ChCliVerify_wire);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_ptr_array_add (many->certificates, make_message (item));
    }
  /* A single one is an answer by itself */
  if (n == 1)
    {
      ch_cli_print_json (&ChCliVerify_wire, many->certificates->pdata[0]);
      return;
    }
  many->passed = ch_verify_list_count (list, CH_VERIFY_PASSED);
  many->failed = ch_verify_list_count (list, CH_VERIFY_FAILED);
  many->unknown = ch_verify_list_count (list, CH_VERIFY_UNKNOWN);
  ch_cli_print_json (&ChCliVerifyMany_wire, many);
}

static const char *
get_mark (ChVerifyOutcome outcome)
{
  static const char *const marks[]
      = { [CH_VERIFY_PASSED] = "✓", [CH_VERIFY_FAILED] = "✗", [CH_VERIFY_UNKNOWN] = "?" };

  return marks[outcome];
}

static void
print_one (ChVerifyItem *item)
{
  const ChVerifyReport *report = ch_verify_item_get_report (item);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  printf ("%s\n", report->name);
  for (guint i = 0; i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];
      const char *const cells[] = { get_mark (check->outcome), _ (check->label), check->text, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
}

static void
print_many (ChVerifyList *list, guint n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      const char *const cells[]
          = { get_mark (ch_verify_item_get_verdict (item)), ch_verify_item_get_source (item),
              ch_verify_item_get_title (item), ch_verify_item_get_sentence (item), NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
  /* Translators: numbers of certificates */
  printf (_ ("%1$u valid, %2$u not valid, %3$u not certain\n"), ch_verify_list_count (list, CH_VERIFY_PASSED),
          ch_verify_list_count (list, CH_VERIFY_FAILED), ch_verify_list_count (list, CH_VERIFY_UNKNOWN));
}

/* A certificate that is not valid is an answer, and a status a script can look at */
static int
get_status (ChVerifyItem *item)
{
  static const struct
  {
    const char *reason;
    ChErrorCode code;
  } codes[] = {
    { "revoked", CH_ERROR_CERTIFICATE_REVOKED },
    { "on-hold", CH_ERROR_CERTIFICATE_REVOKED },
    { "expired", CH_ERROR_CERTIFICATE_EXPIRED },
    { "not-yet-valid", CH_ERROR_CERTIFICATE_EXPIRED },
  };
  const ChVerifyReport *report = ch_verify_item_get_report (item);

  for (gsize i = 0; report != NULL && i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].reason, report->reason))
      return ch_error_code_get_info (codes[i].code)->exit_status;
  return ch_error_code_get_info (CH_ERROR_CERTIFICATE_WRONG)->exit_status;
}

/* Of many the worst: not valid, then not known */
static int
get_status_of_all (ChVerifyList *list, ChVerifyItem *single)
{
  if (ch_verify_list_count (list, CH_VERIFY_FAILED) > 0)
    return single != NULL ? get_status (single)
                          : ch_error_code_get_info (CH_ERROR_CERTIFICATE_WRONG)->exit_status;
  if (ch_verify_list_count (list, CH_VERIFY_UNKNOWN) > 0)
    return ch_error_code_get_info (CH_ERROR_REVOCATION_UNKNOWN)->exit_status;
  return 0;
}

/* -- The command --------------------------------------------------------------------------------------- */

static gboolean
add_files (ChVerifier *verifier, ChVerifyRole role, GStrv paths, GError **error)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (!ch_verifier_add_file (verifier, role, paths[i], error))
      return FALSE;
  return TRUE;
}

/* A day begins in UTC, wherever this PC is: a script means the same everywhere */
static gboolean
set_time (ChCli *cli, ChVerifier *verifier, GError **error)
{
  const char *at = cli->given.at;
  g_autofree char *text = NULL;
  gint64 when;

  if (at == NULL)
    return TRUE;
  text = strlen (at) == strlen ("2026-11-21") ? g_strconcat (at, "T00:00:00Z", NULL) : g_strdup (at);
  if (!ch_clock_parse (text, &when))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is no time; write 2026-11-21 or 2026-11-21T14:32:00Z",
                   at);
      return FALSE;
    }
  ch_verifier_set_time (verifier, when);
  return TRUE;
}

static gboolean
set_policy (ChCli *cli, ChVerifier *verifier, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (ch_verifier_set_policy (verifier, (const char *const *) cli->given.policies, cli->given.explicit_policy,
                              cli->given.inhibit_mapping, cli->given.inhibit_any_policy, &local))
    return TRUE;
  g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE, local->message);
  return FALSE;
}

/* Those of the CA, when it is not said whom to trust */
static void
trust_profile (ChCli *cli, ChVerifier *verifier)
{
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));

  for (guint i = 0; profile != NULL && profile->roots != NULL && i < profile->roots->len; i++)
    ch_verifier_add_trusted (verifier, ((const ChTrustedRoot *) profile->roots->pdata[i])->der);
}

static ChVerifier *
make_verifier (ChCli *cli, GError **error)
{
  ChFetcher *fetcher = cli->given.offline ? NULL : ch_ports_get_fetcher (ch_cli_get_ports (cli));
  g_autoptr (ChVerifier) verifier = ch_verifier_new (fetcher);

  if (!add_files (verifier, CH_VERIFY_ANCHORS, cli->given.anchors, error)
      || !add_files (verifier, CH_VERIFY_UNTRUSTED, cli->given.untrusted, error)
      || !add_files (verifier, CH_VERIFY_CRLS, cli->given.crls, error) || !set_time (cli, verifier, error)
      || !set_policy (cli, verifier, error))
    return NULL;
  if (cli->given.anchors == NULL)
    trust_profile (cli, verifier);
  if (cli->given.no_revocation)
    ch_verifier_set_no_revocation (verifier);
  return g_steal_pointer (&verifier);
}

static void
say_left_out (ChCli *cli, ChVerifier *verifier)
{
  guint n = ch_verifier_get_n_left_out (verifier);

  if (n > 0)
    ch_cli_say (
        cli,
        g_dngettext (GETTEXT_PACKAGE,
                     "%u list of revoked certificates is damaged or not understood, and was not used.",
                     "%u lists of revoked certificates are damaged or not understood, and were not used.", n),
        n);
}

/* Files and folders, and serial numbers of certificates on tokens */
static gboolean
fill (ChCli *cli, ChVerifyList *list, const char *const *args, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; args[i] != NULL; i++)
    {
      g_autoptr (GBytes) der = NULL;

      if (g_file_test (args[i], G_FILE_TEST_EXISTS))
        {
          g_strv_builder_add (builder, args[i]);
          continue;
        }
      der = ch_cli_find_on_tokens (cli, args[i]);
      if (der == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND,
                       "%s is no file and no certificate of a token here", args[i]);
          return FALSE;
        }
      ch_verify_list_add_cert (list, args[i], der);
    }

  paths = g_strv_builder_end (builder);
  ch_verify_list_add_paths_async (list, (const char *const *) paths, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  return ch_verify_list_add_paths_finish (list, result, error);
}

/* --possession: each of them must be here and sign */
static gboolean
prove_possession (ChCli *cli, ChVerifyList *list, GError **error)
{
  ChPorts *ports = ch_cli_get_ports (cli);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_autoptr (GAsyncResult) result = NULL;

      if (ch_verify_item_get_report (item) == NULL)
        continue;
      ch_possession_prove_async (ports, item, cli->asker, NULL, ch_cli_on_result_cb, cli);
      result = ch_cli_wait (cli);
      if (!ch_possession_prove_finish (ports, result, error))
        return FALSE;
    }
  ch_verify_list_recount (list);
  return TRUE;
}

/* cert verify: see its row in cli-cert.c */
int
ch_cli_run_verify (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChVerifier) verifier = make_verifier (cli, error);
  g_autoptr (ChVerifyList) list = verifier != NULL ? ch_verify_list_new (verifier) : NULL;
  g_autoptr (ChVerifyItem) single = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  guint n;

  if (list == NULL || !fill (cli, list, args, error))
    return 0;
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  single = n == 1 ? g_list_model_get_item (G_LIST_MODEL (list), 0) : NULL;
  /* A single file without certificate is no answer but a mistake */
  if (n == 0 || (single != NULL && ch_verify_item_get_error (single) != NULL))
    {
      if (single != NULL)
        g_propagate_error (error, g_error_copy (ch_verify_item_get_error (single)));
      else
        g_set_error (error, CH_ERROR, CH_ERROR_NO_CERTIFICATE, "there are only CRLs in it");
      return 0;
    }

  ch_verify_list_check_async (list, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  if (!ch_verify_list_check_finish (list, result, error)
      || (cli->given.possession && !prove_possession (cli, list, error))
      || (cli->given.out != NULL && !ch_verify_list_save_csv (list, cli->given.out, error)))
    return 0;

  say_left_out (cli, verifier);
  if (cli->given.json)
    print_json (list, n);
  else if (single != NULL)
    print_one (single);
  else
    print_many (list, n);
  return get_status_of_all (list, single);
}
