#include "config.h"

#include "base/ch-error.h"
#include "token/ch-joined-hub.h"

struct _ChJoinedHub
{
  GObject parent_instance;

  GPtrArray *hubs;   /* (owned) (element-type ChTokenHub) */
  GPtrArray *tokens; /* (owned) (element-type ChToken): each serial once */
};

static void ch_joined_hub_list_iface_init (GListModelInterface *iface);
static void ch_joined_hub_hub_iface_init (ChTokenHubInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChJoinedHub,
                               ch_joined_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_joined_hub_list_iface_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN_HUB, ch_joined_hub_hub_iface_init))

static gboolean
has_serial (GPtrArray *tokens, ChToken *token)
{
  for (guint i = 0; i < tokens->len; i++)
    if (g_strcmp0 (ch_token_get_info (tokens->pdata[i])->serial, ch_token_get_info (token)->serial) == 0)
      return TRUE;
  return FALSE;
}

static GPtrArray *
collect (ChJoinedHub *self)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->hubs->len; i++)
    for (guint k = 0; k < g_list_model_get_n_items (self->hubs->pdata[i]); k++)
      {
        g_autoptr (ChToken) token = g_list_model_get_item (self->hubs->pdata[i], k);

        if (!has_serial (tokens, token))
          g_ptr_array_add (tokens, g_steal_pointer (&token));
      }
  return tokens;
}

/* Tells what differs between the two ends that are the same; what a hub says has changed in place is in
 * between even where it is the same object */
static void
refresh (ChJoinedHub *self, GListModel *changed, guint position, guint added)
{
  GPtrArray *fresh = collect (self);
  g_autoptr (GPtrArray) old = self->tokens;
  guint head = 0, tail = 0;

  while (head < old->len && head < fresh->len && old->pdata[head] == fresh->pdata[head])
    head++;
  while (tail < old->len - head && tail < fresh->len - head
         && old->pdata[old->len - 1 - tail] == fresh->pdata[fresh->len - 1 - tail])
    tail++;
  self->tokens = fresh;
  if (old->len != fresh->len || head < old->len)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                  fresh->len - head - tail);
      return;
    }

  for (guint k = position; k < position + added; k++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (changed, k);
      guint at;

      if (g_ptr_array_find (fresh, token, &at))
        g_list_model_items_changed (G_LIST_MODEL (self), at, 1, 1);
    }
}

static void
on_items_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChJoinedHub *self)
{
  refresh (self, hub, position, added);
}

static GType
ch_joined_hub_get_item_type (GListModel *list)
{
  return CH_TYPE_TOKEN;
}

static guint
ch_joined_hub_get_n_items (GListModel *list)
{
  return CH_JOINED_HUB (list)->tokens->len;
}

static gpointer
ch_joined_hub_get_item (GListModel *list, guint position)
{
  ChJoinedHub *self = CH_JOINED_HUB (list);

  return position < self->tokens->len ? g_object_ref (self->tokens->pdata[position]) : NULL;
}

static void
ch_joined_hub_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_joined_hub_get_item_type;
  iface->get_n_items = ch_joined_hub_get_n_items;
  iface->get_item = ch_joined_hub_get_item;
}

/* The hub that makes tokens of @medium, else the first: it says why not */
static ChTokenHub *
find_maker (ChJoinedHub *self, const char *medium)
{
  for (guint i = 0; i < self->hubs->len; i++)
    if (ch_token_hub_can_create (self->hubs->pdata[i], medium))
      return self->hubs->pdata[i];
  return self->hubs->pdata[0];
}

static gboolean
ch_joined_hub_can_create (ChTokenHub *hub, const char *medium)
{
  return ch_token_hub_can_create (find_maker (CH_JOINED_HUB (hub), medium), medium);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ChToken *token = ch_token_hub_create_finish (CH_TOKEN_HUB (source), result, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
ch_joined_hub_create_async (ChTokenHub *hub,
                            const char *medium,
                            const char *label,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (hub, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_joined_hub_create_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_token_hub_create_async (find_maker (CH_JOINED_HUB (hub), medium), medium, label, asker, cancellable,
                             on_created_cb, task);
}

static ChToken *
ch_joined_hub_create_finish (ChTokenHub *hub, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, hub), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *move_code = NULL;
  ChToken *token = ch_token_hub_import_finish (CH_TOKEN_HUB (source), result, &move_code, &error);

  g_task_set_task_data (task, move_code, g_free);
  if (token != NULL)
    g_task_return_pointer (task, token, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
ch_joined_hub_import_async (ChTokenHub *hub,
                            GBytes *file,
                            GBytes *cert_file,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (hub, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_joined_hub_import_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_token_hub_import_async (find_maker (CH_JOINED_HUB (hub), "soft"), file, cert_file, asker, cancellable,
                             on_imported_cb, task);
}

static ChToken *
ch_joined_hub_import_finish (ChTokenHub *hub, GAsyncResult *result, char **move_code, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, hub), NULL);

  if (move_code != NULL)
    *move_code = g_strdup (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  guint *left = g_task_get_task_data (task);

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  (*left)--;
  if (*left == 0)
    g_task_return_boolean (task, TRUE);
}

static void
ch_joined_hub_settle_async (ChTokenHub *hub, GAsyncReadyCallback callback, gpointer user_data)
{
  ChJoinedHub *self = CH_JOINED_HUB (hub);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  guint *left = g_new0 (guint, 1);

  *left = self->hubs->len;
  g_task_set_source_tag (task, ch_joined_hub_settle_async);
  g_task_set_task_data (task, left, g_free);
  for (guint i = 0; i < self->hubs->len; i++)
    ch_token_hub_settle_async (self->hubs->pdata[i], on_settled_cb, g_object_ref (task));
}

static void
ch_joined_hub_hub_iface_init (ChTokenHubInterface *iface)
{
  iface->can_create = ch_joined_hub_can_create;
  iface->create_async = ch_joined_hub_create_async;
  iface->create_finish = ch_joined_hub_create_finish;
  iface->import_async = ch_joined_hub_import_async;
  iface->import_finish = ch_joined_hub_import_finish;
  iface->settle_async = ch_joined_hub_settle_async;
}

static void
ch_joined_hub_finalize (GObject *object)
{
  ChJoinedHub *self = CH_JOINED_HUB (object);

  g_ptr_array_unref (self->tokens);
  g_ptr_array_unref (self->hubs);

  G_OBJECT_CLASS (ch_joined_hub_parent_class)->finalize (object);
}

static void
ch_joined_hub_class_init (ChJoinedHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_joined_hub_finalize;
}

static void
ch_joined_hub_init (ChJoinedHub *self)
{
}

/**
 * ch_joined_hub_new:
 * @hubs: (transfer full) (element-type ChTokenHub): one or more; where two find one token the earlier has it
 *
 * Returns: (transfer full): the hub
 */
ChJoinedHub *
ch_joined_hub_new (GPtrArray *hubs)
{
  ChJoinedHub *self = g_object_new (CH_TYPE_JOINED_HUB, NULL);

  g_return_val_if_fail (hubs->len > 0, NULL);

  self->hubs = hubs;
  self->tokens = collect (self);
  for (guint i = 0; i < hubs->len; i++)
    g_signal_connect_object (hubs->pdata[i], "items-changed", G_CALLBACK (on_items_changed_cb), self, 0);
  return self;
}
