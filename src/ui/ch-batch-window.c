#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-batch-desk.h"
#include "front/ch-desk.h"
#include "ui/ch-batch-window.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-hotline.h"
#include "ui/ch-page-header.h"
#include "ui/ch-tone.h"
#include "wire/ch-policy.h"

/* A problem more says nothing more */
#define MAX_PROBLEMS 500

typedef enum
{
  STAGE_CHOOSE,
  STAGE_CHECKING,
  STAGE_WRONG, /* something in the sheet is */
  STAGE_READY, /* nothing is wrong, nothing sent */
  STAGE_SENDING,
  STAGE_STOPPED, /* not all rows are sent: it can go on */
  STAGE_DONE,
} Stage;

/* What can be applied for: a flow in a project */
typedef struct
{
  const ChFlow *flow;
  const ChProject *project;
} Kind;

struct _ChBatchWindow
{
  AdwWindow parent_instance;

  ChFront *front;            /* (owned) */
  ChProfile *profile;        /* (owned): as it was when the window was opened; a thread reads it */
  GCancellable *cancellable; /* (owned): ends with the window */
  GCancellable *stop;        /* (owned) (nullable): of the sending */
  GArray *kinds;             /* (owned) (element-type Kind) */
  char *path;                /* (owned) (nullable): of the sheet */
  ChBatchSheet *sheet;       /* (owned) (nullable) */
  ChBatchDesk *desk;         /* (owned) (nullable) */
  GtkStringList *lines;      /* (owned): what the list shows; the first letter says how it is to be taken */
  GBytes *saving;            /* (owned) (nullable): what is to be written where the user says */
  Stage stage;

  AdwToastOverlay *toasts; /* template child */
  ChHotline *hotline;      /* template child */
  ChErrorBar *error_bar;   /* template child */
  GtkStack *stack;         /* template child */
  ChPageHeader *header;    /* template child */
  AdwComboRow *kind;       /* template child */
  GtkLabel *summary;       /* template child */
  GtkLabel *note;          /* template child */
  GtkProgressBar *bar;     /* template child */
  GtkWidget *scroller;     /* template child */
  GtkListView *list;       /* template child */
  GtkButton *again;        /* template child */
  GtkButton *report;       /* template child */
  GtkButton *halt;         /* template child */
  GtkButton *send;         /* template child */
};

G_DEFINE_FINAL_TYPE (ChBatchWindow, ch_batch_window, ADW_TYPE_WINDOW)

/* -- Kinds -- */

static void
add_kinds (GArray *kinds, const ChProfile *profile, const ChFlow *flow)
{
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (profile, &flow->axes);

  for (guint i = 0; i < projects->len; i++)
    {
      const Kind kind = { flow, projects->pdata[i] };

      g_array_append_val (kinds, kind);
    }
}

/* People first: an enterprise has many of them, and is one unit */
static GArray *
list_kinds (const ChProfile *profile)
{
  static const ChSubjectKind subjects[]
      = { CH_SUBJECT_PERSON, CH_SUBJECT_LEGAL_PERSON, CH_SUBJECT_ENTERPRISE };
  GArray *kinds = g_array_new (FALSE, FALSE, sizeof (Kind));
  guint n_flows;
  const ChFlow *const *flows = ch_desk_get_flows (&n_flows);

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++)
    for (guint j = 0; j < n_flows; j++)
      if (flows[j]->axes.subject == subjects[i] && ch_batch_offers (profile, flows[j]))
        add_kinds (kinds, profile, flows[j]);
  return kinds;
}

static const Kind *
get_kind (ChBatchWindow *self)
{
  guint chosen = adw_combo_row_get_selected (self->kind);

  return chosen < self->kinds->len ? &g_array_index (self->kinds, Kind, chosen) : NULL;
}

/* -- What is seen -- */

static void
add_line (ChBatchWindow *self, ChTone tone, const char *text)
{
  g_autofree char *line = g_strdup_printf ("%d%s", tone, text);

  gtk_string_list_append (self->lines, line);
}

static void
list_problems (ChBatchWindow *self)
{
  GPtrArray *problems = ch_batch_sheet_get_problems (self->sheet);

  for (guint i = 0; i < MIN (problems->len, MAX_PROBLEMS); i++)
    {
      g_autofree char *text = ch_batch_problem_format (problems->pdata[i]);

      add_line (self, CH_TONE_BAD, text);
    }
}

