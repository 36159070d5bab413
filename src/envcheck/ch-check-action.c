#include "config.h"

#include "envcheck/ch-check-action.h"

#define SYSTEMD_NAME  "org.freedesktop.systemd1"
#define SYSTEMD_PATH  "/org/freedesktop/systemd1"
#define SYSTEMD_IFACE "org.freedesktop.systemd1.Manager"
#define CARD_UNIT     "pcscd.socket"
#define ANSWER_LIMIT  (5 * 60 * 1000) /* the password of an administrator takes its time */

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* The system asks for the password, not this program */
static void
on_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_dbus_connection_call (bus, SYSTEMD_NAME, SYSTEMD_PATH, SYSTEMD_IFACE, "StartUnit",
                          g_variant_new ("(ss)", CARD_UNIT, "replace"), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, ANSWER_LIMIT,
                          g_task_get_cancellable (task), on_called_cb, g_object_ref (task));
}

/**
 * ch_check_action_perform_async:
 * @action: what a finding offered
 * @cancellable: (nullable): stops waiting
 *
 * Does what the button says. Whether it helped shows when it is checked again.
 */
void
ch_check_action_perform_async (ChCheckAction action,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_check_action_perform_async);
  switch (action)
    {
    case CH_CHECK_ACTION_START_CARD_SERVICE:
      g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_cb, g_object_ref (task));
      break;
    default:
      g_task_return_boolean (task, TRUE);
    }
}

/**
 * ch_check_action_perform_finish:
 *
 * Returns: whether it was done
 */
gboolean
ch_check_action_perform_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
