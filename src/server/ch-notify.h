#pragma once

#include "server/ch-service.h"

G_BEGIN_DECLS

/* Messages that are on record: which template went where, masked, and whether it went; never what it said. */
gboolean ch_notify_sms (ChService *service,
                        const char *mobile,
                        ChSmsTemplate template_id,
                        const char *const *args,
                        GError **error);
gboolean ch_notify_mail (ChService *service,
                         const char *address,
                         ChMailTemplate template_id,
                         const char *const *args,
                         GError **error);
void ch_notify_post_mail (ChService *service,
                          const char *address,
                          ChMailTemplate template_id,
                          const char *const *args,
                          const ChMailFile *file);
void ch_notify_post_sms (ChService *service,
                         const char *mobile,
                         ChSmsTemplate template_id,
                         const char *const *args);

G_END_DECLS
