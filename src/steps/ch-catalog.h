#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

const ChFlow *const *ch_catalog_get (guint *n_flows);
const ChFlow *ch_catalog_lookup (const char *id);
ChRun *ch_catalog_start (const char *id, ChPorts *ports, GError **error);
ChRun *ch_catalog_start_business (ChBusiness business, ChPorts *ports, GError **error);
ChRun *ch_catalog_resume (ChPorts *ports, const ChApplication *application, GError **error);

G_END_DECLS
