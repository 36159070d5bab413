#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-daily.h"

#define TIMER "certhall-reminders.timer"

#define SYSTEMD         "org.freedesktop.systemd1"
#define SYSTEMD_PATH    "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"

#define PORTAL            "org.freedesktop.portal.Desktop"
#define PORTAL_PATH       "/org/freedesktop/portal/desktop"
#define PORTAL_BACKGROUND "org.freedesktop.portal.Background"
#define PORTAL_REQUEST    "org.freedesktop.portal.Request"

/* What the portal was asked for last: it tells nobody */
#define ASKED "reminders-by-portal"

/* Milliseconds for an answer of the system, and for one the user is asked for */
#define PATIENCE      15000
#define USER_PATIENCE 120000

/* What is to be done, in a thread: each of the calls waits for the one before */
typedef struct
{
  ChVault *vault; /* (owned) */
  gboolean is_on; /* wanted */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->vault);
  g_free (wish);
}

static GVariant *
call_systemd (GDBusConnection *bus,
              const char *method,
              GVariant *arguments,
              GCancellable *cancellable,
              GError **error)
{
  return g_dbus_connection_call_sync (bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, method, arguments, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, PATIENCE, cancellable, error);
}

/* (transfer full) (nullable): how the timer stands; %NULL where there is none, as in a sandbox */
static char *
find_timer (GDBusConnection *bus, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = call_systemd (bus, "GetUnitFileState", g_variant_new ("(s)", TIMER), cancellable, &error);
  char *state = NULL;

  if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(s)", &state);
  else
    g_debug ("no timer of systemd: %s", error != NULL ? error->message : "not understood");
  return state;
}

static gboolean
set_timer (GDBusConnection *bus, gboolean is_on, GCancellable *cancellable, GError **error)
{
  static const char *const units[] = { TIMER, NULL };
  const struct
  {
    const char *method;
    GVariant *arguments; /* (transfer floating) (nullable) */
  } calls[] = {
    { is_on ? "EnableUnitFiles" : "DisableUnitFiles",
      is_on ? g_variant_new ("(^asbb)", units, FALSE, TRUE) : g_variant_new ("(^asb)", units, FALSE) },
    { "Reload", NULL },
    { is_on ? "StartUnit" : "StopUnit", g_variant_new ("(ss)", TIMER, "replace") },
  };
  gboolean is_done = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GVariant) arguments
          = calls[i].arguments != NULL ? g_variant_ref_sink (calls[i].arguments) : NULL;
      g_autoptr (GVariant) answer
          = is_done ? call_systemd (bus, calls[i].method, arguments, cancellable, error) : NULL;

      is_done = is_done && answer != NULL;
    }
  return is_done;
}

/* -- The portal ----------------------------------------------------------------------------------------- */

/* Of the answer to a request, which comes as a signal: 0 granted, 1 refused by the user, 2 otherwise */
typedef struct
{
  gboolean is_over; /* it has come, or is not waited for any more */
  guint32 response;
  gboolean is_on; /* as granted */
} Answer;

static void
on_response_cb (GDBusConnection *bus,
                const char *sender,
                const char *path,
                const char *interface,
                const char *signal,
                GVariant *parameters,
                gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GVariant) results = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  g_variant_get (parameters, "(u@a{sv})", &answer->response, &results);
  g_variant_lookup (results, "autostart", "b", &answer->is_on);
  answer->is_over = TRUE;
}

