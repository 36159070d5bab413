#pragma once

#include "server/ch-service.h"

G_BEGIN_DECLS

/* What is done about money from time to time, whoever asks for it or nobody. Blocks. */
void ch_till_run (ChService *service);
gboolean ch_till_pay_back (ChService *service, const char *refund, GError **error);

G_END_DECLS
