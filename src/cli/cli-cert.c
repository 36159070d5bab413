#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "flow/ch-choice.h"
#include "front/ch-cert-item.h"
#include "front/ch-format.h"
#include "front/ch-reminders.h"
#include "front/ch-verifier.h"

/* -- Finding it
 * --------------------------------------------------------------------------------------------------- */

static void
list_in_token (ChCli *cli, ChToken *token, GPtrArray *items)
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

      if (item == NULL)
        continue;
      ch_cert_item_set_token (item, token, object->has_key && !ch_token_object_is_former (object));
      g_ptr_array_add (items, g_steal_pointer (&item));
    }
}

/* Returns: (transfer full) (element-type ChCertItem): the certificates on the tokens here. One that is kept
 * for what was encrypted for it counts as one without a key. */
GPtrArray *
ch_cli_list_cert_items (ChCli *cli)
{
  GListModel *hub = G_LIST_MODEL (ch_cli_settle_hub (cli));
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      list_in_token (cli, token, items);
    }
  return items;
}

/* Returns: (transfer full) (nullable): the certificate of that number, or that key, on a token here */
GBytes *
ch_cli_find_on_tokens (ChCli *cli, const char *serial)
{
  g_autoptr (GPtrArray) items = ch_cli_list_cert_items (cli);

  for (guint i = 0; i < items->len; i++)
    {
      ChCertItem *item = items->pdata[i];
      g_autofree char *key_id = ch_cert_item_dup_key_id (item);

      if (g_ascii_strcasecmp (ch_cert_item_get_serial (item), serial) == 0
          || g_ascii_strcasecmp (key_id, serial) == 0)
        return g_bytes_ref (ch_cert_item_get_der (item));
    }
  return NULL;
}

/* A file, else a certificate of one of the tokens here */
static GBytes *
find_cert (ChCli *cli, const char *name, GError **error)
{
  g_autoptr (GPtrArray) certs = NULL;
  GBytes *found;

  if (!g_file_test (name, G_FILE_TEST_EXISTS))
    {
      found = ch_cli_find_on_tokens (cli, name);
      if (found == NULL)
        g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "%s is no file and no certificate of a token here",
                     name);
      return found;
    }

  certs = ch_verifier_read_certs (name, error);
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

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChCertificateList) list = ch_cli_call_list (cli, &ch_route_certificate_list, error);
  const ChProfile *profile = ch_ports_get_profile (ch_cli_get_ports (cli));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GPtrArray) choices = NULL;

  if (list == NULL)
    return 0;
  ch_reminders_keep_certificates (ch_ports_get_vault (ch_cli_get_ports (cli)), list->items);
  if (cli->given.json)
    {
      ch_cli_print_json (&ChCertificateList_wire, list);
      return 0;
    }

  choices = ch_choices_list_certificates (list->items, profile, CH_BUSINESS_RENEW);
  for (guint i = 0; i < choices->len; i++)
    {
      const ChChoice *choice = choices->pdata[i];
      g_autofree char *end = ch_format_iso_time (choice->end);
      const char *const cells[] = { choice->id, choice->label, end,
                                    choice->why != NULL ? choice->why : _ ("Can be renewed now"), NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
  ch_cli_say_more (cli, list->next);
  return 0;
}

const ChCliCommand ch_cli_cert_commands[] = {
  {
      .topic = "cert",
      .verb = "list",
      .summary = N_ ("The certificates of the account, and which can be renewed now"),
      .about = CH_CLI_ABOUT_LISTS,
      .takes = CH_CLI_TAKES_LIST,
      .needs = CH_CLI_MEMBER,
      .run = run_list,
  },
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
      .arguments = N_ ("CERTIFICATE…"),
      .summary = N_ ("Whether certificates are valid, and what was looked at"),
      .about = N_ (
          "CERTIFICATE is a file (PEM, DER, PKCS#7), a folder of them, or the number of one on a token here, "
          "or of its key."
          " Looks at chain, dates and usage, and asks the CA by CRL and OCSP at the addresses "
          "in the certificate; lists of --crl, and those among the files, need not be fetched, and with "
          "--offline nothing is. OCSP is asked for up to 20 certificates at a time, and not with --at.\n\n"
          "With --anchor nobody is trusted but the CAs in those files, and neither a server nor a login is "
          "needed: the self-signed certificates of a file, or all of them when there is none. Without it "
          "the CAs are trusted that the CA of --server names.\n\n"
          "With --possession the key of each certificate, which must be on a token here, signs a statement "
          "made "
          "for this alone (certhall-possession/1), and the certificate must confirm it; the passphrase is "
          "asked "
          "for, or read from --pin-file.\n\n"
          "Exit status: 0 when every certificate is valid and was not revoked; 40 when one was revoked or is "
          "on hold, 41 when it is outside its validity, 39 when it is not valid for another reason, or one "
          "of "
          "several is not; 49 when nothing is wrong, but whether it was revoked is not known. Known it is by "
          "a "
          "list of its CA that holds for the time in question, or by the CA’s answer; of each CA above, up "
          "to "
          "the trusted one, a list is needed. When there is none, that counts as not known, unless "
          "--no-revocation says that it is of no interest. A list that is out of date says at most that "
          "something was revoked.\n\n"
          "--json prints {valid, verdict, reason, source, serial, name, checks}. verdict is passed, failed "
          "or "
          "unknown, and valid is true only when it is passed. reason is ok or one word for what is wrong, as "
          "revoked, on-hold, expired, not-yet-valid, unknown-issuer, bad-signature, ca-not-allowed, "
          "name-not-allowed, policy, possession, not-understood, weak, crl-missing, crl-expired, crl-wrong, "
          "damaged or "
          "other. checks are {id, outcome, text}, each id once at most: chain, validity, usage, crl, ca-crl, "
          "ocsp and possession. For several certificates it is {passed, failed, unknown, certificates}. "
          "--out writes a "
          "table for spreadsheets (CSV)."),
      .takes = CH_CLI_TAKES (ANCHOR) | CH_CLI_TAKES (UNTRUSTED) | CH_CLI_TAKES (CRL) | CH_CLI_TAKES (AT)
               | CH_CLI_TAKES (OFFLINE) | CH_CLI_TAKES (NO_REVOCATION) | CH_CLI_TAKES (POSSESSION)
               | CH_CLI_TAKES (PIN_FILE) | CH_CLI_TAKES (NO_INPUT) | CH_CLI_TAKES (POLICY)
               | CH_CLI_TAKES (EXPLICIT_POLICY) | CH_CLI_TAKES (INHIBIT_MAPPING)
               | CH_CLI_TAKES (INHIBIT_ANY_POLICY) | CH_CLI_TAKES (OUT),
      .n_args = 1,
      .takes_more = TRUE,
      .needs = CH_CLI_EITHER,
      .run = ch_cli_run_verify,
  },
  {
      .topic = "cert",
      .verb = "download-by-code",
      .summary = N_ ("Download a certificate by a code of support, without an account"),
      .about
      = N_ ("Asks for the code (field download-code), shows the certificate, then makes or finds its key "
            "on this PC and installs it there. A code serves once."),
      .takes = CH_CLI_TAKES (ANSWERS) | CH_CLI_TAKES (ASK) | CH_CLI_TAKES (NO_INPUT) | CH_CLI_TAKES (PIN_FILE)
               | CH_CLI_TAKES (ON_MEDIUM),
      .needs = CH_CLI_ANYBODY,
      .run = ch_cli_download_by_code,
  },
  { NULL },
};
