#include "config.h"

#include <glib-unix.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "base/ch-version.h"
#include "base/ch-worker.h"
#include "programs/certhalld.h"
#include "server/ch-ca.h"
#include "server/ch-crl-desk.h"
#include "server/ch-dispatch.h"
#include "server/ch-issuing.h"
#include "server/ch-listener.h"
#include "server/ch-service.h"
#include "server/ch-store-documents.h"
#include "server/ch-till.h"
#include "server/demo/ch-demo-handlers.h"
#include "server/pay/ch-pay-setup.h"

#define CLEAN_UP_SECONDS 600
#define LIST_SECONDS     3600
#define TILL_SECONDS     60

/* What is done from time to time, in a thread of its own */
typedef struct
{
  ChService *service;
  ChWorker *worker; /* (owned): of the lists */
  ChWorker *till;   /* (owned): a gateway that is slow to answer holds up nothing else */
} Chores;

static gboolean
on_signal_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
clean_up_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ch_documents_clean_up (ch_service_get_db (data));
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_clean_up_cb (gpointer user_data)
{
  Chores *chores = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  ch_service_clean_up (chores->service);
  g_task_set_task_data (task, chores->service, NULL);
  ch_worker_push (chores->worker, task, clean_up_thread, NULL);
  return G_SOURCE_CONTINUE;
}

/* What is once a demonstration stays one, and what is in earnest never becomes one. Until there is an account
 * either is possible: then the CA is made anew if its names say the other thing; nothing was issued yet. If
 * that is cut short, it is done again the next time. */
static gboolean
check_earnest (ChService *service, gboolean is_demo, ChSecret *passphrase, GError **error)
{
  gboolean is_untouched = FALSE;

  if (ch_service_is_trial (service) && !is_demo)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE,
                   "this store is a demonstration: serve it with --demo");
      return FALSE;
    }
  if (!ch_service_is_untouched (service, &is_untouched, error))
    return FALSE;
  if (!ch_service_is_trial (service) && is_demo && !is_untouched)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE,
                   "there are accounts in this store: no demonstration with it");
      return FALSE;
    }

  if (ch_service_has_trial_names (service) != is_demo && is_untouched
      && !certhalld_make_ca (service, passphrase, is_demo, error))
    return FALSE;
  return !is_demo || ch_service_is_trial (service) || ch_service_mark_trial (service, error);
}

/* Certificates of a demonstration point to where it really is, others to the CA’s public entry. */
static char *
find_entry (ChService *service, GSocketAddress *address)
{
  const ChProfile *profile = ch_service_get_profile (service);
  GInetSocketAddress *where = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (where));
  GInetAddress *inet = g_inet_socket_address_get_address (where);

  if (!ch_service_is_trial (service) && profile->entries->len > 0)
    return g_strdup (((const ChEntry *) profile->entries->pdata[0])->url);
  if (g_inet_address_get_is_any (inet))
    return g_strdup_printf ("https://localhost:%u", g_inet_socket_address_get_port (where));
  return g_strconcat ("https://", text, NULL);
}

static gboolean
load_ca (ChService *service, ChSecret *passphrase, GSocketAddress *address, GError **error)
{
  g_autofree char *entry = find_entry (service, address);
  ChCa *ca = ch_ca_load (ch_service_get_dir (service), passphrase, entry, error);

  if (ca == NULL)
    return FALSE;
  ch_service_take_ca (service, ca, (GDestroyNotify) ch_ca_unref);
  ch_service_set_tls_certificate (service, ch_ca_get_tls_der (ca));
  ch_service_set_entry (service, entry);
  return ch_issuing_start (service, error);
}

/* The lists of revoked certificates end some day though nothing is revoked: who reads the files finds them
 * renewed */
static void
renew_lists_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ChService *service = data;

  for (int i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) list = ch_crl_desk_get (service, i, &error);

      if (list == NULL)
        g_warning ("the list of revoked certificates was not renewed: %s", error->message);
    }

  g_task_return_boolean (task, TRUE);
}

static gboolean
on_renew_lists_cb (gpointer user_data)
{
  Chores *chores = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, chores->service, NULL);
  ch_worker_push (chores->worker, task, renew_lists_thread, NULL);
  return G_SOURCE_CONTINUE;
}

static void
till_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ch_till_run (data);
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_till_cb (gpointer user_data)
{
  Chores *chores = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, chores->service, NULL);
  ch_worker_push (chores->till, task, till_thread, NULL);
  return G_SOURCE_CONTINUE;
}

