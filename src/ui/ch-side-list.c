#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-paged-model.h"
#include "ui/ch-side-list.h"

struct _ChSideList
{
  AdwBin parent_instance;

  GListModel *model; /* (owned) (nullable) */
  GtkSingleSelection
      *chooser; /* (owned) (nullable): over the model, while list and detail stand side by side */
  ChSideListFillFunc fill_row;
  ChSideListKeyFunc get_key;
  char *key;              /* (owned) (nullable): of what is chosen */
  gboolean is_rebuilding; /* selecting is not the user’s doing */
  gboolean is_filtered;   /* there is more than is listed */

  GtkStack *stack;           /* template child: list or nothing to list */
  AdwBin *empty;             /* template child */
  AdwLeaflet *leaflet;       /* template child */
  GtkWidget *side;           /* template child */
  AdwBin *head;              /* template child */
  GtkStack *side_stack;      /* template child: rows, or nothing found */
  GtkListView *rows;         /* template child */
  GtkScrolledWindow *detail; /* template child */
  AdwClamp *clamp;           /* template child */
};

enum
{
  PROP_IN_DETAIL = 1,
  PROP_EMPTY,
  N_PROPS
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_CLEAR_FILTERS,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChSideList, ch_side_list, ADW_TYPE_BIN)

/* (transfer full) (nullable): of a long list only what has come is looked through */
static gpointer
find_item (ChSideList *self, const char *key, guint *position)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  if (CH_IS_PAGED_MODEL (self->model))
    {
      gpointer item = ch_paged_model_find (CH_PAGED_MODEL (self->model), key, position);

      return item != NULL ? g_object_ref (item) : NULL;
    }

  for (guint i = 0; i < n && key != NULL; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (self->model, i);

      *position = i;
      if (g_strcmp0 (self->get_key (item), key) == 0)
        return g_steal_pointer (&item);
    }

  return NULL;
}

/* (transfer full) (nullable): what stands at @position, if it has come */
static gpointer
get_item_at (ChSideList *self, guint position)
{
  g_autoptr (GObject) thing = g_list_model_get_item (self->model, position);

  if (!CH_IS_PAGED_ROW (thing))
    return g_steal_pointer (&thing);
  return ch_paged_row_get_item (CH_PAGED_ROW (thing)) != NULL
             ? g_object_ref (ch_paged_row_get_item (CH_PAGED_ROW (thing)))
             : NULL;
}

static void
refresh_selection (ChSideList *self)
{
  guint position = 0;
  g_autoptr (GObject) item = find_item (self, self->key, &position);

  self->is_rebuilding = TRUE;
  if (self->chooser != NULL)
    gtk_single_selection_set_selected (self->chooser, item != NULL ? position : GTK_INVALID_LIST_POSITION);
  self->is_rebuilding = FALSE;
}

static void
set_key (ChSideList *self, const char *key)
{
  char *copy = g_strdup (key);

  g_free (self->key);
  self->key = copy;
}

static void
tell_chosen (ChSideList *self)
{
  guint position = 0;
  g_autoptr (GObject) item = find_item (self, self->key, &position);

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, item);
}

static void
choose_position (ChSideList *self, guint position)
{
  g_autoptr (GObject) item = get_item_at (self, position);

  if (item == NULL)
    return;
  set_key (self, self->get_key (item));
  tell_chosen (self);
}

/* @n_changed rows from @position on are others than they were, or are there no longer */
static void
refresh_chosen (ChSideList *self, guint position, guint n_changed)
{
  guint n = g_list_model_get_n_items (self->model), at = 0;
  gboolean is_told = FALSE;
  g_autoptr (GObject) chosen = find_item (self, self->key, &at);

  gtk_stack_set_visible_child_name (self->stack, n > 0 || self->is_filtered ? "list" : "empty");
  gtk_stack_set_visible_child_name (self->side_stack, n > 0 ? "rows" : "nothing");
  if (chosen == NULL && n > 0 && (self->key == NULL || !CH_IS_PAGED_MODEL (self->model)))
    {
      /* Beside a list there is always something to see: the first is what needs attention most */
      chosen = get_item_at (self, 0);
      set_key (self, chosen != NULL ? self->get_key (chosen) : NULL);
      is_told = TRUE;
    }
  if (n == 0)
    {
      set_key (self, NULL);
      ch_side_list_go_back (self);
    }
  refresh_selection (self);
  if (n == 0 || (chosen != NULL && (is_told || (at >= position && at - position < n_changed))))
    tell_chosen (self);
}

