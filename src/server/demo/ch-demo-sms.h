#pragma once

#include "server/ch-mail.h"
#include "server/ch-sms.h"
#include "server/demo/ch-demo-messages.h"

G_BEGIN_DECLS

#define CH_TYPE_DEMO_SMS (ch_demo_sms_get_type ())
G_DECLARE_FINAL_TYPE (ChDemoSms, ch_demo_sms, CH, DEMO_SMS, GObject)

ChDemoSms *ch_demo_sms_new (void);
ChDemoOutbox *ch_demo_sms_list (ChDemoSms *self, const char *mobile);

G_END_DECLS
