#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-notice.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

/* Milliseconds a desktop may take; it may have to start what shows them */
#define PATIENCE 15000

static void
fail (GTask *task, const GError *error)
{
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_NO_NOTICES, "no notification was shown: %s",
                           error->message);
  g_object_unref (task);
}

static void
on_shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) shown = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (shown == NULL)
    {
      fail (task, error);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      fail (task, error);
      return;
    }
  g_dbus_connection_call (bus, NAME, PATH, NAME, "Notify", g_task_get_task_data (task),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, PATIENCE,
                          g_task_get_cancellable (task), on_shown_cb, task);
}

/**
 * ch_notice_send_async:
 * @title: one line
 * @body: text without markup
 * @is_urgent: it stays until somebody has seen it
 *
 * Shows a notification that outlives the program. Ends with %CH_ERROR_NO_NOTICES where no desktop shows any.
 */
void
ch_notice_send_async (const char *title,
                      const char *body,
                      gboolean is_urgent,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *plain = g_markup_escape_text (body, -1);
  GVariantBuilder hints;

  g_variant_builder_init (&hints, G_VARIANT_TYPE_VARDICT);
  /* A press on it opens this program where the desktop knows how */
  g_variant_builder_add (&hints, "{sv}", "desktop-entry", g_variant_new_string ("org.certhall.Certhall"));
  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (is_urgent ? 2 : 1));

  g_task_set_source_tag (task, ch_notice_send_async);
  g_task_set_task_data (
      task,
      g_variant_ref_sink (g_variant_new ("(susss@asa{sv}i)", _ ("Certhall"), 0, "org.certhall.Certhall",
                                         title, plain, g_variant_new_strv (NULL, 0), &hints, -1)),
      (GDestroyNotify) g_variant_unref);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_bus_cb, task);
}

gboolean
ch_notice_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
