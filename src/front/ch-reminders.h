#pragma once

#include "front/ch-cert-item.h"
#include "ports/ch-vault.h"

G_BEGIN_DECLS

/* A certificate as it is remembered on this PC, so that its end can be told while its key lies in a drawer
 * and nobody is logged in. told: at how many days before the end that was done last; 0 = not yet */
#define CH_REMINDER_FIELDS(F, S)                                                                             \
  F (S, serial, STRING, "serial", REQUIRED, 64, _)                                                           \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, medium, STRING, "medium", OPTIONAL, 16, _)                                                           \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, told, INT, "told", OPTIONAL, 1000, _)
CH_WIRE_DECLARE (ChReminder, ch_reminder, CH_REMINDER_FIELDS)

#define CH_REMINDER_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 1000, ChReminder)
CH_WIRE_DECLARE (ChReminderList, ch_reminder_list, CH_REMINDER_LIST_FIELDS)

/* So many days before its end a certificate is told of, the last first */
extern const int ch_reminder_days[];
#define CH_N_REMINDER_DAYS 4

ChReminderList *ch_reminders_read (ChVault *vault);
gboolean ch_reminders_note (ChReminderList *list, GListModel *certs);
void ch_reminders_keep (ChVault *vault, GListModel *certs);
void ch_reminders_keep_certificates (ChVault *vault, GPtrArray *certificates);
int ch_reminder_get_due (const ChReminder *reminder, gint64 now);
GPtrArray *ch_reminders_list_due (const ChReminderList *list, gint64 now);
void ch_reminders_write_async (ChVault *vault,
                               const ChReminderList *list,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ch_reminders_write_finish (ChVault *vault, GAsyncResult *result, GError **error);
ChReminder *ch_reminder_new_for_cert (ChCertItem *cert);
char *ch_reminder_format_title (gint64 days);
char *ch_reminder_format_body (const ChReminder *reminder);

G_END_DECLS
