#include "config.h"

#include "front/ch-application-item.h"
#include "front/ch-cert-list.h"
#include "ports/ch-server-list.h"

struct _ChCertList
{
  GObject parent_instance;

  ChPorts *ports;           /* (owned) */
  GListModel *applications; /* (owned) (nullable): of ChApplicationItem */
  GPtrArray *items;         /* (owned): ChCertItem, in order */
  GPtrArray *certificates;  /* (owned) (nullable): ChCertificate, the server’s last answer */
  guint n_refreshes;        /* under way */
  guint again_id;           /* source, 0 when none */
};

enum
{
  PROP_LOADING = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void ch_cert_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChCertList,
                               ch_cert_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_cert_list_model_init))

/* One refresh: asks the tokens one after the other and the server beside them */
typedef struct
{
  GPtrArray *tokens;  /* ChToken, still to be asked */
  GHashTable *found;  /* serial → ChCertItem */
  gboolean is_asking; /* the server */
  GError *error;      /* the server’s, (nullable) */
} Refresh;

static void ask_next_token (GTask *task);

static void
refresh_free (Refresh *refresh)
{
  g_ptr_array_unref (refresh->tokens);
  g_hash_table_unref (refresh->found);
  g_clear_error (&refresh->error);
  g_free (refresh);
}

static ChCertItem *
take_der (GHashTable *found, GBytes *der)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertItem) item = ch_cert_item_new (der, &error);
  ChCertItem *known;

  if (item == NULL)
    {
      g_debug ("a certificate cannot be read: %s", error->message);
      return NULL;
    }

  known = g_hash_table_lookup (found, ch_cert_item_get_serial (item));
  if (known != NULL)
    return g_bytes_equal (ch_cert_item_get_der (known), der) ? known : NULL;

  g_hash_table_insert (found, g_strdup (ch_cert_item_get_serial (item)), g_object_ref (item));
  return item;
}

static const ChApplication *
find_application (ChCertList *self, const char *id)
{
  guint n = self->applications != NULL && id != NULL ? g_list_model_get_n_items (self->applications) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChApplicationItem) item = g_list_model_get_item (self->applications, i);

      if (g_str_equal (ch_application_item_get_id (item), id))
        return ch_application_item_get_application (item);
    }

  return NULL;
}

static const char *
find_successor (ChCertList *self, const char *serial)
{
  guint n = self->applications != NULL ? g_list_model_get_n_items (self->applications) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChApplicationItem) item = g_list_model_get_item (self->applications, i);

      if (g_strcmp0 (ch_application_item_get_superseded (item), serial) == 0)
        return ch_application_item_get_id (item);
    }

  return NULL;
}

static void
add_context (ChCertList *self, ChCertItem *item)
{
  ch_cert_item_set_successor (item, find_successor (self, ch_cert_item_get_serial (item)));
  ch_cert_item_set_context (item, ch_ports_get_profile (self->ports),
                            find_application (self, ch_cert_item_get_application (item)));
}

static int
compare_pointers (gconstpointer a, gconstpointer b)
{
  return ch_cert_item_compare (*(ChCertItem *const *) a, *(ChCertItem *const *) b);
}

static void
replace_items (ChCertList *self, GHashTable *found)
{
  guint n_before = self->items->len;
  GHashTableIter iter;
  gpointer item;

  g_ptr_array_set_size (self->items, 0);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      add_context (self, item);
      g_ptr_array_add (self->items, g_object_ref (item));
    }
  g_ptr_array_sort (self->items, compare_pointers);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

static void
finish_when_all_answered (GTask *task)
{
  ChCertList *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);

  if (refresh->is_asking || refresh->tokens->len > 0)
    return;

  for (guint i = 0; self->certificates != NULL && i < self->certificates->len; i++)
    {
      const ChCertificate *certificate = self->certificates->pdata[i];
      ChCertItem *item = take_der (refresh->found, certificate->der);

      if (item != NULL)
        ch_cert_item_set_certificate (item, certificate);
    }
  replace_items (self, refresh->found);

  self->n_refreshes--;
  if (self->n_refreshes == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
  if (refresh->error != NULL)
    g_task_return_error (task, g_steal_pointer (&refresh->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_objects_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Refresh *refresh = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  if (objects == NULL)
    g_debug ("a token does not tell what is on it: %s", error->message);
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      ChCertItem *item = object->cert != NULL && !ch_token_object_is_former (object)
                             ? take_der (refresh->found, object->cert)
                             : NULL;

      if (item != NULL)
        ch_cert_item_set_token (item, CH_TOKEN (source), object->has_key);
    }

  g_ptr_array_remove_index (refresh->tokens, refresh->tokens->len - 1);
  ask_next_token (task);
}

static void
ask_next_token (GTask *task)
{
  Refresh *refresh = g_task_get_task_data (task);

  if (refresh->tokens->len == 0)
    finish_when_all_answered (task);
  else
    ch_token_list_objects_async (refresh->tokens->pdata[refresh->tokens->len - 1],
                                 g_task_get_cancellable (task), on_objects_listed_cb, task);
}

static void
on_certificates_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChCertList *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);
  g_autoptr (ChCertificateList) list = ch_server_list_finish (CH_SERVER (source), result, &refresh->error);

  if (list != NULL)
    {
      g_clear_pointer (&self->certificates, g_ptr_array_unref);
      self->certificates = g_steal_pointer (&list->items);
    }
  refresh->is_asking = FALSE;
  finish_when_all_answered (task);
}

