#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-file.h"
#include "front/ch-download-desk.h"
#include "ui/ch-download-row.h"
#include "ui/ch-downloads-window.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-hotline.h"
#include "ui/ch-page-header.h"

/* What is offered has no secrets */
#define FILE_MODE 0644

/* One thing that is being saved. All members are owned. */
typedef struct
{
  ChDownloadsWindow *window;
  ChDownloadRow *row;
  char *path;
} Saving;

struct _ChDownloadsWindow
{
  AdwWindow parent_instance;

  ChFront *front;            /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the window */
  ChDownloadList *list;      /* (owned) (nullable): until it has come */
  ChDownloadRow *failed_row; /* (owned) (nullable): what could not be saved last */
  char *failed_path;         /* (owned) (nullable): where to */

  AdwToastOverlay *toasts; /* template child */
  ChHotline *hotline;      /* template child */
  ChErrorBar *error_bar;   /* template child */
  GtkStack *stack;         /* template child */
  GtkBox *groups;          /* template child */
};

G_DEFINE_FINAL_TYPE (ChDownloadsWindow, ch_downloads_window, ADW_TYPE_WINDOW)

static void
tell (ChDownloadsWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

/* -- Saving -- */

static void
saving_free (Saving *self)
{
  g_object_unref (self->window);
  g_object_unref (self->row);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static gboolean
write_content (const Saving *saving, GBytes *content, GError **error)
{
  return ch_file_write_durably (saving->path, g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                                FILE_MODE, error);
}

static void
tell_saved (const Saving *saving)
{
  g_autofree char *name = g_path_get_basename (saving->path);
  g_autofree char *shown = g_filename_display_name (name);
  /* Translators: %s is the name of a file */
  g_autofree char *text = g_strdup_printf (_ ("Saved: %s"), shown);

  tell (saving->window, text);
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  ChDownloadsWindow *self = saving->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = ch_download_desk_fetch_finish (CH_PORTS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  ch_download_row_set_busy (saving->row, FALSE);
  if (content != NULL && write_content (saving, content, &error))
    {
      tell_saved (saving);
      return;
    }
  g_set_object (&self->failed_row, saving->row);
  g_free (self->failed_path);
  self->failed_path = g_strdup (saving->path);
  ch_error_bar_show (self->error_bar, error);
}

static void
save (ChDownloadsWindow *self, ChDownloadRow *row, const char *path)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->window = g_object_ref (self);
  saving->row = g_object_ref (row);
  saving->path = g_strdup (path);
  ch_error_bar_hide (self->error_bar);
  ch_download_row_set_busy (row, TRUE);
  ch_download_desk_fetch_async (ch_front_get_ports (self->front), self->list, ch_download_row_get_item (row),
                                self->cancellable, on_fetched_cb, saving);
}

/* Where the file is to stand is asked first; whether it may replace another one is asked there, too */
static void
on_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDownloadRow) row = user_data;
  ChDownloadsWindow *self = CH_DOWNLOADS_WINDOW (source);
  g_autoptr (GFile) file = ch_file_picker_save_finish (GTK_WIDGET (self), result, NULL);

  if (file != NULL && g_file_peek_path (file) != NULL && !g_cancellable_is_cancelled (self->cancellable))
    save (self, row, g_file_peek_path (file));
}

static void
on_save_cb (ChDownloadRow *row, ChDownloadsWindow *self)
{
  g_autofree char *title = ch_download_format_title (ch_download_row_get_item (row));

  ch_file_picker_save_async (GTK_WIDGET (self), title, ch_download_row_get_item (row)->file, on_picked_cb,
                             g_object_ref (row));
}

/* -- What is offered -- */

static void
show_list (ChDownloadsWindow *self)
{
  for (ChDownloadGroup group = 0; group < CH_N_DOWNLOAD_GROUPS; group++)
    {
      GtkWidget *box = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title",
                                     _ (ch_download_group_get_title (group)), "visible", FALSE, NULL);

      gtk_box_append (self->groups, box);
      for (guint i = 0; i < self->list->items->len; i++)
        {
          const ChDownload *item = self->list->items->pdata[i];
          GtkWidget *row;

          if (ch_download_get_group (item) != group)
            continue;
          row = ch_download_row_new (item);
          g_signal_connect_object (row, "save", G_CALLBACK (on_save_cb), self, 0);
          adw_preferences_group_add (ADW_PREFERENCES_GROUP (box), row);
          gtk_widget_set_visible (box, TRUE);
        }
    }
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_child_focus (GTK_WIDGET (self->groups), GTK_DIR_TAB_FORWARD);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDownloadsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  ChDownloadList *list = ch_download_desk_list_finish (CH_PORTS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&list, ch_download_list_free);
      return;
    }

  self->list = list;
  if (list != NULL)
    show_list (self);
  else
    {
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      ch_error_bar_show (self->error_bar, error);
    }
}

static void
ask (ChDownloadsWindow *self)
{
  ch_error_bar_hide (self->error_bar);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  ch_download_desk_list_async (ch_front_get_ports (self->front), self->cancellable, on_listed_cb,
                               g_object_ref (self));
}

/* What could not be done last is tried again: the list, or the file that was to be saved */
static void
on_retry_cb (ChErrorBar *bar, ChDownloadsWindow *self)
{
  if (self->list == NULL)
    ask (self);
  else if (self->failed_row != NULL)
    save (self, self->failed_row, self->failed_path);
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *target)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (target, NULL));
  tell (CH_DOWNLOADS_WINDOW (widget), _ ("Copied"));
}

static void
ch_downloads_window_dispose (GObject *object)
{
  ChDownloadsWindow *self = CH_DOWNLOADS_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->failed_row);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_DOWNLOADS_WINDOW);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_downloads_window_parent_class)->dispose (object);
}

static void
ch_downloads_window_finalize (GObject *object)
{
  ChDownloadsWindow *self = CH_DOWNLOADS_WINDOW (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->list, ch_download_list_free);
  g_free (self->failed_path);
  G_OBJECT_CLASS (ch_downloads_window_parent_class)->finalize (object);
}

static void
ch_downloads_window_class_init (ChDownloadsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_downloads_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_downloads_window_finalize;

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", on_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-downloads-window"));
  gtk_widget_class_bind_template_child (widget_class, ChDownloadsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadsWindow, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadsWindow, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChDownloadsWindow, groups);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void
ch_downloads_window_init (ChDownloadsWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_downloads_window_new:
 * @front: that knows the CA
 * @parent: the window it stands before
 *
 * Returns: (transfer none): a window, not shown yet, that asks at once what is offered
 */
GtkWidget *
ch_downloads_window_new (ChFront *front, GtkWindow *parent)
{
  ChDownloadsWindow *self = g_object_new (CH_TYPE_DOWNLOADS_WINDOW, "transient-for", parent, NULL);

  self->front = g_object_ref (front);
  ch_hotline_set_front (self->hotline, front);
  ask (self);
  return GTK_WIDGET (self);
}
