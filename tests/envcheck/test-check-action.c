#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "envcheck/ch-check-action.h"

/* A system bus of the test’s own, with something on it that answers as systemd does */

static const char xml[] = "<node><interface name='org.freedesktop.systemd1.Manager'><method name='StartUnit'>"
                          "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                          "<arg type='o' direction='out'/></method></interface></node>";

typedef struct
{
  gboolean refuses; /* the password was wrong */
  char *unit;       /* asked for */
  gboolean may_ask; /* the caller lets the system ask for the password */
  gboolean is_owned;
} Systemd;

static void
on_call_cb (GDBusConnection *bus,
            const char *sender,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *args,
            GDBusMethodInvocation *invocation,
            gpointer user_data)
{
  Systemd *systemd = user_data;
  GDBusMessageFlags flags = g_dbus_message_get_flags (g_dbus_method_invocation_get_message (invocation));

  g_clear_pointer (&systemd->unit, g_free);
  g_variant_get (args, "(ss)", &systemd->unit, NULL);
  systemd->may_ask = (flags & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
  if (systemd->refuses)
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                                                   "no");
  else
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(o)", "/org/freedesktop/systemd1/job/1"));
}

static void
on_owned_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ((Systemd *) user_data)->is_owned = TRUE;
}

typedef struct
{
  gboolean done;
  gboolean ok;
} Outcome;

static void
on_performed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = ch_check_action_perform_finish (result, NULL);
  outcome->done = TRUE;
}

static gboolean
perform (ChCheckAction action)
{
  Outcome outcome = { FALSE, FALSE };

  ch_check_action_perform_async (action, NULL, on_performed_cb, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  return outcome.ok;
}

static void
test_start (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call_cb };
  g_autoptr (GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;
  Systemd systemd = { FALSE };
  guint object_id, name_id;

  g_test_dbus_up (daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (daemon), TRUE);
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (bus, FALSE);

  /* Nobody there who could start anything */
  g_assert_false (perform (CH_CHECK_ACTION_START_CARD_SERVICE));

  object_id = g_dbus_connection_register_object (bus, "/org/freedesktop/systemd1", info->interfaces[0],
                                                 &vtable, &systemd, NULL, &error);
  g_assert_no_error (error);
  name_id = g_bus_own_name_on_connection (bus, "org.freedesktop.systemd1", G_BUS_NAME_OWNER_FLAGS_NONE,
                                          on_owned_cb, NULL, &systemd, NULL);
  while (!systemd.is_owned)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (perform (CH_CHECK_ACTION_START_CARD_SERVICE));
  g_assert_cmpstr (systemd.unit, ==, "pcscd.socket");
  g_assert_true (systemd.may_ask);
  systemd.refuses = TRUE;
  g_assert_false (perform (CH_CHECK_ACTION_START_CARD_SERVICE));

  /* What needs nothing done is done */
  g_clear_pointer (&systemd.unit, g_free);
  g_assert_true (perform (CH_CHECK_ACTION_NONE));
  g_assert_null (systemd.unit);

  g_bus_unown_name (name_id);
  g_dbus_connection_unregister_object (bus, object_id);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_test_dbus_stop (daemon);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envcheck/action/start-card-service", test_start);
  return g_test_run ();
}
