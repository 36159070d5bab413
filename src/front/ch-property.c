#include "config.h"

#include "front/ch-property.h"

void
ch_property_free (ChProperty *self)
{
  g_free (self->value);
  g_free (self);
}

/**
 * ch_property_list_new:
 *
 * Returns: (transfer full) (element-type ChProperty): an empty list
 */
GPtrArray *
ch_property_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ch_property_free);
}

/**
 * ch_property_list_add:
 * @list: (element-type ChProperty): where to
 * @id: kebab-case
 * @label: untranslated, static
 * @is_code: whether it is a long code
 * @value: (nullable): with %NULL nothing is added
 */
void
ch_property_list_add (GPtrArray *list, const char *id, const char *label, gboolean is_code, const char *value)
{
  ChProperty *property;

  if (value == NULL)
    return;

  property = g_new (ChProperty, 1);
  property->id = id;
  property->label = label;
  property->is_code = is_code;
  property->value = g_strdup (value);
  g_ptr_array_add (list, property);
}
