#include "config.h"

#include "base/ch-error.h"
#include "front/ch-paged-model.h"

/* As many rows as fill a tall window twice: one page mostly suffices */
#define PAGE CH_LIST_DEFAULT_LIMIT

struct _ChPagedGap
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (ChPagedGap, ch_paged_gap, G_TYPE_OBJECT)

static void
ch_paged_gap_class_init (ChPagedGapClass *klass)
{
}

static void
ch_paged_gap_init (ChPagedGap *self)
{
}

struct _ChPagedModel
{
  GObject parent_instance;

  ChPorts *ports; /* (owned) */
  const ChPagedSource *source;
  gpointer user_data;
  ChListQuery *query; /* (owned) */
  GHashTable *pages;  /* (owned): number of a page → GPtrArray of items */
  GHashTable *asked;  /* (owned): numbers of pages on their way */
  GCancellable *stop; /* (owned): ends what is on its way */
  ChPagedGap *gap;    /* (owned): all gaps are one */
  guint total;
  ChPagedState state;
  GError *error; /* (owned) (nullable) */
};

enum
{
  PROP_STATE = 1,
  PROP_TOTAL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChPagedModel,
                               ch_paged_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_init))

/* A page on its way */
typedef struct
{
  ChPagedModel *model; /* (owned) */
  GCancellable *stop;  /* (owned): of the query it belongs to */
  guint page;
  gboolean is_first; /* of a new query, or of all anew */
} Ask;

static void
ask_free (Ask *ask)
{
  g_object_unref (ask->model);
  g_object_unref (ask->stop);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)

static void
set_state (ChPagedModel *self, ChPagedState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static GPtrArray *
make_items (ChPagedModel *self, GPtrArray *rows)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, self->source->make (rows->pdata[i], self->user_data));
  return items;
}

/* All that was shown gives way to one page and the gaps after it: the place in the list stays */
static void
start_anew (ChPagedModel *self, guint page, GPtrArray *items, guint total)
{
  guint before = self->total;

  g_hash_table_remove_all (self->pages);
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (page), items);
  self->total = MAX (total, page * PAGE + items->len);
  g_clear_error (&self->error);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->total);
  if (before != self->total)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOTAL]);
  set_state (self, CH_PAGED_READY);
}

/* A page that is shorter than it should be tells that the list has become so */
static void
fill_page (ChPagedModel *self, guint page, GPtrArray *items, guint total)
{
  guint start = page * PAGE, before = self->total;
  guint end = MIN (start + PAGE, before);

  g_hash_table_insert (self->pages, GUINT_TO_POINTER (page), items);
  if (total != before || start + items->len < end)
    {
      self->total = MAX (total, start + items->len);
      g_list_model_items_changed (G_LIST_MODEL (self), start, before - start,
                                  self->total > start ? self->total - start : 0);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOTAL]);
    }
  else
    g_list_model_items_changed (G_LIST_MODEL (self), start, end - start, end - start);
}

static void
on_page_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  ChPagedModel *self = ask->model;
  g_autoptr (GError) error = NULL;
  gpointer answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  /* Another query was made meanwhile: nobody waits for this one */
  if (ask->stop != self->stop)
    {
      if (answer != NULL)
        self->source->route->answer->free (answer);
      return;
    }

  g_hash_table_remove (self->asked, GUINT_TO_POINTER (ask->page));
  if (answer == NULL)
    {
      g_debug ("a page of a list cannot be read: %s", error->message);
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
      if (self->state == CH_PAGED_FAILED)
        g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
      set_state (self, CH_PAGED_FAILED);
      return;
    }

  if (ask->is_first)
    start_anew (self, ask->page, make_items (self, self->source->get_rows (answer)),
                self->source->get_total (answer));
  else
    fill_page (self, ask->page, make_items (self, self->source->get_rows (answer)),
               self->source->get_total (answer));
  self->source->route->answer->free (answer);
}

static void
ask_page (ChPagedModel *self, guint page, gboolean is_first)
{
  g_autoptr (ChListQuery) query = NULL;
  Ask *ask;

  /* What did not come is asked for again only by who asks for all of it */
  if ((self->state == CH_PAGED_FAILED && !is_first)
      || !g_hash_table_add (self->asked, GUINT_TO_POINTER (page)))
    return;

  query = ch_wire_copy (&ChListQuery_wire, self->query);
  query->skip = (gint64) page * PAGE;
  query->limit = PAGE;
  ask = g_new0 (Ask, 1);
  ask->model = g_object_ref (self);
  ask->stop = g_object_ref (self->stop);
  ask->page = page;
  ask->is_first = is_first;
  ch_server_call_async (ch_ports_get_server (self->ports), self->source->route, NULL, query, NULL, self->stop,
                        on_page_answered_cb, ask);
}

static void
end_asking (ChPagedModel *self)
{
  g_cancellable_cancel (self->stop);
  g_object_unref (self->stop);
  self->stop = g_cancellable_new ();
  g_hash_table_remove_all (self->asked);
}

static GType
get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *model)
{
  return CH_PAGED_MODEL (model)->total;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ChPagedModel *self = CH_PAGED_MODEL (model);
  GPtrArray *items = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (position / PAGE));

  if (position >= self->total)
    return NULL;
  if (items != NULL && position % PAGE < items->len)
    return g_object_ref (items->pdata[position % PAGE]);

  if (items == NULL)
    ask_page (self, position / PAGE, FALSE);
  return g_object_ref (self->gap);
}