static void
run (ChService *service, GSocketAddress *address, int till_seconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  /* what they have begun ends before the service does */
  g_autoptr (ChWorker) worker = ch_worker_new ("lists", 1, 4);
  g_autoptr (ChWorker) till = ch_worker_new ("till", 1, 1);
  Chores chores = { service, worker, till };
  guint sources[5];

  sources[0] = g_unix_signal_add (SIGTERM, on_signal_cb, loop);
  sources[1] = g_unix_signal_add (SIGINT, on_signal_cb, loop);
  sources[2] = g_timeout_add_seconds (CLEAN_UP_SECONDS, on_clean_up_cb, &chores);
  sources[3] = g_timeout_add_seconds (LIST_SECONDS, on_renew_lists_cb, &chores);
  sources[4] = g_timeout_add_seconds (till_seconds, on_till_cb, &chores);
  on_clean_up_cb (&chores);

  printf ("listening https://%s\n", text);
  fflush (stdout);
  on_till_cb (&chores); /* what was on its way when the program ended last */
  g_main_loop_run (loop);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
}

/* The roots sign a CA once in many years: until then their keys have no business on a machine with a network
 */
static void
remind_of_roots (const char *dir)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/offline/root-%s.key", dir, ch_hierarchy_get_id (i));

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        fprintf (stderr, "certhalld: %s is the key of a root: take it away from this machine\n", path);
    }
}

gboolean
certhalld_serve (int argc, char **argv, GError **error)
{
  g_autofree char *dir = NULL, *listen = NULL, *key_file = NULL, *token_path = NULL, *oldest = NULL;
  gboolean is_demo = FALSE;
  int till_seconds = TILL_SECONDS;
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "folder of the store", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "where to listen; port 0 picks one", "ADDR:PORT" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, "passphrase of the CA’s keys", "FILE" },
    { "till-seconds", 0, 0, G_OPTION_ARG_INT, &till_seconds, "how often payments are reconciled (60)",
      "SECONDS" },
    { "oldest-program", 0, 0, G_OPTION_ARG_STRING, &oldest, "programs before it have to be updated first",
      "VERSION" },
    { "demo", 0, 0, G_OPTION_ARG_NONE, &is_demo, "try it out: no messages are sent, no money is taken",
      NULL },
    { NULL },
  };
  g_autoptr (ChSecret) passphrase = NULL;
  g_autoptr (ChService) service = NULL;
  g_autoptr (ChDispatch) dispatch = NULL;
  g_autoptr (ChListener) listener = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (ChGateway) gateway = NULL;

  if (!certhalld_parse ("- serve", entries, &argc, &argv, error) || !certhalld_require (dir, "--dir", error)
      || !certhalld_require (listen, "--listen", error))
    return FALSE;
  if (oldest != NULL && !ch_version_is_valid (oldest))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "--oldest-program: %s is no version", oldest);
      return FALSE;
    }

  passphrase = certhalld_find_passphrase (dir, key_file, error);
  service = passphrase != NULL ? ch_service_open (dir, passphrase, error) : NULL;
  if (service == NULL
      || (!is_demo && !ch_service_is_trial (service)
          && !certhalld_check_passphrase_place (dir, key_file, error))
      || !check_earnest (service, is_demo, passphrase, error))
    return FALSE;
  ch_service_set_oldest_program (service, oldest);
  if (!is_demo)
    remind_of_roots (dir);

  listener = ch_listener_new (NULL);
  address = ch_listener_listen (listener, listen, error);
  if (address == NULL || !load_ca (service, passphrase, address, error)
      || !ch_pay_setup_load (dir, passphrase, is_demo, &gateway, error))
    return FALSE;
  g_clear_pointer (&passphrase, ch_secret_unref);

  dispatch = ch_dispatch_new (service);
  if (is_demo)
    {
      token_path = g_build_filename (dir, "demo-token", NULL);
      ch_demo_set_up (service);
      if (!ch_demo_add_handlers (dispatch, token_path, error))
        return FALSE;
    }
  if (gateway != NULL)
    ch_service_set_gateway (service, gateway);

  ch_listener_start (listener, ch_dispatch_get_soup (dispatch), ch_ca_get_tls (ch_service_get_ca (service)));
  run (service, address, MAX (till_seconds, 1));
  return TRUE;
}
