#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "envcheck/checks.h"

/* What the kernel tells of USB devices; interfaces lie beside the devices */
#define DEVICES_DIR  "/sys/bus/usb/devices"
#define CLASS_CARD   "0b"
#define DRIVERS_DIR  "/usr/lib/pcsc/drivers"
#define TEXT_LIMIT   256
#define DEVICE_LIMIT 512

/* The beginning of a file of one line; NULL when there is none */
static char *
read_line (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, NULL) || len > TEXT_LIMIT)
    return NULL;
  return g_utf8_make_valid (g_strstrip (text), -1);
}

/* “3-1:1.0” is an interface of the device “3-1” */
static char *
describe_device (const char *devices, const char *interface)
{
  g_autofree char *device = g_strndup (interface, strcspn (interface, ":"));
  g_autofree char *dir = g_build_filename (devices, device, NULL);
  g_autofree char *vendor = read_line (dir, "idVendor");
  g_autofree char *product = read_line (dir, "idProduct");
  g_autofree char *maker = read_line (dir, "manufacturer");
  g_autofree char *name = read_line (dir, "product");

  return g_strdup_printf ("%s:%s %s %s", vendor != NULL ? vendor : "?", product != NULL ? product : "?",
                          maker != NULL ? maker : "", name != NULL ? name : "");
}

/* Devices of the class of smart cards: what a key in working order is */
static GPtrArray *
find_devices (const char *devices)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (devices, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && n++ < DEVICE_LIMIT && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *interface = g_build_filename (devices, name, NULL);
      g_autofree char *class = strchr (name, ':') != NULL ? read_line (interface, "bInterfaceClass") : NULL;

      if (g_strcmp0 (class, CLASS_CARD) == 0)
        g_ptr_array_add (found, describe_device (devices, name));
    }
  return found;
}

/* Whether a device of the class of smart cards is plugged in */
gboolean
ch_check_sees_usb_key (const ChCheckContext *context)
{
  g_autofree char *devices = ch_check_context_find (context, DEVICES_DIR);
  g_autoptr (GPtrArray) found = find_devices (devices);

  return found->len > 0;
}

/* A device and no reader at the service: nobody drives it. With fewer readers than devices it may be that one
 * has two interfaces, so that is no finding. */
static gboolean
has_reader (const ChCheckTask *task)
{
  GPtrArray *readers = ch_check_task_get (task, "readers");

  for (guint i = 0; i < readers->len; i++)
    if (((ChCheckResult *) readers->pdata[i])->state == CH_CHECK_PASSED)
      return TRUE;
  return FALSE;
}

/* While the service does not run it drives nothing, and that is said already */
static gboolean
is_service_there (const ChCheckTask *task)
{
  GPtrArray *services = ch_check_task_get (task, "card-service");

  return services->len > 0 && ((ChCheckResult *) services->pdata[0])->state == CH_CHECK_PASSED;
}

static ChCheckResult *
run_usb (const ChCheckTask *task)
{
  g_autofree char *devices = ch_check_context_find (task->context, DEVICES_DIR);
  g_autofree char *drivers = ch_check_context_find (task->context, DRIVERS_DIR);
  g_autoptr (GPtrArray) found = find_devices (devices);
  g_autofree char *names = NULL;
  guint n = found->len;
  ChCheckResult *result;

  if (n == 0)
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("None of the usual kind is plugged in"));

  g_ptr_array_add (found, NULL);
  names = g_strjoinv ("\n", (char **) found->pdata);
  if (is_service_there (task) && !has_reader (task))
    result = ch_check_result_new_found (CH_FINDING_USB_NO_DRIVER, NULL);
  else
    {
      g_autofree char *summary
          = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u plugged in", "%u plugged in", n), n);

      result = ch_check_result_new (CH_CHECK_PASSED, summary);
    }
  ch_check_result_set_detail (result, "%s\ndrivers in %s: %s", names, DRIVERS_DIR,
                              g_file_test (drivers, G_FILE_TEST_IS_DIR) ? "there" : "missing");
  return result;
}

const ChCheck ch_check_usb = {
  .id = "usb",
  .title = N_ ("USB devices for keys"),
  .group = CH_CHECK_GROUP_UKEY,
  .after = { "card-service", "readers" },
  .is_for_ukey = TRUE,
  .run = run_usb,
};
