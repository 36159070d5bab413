#include "config.h"

#include "front/ch-paged-row.h"

struct _ChPagedRow
{
  GObject parent_instance;

  guint position;
  GObject *item; /* (owned) (nullable) */
};

enum
{
  PROP_ITEM = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ChPagedRow, ch_paged_row, G_TYPE_OBJECT)

static void
ch_paged_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_ITEM:
      g_value_set_object (value, CH_PAGED_ROW (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_paged_row_finalize (GObject *object)
{
  g_clear_object (&CH_PAGED_ROW (object)->item);

  G_OBJECT_CLASS (ch_paged_row_parent_class)->finalize (object);
}

static void
ch_paged_row_class_init (ChPagedRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_paged_row_get_property;
  object_class->finalize = ch_paged_row_finalize;

  props[PROP_ITEM] = g_param_spec_object (
      "item", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_paged_row_init (ChPagedRow *self)
{
}

/**
 * ch_paged_row_new:
 * @position: its place, counted from 0
 * @item: (nullable): what stands there, if it has come
 *
 * Returns: (transfer full): a place
 */
ChPagedRow *
ch_paged_row_new (guint position, gpointer item)
{
  ChPagedRow *self = g_object_new (CH_TYPE_PAGED_ROW, NULL);

  self->position = position;
  g_set_object (&self->item, item);
  return self;
}

guint
ch_paged_row_get_position (ChPagedRow *self)
{
  return self->position;
}

/**
 * ch_paged_row_get_item:
 *
 * Returns: (transfer none) (nullable): what stands there; NULL while it is on its way, or did not come
 */
gpointer
ch_paged_row_get_item (ChPagedRow *self)
{
  g_return_val_if_fail (CH_IS_PAGED_ROW (self), NULL);

  return self->item;
}

/**
 * ch_paged_row_set_item:
 * @item: (nullable): what stands there now
 */
void
ch_paged_row_set_item (ChPagedRow *self, gpointer item)
{
  g_return_if_fail (CH_IS_PAGED_ROW (self));

  if (g_set_object (&self->item, item))
    ch_paged_row_touch (self);
}

/**
 * ch_paged_row_touch:
 *
 * Tells that more is known of what stands there than was.
 */
void
ch_paged_row_touch (ChPagedRow *self)
{
  g_return_if_fail (CH_IS_PAGED_ROW (self));

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITEM]);
}
