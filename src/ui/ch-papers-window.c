#include "config.h"

#include <glib/gi18n-lib.h>

#include "papers/ch-document-check.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-paper-row.h"
#include "ui/ch-papers-window.h"
#include "wire/ch-policy.h"

struct _ChPapersWindow
{
  AdwWindow parent_instance;

  const ChDocumentRule *rule;
  GPtrArray *rows; /* (element-type ChPaperRow): in @group, in their order */

  AdwWindowTitle *title;      /* template child */
  AdwPreferencesGroup *group; /* template child */
};

G_DEFINE_FINAL_TYPE (ChPapersWindow, ch_papers_window, ADW_TYPE_WINDOW)

static guint done_signal;

static void
refresh_places (ChPapersWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    ch_paper_row_set_place (self->rows->pdata[i], i + 1, self->rows->len);
}

/* A group has no way to move a row: all are put in again */
static void
refresh_order (ChPapersWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_object_ref (self->rows->pdata[i]);
      adw_preferences_group_remove (self->group, self->rows->pdata[i]);
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      adw_preferences_group_add (self->group, self->rows->pdata[i]);
      g_object_unref (self->rows->pdata[i]);
    }
  refresh_places (self);
}

static void
move (ChPapersWindow *self, ChPaperRow *row, int by)
{
  guint index;
  int to;

  if (!g_ptr_array_find (self->rows, row, &index))
    return;
  to = (int) index + by;
  if (to < 0 || to >= (int) self->rows->len)
    return;

  self->rows->pdata[index] = self->rows->pdata[to];
  self->rows->pdata[to] = row;
  refresh_order (self);
  ch_paper_row_focus_turn (row);
}

static void
on_up_cb (ChPaperRow *row, ChPapersWindow *self)
{
  move (self, row, -1);
}

static void
on_down_cb (ChPaperRow *row, ChPapersWindow *self)
{
  move (self, row, 1);
}

static void
on_remove_cb (ChPaperRow *row, ChPapersWindow *self)
{
  guint index;

  if (!g_ptr_array_find (self->rows, row, &index) || self->rows->len < 2)
    return;
  g_ptr_array_remove_index (self->rows, index);
  adw_preferences_group_remove (self->group, GTK_WIDGET (row));
  refresh_places (self);
  ch_paper_row_focus_turn (self->rows->pdata[MIN (index, self->rows->len - 1)]);
}

static void
add (ChPapersWindow *self, ChPaper *paper)
{
  GtkWidget *row = ch_paper_row_new (paper);

  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (self->group, row);
  g_signal_connect_object (row, "up", G_CALLBACK (on_up_cb), self, 0);
  g_signal_connect_object (row, "down", G_CALLBACK (on_down_cb), self, 0);
  g_signal_connect_object (row, "remove", G_CALLBACK (on_remove_cb), self, 0);
}

static void
on_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChPapersWindow) self = user_data;
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (source), result, NULL);

  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      g_autoptr (ChPaper) paper = ch_paper_new (file);

      add (self, paper);
    }
  refresh_places (self);
}

static void
on_add_cb (GtkButton *button, ChPapersWindow *self)
{
  ch_file_picker_open_async (GTK_WIDGET (self), _ ("Add pages"), (const char *const *) self->rule->formats,
                             on_chosen_cb, g_object_ref (self));
}

static void
on_cancel_cb (GtkButton *button, ChPapersWindow *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_done_cb (GtkButton *button, ChPapersWindow *self)
{
  g_autoptr (GPtrArray) papers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (papers, g_object_ref (ch_paper_row_get_paper (self->rows->pdata[i])));
  g_signal_emit (self, done_signal, 0, papers);
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
on_drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, ChPapersWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *l = files; l != NULL; l = l->next)
    {
      g_autoptr (ChPaper) paper = ch_paper_new (l->data);

      add (self, paper);
    }
  refresh_places (self);
  return TRUE;
}

static void
ch_papers_window_finalize (GObject *object)
{
  g_ptr_array_unref (CH_PAPERS_WINDOW (object)->rows);
  G_OBJECT_CLASS (ch_papers_window_parent_class)->finalize (object);
}

static void
ch_papers_window_class_init (ChPapersWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_papers_window_finalize;
  done_signal = g_signal_new ("done", CH_TYPE_PAPERS_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-papers-window"));
  gtk_widget_class_bind_template_child (widget_class, ChPapersWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ChPapersWindow, group);
  gtk_widget_class_bind_template_callback (widget_class, on_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_done_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ch_papers_window_init (ChPapersWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * ch_papers_window_new:
 * @parent: (nullable): the window it belongs to
 * @rule: the document
 * @papers: (element-type ChPaper): its pages as they are; copied, so that closing the window changes nothing
 *
 * Returns: (transfer floating): the window
 */
GtkWidget *
ch_papers_window_new (GtkWindow *parent, const ChDocumentRule *rule, GPtrArray *papers)
{
  ChPapersWindow *self = g_object_new (CH_TYPE_PAPERS_WINDOW, "transient-for", parent, NULL);

  self->rule = rule;
  adw_window_title_set_subtitle (self->title, ch_text_get (rule->name));
  for (guint i = 0; i < papers->len; i++)
    {
      g_autoptr (ChPaper) paper = ch_paper_copy (papers->pdata[i]);

      add (self, paper);
    }
  adw_preferences_group_set_description (self->group,
                                         ch_document_takes_bundle (rule)
                                             ? _ ("They are bundled into one file for you, in this order.")
                                             : _ ("They are joined into one file, in this order."));
  refresh_places (self);
  return GTK_WIDGET (self);
}
