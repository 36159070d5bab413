#include "config.h"

#include "front/ch-application-model.h"

struct _ChApplicationModel
{
  GObject parent_instance;

  ChPorts *ports;   /* (owned) */
  GPtrArray *items; /* (owned): ChApplicationItem, in order */
  guint n_refreshes;
};

enum
{
  PROP_LOADING = 1,
  PROP_N_WAITING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void ch_application_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChApplicationModel,
                               ch_application_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_application_model_list_init))

static int
compare_pointers (gconstpointer a, gconstpointer b)
{
  return ch_application_item_compare (*(ChApplicationItem *const *) a, *(ChApplicationItem *const *) b);
}

static void
tell_change (ChApplicationModel *self, guint n_before)
{
  g_ptr_array_sort (self->items, compare_pointers);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

/* What is known in full stays so until it has changed: the list itself tells only the outlines */
static ChApplicationItem *
make_item (ChApplicationModel *self, const ChApplication *application)
{
  ChApplicationItem *known = ch_application_model_find (self, application->id);
  ChApplicationItem *item;

  if (known != NULL && ch_application_item_get_application (known)->version == application->version
      && ch_application_item_has_details (known))
    return g_object_ref (known);

  item = ch_application_item_new (application);
  ch_application_item_set_profile (item, ch_ports_get_profile (self->ports));
  return item;
}

/* The user is told more of what waits for them: the price, how much is to be corrected */
static void
load_waiting (ChApplicationModel *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      ChApplicationItem *item = self->items->pdata[i];

      if (ch_application_item_get_standing (item) <= CH_STANDING_TO_INSTALL
          && !ch_application_item_has_details (item))
        ch_application_model_load_details (self, item);
    }
}

static void
on_applications_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChApplicationModel *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplicationList) list = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (list != NULL)
    {
      GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
      guint n_before = self->items->len;

      for (guint i = 0; i < list->items->len; i++)
        g_ptr_array_add (items, make_item (self, list->items->pdata[i]));
      g_ptr_array_unref (self->items);
      self->items = items;
      tell_change (self, n_before);
      load_waiting (self);
    }

  self->n_refreshes--;
  if (self->n_refreshes == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
  if (list == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
tell_item (ChApplicationModel *self, ChApplicationItem *item)
{
  guint position;

  if (g_ptr_array_find (self->items, item, &position))
    g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
}

static void
on_order_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChApplicationModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChOrder) order = ch_server_call_finish (CH_SERVER (source), result, &error);
  ChApplicationItem *item = order != NULL ? ch_application_model_find (self, order->application) : NULL;

  if (order == NULL)
    g_debug ("an order cannot be read: %s", error->message);
  if (item == NULL)
    return;

  ch_application_item_take_order (item, g_steal_pointer (&order));
  tell_item (self, item);
}

static void
on_application_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChApplicationModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) application = ch_server_call_finish (CH_SERVER (source), result, &error);
  ChApplicationItem *item = application != NULL ? ch_application_model_find (self, application->id) : NULL;
  const char *args[] = { NULL, NULL };

  if (application == NULL)
    g_debug ("an application cannot be read: %s", error->message);
  if (item == NULL)
    return;

  ch_application_item_update (item, application);
  tell_item (self, item);
  args[0] = application->order;
  if (args[0] != NULL && *args[0] != 0)
    ch_server_call_async (CH_SERVER (source), &ch_route_order, args, NULL, NULL, NULL, on_order_answered_cb,
                          g_object_ref (self));
}

static GType
ch_application_model_get_item_type (GListModel *model)
{
  return CH_TYPE_APPLICATION_ITEM;
}

static guint
ch_application_model_get_n_items (GListModel *model)
{
  return CH_APPLICATION_MODEL (model)->items->len;
}

