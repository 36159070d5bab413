#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-calendar.h"
#include "front/ch-invoice-desk.h"
#include "front/ch-reminders.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-window-private.h"

/* Papers of an application that the server makes, and what this program makes: written where the user likes.
 * Every page asks the window for them, so that it is the same wherever it is offered. */

/* One that is on its way to a file */
typedef struct
{
  ChWindow *window; /* (owned) */
  GBytes *bytes;    /* (owned) */
} Saving;

static void
saving_free (Saving *self)
{
  g_object_unref (self->window);
  g_bytes_unref (self->bytes);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) told = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *text = NULL;

  /* Closed meanwhile */
  if (saving->window->front == NULL)
    return;
  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      told = g_error_new_literal (CH_ERROR, CH_ERROR_FILE, error->message);
      ch_window_show_error (saving->window, told);
      return;
    }

  /* Translators: %s is the name of a file */
  text = g_strdup_printf (_ ("Saved: %s"), name);
  ch_window_toast (saving->window, text);
}

static void
on_place_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GFile) place = ch_file_picker_save_finish (GTK_WIDGET (source), result, NULL);
  GBytes *bytes = saving->bytes;

  if (place != NULL)
    g_file_replace_contents_bytes_async (place, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                         on_written_cb, g_steal_pointer (&saving));
}

static void
save (ChWindow *self, const char *title, const char *name, GBytes *bytes)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->window = g_object_ref (self);
  saving->bytes = g_bytes_ref (bytes);
  ch_file_picker_save_async (GTK_WIDGET (self), title, name, on_place_picked_cb, saving);
}

static void
on_invoice_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInvoiceFile) file = ch_invoice_desk_fetch_finish (CH_PORTS (source), result, &error);

  if (self->front == NULL)
    return;
  if (file == NULL)
    ch_window_show_error (self, error);
  else
    save (self, _ ("Save the invoice"), file->name, file->bytes);
}

static void
on_save_invoice (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  ch_invoice_desk_fetch_async (ch_front_get_ports (self->front), g_variant_get_string (target, NULL), NULL,
                               on_invoice_fetched_cb, g_object_ref (self));
}

static void
on_receipt_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChReceipt) receipt = ch_receipt_desk_fetch_finish (CH_PORTS (source), result, &error);

  if (self->front == NULL)
    return;
  if (receipt == NULL)
    ch_window_show_error (self, error);
  else
    save (self, _ ("Save the receipt"), receipt->name, receipt->bytes);
}

static void
on_save_receipt (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;

  ch_receipt_desk_fetch_async (ch_front_get_ports (self->front), g_variant_get_string (target, NULL), NULL,
                               on_receipt_fetched_cb, g_object_ref (self));
}

/* The day a certificate ends, for a calendar: what is told by it needs neither this PC nor this program */
static void
on_save_calendar (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChWindow *self = user_data;
  ChCertItem *cert
      = ch_cert_list_find (ch_front_get_certs (self->front), g_variant_get_string (target, NULL));
  g_autoptr (GPtrArray) reminders = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_reminder_free);
  g_autofree char *text = NULL, *name = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (cert == NULL)
    return;
  g_ptr_array_add (reminders, ch_reminder_new_for_cert (cert));
  text = ch_calendar_write (reminders, ch_clock_now ());
  bytes = g_bytes_new (text, strlen (text));
  /* Translators: the name of a file, without slashes */
  name = g_strdup_printf ("%s.ics", _ ("End of the certificate"));
  save (self, _ ("Save for a calendar"), name, bytes);
}

static const GActionEntry actions[] = {
  { .name = "save-calendar", .activate = on_save_calendar, .parameter_type = "s" },
  { .name = "save-invoice", .activate = on_save_invoice, .parameter_type = "s" },
  { .name = "save-receipt", .activate = on_save_receipt, .parameter_type = "s" },
};

/**
 * ch_window_add_saving:
 *
 * Adds what saves the papers of an application, whose number is the target, and the end of a certificate.
 */
void
ch_window_add_saving (ChWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
