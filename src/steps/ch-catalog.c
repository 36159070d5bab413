#include "config.h"

#include "base/ch-error.h"
#include "steps/ch-catalog.h"
#include "steps/steps.h"

static gpointer
join (gpointer data)
{
  const struct
  {
    const ChFlow *flows;
    guint n;
  } topics[] = {
    { ch_apply_flows, ch_n_apply_flows },       { ch_renew_flows, ch_n_renew_flows },
    { ch_download_flows, ch_n_download_flows }, { ch_change_handler_flows, ch_n_change_handler_flows },
    { ch_change_flows, ch_n_change_flows },     { ch_revoke_flows, ch_n_revoke_flows },
    { ch_unlock_flows, ch_n_unlock_flows },     { ch_replace_flows, ch_n_replace_flows },
  };
  GPtrArray *all = g_ptr_array_new ();

  for (gsize t = 0; t < G_N_ELEMENTS (topics); t++)
    for (guint i = 0; i < topics[t].n; i++)
      g_ptr_array_add (all, (gpointer) &topics[t].flows[i]);
  return all;
}

/**
 * ch_catalog_get:
 * @n_flows: (out): how many
 *
 * Returns: (transfer none) (array length=n_flows): every flow there is; which of them a CA offers says its
 * profile
 */
const ChFlow *const *
ch_catalog_get (guint *n_flows)
{
  static GOnce once = G_ONCE_INIT;
  GPtrArray *all = g_once (&once, join, NULL);

  *n_flows = all->len;
  return (const ChFlow *const *) all->pdata;
}

/**
 * ch_catalog_lookup:
 * @id: (nullable): a flow’s id
 *
 * Returns: (transfer none) (nullable): the flow
 */
const ChFlow *
ch_catalog_lookup (const char *id)
{
  guint n;
  const ChFlow *const *flows = ch_catalog_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (flows[i]->id, id) == 0)
      return flows[i];
  return NULL;
}

static gboolean
refuse (GError **error, const char *id)
{
  g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "flow %s is not offered", id);
  return FALSE;
}

/**
 * ch_catalog_start:
 * @id: a flow’s id
 * @ports: with a profile
 * @error: %CH_ERROR_NOT_OFFERED
 *
 * Returns: (transfer full): a run of just this flow, to be started
 */
ChRun *
ch_catalog_start (const char *id, ChPorts *ports, GError **error)
{
  const ChFlow *flow = ch_catalog_lookup (id);

  if (flow != NULL && ch_profile_offers (ch_ports_get_profile (ports), &flow->axes))
    return ch_run_new (flow, ports);
  refuse (error, id);
  return NULL;
}

/**
 * ch_catalog_start_business:
 * @business: what the user wants
 * @ports: with a profile
 * @error: %CH_ERROR_NOT_OFFERED
 *
 * Returns: (transfer full): a run that turns to the right flow of @business when the project is chosen
 */
ChRun *
ch_catalog_start_business (ChBusiness business, ChPorts *ports, GError **error)
{
  guint n;
  const ChFlow *const *flows = ch_catalog_get (&n);
  g_autoptr (GPtrArray) offered = g_ptr_array_new ();
  ChRun *run;

  for (guint i = 0; i < n; i++)
    if (flows[i]->axes.business == business
        && ch_profile_offers (ch_ports_get_profile (ports), &flows[i]->axes))
      g_ptr_array_add (offered, (gpointer) flows[i]);
  if (offered->len == 0)
    {
      refuse (error, ch_wire_enum_get_id (&ChBusiness_enum, business));
      return NULL;
    }

  g_ptr_array_add (offered, NULL);
  run = ch_run_new_open ((const ChFlow *const *) offered->pdata, ports);
  /* The run looks into the list for as long as it lives */
  g_object_set_data_full (G_OBJECT (run), "flows-offered", g_steal_pointer (&offered),
                          (GDestroyNotify) g_ptr_array_unref);
  return run;
}

/**
 * ch_catalog_resume:
 * @ports: with a profile
 * @application: what was begun
 * @error: %CH_ERROR_NOT_OFFERED when this program does not know its flow
 *
 * Returns: (transfer full): a run that goes on with @application, to be started
 */
ChRun *
ch_catalog_resume (ChPorts *ports, const ChApplication *application, GError **error)
{
  const ChFlow *flow = ch_catalog_lookup (application->flow);

  if (flow != NULL)
    return ch_run_resume (flow, ports, application);
  refuse (error, application->flow);
  return NULL;
}