static void
list_rows (ChBatchWindow *self)
{
  static const ChTone tones[] = { CH_TONE_IDLE, CH_TONE_OK, CH_TONE_BAD };

  for (guint row = 1; row <= ch_batch_sheet_get_n_rows (self->sheet); row++)
    {
      const ChBatchResult *result = self->desk != NULL ? ch_batch_desk_get_result (self->desk, row) : NULL;
      ChBatchRowState state = result != NULL ? result->state : CH_BATCH_ROW_WAITING;
      g_autofree char *name = ch_batch_sheet_format_applicant (self->sheet, row);
      /* Translators: number of a row, name of an applicant, how it stands */
      g_autofree char *text = g_strdup_printf (_ ("%1$u · %2$s · %3$s"), row, name,
                                               result != NULL && result->detail != NULL
                                                   ? result->detail
                                                   : _ (ch_batch_row_state_get_title (state)));

      add_line (self, tones[state], text);
    }
}

static void
refill_list (ChBatchWindow *self)
{
  gtk_string_list_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)), NULL);
  if (self->stage == STAGE_WRONG)
    list_problems (self);
  else if (self->stage >= STAGE_READY && self->stage != STAGE_SENDING)
    list_rows (self);
}

static char *
format_summary (ChBatchWindow *self)
{
  guint n_rows = self->sheet != NULL ? ch_batch_sheet_get_n_rows (self->sheet) : 0;
  guint n_wrong = self->sheet != NULL ? ch_batch_sheet_get_problems (self->sheet)->len : 0;

  switch (self->stage)
    {
    case STAGE_WRONG:
      return g_strdup_printf (ngettext ("%u cell is wrong", "%u cells are wrong", n_wrong), n_wrong);
    case STAGE_READY:
      return g_strdup_printf (
          ngettext ("%u application, and nothing is wrong", "%u applications, and nothing is wrong", n_rows),
          n_rows);
    case STAGE_SENDING:
      /* Translators: number of rows done, number of rows there are */
      return g_strdup_printf (_ ("Sending: %1$u of %2$u"), ch_batch_desk_get_n_done (self->desk), n_rows);
    default:
      return g_strdup_printf (_ ("%1$u of %2$u rows are sent."),
                              self->desk != NULL ? ch_batch_desk_count (self->desk, CH_BATCH_ROW_SENT) : 0,
                              n_rows);
    }
}

static const char *const notes[] = {
  [STAGE_WRONG] = N_ ("Nothing was sent. Correct these cells in the sheet, save it, and check it again."),
  [STAGE_READY] = N_ ("You confirm all of them by one signature with a certificate of this account."),
  [STAGE_SENDING] = N_ ("You may stop at any time: what is sent stays, and the same sheet goes on later."),
  [STAGE_STOPPED]
  = N_ ("Go on when the reason is gone, here or on another PC with the same sheet. No row is sent twice."),
  [STAGE_DONE] = N_ ("The CA reviews them now. Each is in the list of your applications."),
};

static void
refresh_progress (ChBatchWindow *self)
{
  g_autofree char *summary = format_summary (self);
  guint n_rows = self->sheet != NULL ? ch_batch_sheet_get_n_rows (self->sheet) : 0;

  gtk_label_set_label (self->summary, summary);
  if (self->stage == STAGE_SENDING && n_rows > 0)
    gtk_progress_bar_set_fraction (self->bar, (double) ch_batch_desk_get_n_done (self->desk) / n_rows);
}

static void
refresh (ChBatchWindow *self)
{
  gboolean is_list = self->stage > STAGE_CHECKING;

  gtk_stack_set_visible_child_name (self->stack, self->stage == STAGE_CHOOSE     ? "choose"
                                                 : self->stage == STAGE_CHECKING ? "loading"
                                                                                 : "list");
  refresh_progress (self);
  if (is_list)
    gtk_label_set_label (self->note, _ (notes[self->stage]));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), self->stage == STAGE_SENDING);
  gtk_widget_set_visible (self->scroller, self->stage != STAGE_SENDING);
  gtk_widget_set_visible (GTK_WIDGET (self->again), self->stage == STAGE_WRONG);
  gtk_widget_set_visible (GTK_WIDGET (self->report),
                          self->stage == STAGE_STOPPED || self->stage == STAGE_DONE);
  gtk_widget_set_visible (GTK_WIDGET (self->halt), self->stage == STAGE_SENDING);
  gtk_widget_set_visible (GTK_WIDGET (self->send),
                          self->stage == STAGE_READY || self->stage == STAGE_STOPPED);
  gtk_button_set_label (self->send, self->stage == STAGE_STOPPED ? _ ("Go on") : _ ("Sign and send…"));
}

static void
set_stage (ChBatchWindow *self, Stage stage)
{
  self->stage = stage;
  refill_list (self);
  refresh (self);
}

