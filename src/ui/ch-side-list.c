#include "config.h"

#include "ui/ch-side-list.h"

struct _ChSideList
{
  AdwBin parent_instance;

  GListModel *model; /* (owned) (nullable) */
  ChSideListRowFunc make_row;
  ChSideListKeyFunc get_key;
  char *key;              /* (owned) (nullable): of what is chosen */
  gboolean is_rebuilding; /* selecting is not the user’s doing */

  GtkStack *stack;           /* template child: list or nothing to list */
  AdwBin *empty;             /* template child */
  AdwLeaflet *leaflet;       /* template child */
  GtkWidget *side;           /* template child */
  GtkListBox *rows;          /* template child */
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
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChSideList, ch_side_list, ADW_TYPE_BIN)

static gpointer
find_item (ChSideList *self, const char *key, guint *position)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  for (guint i = 0; i < n && key != NULL; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (self->model, i);

      *position = i;
      if (g_strcmp0 (self->get_key (item), key) == 0)
        return g_steal_pointer (&item);
    }

  return NULL;
}

static void
refresh_selection (ChSideList *self)
{
  gboolean is_folded = adw_leaflet_get_folded (self->leaflet);
  GtkListBoxRow *row = NULL;
  guint position = 0;
  g_autoptr (GObject) item = find_item (self, self->key, &position);

  self->is_rebuilding = TRUE;
  /* A folded list shows no selection: what was pressed is on the next page */
  gtk_list_box_set_selection_mode (self->rows, is_folded ? GTK_SELECTION_NONE : GTK_SELECTION_BROWSE);
  if (item != NULL)
    row = gtk_list_box_get_row_at_index (self->rows, (int) position);
  if (!is_folded && row != NULL)
    gtk_list_box_select_row (self->rows, row);
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
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, ChSideList *self)
{
  guint n = g_list_model_get_n_items (model), at = 0;
  g_autoptr (GObject) chosen = NULL;
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->rows)) != NULL;
  GtkListBoxRow *row;

  self->is_rebuilding = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->rows, 0)) != NULL)
    gtk_list_box_remove (self->rows, GTK_WIDGET (row));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      gtk_list_box_append (self->rows, self->make_row (item));
    }
  self->is_rebuilding = FALSE;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
  chosen = find_item (self, self->key, &at);
  if (chosen == NULL && n > 0)
    {
      /* Beside a list there is always something to see: the first is what needs attention most */
      chosen = g_list_model_get_item (model, 0);
      set_key (self, self->get_key (chosen));
    }
  if (n == 0)
    {
      set_key (self, NULL);
      ch_side_list_go_back (self);
    }
  refresh_selection (self);
  row = gtk_list_box_get_selected_row (self->rows);
  if (had_focus && row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  tell_chosen (self);
}

static void
choose_row (ChSideList *self, GtkListBoxRow *row)
{
  g_autoptr (GObject) item = NULL;

  if (self->is_rebuilding || row == NULL)
    return;

  item = g_list_model_get_item (self->model, (guint) gtk_list_box_row_get_index (row));
  if (item == NULL)
    return;
  set_key (self, self->get_key (item));
  tell_chosen (self);
}

static void
on_row_selected_cb (GtkListBox *rows, GtkListBoxRow *row, ChSideList *self)
{
  choose_row (self, row);
}

static void
on_row_activated_cb (GtkListBox *rows, GtkListBoxRow *row, ChSideList *self)
{
  choose_row (self, row);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

static void
on_leaflet_changed_cb (AdwLeaflet *leaflet, GParamSpec *pspec, ChSideList *self)
{
  refresh_selection (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_DETAIL]);
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

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-side-list"));
  gtk_widget_class_bind_template_child (widget_class, ChSideList, stack);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, empty);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, side);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, rows);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, detail);
  gtk_widget_class_bind_template_child (widget_class, ChSideList, clamp);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_leaflet_changed_cb);
}

static void
ch_side_list_init (ChSideList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
 * @make_row: makes the row of an item
 * @get_key: tells an item from others, also after the list was made anew
 */
void
ch_side_list_set_model (ChSideList *self,
                        GListModel *model,
                        ChSideListRowFunc make_row,
                        ChSideListKeyFunc get_key)
{
  g_return_if_fail (CH_IS_SIDE_LIST (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  self->make_row = make_row;
  self->get_key = get_key;
  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed_cb), self, 0);
  on_items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), self);
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