static void
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, ChSideList *self)
{
  refresh_chosen (self, position, CH_IS_PAGED_MODEL (model) ? added : G_MAXUINT);
}

static void
on_filled_cb (ChPagedModel *model, guint position, guint n, ChSideList *self)
{
  refresh_chosen (self, position, n);
}

static void
on_selected_notify_cb (GtkSingleSelection *chooser, GParamSpec *pspec, ChSideList *self)
{
  guint position = gtk_single_selection_get_selected (chooser);

  if (!self->is_rebuilding && position != GTK_INVALID_LIST_POSITION)
    choose_position (self, position);
}

static void
on_activate_cb (GtkListView *rows, guint position, ChSideList *self)
{
  choose_position (self, position);
  ch_side_list_show_detail (self);
}

/* A folded list shows no selection: what was pressed is on the next page */
static void
refresh_chooser (ChSideList *self)
{
  gboolean is_folded = adw_leaflet_get_folded (self->leaflet);
  gboolean is_set = gtk_list_view_get_model (self->rows) != NULL;
  GtkSelectionModel *selection;

  if (self->model == NULL || (is_set && is_folded == (self->chooser == NULL)))
    return;

  g_clear_object (&self->chooser);
  if (is_folded)
    selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (self->model)));
  else
    {
      self->is_rebuilding = TRUE;
      self->chooser = gtk_single_selection_new (NULL);
      gtk_single_selection_set_autoselect (self->chooser, FALSE);
      gtk_single_selection_set_can_unselect (self->chooser, TRUE);
      gtk_single_selection_set_model (self->chooser, self->model);
      g_signal_connect_object (self->chooser, "notify::selected", G_CALLBACK (on_selected_notify_cb), self,
                               0);
      self->is_rebuilding = FALSE;
      selection = GTK_SELECTION_MODEL (g_object_ref (self->chooser));
    }
  gtk_list_view_set_single_click_activate (self->rows, is_folded);
  gtk_list_view_set_model (self->rows, selection);
  g_object_unref (selection);
}

static void
on_leaflet_changed_cb (AdwLeaflet *leaflet, GParamSpec *pspec, ChSideList *self)
{
  refresh_chooser (self);
  refresh_selection (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_DETAIL]);
}

static void
on_clear_clicked_cb (GtkButton *button, ChSideList *self)
{
  g_signal_emit (self, signals[SIGNAL_CLEAR_FILTERS], 0);
}

/* -- Rows -- */

/* A row is made once for each place and filled again and again: making is what takes the time */
static void
on_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, ChSideList *self)
{
  gtk_list_item_set_child (list_item, ch_cert_row_new ());
}

static void
fill (ChSideList *self, GtkListItem *list_item)
{
  gpointer thing = gtk_list_item_get_item (list_item);
  gpointer item = CH_IS_PAGED_ROW (thing) ? ch_paged_row_get_item (thing) : thing;
  GtkWidget *row = gtk_list_item_get_child (list_item);

  if (item == NULL)
    ch_cert_row_clear (CH_CERT_ROW (row));
  else
    self->fill_row (CH_CERT_ROW (row), item);
  gtk_list_item_set_activatable (list_item, item != NULL);
  /* What has the focus is the place of the row: it is called what the row says */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ch_cert_row_get_title (CH_CERT_ROW (row)),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  ch_cert_row_get_detail (CH_CERT_ROW (row)), -1);
}

static void
on_item_notify_cb (ChPagedRow *paged, GParamSpec *pspec, GtkListItem *list_item)
{
  GtkWidget *self = gtk_widget_get_ancestor (gtk_list_item_get_child (list_item), CH_TYPE_SIDE_LIST);

  if (self != NULL)
    fill (CH_SIDE_LIST (self), list_item);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, ChSideList *self)
{
  gpointer thing = gtk_list_item_get_item (list_item);

  fill (self, list_item);
  if (CH_IS_PAGED_ROW (thing))
    g_signal_connect_object (thing, "notify::item", G_CALLBACK (on_item_notify_cb), list_item, 0);
}

static void
on_unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, ChSideList *self)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), on_item_notify_cb, list_item);
}

