#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-making-desk.h"
#include "wire/ch-policy.h"
#include "wire/messages-list.h"

/* Where the applicant has the key in hand, nobody here makes it */
static gboolean
is_made_here (ChPorts *ports, const ChDelivery *delivery)
{
  const ChProfile *profile = ch_ports_get_profile (ports);
  ChAxes axes;

  return profile != NULL && ch_axes_parse (delivery->flow, &axes) && ch_profile_is_made_here (profile, &axes);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ChDeliveryList) list = ch_server_call_finish (CH_SERVER (source), result, &error);
  g_autoptr (GPtrArray) made_here = NULL;

  if (list == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  made_here = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_delivery_free);
  while (list->items->len > 0)
    {
      ChDelivery *delivery = g_ptr_array_steal_index (list->items, 0);

      if (is_made_here (g_task_get_source_object (task), delivery))
        g_ptr_array_add (made_here, delivery);
      else
        ch_delivery_free (delivery);
    }
  g_task_return_pointer (task, g_steal_pointer (&made_here), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ch_making_desk_list_async:
 * @ports: with a session of the staff
 *
 * Asks which keys are to be made or have not left yet.
 */
void
ch_making_desk_list_async (ChPorts *ports,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  const ChListQuery query
      = { .state = (char *) ch_wire_enum_get_id (&ChDeliveryState_enum, CH_DELIVERY_WAITING),
          .sort = CH_LIST_BY_CREATED,
          .reverse = TRUE,
          .limit = CH_LIST_MAX_LIMIT };

  g_task_set_source_tag (task, ch_making_desk_list_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_server_call_async (ch_ports_get_server (ports), &ch_route_staff_delivery_list, NULL, &query, NULL,
                        cancellable, on_listed_cb, task);
}

/**
 * ch_making_desk_list_finish:
 *
 * Returns: (transfer full) (element-type ChDelivery): those that wait longest first
 */
GPtrArray *
ch_making_desk_list_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ch_making_desk_describe:
 *
 * Returns: (transfer full): number, way, and whether its key is made already
 */
char *
ch_making_desk_describe (const ChDelivery *delivery)
{
  const char *way = _ (ch_delivery_way_get_title (delivery->way));

  /* Translators: number of an application, by which way its key goes */
  if (delivery->medium == NULL)
    return g_strdup_printf (_ ("%1$s · %2$s"), delivery->application, way);
  /* Translators: number of an application, by which way its key goes, serial number of the key */
  return g_strdup_printf (_ ("%1$s · %2$s · made on %3$s, not sent yet"), delivery->application, way,
                          delivery->medium);
}
