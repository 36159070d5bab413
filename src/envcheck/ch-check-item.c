#include "config.h"

#include <glib/gi18n-lib.h>

#include "envcheck/ch-check-item.h"

struct _ChCheckItem
{
  GObject parent_instance;

  const ChCheck *check;
  const ChCheckEntry *entry; /* of the run’s context; NULL unless the check is made for each entry */
  const ChDriver *driver;    /* of the run’s context; NULL unless the check is made for each driver */
  char *id;
  gboolean is_running;
  ChCheckResult *result; /* (owned) (nullable): once it has ended */
};

G_DEFINE_FINAL_TYPE (ChCheckItem, ch_check_item, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
ch_check_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, ch_check_item_get_state (CH_CHECK_ITEM (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_check_item_finalize (GObject *object)
{
  ChCheckItem *self = CH_CHECK_ITEM (object);

  g_free (self->id);
  g_clear_pointer (&self->result, ch_check_result_unref);

  G_OBJECT_CLASS (ch_check_item_parent_class)->finalize (object);
}

static void
ch_check_item_class_init (ChCheckItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_check_item_get_property;
  object_class->finalize = ch_check_item_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, CH_N_CHECK_STATES - 1, CH_CHECK_WAITING,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_check_item_init (ChCheckItem *self)
{
}

/**
 * ch_check_item_new:
 * @check: a row of the table
 * @entry: (nullable): for which entry; must outlive the item
 * @driver: (nullable): for which driver; must outlive the item
 *
 * Returns: (transfer full): an item that waits
 */
ChCheckItem *
ch_check_item_new (const ChCheck *check, const ChCheckEntry *entry, const ChDriver *driver)
{
  ChCheckItem *self = g_object_new (CH_TYPE_CHECK_ITEM, NULL);

  self->check = check;
  self->entry = entry;
  self->driver = driver;
  self->id = g_strjoin (".", check->id,
                        entry != NULL    ? entry->id
                        : driver != NULL ? driver->name
                                         : NULL,
                        NULL);
  return self;
}

const ChCheck *
ch_check_item_get_check (ChCheckItem *self)
{
  return self->check;
}

const ChCheckEntry *
ch_check_item_get_entry (ChCheckItem *self)
{
  return self->entry;
}

const ChDriver *
ch_check_item_get_driver (ChCheckItem *self)
{
  return self->driver;
}

/**
 * ch_check_item_get_id:
 *
 * Returns: the check’s id; for an entry `entry.ENTRY`, for a driver `module.NAME`
 */
const char *
ch_check_item_get_id (ChCheckItem *self)
{
  return self->id;
}

/**
 * ch_check_item_get_title:
 *
 * Returns: what is checked, translated
 */
const char *
ch_check_item_get_title (ChCheckItem *self)
{
  if (self->entry != NULL)
    return self->entry->title;
  return self->driver != NULL ? self->driver->title : _ (self->check->title);
}

ChCheckState
ch_check_item_get_state (ChCheckItem *self)
{
  if (self->result != NULL)
    return self->result->state;
  return self->is_running ? CH_CHECK_RUNNING : CH_CHECK_WAITING;
}

/**
 * ch_check_item_get_result:
 *
 * Returns: (transfer none) (nullable): what came out; %NULL before it has ended
 */
ChCheckResult *
ch_check_item_get_result (ChCheckItem *self)
{
  return self->result;
}

/**
 * ch_check_item_set_running:
 * @is_running: %FALSE: it waits for its turn
 *
 * Forgets what came out before.
 */
void
ch_check_item_set_running (ChCheckItem *self, gboolean is_running)
{
  g_clear_pointer (&self->result, ch_check_result_unref);
  self->is_running = is_running;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/**
 * ch_check_item_take_result:
 * @result: (transfer full): what came out
 */
void
ch_check_item_take_result (ChCheckItem *self, ChCheckResult *result)
{
  g_clear_pointer (&self->result, ch_check_result_unref);
  self->result = result;
  self->is_running = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}