static void
ch_side_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_IN_DETAIL:
      g_value_set_boolean (value, ch_side_list_is_in_detail (CH_SIDE_LIST (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_side_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_EMPTY:
      adw_bin_set_child (CH_SIDE_LIST (object)->empty, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_side_list_dispose (GObject *object)
{
  ChSideList *self = CH_SIDE_LIST (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->model);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_SIDE_LIST);
  G_OBJECT_CLASS (ch_side_list_parent_class)->dispose (object);
}

static void
ch_side_list_finalize (GObject *object)
{
  g_free (CH_SIDE_LIST (object)->key);
  G_OBJECT_CLASS (ch_side_list_parent_class)->finalize (object);
}

static void
ch_side_list_class_init (ChSideListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ch_side_list_get_property;
  object_class->set_property = ch_side_list_set_property;
  object_class->dispose = ch_side_list_dispose;
  object_class->finalize = ch_side_list_finalize;

  props[PROP_IN_DETAIL]
      = g_param_spec_boolean ("in-detail", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_EMPTY]
      = g_param_spec_object ("empty", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", CH_TYPE_SIDE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[SIGNAL_CLEAR_FILTERS] = g_signal_new ("clear-filters", CH_TYPE_SIDE_LIST, G_SIGNAL_RUN_LAST, 0,
                                                NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-side-list"));
  gtk_widget_class_bind_template_child (widget_class, ChSideList, stack);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, empty);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, side);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, head);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, side_stack);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, rows);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, detail);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, clamp);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_leaflet_changed_cb);
}

static void
ch_side_list_init (ChSideList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind_cb), self, 0);
  gtk_list_view_set_factory (self->rows, factory);
}

/**
 * ch_side_list_set_title:
 * @title: what is listed, for who does not see it; translated
 */
void
ch_side_list_set_title (ChSideList *self, const char *title)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

/**
 * ch_side_list_set_model:
 * @model: what is listed
 * @fill_row: shows an item in a row
 * @get_key: tells an item from others, also after the list was made anew
 */
void
ch_side_list_set_model (ChSideList *self,
                        GListModel *model,
                        ChSideListFillFunc fill_row,
                        ChSideListKeyFunc get_key)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  self->fill_row = fill_row;
  self->get_key = get_key;
  refresh_chooser (self);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed_cb), self, G_CONNECT_AFTER);
  if (CH_IS_PAGED_MODEL (model))
    g_signal_connect_object (model, "filled", G_CALLBACK (on_filled_cb), self, 0);
  refresh_chosen (self, 0, G_MAXUINT);
}

/**
 * ch_side_list_set_head:
 * @head: stands above the rows
 */
void
ch_side_list_set_head (ChSideList *self, GtkWidget *head)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  adw_bin_set_child (self->head, head);
}

/**
 * ch_side_list_set_filtered:
 * @is_filtered: whether there may be more than is listed
 */
void
ch_side_list_set_filtered (ChSideList *self, gboolean is_filtered)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  self->is_filtered = is_filtered;
  if (self->model != NULL)
    gtk_stack_set_visible_child_name (
        self->stack, g_list_model_get_n_items (self->model) > 0 || is_filtered ? "list" : "empty");
}

/**
 * ch_side_list_set_detail:
 * @detail: shows what is chosen
 */
void
ch_side_list_set_detail (ChSideList *self, GtkWidget *detail)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  adw_clamp_set_child (self->clamp, detail);
}

/**
 * ch_side_list_choose:
 * @key: of an item
 *
 * Shows the item, as if it had been pressed.
 */
void
ch_side_list_choose (ChSideList *self, const char *key)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  set_key (self, key);
  refresh_selection (self);
  tell_chosen (self);
  ch_side_list_show_detail (self);
}

/**
 * ch_side_list_forget:
 *
 * Lets go of what is chosen: the list becomes another one, and its first row is chosen.
 */
void
ch_side_list_forget (ChSideList *self)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  set_key (self, NULL);
}

/**
 * ch_side_list_show_detail:
 *
 * From the list to the detail, where they do not stand side by side.
 */
void
ch_side_list_show_detail (ChSideList *self)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

gboolean
ch_side_list_is_in_detail (ChSideList *self)
{
  g_return_val_if_fail (CH_IS_SIDE_LIST (self), FALSE);

  return adw_leaflet_get_folded (self->leaflet)
         && adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->detail);
}

/**
 * ch_side_list_go_back:
 *
 * From the detail to the list.
 */
void
ch_side_list_go_back (ChSideList *self)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));

  adw_leaflet_set_visible_child (self->leaflet, self->side);
}
