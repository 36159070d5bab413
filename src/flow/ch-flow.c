#include "config.h"

#include "base/ch-error.h"
#include "flow/ch-flow.h"

/**
 * ch_flow_list_steps:
 * @self: a flow
 * @profile: the CA’s profile
 *
 * Returns: (transfer container) (element-type ChStep): the steps of the recipe that apply, in order
 */
GPtrArray *
ch_flow_list_steps (const ChFlow *self, const ChProfile *profile)
{
  GPtrArray *steps = g_ptr_array_new ();

  for (gsize i = 0; self->recipe[i] != NULL; i++)
    {
      const ChStep *step = self->recipe[i];

      if (step->applies == NULL || step->applies (&self->axes, profile))
        g_ptr_array_add (steps, (gpointer) step);
    }

  return steps;
}

/* Walks the steps; a step passed over gives only what the server may hold already */
static gboolean
walk (const ChFlow *self, GPtrArray *steps, const ChStep *skipped, GError **error)
{
  ChFact facts = CH_FACT_NONE;

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      if (step == skipped)
        {
          facts |= step->gives & ch_facts_of (CH_KEEPER_SERVER);
          continue;
        }

      if ((step->needs & ~facts) != 0)
        {
          g_auto (GStrv) missing = ch_facts_format (step->needs & ~facts);
          g_autofree char *text = g_strjoinv (", ", missing);

          g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "flow %s: step %s lacks %s%s%s", self->id,
                       step->id, text, skipped != NULL ? " without step " : "",
                       skipped != NULL ? skipped->id : "");
          return FALSE;
        }

      facts |= step->gives;
    }

  if ((facts & CH_FACT_SHOWN) != 0)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "flow %s shows no result", self->id);
  return FALSE;
}

/**
 * ch_flow_validate:
 * @self: a flow
 * @profile: the CA’s profile
 * @error: names the step and the facts it lacks
 *
 * Checks that each step’s needs are given before it, with every step that may be passed over both ways. A
 * recipe that makes the key before the payment fails here.
 */
gboolean
ch_flow_validate (const ChFlow *self, const ChProfile *profile, GError **error)
{
  g_autoptr (GPtrArray) steps = ch_flow_list_steps (self, profile);

  if (!walk (self, steps, NULL, error))
    return FALSE;

  for (guint i = 0; i < steps->len; i++)
    if (((const ChStep *) steps->pdata[i])->wanted != NULL && !walk (self, steps, steps->pdata[i], error))
      return FALSE;
  return TRUE;
}
