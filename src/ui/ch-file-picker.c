#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-file-picker.h"
#include "ui/ch-settings.h"

/* The one place that knows how files are chosen with this GTK */

static void
on_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog)), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
  /* Nobody else owns it */
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser, const char *const *formats)
{
  g_autoptr (GtkFileFilter) fitting = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (fitting, _ ("Accepted files"));
  for (gsize i = 0; formats[i] != NULL; i++)
    {
      gtk_file_filter_add_suffix (fitting, formats[i]);
      if (g_str_equal (formats[i], "jpg"))
        gtk_file_filter_add_suffix (fitting, "jpeg");
    }
  gtk_file_chooser_add_filter (chooser, fitting);

  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

/**
 * ch_file_picker_open_async:
 * @widget: who asks
 * @title: what for
 * @formats: (array zero-terminated=1): endings that are offered first
 *
 * Lets the user choose one or several files.
 */
void
ch_file_picker_open_async (GtkWidget *widget,
                           const char *title,
                           const char *const *formats,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (widget, NULL, callback, user_data);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Choose"), NULL);

  g_task_set_source_tag (task, ch_file_picker_open_async);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  add_filter (GTK_FILE_CHOOSER (dialog), formats);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * ch_file_picker_open_finish:
 *
 * Returns: (transfer full) (nullable): a list of #GFile; %NULL with %G_IO_ERROR_CANCELLED when none was
 * chosen
 */
GListModel *
ch_file_picker_open_finish (GtkWidget *widget, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_save_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
  g_object_unref (dialog);
}

/* Lets a file or folder be chosen, beginning in the folder for downloads */
static void
show_saving (GtkWidget *widget,
             GtkFileChooserAction action,
             const char *title,
             const char *name,
             const char *accept,
             GTask *task)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action, accept, NULL);
  g_autofree char *dir = ch_settings_get_download_dir ();
  g_autoptr (GFile) folder = dir != NULL ? g_file_new_for_path (dir) : NULL;

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (on_save_response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * ch_file_picker_save_async:
 * @widget: who asks
 * @title: what for
 * @name: of the file, a proposal
 *
 * Lets the user choose where something is written; whether it may replace a file was asked then.
 */
void
ch_file_picker_save_async (GtkWidget *widget,
                           const char *title,
                           const char *name,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (widget, NULL, callback, user_data);

  g_task_set_source_tag (task, ch_file_picker_save_async);
  show_saving (widget, GTK_FILE_CHOOSER_ACTION_SAVE, title, name, _ ("Save"), task);
}

/**
 * ch_file_picker_folder_async:
 * @widget: who asks
 * @title: what for
 *
 * Lets the user choose a folder; ch_file_picker_save_finish() has it.
 */
void
ch_file_picker_folder_async (GtkWidget *widget,
                             const char *title,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (widget, NULL, callback, user_data);

  g_task_set_source_tag (task, ch_file_picker_folder_async);
  show_saving (widget, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, title, NULL, _ ("Choose"), task);
}

/**
 * ch_file_picker_save_finish:
 *
 * Returns: (transfer full) (nullable): the file; %NULL with %G_IO_ERROR_CANCELLED when none was chosen
 */
GFile *
ch_file_picker_save_finish (GtkWidget *widget, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