static void
model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
ch_paged_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChPagedModel *self = CH_PAGED_MODEL (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_paged_model_dispose (GObject *object)
{
  ChPagedModel *self = CH_PAGED_MODEL (object);

  g_cancellable_cancel (self->stop);
  g_clear_object (&self->ports);

  G_OBJECT_CLASS (ch_paged_model_parent_class)->dispose (object);
}

static void
ch_paged_model_finalize (GObject *object)
{
  ChPagedModel *self = CH_PAGED_MODEL (object);

  g_clear_object (&self->stop);
  g_clear_object (&self->gap);
  g_clear_error (&self->error);
  g_hash_table_unref (self->pages);
  g_hash_table_unref (self->asked);
  ch_list_query_free (self->query);

  G_OBJECT_CLASS (ch_paged_model_parent_class)->finalize (object);
}

static void
ch_paged_model_class_init (ChPagedModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_paged_model_get_property;
  object_class->dispose = ch_paged_model_dispose;
  object_class->finalize = ch_paged_model_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, CH_PAGED_IDLE, CH_PAGED_FAILED, CH_PAGED_IDLE,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TOTAL]
      = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_paged_model_init (ChPagedModel *self)
{
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->asked = g_hash_table_new (NULL, NULL);
  self->stop = g_cancellable_new ();
  self->gap = g_object_new (CH_TYPE_PAGED_GAP, NULL);
  self->query = ch_wire_new (&ChListQuery_wire);
}

/**
 * ch_paged_model_new:
 * @ports: whose server
 * @source: (transfer none): static
 * @user_data: for the functions of @source
 *
 * Returns: (transfer full): a list with nothing in it until it is refreshed
 */
ChPagedModel *
ch_paged_model_new (ChPorts *ports, const ChPagedSource *source, gpointer user_data)
{
  ChPagedModel *self = g_object_new (CH_TYPE_PAGED_MODEL, NULL);

  self->ports = g_object_ref (ports);
  self->source = source;
  self->user_data = user_data;
  return self;
}

/**
 * ch_paged_model_set_query:
 * @query: what is wanted of the list; its place and length are this model’s own
 *
 * Asks for something else. What is shown stays until the first page of it has come.
 */
void
ch_paged_model_set_query (ChPagedModel *self, const ChListQuery *query)
{
  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  ch_list_query_free (self->query);
  self->query = ch_wire_copy (&ChListQuery_wire, query);
  ch_paged_model_refresh (self);
}

/**
 * ch_paged_model_get_query:
 *
 * Returns: (transfer none): what is asked
 */
const ChListQuery *
ch_paged_model_get_query (ChPagedModel *self)
{
  g_return_val_if_fail (CH_IS_PAGED_MODEL (self), NULL);

  return self->query;
}

/**
 * ch_paged_model_refresh:
 *
 * Asks again; what is shown stays until it has come.
 */
void
ch_paged_model_refresh (ChPagedModel *self)
{
  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  end_asking (self);
  set_state (self, CH_PAGED_LOADING);
  ask_page (self, 0, TRUE);
}

/**
 * ch_paged_model_clear:
 *
 * Forgets everything: nobody is logged in any more.
 */
void
ch_paged_model_clear (ChPagedModel *self)
{
  guint before;

  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  end_asking (self);
  before = self->total;
  self->total = 0;
  g_hash_table_remove_all (self->pages);
  g_clear_error (&self->error);
  if (before > 0)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), 0, before, 0);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOTAL]);
    }
  set_state (self, CH_PAGED_IDLE);
}

ChPagedState
ch_paged_model_get_state (ChPagedModel *self)
{
  g_return_val_if_fail (CH_IS_PAGED_MODEL (self), CH_PAGED_IDLE);

  return self->state;
}

/**
 * ch_paged_model_get_error:
 *
 * Returns: (transfer none) (nullable): why the last page that was asked for did not come
 */
const GError *
ch_paged_model_get_error (ChPagedModel *self)
{
  g_return_val_if_fail (CH_IS_PAGED_MODEL (self), NULL);

  return self->error;
}

guint
ch_paged_model_get_total (ChPagedModel *self)
{
  g_return_val_if_fail (CH_IS_PAGED_MODEL (self), 0);

  return self->total;
}

/**
 * ch_paged_model_find:
 * @id: of an item
 * @position: (out) (optional): where it is
 *
 * Returns: (transfer none) (nullable): the item, if it has come; nothing is fetched for it
 */
gpointer
ch_paged_model_find (ChPagedModel *self, const char *id, guint *position)
{
  GHashTableIter iter;
  gpointer page, items;

  g_return_val_if_fail (CH_IS_PAGED_MODEL (self), NULL);

  g_hash_table_iter_init (&iter, self->pages);
  while (id != NULL && g_hash_table_iter_next (&iter, &page, &items))
    for (guint i = 0; i < ((GPtrArray *) items)->len; i++)
      {
        gpointer item = ((GPtrArray *) items)->pdata[i];

        if (g_strcmp0 (self->source->get_id (item), id) != 0)
          continue;
        if (position != NULL)
          *position = GPOINTER_TO_UINT (page) * PAGE + i;
        return item;
      }
  return NULL;
}

/**
 * ch_paged_model_touch:
 * @item: one of the items
 *
 * Tells that more is known of @item than was.
 */
void
ch_paged_model_touch (ChPagedModel *self, gpointer item)
{
  guint position = 0;

  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  if (ch_paged_model_find (self, self->source->get_id (item), &position) == item)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
}
