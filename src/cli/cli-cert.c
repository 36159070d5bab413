#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-cert-item.h"
#include "front/ch-verify.h"

/* -- Finding it
 * --------------------------------------------------------------------------------------------------- */

static GBytes *
find_in_token (ChCli *cli, ChToken *token, const char *serial)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  ch_token_list_objects_async (token, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  objects = ch_token_list_objects_finish (token, result, NULL);
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      g_autoptr (ChCertItem) item = object->cert != NULL ? ch_cert_item_new (object->cert, NULL) : NULL;

      if (item != NULL && g_ascii_strcasecmp (ch_cert_item_get_serial (item), serial) == 0)
        return g_bytes_ref (object->cert);
    }
  return NULL;
}

static GBytes *
find_on_tokens (ChCli *cli, const char *serial)
{
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (ch_cli_get_ports (cli)));
  GBytes *found = NULL;

  for (guint i = 0; found == NULL && i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      found = find_in_token (cli, token, serial);
    }
  return found;
}

/* A file, else a certificate of one of the tokens here */
static GBytes *
find_cert (ChCli *cli, const char *name, GError **error)
{
  g_autoptr (GPtrArray) certs = NULL;
  GBytes *found;

  if (!g_file_test (name, G_FILE_TEST_EXISTS))
    {
      found = find_on_tokens (cli, name);
      if (found == NULL)
        g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "%s is no file and no certificate of a token here",
                     name);
      return found;
    }

  certs = ch_verify_read_certs (name, error);
  return certs != NULL ? g_bytes_ref (certs->pdata[0]) : NULL;
}

/* -- Commands
 * ----------------------------------------------------------------------------------------------------- */

static void
print_cert_json (ChCertItem *item, GPtrArray *properties)
{
  g_autoptr (GHashTable) map = ch_wire_map_new ();
  ChCliCert message = {
    .serial = (char *) ch_cert_item_get_serial (item),
    .name = (char *) ch_cert_item_get_name (item),
    .standing = (char *) ch_cert_standing_get_id (ch_cert_item_get_standing (item)),
    .not_after = ch_cert_item_get_not_after (item),
    .properties = map,
    .der = ch_cert_item_get_der (item),
  };

  for (guint i = 0; i < properties->len; i++)
    {
      const ChProperty *property = properties->pdata[i];

      g_hash_table_replace (map, g_strdup (property->id), g_strdup (property->value));
    }
  ch_cli_print_json (&ChCliCert_wire, &message);
}

static int
run_show (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (GBytes) der = find_cert (cli, args[0], error);
  g_autoptr (ChCertItem) item = der != NULL ? ch_cert_item_new (der, error) : NULL;
  g_autoptr (GPtrArray) properties = NULL;

  if (item == NULL)
    return 0;

  properties = ch_cert_item_list_properties (item);
  if (cli->given.json)
    print_cert_json (item, properties);
  else
    ch_cli_print_properties (properties);
  return 0;
}

static void
print_report_json (const ChVerifyReport *report)
{
  g_autoptr (GPtrArray) checks = ch_wire_list_new (&ChCliCheck_wire);
  ChCliVerify message = {
    .valid = report->is_valid, .reason = (char *) report->reason, .serial = report->serial, .checks = checks
  };

  for (guint i = 0; i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];
      ChCliCheck *row = ch_wire_new (&ChCliCheck_wire);

      row->id = g_strdup (check->id);
      row->outcome = g_strdup (ch_verify_outcome_get_id (check->outcome));
      row->text = g_strdup (check->text);
      g_ptr_array_add (checks, row);
    }
  ch_cli_print_json (&ChCliVerify_wire, &message);
}

static void
print_report (const ChVerifyReport *report)
{
  static const char *const marks[]
      = { [CH_VERIFY_PASSED] = "✓", [CH_VERIFY_FAILED] = "✗", [CH_VERIFY_UNKNOWN] = "?" };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  printf ("%s\n", report->name);
  for (guint i = 0; i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];
      const char *const cells[] = { marks[check->outcome], _ (check->label), check->text, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
}

/* A certificate that is not valid is an answer, and a status a script can look at */
static int
get_status (const ChVerifyReport *report)
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

  if (report->is_valid)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].reason, report->reason))
      return ch_error_code_get_info (codes[i].code)->exit_status;
  return ch_error_code_get_info (CH_ERROR_CERTIFICATE_WRONG)->exit_status;
}

static int
run_verify (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (GBytes) der = find_cert (cli, args[0], error);
  g_autoptr (GPtrArray) cas = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ChVerifyReport) report = NULL;

  if (der == NULL)
    return 0;
  cas = cli->given.trust_ca != NULL ? ch_verify_read_certs (cli->given.trust_ca, error) : g_ptr_array_new ();
  if (cas == NULL)
    return 0;

  ch_verify_async (ch_ports_get_fetcher (ch_cli_get_ports (cli)), der, cas, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  report = ch_verify_finish (result, error);
  if (report == NULL)
    return 0;

  if (cli->given.json)
    print_report_json (report);
  else
    print_report (report);
  return get_status (report);
}

const ChCliCommand ch_cli_cert_commands[] = {
  {
      .topic = "cert",
      .verb = "show",
      .arguments = N_ ("CERTIFICATE"),
      .summary = N_ ("What a certificate says"),
      .about = N_ ("CERTIFICATE is a file in PEM or DER, or the serial number of one on a token here."),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_show,
  },
  {
      .topic = "cert",
      .verb = "verify",
      .arguments = N_ ("CERTIFICATE"),
      .summary = N_ ("Whether a certificate is valid, and what was looked at"),
      .about = N_ ("Looks at chain, dates and usage, and asks the CA by CRL and OCSP at the addresses in the "
                   "certificate. Trusted are the self-signed certificates in the file of --trust-ca."),
      .takes = CH_CLI_TAKES (TRUST_CA),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_verify,
  },
  { NULL },
};
