#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"
#include "front/ch-reminders.h"

/* Under which they are kept */
#define BOOK "reminders"

CH_WIRE_DEFINE (ChReminder, ch_reminder, CH_REMINDER_FIELDS, "reminder")
CH_WIRE_DEFINE (ChReminderList, ch_reminder_list, CH_REMINDER_LIST_FIELDS, "reminder list")

const int ch_reminder_days[CH_N_REMINDER_DAYS] = { 1, 7, 30, 90 };

/**
 * ch_reminders_read:
 *
 * Returns: (transfer full): what is remembered for the CA of @vault; nothing where nothing is kept or it
 * cannot be read
 */
ChReminderList *
ch_reminders_read (ChVault *vault)
{
  g_autoptr (GBytes) kept = ch_vault_get (vault, CH_VAULT_KNOWN, BOOK);
  g_autoptr (GError) error = NULL;
  ChReminderList *list = kept != NULL ? ch_wire_decode (&ChReminderList_wire, kept, &error) : NULL;

  if (error != NULL)
    g_debug ("the reminders cannot be read and are begun anew: %s", error->message);
  if (list != NULL)
    return list;

  list = ch_wire_new (&ChReminderList_wire);
  list->items = ch_wire_list_new (&ChReminder_wire);
  return list;
}

/**
 * ch_reminders_write_async:
 *
 * Keeps @list for the CA of @vault; durable when it has ended.
 */
void
ch_reminders_write_async (ChVault *vault,
                          const ChReminderList *list,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GBytes) content = ch_wire_encode (&ChReminderList_wire, list);

  ch_vault_put_async (vault, CH_VAULT_KNOWN, BOOK, content, callback, user_data);
}

gboolean
ch_reminders_write_finish (ChVault *vault, GAsyncResult *result, GError **error)
{
  return ch_vault_put_finish (vault, result, error);
}

/**
 * ch_reminder_new_for_cert:
 *
 * Returns: (transfer full): what is remembered of @cert
 */
ChReminder *
ch_reminder_new_for_cert (ChCertItem *cert)
{
  ChReminder *reminder = ch_wire_new (&ChReminder_wire);

  reminder->serial = g_strdup (ch_cert_item_get_serial (cert));
  reminder->name = g_strdup (ch_cert_item_get_name (cert));
  reminder->medium = g_strdup (ch_cert_item_get_medium (cert));
  reminder->not_after = ch_cert_item_get_not_after (cert);
  return reminder;
}

static gboolean
find (const ChReminderList *list, const char *serial, guint *position)
{
  for (guint i = 0; i < list->items->len; i++)
    {
      const ChReminder *reminder = list->items->pdata[i];

      if (g_str_equal (reminder->serial, serial))
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* Whether the end of it matters: not that of what ended in another way, or of what is not the account’s */
static gboolean
is_worth_it (ChCertItem *cert)
{
  ChCertStanding standing = ch_cert_item_get_standing (cert);

  return ch_cert_item_get_application (cert) != NULL && standing != CH_CERT_REVOKED
         && standing != CH_CERT_EXPIRED;
}

/**
 * ch_reminders_note:
 * @certs: (element-type ChCertItem): what is known now
 *
 * Takes into @list what of @certs is the account’s, and out of it what was revoked or has expired. What
 * @certs says nothing of stays: its key lies in a drawer.
 *
 * Returns: whether @list has changed
 */
gboolean
ch_reminders_note (ChReminderList *list, GListModel *certs)
{
  gboolean changes = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) cert = g_list_model_get_item (certs, i);
      guint position = 0;
      gboolean is_there = find (list, ch_cert_item_get_serial (cert), &position);
      gboolean belongs = is_worth_it (cert);

      if (is_there && !belongs && ch_cert_item_get_application (cert) != NULL)
        g_ptr_array_remove_index (list->items, position);
      else if (!is_there && belongs && list->items->len < ChReminderList_wire.fields[0].max)
        g_ptr_array_add (list->items, ch_reminder_new_for_cert (cert));
      else
        continue;
      changes = TRUE;
    }
  return changes;
}