static gboolean
on_too_late_cb (gpointer user_data)
{
  ((Answer *) user_data)->is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static GVariant *
make_request (const char *token, gboolean is_on)
{
  static const char *const command[] = { "certhallctl", "remind", "notify", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_ ("To tell you when a certificate ends.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (is_on));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  return g_variant_new ("(sa{sv})", "", &options);
}

/* The path is known before the request is made, so that no answer is missed: the interface’s way since
 * version 0.9 of the portal */
static char *
make_request_path (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);

  g_strdelimit (sender, ".", '_');
  return g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", sender, token);
}

static gboolean
ask_portal (GDBusConnection *bus, gboolean is_on, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *token = g_strdup_printf ("certhall%u", g_random_int ());
  g_autofree char *path = make_request_path (bus, token);
  g_autoptr (GSource) end = g_timeout_source_new (USER_PATIENCE);
  g_autoptr (GVariant) handle = NULL;
  Answer answer = { FALSE, 2, FALSE };
  guint subscription;

  g_main_context_push_thread_default (context);
  g_source_set_callback (end, on_too_late_cb, &answer, NULL);
  g_source_attach (end, context);
  subscription = g_dbus_connection_signal_subscribe (bus, PORTAL, PORTAL_REQUEST, "Response", path, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, on_response_cb, &answer, NULL);
  handle = g_dbus_connection_call_sync (bus, PORTAL, PORTAL_PATH, PORTAL_BACKGROUND, "RequestBackground",
                                        make_request (token, is_on), G_VARIANT_TYPE ("(o)"),
                                        G_DBUS_CALL_FLAGS_NONE, PATIENCE, cancellable, error);
  while (handle != NULL && !answer.is_over)
    g_main_context_iteration (context, TRUE);
  g_dbus_connection_signal_unsubscribe (bus, subscription);
  g_source_destroy (end);
  g_main_context_pop_thread_default (context);

  if (handle != NULL && (answer.response != 0 || answer.is_on != is_on))
    g_set_error (error, CH_ERROR, CH_ERROR_NO_REMINDERS, "the desktop answered %u", answer.response);
  return handle != NULL && answer.response == 0 && answer.is_on == is_on;
}

static void
remember (ChVault *vault, gboolean is_on)
{
  g_autoptr (GBytes) content = is_on ? g_bytes_new_static ("on", 2) : NULL;

  ch_vault_put_async (vault, CH_VAULT_KNOWN, ASKED, content, NULL, NULL);
}

/* -- Both ----------------------------------------------------------------------------------------------- */

/* Whatever the system says, for people it is the same */
static void
return_error (GTask *task, GError *error)
{
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_NO_REMINDERS, "%s", error->message);
  g_error_free (error);
}

static void
get_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Wish *wish = data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &error);
  g_autofree char *state = bus != NULL ? find_timer (bus, cancellable) : NULL;
  g_autoptr (GBytes) asked = ch_vault_get (wish->vault, CH_VAULT_KNOWN, ASKED);

  if (bus == NULL)
    return_error (task, error);
  else
    g_task_return_int (task, state != NULL ? g_str_has_prefix (state, "enabled") : asked != NULL);
}

static void
set_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Wish *wish = data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &error);
  g_autofree char *state = bus != NULL ? find_timer (bus, cancellable) : NULL;
  gboolean is_set = bus != NULL
                    && (state != NULL ? set_timer (bus, wish->is_on, cancellable, &error)
                                      : ask_portal (bus, wish->is_on, cancellable, &error));

  if (!is_set)
    {
      return_error (task, error);
      return;
    }
  if (state == NULL)
    remember (wish->vault, wish->is_on);
  g_task_return_boolean (task, TRUE);
}

static void
begin (ChVault *vault,
       gboolean is_on,
       GTaskThreadFunc thread,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->vault = g_object_ref (vault);
  wish->is_on = is_on;
  g_task_set_task_data (task, wish, wish_free);
  g_task_run_in_thread (task, thread);
}

/**
 * ch_daily_get_async:
 * @vault: of the CA; where it is noted what the portal was asked for
 *
 * Asks whether the system looks once a day. Ends with %CH_ERROR_NO_REMINDERS where there is no session of a
 * desktop.
 */
void
ch_daily_get_async (ChVault *vault,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  begin (vault, FALSE, get_thread, cancellable, callback, user_data);
}

gboolean
ch_daily_get_finish (GAsyncResult *result, gboolean *is_on, GError **error)
{
  gssize found = g_task_propagate_int (G_TASK (result), error);

  *is_on = found > 0;
  return found >= 0;
}

/**
 * ch_daily_set_async:
 * @is_on: whether the system is to look once a day
 *
 * Ends with %CH_ERROR_NO_REMINDERS where neither systemd nor the desktop can do it, or the user has refused.
 */
void
ch_daily_set_async (ChVault *vault,
                    gboolean is_on,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  begin (vault, is_on, set_thread, cancellable, callback, user_data);
}

gboolean
ch_daily_set_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