static gboolean
on_again_cb (gpointer user_data)
{
  ChCertList *self = user_data;

  self->again_id = 0;
  ch_cert_list_refresh_async (self, NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_tokens_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChCertList *self)
{
  /* Plugging one in tells of several changes: one look at the end of them */
  if (self->again_id == 0)
    self->again_id = g_idle_add (on_again_cb, self);
}

static void
on_applications_changed_cb (GListModel *applications,
                            guint position,
                            guint removed,
                            guint added,
                            ChCertList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    add_context (self, self->items->pdata[i]);
}

static GType
ch_cert_list_get_item_type (GListModel *model)
{
  return CH_TYPE_CERT_ITEM;
}

static guint
ch_cert_list_get_n_items (GListModel *model)
{
  return CH_CERT_LIST (model)->items->len;
}

static gpointer
ch_cert_list_get_item (GListModel *model, guint position)
{
  ChCertList *self = CH_CERT_LIST (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
ch_cert_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_cert_list_get_item_type;
  iface->get_n_items = ch_cert_list_get_n_items;
  iface->get_item = ch_cert_list_get_item;
}

static void
ch_cert_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, ch_cert_list_is_loading (CH_CERT_LIST (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_cert_list_dispose (GObject *object)
{
  ChCertList *self = CH_CERT_LIST (object);

  g_clear_handle_id (&self->again_id, g_source_remove);
  g_clear_object (&self->applications);
  g_clear_object (&self->ports);

  G_OBJECT_CLASS (ch_cert_list_parent_class)->dispose (object);
}

static void
ch_cert_list_finalize (GObject *object)
{
  ChCertList *self = CH_CERT_LIST (object);

  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);

  G_OBJECT_CLASS (ch_cert_list_parent_class)->finalize (object);
}

static void
ch_cert_list_class_init (ChCertListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_cert_list_get_property;
  object_class->dispose = ch_cert_list_dispose;
  object_class->finalize = ch_cert_list_finalize;

  props[PROP_LOADING]
      = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_cert_list_init (ChCertList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * ch_cert_list_new:
 * @ports: whose tokens and server
 *
 * Returns: (transfer full): the certificates; empty until it is refreshed
 */
ChCertList *
ch_cert_list_new (ChPorts *ports)
{
  ChCertList *self = g_object_new (CH_TYPE_CERT_LIST, NULL);

  self->ports = g_object_ref (ports);
  g_signal_connect_object (ch_ports_get_hub (ports), "items-changed", G_CALLBACK (on_tokens_changed_cb), self,
                           0);
  return self;
}

/**
 * ch_cert_list_set_applications:
 * @applications: (nullable): a model of ChApplicationItem: what the certificates were applied for
 */
void
ch_cert_list_set_applications (ChCertList *self, GListModel *applications)
{
  g_return_if_fail (CH_IS_CERT_LIST (self));

  if (!g_set_object (&self->applications, applications))
    return;
  if (applications != NULL)
    g_signal_connect_object (applications, "items-changed", G_CALLBACK (on_applications_changed_cb), self, 0);
}

/**
 * ch_cert_list_refresh_async:
 * @callback: (nullable): told when tokens and server have answered
 *
 * Looks at the tokens again and, while somebody is logged in, asks the server. What was known of the server
 * stays when it cannot be reached; who logs out takes it away.
 */
void
ch_cert_list_refresh_async (ChCertList *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Refresh *refresh;
  GListModel *hub;

  g_return_if_fail (CH_IS_CERT_LIST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_cert_list_refresh_async);
  g_task_set_check_cancellable (task, FALSE);
  refresh = g_new0 (Refresh, 1);
  refresh->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  refresh->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_task_set_task_data (task, refresh, (GDestroyNotify) refresh_free);

  hub = G_LIST_MODEL (ch_ports_get_hub (self->ports));
  /* A reader that is slow keeps nobody waiting: its tokens come when they are there */
  ch_token_hub_settle_async (CH_TOKEN_HUB (hub), NULL, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    g_ptr_array_add (refresh->tokens, g_list_model_get_item (hub, i));

  self->n_refreshes++;
  if (self->n_refreshes == 1)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);

  if (ch_server_has_session (ch_ports_get_server (self->ports)))
    {
      refresh->is_asking = TRUE;
      ch_server_list_async (ch_ports_get_server (self->ports), &ch_route_certificate_list, NULL, cancellable,
                            on_certificates_answered_cb, task);
    }
  else
    g_clear_pointer (&self->certificates, g_ptr_array_unref);

  /* The task is kept until all have answered: finish_when_all_answered() lets go of it */
  ask_next_token (g_steal_pointer (&task));
}

/**
 * ch_cert_list_refresh_finish:
 *
 * Returns: whether the server answered, if it was asked; the certificates on the tokens are there anyway
 */
gboolean
ch_cert_list_refresh_finish (ChCertList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ChPorts *
ch_cert_list_get_ports (ChCertList *self)
{
  g_return_val_if_fail (CH_IS_CERT_LIST (self), NULL);

  return self->ports;
}

gboolean
ch_cert_list_is_loading (ChCertList *self)
{
  g_return_val_if_fail (CH_IS_CERT_LIST (self), FALSE);

  return self->n_refreshes > 0;
}

/**
 * ch_cert_list_find:
 * @serial: of a certificate, upper-case hex
 *
 * Returns: (transfer none) (nullable): it
 */
ChCertItem *
ch_cert_list_find (ChCertList *self, const char *serial)
{
  g_return_val_if_fail (CH_IS_CERT_LIST (self), NULL);

  for (guint i = 0; i < self->items->len; i++)
    if (g_strcmp0 (ch_cert_item_get_serial (self->items->pdata[i]), serial) == 0)
      return self->items->pdata[i];

  return NULL;
}
