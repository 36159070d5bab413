#include "config.h"

#include "front/ch-application-pages.h"

/* What is asked one after the other of an application that is looked at */
typedef struct
{
  ChPagedModel *pages;     /* (owned) */
  ChPorts *ports;          /* (owned) */
  ChApplicationItem *item; /* (owned) */
} Load;

static void
load_free (Load *load)
{
  g_object_unref (load->pages);
  g_object_unref (load->ports);
  g_object_unref (load->item);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static Load *
load_copy (Load *load)
{
  Load *copy = g_new0 (Load, 1);

  copy->pages = g_object_ref (load->pages);
  copy->ports = g_object_ref (load->ports);
  copy->item = g_object_ref (load->item);
  return copy;
}

static GPtrArray *
get_rows (gconstpointer answer)
{
  return ((const ChApplicationList *) answer)->items;
}

static gint64
get_total (gconstpointer answer)
{
  return ((const ChApplicationList *) answer)->total;
}

static gpointer
make_item (gconstpointer row, gpointer ports)
{
  ChApplicationItem *item = ch_application_item_new (row);

  ch_application_item_set_profile (item, ch_ports_get_profile (ports));
  return item;
}

static const char *
get_id (gpointer item)
{
  return ch_application_item_get_id (item);
}

/**
 * ch_application_pages_new:
 * @ports: whose server; lives longer than the list
 *
 * Returns: (transfer full): a list with nothing in it until it is refreshed
 */
ChPagedModel *
ch_application_pages_new (ChPorts *ports)
{
  static ChPagedSource source;

  source = (ChPagedSource){
    &ch_route_application_list, CH_TYPE_APPLICATION_ITEM, get_rows, get_total, make_item, get_id
  };
  return ch_paged_model_new (ports, &source, ports);
}

static void
on_invoice_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Load) load = user_data;
  g_autoptr (GError) error = NULL;
  ChInvoice *invoice = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (invoice == NULL)
    {
      g_debug ("there is no invoice: %s", error->message);
      return;
    }
  ch_application_item_take_invoice (load->item, invoice);
  ch_paged_model_touch (load->pages, load->item);
}

static void
on_order_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Load) load = user_data;
  g_autoptr (GError) error = NULL;
  ChOrder *order = ch_server_call_finish (CH_SERVER (source), result, &error);
  const char *args[] = { NULL, NULL };
  gboolean is_paid;

  if (order == NULL)
    {
      g_debug ("an order cannot be read: %s", error->message);
      return;
    }
  args[0] = order->application;
  is_paid = order->state == CH_ORDER_PAID && order->fen > 0;
  if (is_paid)
    ch_server_call_async (CH_SERVER (source), &ch_route_invoice, args, NULL, NULL, NULL,
                          on_invoice_answered_cb, load_copy (load));
  ch_application_item_take_order (load->item, order);
  ch_paged_model_touch (load->pages, load->item);
}

static void
on_delivery_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Load) load = user_data;
  g_autoptr (GError) error = NULL;
  ChDelivery *delivery = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (delivery == NULL)
    {
      g_debug ("nothing is delivered: %s", error->message);
      return;
    }
  ch_application_item_take_delivery (load->item, delivery);
  ch_paged_model_touch (load->pages, load->item);
}

/* What is a thing has a way to the applicant once it was approved */
static gboolean
may_be_delivered (ChApplicationItem *item)
{
  const ChAxes *axes = ch_application_item_get_axes (item);
  ChFact facts = ch_facts_parse ((const char *const *) ch_application_item_get_application (item)->facts);

  return axes != NULL && axes->medium == CH_MEDIUM_UKEY && (facts & CH_FACT_APPROVED) != 0;
}

static void
on_application_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Load) load = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) application = ch_server_call_finish (CH_SERVER (source), result, &error);
  const char *args[] = { NULL, NULL };

  if (application == NULL)
    {
      g_debug ("an application cannot be read: %s", error->message);
      return;
    }

  ch_application_item_update (load->item, application);
  ch_paged_model_touch (load->pages, load->item);
  args[0] = application->id;
  if (may_be_delivered (load->item))
    ch_server_call_async (CH_SERVER (source), &ch_route_delivery, args, NULL, NULL, NULL,
                          on_delivery_answered_cb, load_copy (load));
  args[0] = application->order;
  if (args[0] != NULL)
    ch_server_call_async (CH_SERVER (source), &ch_route_order, args, NULL, NULL, NULL, on_order_answered_cb,
                          g_steal_pointer (&load));
}

/**
 * ch_application_pages_load:
 * @item: of @pages
 *
 * Asks for all of @item and for its order; the list tells of a change when they have come.
 */
void
ch_application_pages_load (ChPagedModel *pages, ChPorts *ports, ChApplicationItem *item)
{
  const char *const args[] = { ch_application_item_get_id (item), NULL };
  Load *load = g_new0 (Load, 1);

  load->pages = g_object_ref (pages);
  load->ports = g_object_ref (ports);
  load->item = g_object_ref (item);
  ch_server_call_async (ch_ports_get_server (ports), &ch_route_application, args, NULL, NULL, NULL,
                        on_application_answered_cb, load);
}
