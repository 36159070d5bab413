#pragma once

#include "server/ch-service.h"
#include "wire/messages-application.h"
#include "wire/messages-order.h"
#include "wire/messages-receipt.h"

G_BEGIN_DECLS

ChReceipt *
ch_receipt_make (ChService *service, const ChApplication *application, const ChOrder *order, GError **error);

G_END_DECLS