/**
 * ch_reminders_keep:
 * @certs: (element-type ChCertItem): what is known now
 *
 * ch_reminders_note() on what is kept. It is read anew each time, because window and timer both write it.
 */
void
ch_reminders_keep (ChVault *vault, GListModel *certs)
{
  g_autoptr (ChReminderList) list = ch_reminders_read (vault);

  if (ch_reminders_note (list, certs))
    ch_reminders_write_async (vault, list, NULL, NULL);
}

/**
 * ch_reminders_keep_certificates:
 * @certificates: (element-type ChCertificate): as the server lists them
 *
 * The same for who has no list model of them.
 */
void
ch_reminders_keep_certificates (ChVault *vault, GPtrArray *certificates)
{
  g_autoptr (GListStore) certs = g_list_store_new (CH_TYPE_CERT_ITEM);

  for (guint i = 0; i < certificates->len; i++)
    {
      const ChCertificate *certificate = certificates->pdata[i];
      g_autoptr (ChCertItem) cert = ch_cert_item_new (certificate->der, NULL);

      if (cert == NULL)
        continue;
      ch_cert_item_set_certificate (cert, certificate);
      g_list_store_append (certs, cert);
    }
  ch_reminders_keep (vault, G_LIST_MODEL (certs));
}

/**
 * ch_reminder_get_due:
 * @now: seconds since 1970
 *
 * Returns: which of ch_reminder_days has come and was not told yet; 0 when none, and after the end
 */
int
ch_reminder_get_due (const ChReminder *reminder, gint64 now)
{
  gint64 days = ch_format_count_days (now, reminder->not_after);

  if (now > reminder->not_after)
    return 0;
  for (guint i = 0; i < CH_N_REMINDER_DAYS; i++)
    if (days <= ch_reminder_days[i])
      return reminder->told == 0 || ch_reminder_days[i] < reminder->told ? ch_reminder_days[i] : 0;
  return 0;
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const ChReminder *left = *(const ChReminder *const *) a, *right = *(const ChReminder *const *) b;

  return (left->not_after > right->not_after) - (left->not_after < right->not_after);
}

/**
 * ch_reminders_list_due:
 * @now: seconds since 1970
 *
 * Returns: (transfer container) (element-type ChReminder): what is to be told now, what ends first first; as
 *   long as @list lives
 */
GPtrArray *
ch_reminders_list_due (const ChReminderList *list, gint64 now)
{
  GPtrArray *due = g_ptr_array_new ();

  for (guint i = 0; i < list->items->len; i++)
    if (ch_reminder_get_due (list->items->pdata[i], now) != 0)
      g_ptr_array_add (due, list->items->pdata[i]);
  g_ptr_array_sort (due, compare_ends);
  return due;
}

/**
 * ch_reminder_format_title:
 * @days: until the end, 0 or more
 *
 * Returns: (transfer full): what there is to be told, in one line
 */
char *
ch_reminder_format_title (gint64 days)
{
  if (days == 0)
    return g_strdup (_ ("A certificate ends today"));

  return g_strdup_printf (
      ngettext ("A certificate ends in %d day", "A certificate ends in %d days", (gulong) days), (int) days);
}

/**
 * ch_reminder_format_body:
 *
 * Returns: (transfer full): whose it is, when it ends, and what to do
 */
char *
ch_reminder_format_body (const ChReminder *reminder)
{
  g_autofree char *day = ch_format_date (reminder->not_after);
  const char *todo = g_strcmp0 (reminder->medium, "ukey") == 0
                         ? _ ("Plug in the USB key, open Certhall and renew it before that day.")
                         : _ ("Open Certhall and renew it before that day.");

  return g_strdup_printf ("%s · %s\n%s", reminder->name, day, todo);
}
