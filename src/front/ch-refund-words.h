#pragma once

#include "front/ch-tone.h"
#include "wire/messages-order.h"

G_BEGIN_DECLS

/* Money that goes back, as the applicant reads of it, alike in window and terminal */
ChTone ch_refund_get_tone (const ChRefund *refund);
char *ch_refund_format_when (const ChRefund *refund);
char *ch_refund_format_detail (const ChRefund *refund);
char *ch_refunds_format_short (GPtrArray *refunds);

G_END_DECLS
