#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-outline.h"

static void
entry_free (gpointer data)
{
  ChOutlineEntry *self = data;

  g_ptr_array_unref (self->steps);
  g_free (self);
}

static ChOutlineEntry *
entry_new (void)
{
  ChOutlineEntry *self = g_new0 (ChOutlineEntry, 1);

  self->steps = g_ptr_array_new ();
  return self;
}

/* What is done by itself before the last page shows what came of it */
static const char *
name_work (ChRun *run, const ChStep *result)
{
  ChBusiness business = ch_run_get_axes (run)->business;

  if (business == CH_BUSINESS_UNLOCK)
    return N_ ("Set a new PIN");
  if (business == CH_BUSINESS_MAKE)
    return N_ ("Make the USB key");
  return ch_business_makes_certificate (business) ? N_ ("Install the certificate") : result->title;
}

/* Only where the staff make a key is there more to be said after the work */
static gboolean
is_work_over (ChRun *run, const ChOutlineEntry *entry, const ChStep *next)
{
  return ch_run_get_axes (run)->business == CH_BUSINESS_MAKE && entry->steps->len > 0
         && (next->flags & CH_STEP_AUTO) == 0 && next->page != CH_PAGE_RESULT;
}

/**
 * ch_outline_list:
 * @run: a run
 *
 * Returns: (transfer full) (element-type ChOutlineEntry): the steps of its flow as the user sees them
 */
GPtrArray *
ch_outline_list (ChRun *run)
{
  GPtrArray *steps = ch_run_get_steps (run);
  GPtrArray *outline = g_ptr_array_new_with_free_func (entry_free);
  ChOutlineEntry *entry = entry_new ();

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      /* A page that will perhaps never be shown is no step to look forward to */
      if ((step->flags & CH_STEP_AUTO) == 0 && step->wanted != NULL && !step->wanted (run))
        continue;
      if (is_work_over (run, entry, step))
        {
          entry->works = TRUE;
          entry->title = name_work (run, entry->main);
          g_ptr_array_add (outline, entry);
          entry = entry_new ();
        }
      g_ptr_array_add (entry->steps, (gpointer) step);
      entry->main = step;
      entry->title = step->title;
      if ((step->flags & CH_STEP_AUTO) != 0)
        continue;

      entry->works = step->page == CH_PAGE_RESULT && entry->steps->len > 1;
      if (entry->works)
        entry->title = name_work (run, step);
      g_ptr_array_add (outline, entry);
      entry = entry_new ();
    }

  if (entry->steps->len > 0)
    g_ptr_array_add (outline, entry);
  else
    entry_free (entry);
  return outline;
}

/**
 * ch_outline_find:
 * @step: (nullable): a step of the flow
 *
 * Returns: (transfer none) (nullable): the entry it belongs to; the last one when @step is %NULL
 */
const ChOutlineEntry *
ch_outline_find (GPtrArray *outline, const ChStep *step)
{
  guint index = ch_outline_get_index (outline, step);

  return index < outline->len ? outline->pdata[index] : NULL;
}

/**
 * ch_outline_get_index:
 * @step: (nullable): a step of the flow
 *
 * Returns: the place of its entry; the last one when @step is %NULL
 */
guint
ch_outline_get_index (GPtrArray *outline, const ChStep *step)
{
  for (guint i = 0; i < outline->len; i++)
    {
      const ChOutlineEntry *entry = outline->pdata[i];

      if (g_ptr_array_find (entry->steps, step, NULL))
        return i;
    }

  return outline->len > 0 ? outline->len - 1 : 0;
}

/**
 * ch_outline_entry_is_done:
 *
 * Returns: whether what its steps give is there
 */
gboolean
ch_outline_entry_is_done (const ChOutlineEntry *self, ChRun *run)
{
  return ch_run_is_done (run, self->main);
}
