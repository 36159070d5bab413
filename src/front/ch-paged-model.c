#include "config.h"

#include "base/ch-error.h"
#include "front/ch-paged-model.h"

/* As many rows as fill a tall window twice: one page mostly suffices */
#define PAGE CH_LIST_DEFAULT_LIMIT

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
  GHashTable *rows;   /* (owned): position → ChPagedRow (unowned), as long as somebody looks at it */
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

enum
{
  SIGNAL_FILLED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

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

static gpointer
peek_item (ChPagedModel *self, guint position)
{
  GPtrArray *items = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (position / PAGE));

  return position < self->total && items != NULL && position % PAGE < items->len
             ? items->pdata[position % PAGE]
             : NULL;
}

static void ask_page (ChPagedModel *self, guint page, gboolean is_first);

/* Shows what there is now in the rows that are looked at, and fetches what is missing there */
static void
fill_rows (ChPagedModel *self, guint start, guint n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (rows, g_object_ref (row));
  for (guint i = 0; i < rows->len; i++)
    {
      guint position = ch_paged_row_get_position (rows->pdata[i]);

      if (position < start || position - start >= n)
        continue;
      ch_paged_row_set_item (rows->pdata[i], peek_item (self, position));
      if (position < self->total && !g_hash_table_contains (self->pages, GUINT_TO_POINTER (position / PAGE)))
        ask_page (self, position / PAGE, FALSE);
    }
}

static void
set_total (ChPagedModel *self, guint total)
{
  guint before = self->total;

  self->total = total;
  if (total > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, total - before);
  else if (total < before)
    g_list_model_items_changed (G_LIST_MODEL (self), total, before - total, 0);
  if (total != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOTAL]);
}

/* All that was shown gives way to one page and what is missing after it: the rows stay, with something else
 * in them, so that a view need not make them again */
static void
start_anew (ChPagedModel *self, guint page, GPtrArray *items, guint total)
{
  g_hash_table_remove_all (self->pages);
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (page), items);
  g_clear_error (&self->error);
  set_total (self, MAX (total, page * PAGE + items->len));
  fill_rows (self, 0, G_MAXUINT);
  g_signal_emit (self, signals[SIGNAL_FILLED], 0, 0, self->total);
  set_state (self, CH_PAGED_READY);
}

/* A page that is shorter than it should be tells that the list has become so */
static void
fill_page (ChPagedModel *self, guint page, GPtrArray *items, guint total)
{
  guint start = page * PAGE;
  guint end = MIN (start + PAGE, self->total);

  g_hash_table_insert (self->pages, GUINT_TO_POINTER (page), items);
  if (total != self->total || start + items->len < end)
    set_total (self, MAX (total, start + items->len));
  fill_rows (self, start, PAGE);
  g_signal_emit (self, signals[SIGNAL_FILLED], 0, start, MIN (PAGE, self->total - start));
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

static void
on_row_gone_cb (gpointer data, GObject *row)
{
  ChPagedModel *self = data;

  g_hash_table_remove (self->rows, GUINT_TO_POINTER (ch_paged_row_get_position ((ChPagedRow *) row)));
}

static GType
get_item_type (GListModel *model)
{
  return CH_TYPE_PAGED_ROW;
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
  ChPagedRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));

  if (position >= self->total)
    return NULL;
  if (!g_hash_table_contains (self->pages, GUINT_TO_POINTER (position / PAGE)))
    ask_page (self, position / PAGE, FALSE);
  if (row != NULL)
    return g_object_ref (row);

  row = ch_paged_row_new (position, peek_item (self, position));
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  g_object_weak_ref (G_OBJECT (row), on_row_gone_cb, self);
  return row;
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
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_object_weak_unref (row, on_row_gone_cb, self);
  g_hash_table_unref (self->rows);
  g_clear_object (&self->stop);
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

  signals[SIGNAL_FILLED] = g_signal_new ("filled", CH_TYPE_PAGED_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
ch_paged_model_init (ChPagedModel *self)
{
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->asked = g_hash_table_new (NULL, NULL);
  self->stop = g_cancellable_new ();
  self->rows = g_hash_table_new (NULL, NULL);
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
  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  end_asking (self);
  g_hash_table_remove_all (self->pages);
  g_clear_error (&self->error);
  set_total (self, 0);
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
  ChPagedRow *row;

  g_return_if_fail (CH_IS_PAGED_MODEL (self));

  if (ch_paged_model_find (self, self->source->get_id (item), &position) != item)
    return;
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    ch_paged_row_touch (row);
  g_signal_emit (self, signals[SIGNAL_FILLED], 0, position, 1);
}