static gpointer
ch_application_model_get_item (GListModel *model, guint position)
{
  ChApplicationModel *self = CH_APPLICATION_MODEL (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
ch_application_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_application_model_get_item_type;
  iface->get_n_items = ch_application_model_get_n_items;
  iface->get_item = ch_application_model_get_item;
}

static void
ch_application_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChApplicationModel *self = CH_APPLICATION_MODEL (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, ch_application_model_is_loading (self));
      break;
    case PROP_N_WAITING:
      g_value_set_uint (value, ch_application_model_get_n_waiting (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_application_model_finalize (GObject *object)
{
  ChApplicationModel *self = CH_APPLICATION_MODEL (object);

  g_clear_object (&self->ports);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (ch_application_model_parent_class)->finalize (object);
}

static void
ch_application_model_class_init (ChApplicationModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_application_model_get_property;
  object_class->finalize = ch_application_model_finalize;

  props[PROP_LOADING]
      = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_N_WAITING] = g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_application_model_init (ChApplicationModel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * ch_application_model_new:
 * @ports: whose server
 *
 * Returns: (transfer full): the applications; empty until it is refreshed
 */
ChApplicationModel *
ch_application_model_new (ChPorts *ports)
{
  ChApplicationModel *self = g_object_new (CH_TYPE_APPLICATION_MODEL, NULL);

  self->ports = g_object_ref (ports);
  return self;
}

/**
 * ch_application_model_refresh_async:
 * @callback: (nullable): told when the server has answered
 *
 * Asks the server for the applications; what was known stays when it cannot be reached.
 */
void
ch_application_model_refresh_async (ChApplicationModel *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  const ChListQuery query = { .limit = CH_LIST_MAX_LIMIT };
  GTask *task;

  g_return_if_fail (CH_IS_APPLICATION_MODEL (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_application_model_refresh_async);
  g_task_set_check_cancellable (task, FALSE);

  self->n_refreshes++;
  if (self->n_refreshes == 1)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_application_list, NULL, &query, NULL,
                        cancellable, on_applications_answered_cb, task);
}

gboolean
ch_application_model_refresh_finish (ChApplicationModel *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_application_model_load_details:
 * @item: one of the applications
 *
 * Asks the server for all of @item and for its order, if it has one; the list tells of a change when they
 * have come.
 */
void
ch_application_model_load_details (ChApplicationModel *self, ChApplicationItem *item)
{
  const char *args[] = { NULL, NULL };

  g_return_if_fail (CH_IS_APPLICATION_MODEL (self));

  args[0] = ch_application_item_get_id (item);
  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_application, args, NULL, NULL, NULL,
                        on_application_answered_cb, g_object_ref (self));
}

/**
 * ch_application_model_update:
 * @application: as a run has it now; one that is new comes into the list
 */
void
ch_application_model_update (ChApplicationModel *self, const ChApplication *application)
{
  ChApplicationItem *item;
  guint n_before;

  g_return_if_fail (CH_IS_APPLICATION_MODEL (self));

  item = make_item (self, application);
  n_before = self->items->len;
  for (guint i = 0; i < self->items->len; i++)
    if (g_str_equal (ch_application_item_get_id (self->items->pdata[i]), application->id))
      {
        g_ptr_array_remove_index (self->items, i);
        break;
      }
  g_ptr_array_add (self->items, item);
  tell_change (self, n_before);
}

/**
 * ch_application_model_clear:
 *
 * Forgets everything: nobody is logged in any more.
 */
void
ch_application_model_clear (ChApplicationModel *self)
{
  guint n_before;

  g_return_if_fail (CH_IS_APPLICATION_MODEL (self));

  n_before = self->items->len;
  g_ptr_array_set_size (self->items, 0);
  if (n_before > 0)
    tell_change (self, n_before);
}

gboolean
ch_application_model_is_loading (ChApplicationModel *self)
{
  g_return_val_if_fail (CH_IS_APPLICATION_MODEL (self), FALSE);

  return self->n_refreshes > 0;
}

/**
 * ch_application_model_get_n_waiting:
 *
 * Returns: how many applications cannot go on without the user
 */
guint
ch_application_model_get_n_waiting (ChApplicationModel *self)
{
  guint n = 0;

  g_return_val_if_fail (CH_IS_APPLICATION_MODEL (self), 0);

  for (guint i = 0; i < self->items->len; i++)
    n += ch_application_item_get_standing (self->items->pdata[i]) <= CH_STANDING_TO_INSTALL;

  return n;
}

/**
 * ch_application_model_find:
 *
 * Returns: (transfer none) (nullable): the application of that id
 */
ChApplicationItem *
ch_application_model_find (ChApplicationModel *self, const char *id)
{
  g_return_val_if_fail (CH_IS_APPLICATION_MODEL (self), NULL);

  for (guint i = 0; i < self->items->len; i++)
    if (g_strcmp0 (ch_application_item_get_id (self->items->pdata[i]), id) == 0)
      return self->items->pdata[i];

  return NULL;
}
