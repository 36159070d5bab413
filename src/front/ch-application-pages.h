#pragma once

#include "front/ch-application-item.h"
#include "front/ch-paged-model.h"

G_BEGIN_DECLS

/* The applications of the account as the server searches and sorts them: a ChPagedModel of ChApplicationItem
 */
ChPagedModel *ch_application_pages_new (ChPorts *ports);
void ch_application_pages_load (ChPagedModel *pages, ChPorts *ports, ChApplicationItem *item);

G_END_DECLS
