#include "config.h"

#include "base/ch-error.h"
#include "token/ch-empty-hub.h"

struct _ChEmptyHub
{
  GObject parent_instance;
};

static void init_list (GListModelInterface *iface);
static void init_hub (ChTokenHubInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChEmptyHub,
                               ch_empty_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN_HUB, init_hub))

static GType
get_item_type (GListModel *list)
{
  return CH_TYPE_TOKEN;
}

static guint
get_n_items (GListModel *list)
{
  return 0;
}

static gpointer
get_item (GListModel *list, guint position)
{
  return NULL;
}

static void
init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
can_create (ChTokenHub *hub, const char *medium)
{
  return FALSE;
}

static void
create_async (ChTokenHub *hub,
              const char *medium,
              const char *label,
              GTlsInteraction *asker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (hub, cancellable, callback, user_data);

  g_task_set_source_tag (task, create_async);
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_SHARED_PC, "tokens are not kept on a shared PC");
}

static ChToken *
create_finish (ChTokenHub *hub, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, hub), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
init_hub (ChTokenHubInterface *iface)
{
  iface->can_create = can_create;
  iface->create_async = create_async;
  iface->create_finish = create_finish;
}

static void
ch_empty_hub_class_init (ChEmptyHubClass *klass)
{
}

static void
ch_empty_hub_init (ChEmptyHub *self)
{
}

/**
 * ch_empty_hub_new:
 *
 * Returns: (transfer full): a hub without tokens
 */
ChEmptyHub *
ch_empty_hub_new (void)
{
  return g_object_new (CH_TYPE_EMPTY_HUB, NULL);
}
