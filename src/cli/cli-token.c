#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "front/ch-cert-item.h"

static ChCliToken *
describe_token (ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  ChCliToken *message = ch_wire_new (&ChCliToken_wire);

  message->serial = g_strdup (info->serial);
  message->label = g_strdup (info->label);
  message->model = g_strdup (info->model);
  message->medium = g_strdup (info->medium);
  if (ch_token_get_pin_state (token) != CH_PIN_UNKNOWN)
    message->pin = g_strdup (ch_pin_state_get_id (ch_token_get_pin_state (token)));
  return message;
}

static ChCliObject *
describe_object (const ChTokenObject *object)
{
  ChCliObject *message = ch_wire_new (&ChCliObject_wire);
  g_autoptr (ChCertItem) item = object->cert != NULL ? ch_cert_item_new (object->cert, NULL) : NULL;

  message->key_id = g_strdup (object->key_id);
  message->label = g_strdup (object->label);
  message->has_key = object->has_key;
  message->former = ch_token_object_is_former (object);
  message->certificate = item != NULL ? g_strdup (ch_cert_item_get_serial (item)) : NULL;
  message->der = object->cert != NULL ? g_bytes_ref (object->cert) : NULL;
  return message;
}

static gboolean
list_objects (ChCli *cli, ChToken *token, ChCliToken *message, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  ch_token_list_objects_async (token, NULL, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  objects = ch_token_list_objects_finish (token, result, error);
  if (objects == NULL)
    return FALSE;

  message->objects = ch_wire_list_new (&ChCliObject_wire);
  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (message->objects, describe_object (objects->pdata[i]));
  return TRUE;
}

static void
print_token (const ChCliToken *token, GPtrArray *rows)
{
  const char *cells[] = { token->serial, token->medium, token->label, "", NULL };

  if (token->objects == NULL || token->objects->len == 0)
    g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
  for (guint i = 0; token->objects != NULL && i < token->objects->len; i++)
    {
      const ChCliObject *object = token->objects->pdata[i];

      cells[3] = object->certificate != NULL ? object->certificate : _ ("no certificate yet");
      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
}

static int
run_list (ChCli *cli, const char *const *args, GError **error)
{
  GListModel *hub = G_LIST_MODEL (ch_cli_settle_hub (cli));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  ChCliTokenList list = { .items = ch_wire_list_new (&ChCliToken_wire) };
  g_autoptr (GPtrArray) owned = list.items;

  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);
      ChCliToken *message = describe_token (token);
      g_autoptr (GError) local = NULL;

      g_ptr_array_add (list.items, message);
      /* A damaged one is no reason not to show the others */
      if (!list_objects (cli, token, message, &local))
        ch_cli_say (cli, "%s: %s", message->serial, _ (ch_error_get_info (local)->title));
      print_token (message, rows);
    }

  if (cli->given.json)
    ch_cli_print_json (&ChCliTokenList_wire, &list);
  else
    ch_cli_print_rows (rows);
  return 0;
}

/**
 * ch_cli_settle_hub:
 *
 * Returns: (transfer none): the tokens, once all that are there are in the list
 */
ChTokenHub *
ch_cli_settle_hub (ChCli *cli)
{
  ChTokenHub *hub = ch_ports_get_hub (ch_cli_get_ports (cli));
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_hub_settle_async (hub, ch_cli_on_result_cb, cli);
  result = ch_cli_wait (cli);
  ch_token_hub_settle_finish (hub, result);
  return hub;
}

/**
 * ch_cli_find_token:
 * @serial: as typed
 *
 * Returns: (transfer full): the token; %NULL with @error set when it is not there
 */
ChToken *
ch_cli_find_token (ChCli *cli, const char *serial, GError **error)
{
  ChToken *token = ch_token_hub_find (ch_cli_settle_hub (cli), serial);

  if (token == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "there is no token %s", serial);
  return token;
}

static int
run_show (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChToken) token = ch_cli_find_token (cli, args[0], error);
  g_autoptr (ChCliToken) message = token != NULL ? describe_token (token) : NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (message == NULL || !list_objects (cli, token, message, error))
    return 0;
  if (cli->given.json)
    {
      ch_cli_print_json (&ChCliToken_wire, message);
      return 0;
    }

  printf ("%s  %s  %s\n", message->serial, message->model, message->label);
  for (guint i = 0; i < message->objects->len; i++)
    {
      const ChCliObject *object = message->objects->pdata[i];
      g_autoptr (ChCertItem) item = object->der != NULL ? ch_cert_item_new (object->der, NULL) : NULL;
      const char *const cells[]
          = { object->key_id,
              object->former    ? _ ("former key")
              : object->has_key ? _ ("key")
                                : _ ("no key"),
              object->certificate != NULL ? object->certificate : _ ("no certificate yet"),
              item != NULL            ? ch_cert_item_get_name (item)
              : object->label != NULL ? object->label
                                      : "",
              NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  ch_cli_print_rows (rows);
  return 0;
}

const ChCliCommand ch_cli_token_commands[] = {
  {
      .topic = "token",
      .verb = "list",
      .summary = N_ ("The tokens on this PC and the certificates on them"),
      .needs = CH_CLI_ALONE,
      .run = run_list,
  },
  {
      .topic = "token",
      .verb = "show",
      .arguments = N_ ("TOKEN"),
      .summary = N_ ("What is on a token"),
      .n_args = 1,
      .needs = CH_CLI_ALONE,
      .run = run_show,
  },
  { NULL },
};