static void
on_row_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ChBatchWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_row_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ChBatchWindow *self)
{
  const char *line = gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_list_item_get_item (item)));
  GtkWidget *image = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  ChTone tone = *line - '0';

  gtk_image_set_from_icon_name (GTK_IMAGE (image), ch_tone_get_icon (tone));
  ch_tone_apply (image, tone);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (image)), line + 1);
}

/* -- Checking -- */

typedef struct
{
  const ChProfile *profile;
  Kind kind;
  char *path;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_free (reading);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;
  ChBatchSheet *sheet = ch_batch_sheet_read (reading->profile, reading->kind.flow, reading->kind.project->id,
                                             reading->path, &error);

  if (sheet != NULL)
    g_task_return_pointer (task, sheet, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChBatchWindow *self = CH_BATCH_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChBatchSheet) sheet = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (sheet == NULL)
    {
      set_stage (self, STAGE_CHOOSE);
      ch_error_bar_show (self->error_bar, error);
      return;
    }
  g_set_object (&self->sheet, sheet);
  set_stage (self, ch_batch_sheet_get_problems (sheet)->len > 0 ? STAGE_WRONG : STAGE_READY);
  gtk_widget_grab_focus (GTK_WIDGET (self->stage == STAGE_WRONG ? self->again : self->send));
}

static void
check (ChBatchWindow *self)
{
  const Kind *kind = get_kind (self);
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  if (kind == NULL || self->path == NULL)
    return;

  ch_error_bar_hide (self->error_bar);
  g_clear_object (&self->desk);
  g_clear_object (&self->sheet);
  set_stage (self, STAGE_CHECKING);
  reading = g_new0 (Reading, 1);
  reading->profile = self->profile;
  reading->kind = *kind;
  reading->path = g_strdup (self->path);
  task = g_task_new (self, NULL, on_read_cb, NULL);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}

static void
on_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChBatchWindow *self = CH_BATCH_WINDOW (source);
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (self), result, NULL);
  g_autoptr (GFile) file = files != NULL ? g_list_model_get_item (files, 0) : NULL;

  if (file == NULL || g_file_peek_path (file) == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->path);
  self->path = g_strdup (g_file_peek_path (file));
  check (self);
}

static void
on_choose_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  static const char *const formats[] = { "csv", NULL };

  ch_file_picker_open_async (GTK_WIDGET (self), _ ("Choose the sheet"), formats, on_chosen_cb, NULL);
}

static void
on_again_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  check (self);
}

static void
on_other_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  ch_error_bar_hide (self->error_bar);
  if (self->stage != STAGE_SENDING)
    set_stage (self, STAGE_CHOOSE);
}

/* -- Sending -- */

static void
on_done_cb (ChBatchDesk *desk, GParamSpec *pspec, ChBatchWindow *self)
{
  /* It goes on to the end of a row when the window is closed */
  if (!g_cancellable_is_cancelled (self->cancellable))
    refresh_progress (self);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChBatchWindow) self = user_data;
  ChBatchDesk *desk = CH_BATCH_DESK (source);
  g_autoptr (GError) error = NULL;
  gboolean is_over = ch_batch_desk_send_finish (desk, result, &error);
  gboolean is_begun = ch_batch_desk_get_batch (desk) != NULL;
  guint n_rows = ch_batch_sheet_get_n_rows (ch_batch_desk_get_sheet (desk));

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  ch_front_refresh (self->front);
  if (error != NULL && !g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED))
    ch_error_bar_show (self->error_bar, error);
  set_stage (self, !is_begun                                                            ? STAGE_READY
                   : is_over && ch_batch_desk_count (desk, CH_BATCH_ROW_SENT) == n_rows ? STAGE_DONE
                                                                                        : STAGE_STOPPED);
  gtk_widget_grab_focus (GTK_WIDGET (self->stage == STAGE_DONE ? self->report : self->send));
}

static void
send_all (ChBatchWindow *self)
{
  ChPorts *ports = ch_front_get_ports (self->front);

  ch_error_bar_hide (self->error_bar);
  if (self->desk == NULL)
    {
      self->desk = ch_batch_desk_new (ports, self->sheet);
      g_signal_connect_object (self->desk, "notify::n-done", G_CALLBACK (on_done_cb), self, 0);
    }
  g_clear_object (&self->stop);
  self->stop = g_cancellable_new ();
  set_stage (self, STAGE_SENDING);
  gtk_widget_grab_focus (GTK_WIDGET (self->halt));
  ch_batch_desk_send_async (self->desk, NULL, ch_ports_get_asker (ports), self->stop, on_sent_cb,
                            g_object_ref (self));
}

static void
on_send_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  send_all (self);
}

static void
on_halt_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
}

