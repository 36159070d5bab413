#include "config.h"

#include <errno.h>
#include <gtk/gtkunixprint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/ch-error.h"
#include "ui/ch-letter-print.h"

/* A PDF that must not lie on a disk goes to the printer out of memory */

static int
open_in_memory (GBytes *pdf)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (pdf, &size);
  int fd = memfd_create ("letter", MFD_CLOEXEC);

  for (gsize done = 0; fd >= 0 && done < size;)
    {
      ssize_t n = write (fd, data + done, size - done);

      if (n <= 0)
        {
          close (fd);
          return -1;
        }
      done += n;
    }
  if (fd >= 0)
    lseek (fd, 0, SEEK_SET);
  return fd;
}

static void
on_sent_cb (GtkPrintJob *job, gpointer user_data, const GError *error)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_INTERNAL, "printing: %s", error->message);
  else
    g_task_return_boolean (task, TRUE);
}

static void
close_letter (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

/* The job reads from the descriptor until it is done: it is closed with the task */
static void
send_job (GtkPrintUnixDialog *dialog, GTask *task)
{
  g_autoptr (GtkPrintJob) job = gtk_print_job_new (
      g_object_get_data (G_OBJECT (task), "name"), gtk_print_unix_dialog_get_selected_printer (dialog),
      gtk_print_unix_dialog_get_settings (dialog), gtk_print_unix_dialog_get_page_setup (dialog));
  g_autoptr (GError) error = NULL;
  int fd = open_in_memory (g_task_get_task_data (task));

  if (fd >= 0)
    g_object_set_data_full (G_OBJECT (task), "letter", GINT_TO_POINTER (fd), close_letter);
  g_object_set_data_full (G_OBJECT (task), "job", g_object_ref (job), g_object_unref);
  if (fd >= 0 && gtk_print_job_set_source_fd (job, fd, &error))
    {
      gtk_print_job_send (job, on_sent_cb, task, NULL);
      return;
    }
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_INTERNAL, "printing: %s",
                           error != NULL ? error->message : g_strerror (errno));
  g_object_unref (task);
}

static void
on_response_cb (GtkPrintUnixDialog *dialog, int response, GTask *task)
{
  gtk_widget_set_visible (GTK_WIDGET (dialog), FALSE);
  if (response == GTK_RESPONSE_OK && gtk_print_unix_dialog_get_selected_printer (dialog) != NULL)
    send_job (dialog, task);
  else
    {
      g_task_return_boolean (task, FALSE);
      g_object_unref (task);
    }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Both sides of one sheet of A4, as it is folded. Who prints to a file finds it under the name of the letter
 * in the own documents. */
static void
fill_in (GtkPrintUnixDialog *dialog, const char *name)
{
  g_autoptr (GtkPrintSettings) settings = gtk_print_settings_new ();
  g_autoptr (GtkPageSetup) page = gtk_page_setup_new ();
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autofree char *stem
      = g_str_has_suffix (name, ".pdf") ? g_strndup (name, strlen (name) - 4) : g_strdup (name);
  GtkPaperSize *paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size_and_default_margins (page, paper);
  gtk_print_settings_set_paper_size (settings, paper);
  gtk_print_settings_set_duplex (settings, GTK_PRINT_DUPLEX_HORIZONTAL);
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_DIR,
                          documents != NULL ? documents : g_get_home_dir ());
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, stem);
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf");
  gtk_print_unix_dialog_set_page_setup (dialog, page);
  gtk_print_unix_dialog_set_settings (dialog, settings);
  gtk_paper_size_free (paper);
}

/**
 * ch_letter_print_async:
 * @parent: before which the printer is chosen
 * @title: of the window it is chosen in
 * @name: of the print job, as of a file
 * @pdf: what is printed
 *
 * Asks for a printer that takes PDF and sends it there; nothing is written to a disk of this PC.
 */
void
ch_letter_print_async (GtkWindow *parent,
                       const char *title,
                       const char *name,
                       GBytes *pdf,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  GtkWidget *dialog = gtk_print_unix_dialog_new (title, parent);

  g_task_set_source_tag (task, ch_letter_print_async);
  g_task_set_task_data (task, g_bytes_ref (pdf), (GDestroyNotify) g_bytes_unref);
  g_object_set_data_full (G_OBJECT (task), "name", g_strdup (name), g_free);
  gtk_print_unix_dialog_set_manual_capabilities (
      GTK_PRINT_UNIX_DIALOG (dialog), GTK_PRINT_CAPABILITY_GENERATE_PDF | GTK_PRINT_CAPABILITY_COPIES);
  fill_in (GTK_PRINT_UNIX_DIALOG (dialog), name);
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * ch_letter_print_finish:
 *
 * Returns: whether it was sent; %FALSE without @error when somebody thought better of it
 */
gboolean
ch_letter_print_finish (GtkWindow *parent, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