static void
on_retry_cb (ChErrorBar *bar, ChBatchWindow *self)
{
  ch_error_bar_hide (self->error_bar);
  if (self->stage == STAGE_READY || self->stage == STAGE_STOPPED)
    send_all (self);
}

/* -- Saving -- */

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChBatchWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *shown = g_filename_display_name (name);
  /* Translators: %s is the name of a file */
  g_autofree char *text = g_strdup_printf (_ ("Saved: %s"), shown);

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error != NULL)
    ch_error_bar_show (self->error_bar, error);
  else
    adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

static void
on_place_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChBatchWindow *self = CH_BATCH_WINDOW (source);
  g_autoptr (GFile) place = ch_file_picker_save_finish (GTK_WIDGET (self), result, NULL);

  if (place != NULL && self->saving != NULL)
    g_file_replace_contents_bytes_async (place, self->saving, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                         on_written_cb, g_object_ref (self));
}

static void
save (ChBatchWindow *self, const char *title, const char *name, GBytes *bytes) /* @bytes: (transfer full) */
{
  g_clear_pointer (&self->saving, g_bytes_unref);
  self->saving = bytes;
  ch_file_picker_save_async (GTK_WIDGET (self), title, name, on_place_picked_cb, NULL);
}

static void
on_template_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  const Kind *kind = get_kind (self);
  g_autofree char *name = kind != NULL ? g_strdup_printf ("%s.csv", kind->flow->id) : NULL;

  if (kind != NULL)
    save (self, _ ("Save the template"), name, ch_batch_make_template (self->profile, kind->flow));
}

static void
on_report_clicked_cb (GtkButton *button, ChBatchWindow *self)
{
  g_autofree char *name = g_strdup_printf ("%s-%s", _ ("Result"), ch_batch_sheet_get_name (self->sheet));

  if (self->desk != NULL)
    save (self, _ ("Save the result"), name, ch_batch_desk_make_report (self->desk));
}

/* -- The window -- */

static void
ch_batch_window_dispose (GObject *object)
{
  ChBatchWindow *self = CH_BATCH_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_BATCH_WINDOW);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_batch_window_parent_class)->dispose (object);
}

static void
ch_batch_window_finalize (GObject *object)
{
  ChBatchWindow *self = CH_BATCH_WINDOW (object);

  g_object_unref (self->cancellable);
  g_clear_object (&self->stop);
  g_clear_pointer (&self->kinds, g_array_unref);
  g_clear_pointer (&self->profile, ch_profile_free);
  g_free (self->path);
  g_clear_object (&self->sheet);
  g_clear_object (&self->desk);
  g_object_unref (self->lines);
  g_clear_pointer (&self->saving, g_bytes_unref);
  G_OBJECT_CLASS (ch_batch_window_parent_class)->finalize (object);
}

static void
ch_batch_window_class_init (ChBatchWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_batch_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_batch_window_finalize;

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-batch-window"));
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, header);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, kind);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, note);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, again);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, report);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, halt);
  gtk_widget_class_bind_template_child (widget_class, ChBatchWindow, send);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_template_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_other_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_report_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_halt_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked_cb);
}

static void
ch_batch_window_init (ChBatchWindow *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->cancellable = g_cancellable_new ();
  self->lines = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_row_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_row_bind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (
      self->list, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->lines)))));
  g_object_unref (factory);
}

static void
fill_kinds (ChBatchWindow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->kinds->len; i++)
    {
      const Kind *kind = &g_array_index (self->kinds, Kind, i);
      g_autofree char *name
          = g_strdup_printf ("%s · %s", _ (kind->flow->title), ch_text_get (kind->project->name));

      gtk_string_list_append (names, name);
    }
  adw_combo_row_set_model (self->kind, G_LIST_MODEL (names));
}

/**
 * ch_batch_window_new:
 * @front: logged in with an account
 * @parent: the window it stands before
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_batch_window_new (ChFront *front, GtkWindow *parent)
{
  ChBatchWindow *self = g_object_new (CH_TYPE_BATCH_WINDOW, "transient-for", parent, NULL);

  self->front = g_object_ref (front);
  self->profile = ch_wire_copy (&ChProfile_wire, ch_front_get_profile (front));
  self->kinds = list_kinds (self->profile);
  ch_hotline_set_front (self->hotline, front);
  ch_page_header_set_title (self->header, _ ("Many applications at once"));
  ch_page_header_set_description (
      self->header, _ ("Fill in one row of a sheet for each certificate. All rows are checked before "
                       "anything is sent, and confirmed by one signature."));
  fill_kinds (self);
  set_stage (self, STAGE_CHOOSE);
  return GTK_WIDGET (self);
}
