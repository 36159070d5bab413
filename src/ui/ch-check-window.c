#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-check-window.h"

#include "base/ch-error.h"
#include "envcheck/ch-check-report.h"
#include "ui/ch-check-mend.h"
#include "ui/ch-check-row.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-hotline.h"
#include "ui/ch-text-window.h"
#include "ui/ch-tone.h"

struct _ChCheckWindow
{
  AdwWindow parent_instance;

  ChCheckRun *run;                             /* (owned) */
  GCancellable *cancellable;                   /* (owned): ends with the window */
  gboolean is_mending;                         /* the system is asked to do something */
  ChCheckResult *offered;                      /* (owned) (nullable): what the button mends */
  char *concerned;                             /* (owned) (nullable): id of the check that is looked for */
  GtkWidget *group_widgets[CH_N_CHECK_GROUPS]; /* (unowned) (nullable) */

  AdwToastOverlay *toasts; /* template child */
  GtkWidget *save;         /* template child */
  ChHotline *hotline;      /* template child */
  GtkBox *groups;          /* template child */
  GtkWidget *card;         /* template child */
  GtkImage *glyph;         /* template child */
  GtkLabel *headline;      /* template child */
  GtkLabel *sentence;      /* template child */
  GtkWidget *again;        /* template child */
  GtkButton *mend;         /* template child */
};

G_DEFINE_FINAL_TYPE (ChCheckWindow, ch_check_window, ADW_TYPE_WINDOW)

static void start (ChCheckWindow *self);

/* -- The card ------------------------------------------------------------------------------------------ */

/* What is the matter, in one sentence that begins with the thing it is about */
static char *
format_sentence (ChCheckItem *item)
{
  const ChCheckResult *result = ch_check_item_get_result (item);
  const char *title = ch_check_item_get_title (item);
  const char *rest = result->meaning != NULL ? result->meaning : result->todo;

  if (rest == NULL)
    /* Translators: what was checked, and what came out: “Smart-card service: Not running.” */
    return g_strdup_printf (_ ("%1$s: %2$s."), title, result->summary);
  /* Translators: what was checked, what came out, and a sentence about what it means */
  return g_strdup_printf (_ ("%1$s: %2$s. %3$s"), title, result->summary, rest);
}

static void
refresh_card (ChCheckWindow *self)
{
  guint n_failed = ch_check_run_count (self->run, CH_CHECK_FAILED);
  guint n_warnings = ch_check_run_count (self->run, CH_CHECK_WARNING);
  ChCheckItem *worst = ch_check_run_find_first (self->run, n_failed > 0 ? CH_CHECK_FAILED : CH_CHECK_WARNING);
  g_autofree char *headline = NULL;
  g_autofree char *sentence = NULL;
  ChTone tone;

  if (ch_check_run_is_running (self->run))
    {
      tone = CH_TONE_INFO;
      headline = g_strdup (_ ("Checking…"));
      sentence = g_strdup (_ ("This takes a few seconds."));
    }
  else if (n_failed > 0)
    {
      tone = CH_TONE_BAD;
      headline = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u thing has to be mended", "%u things have to be mended", n_failed),
          n_failed);
      sentence = format_sentence (worst);
    }
  else if (n_warnings > 0)
    {
      tone = CH_TONE_WARN;
      headline = g_strdup (_ ("Everything needed works"));
      sentence = format_sentence (worst);
    }
  else
    {
      tone = CH_TONE_OK;
      headline = g_strdup (_ ("Everything is in order"));
      sentence = g_strdup (_ ("You can do your business with the CA."));
    }

  ch_tone_apply (self->card, tone);
  gtk_image_set_from_icon_name (self->glyph, ch_tone_get_icon (tone));
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->sentence, sentence);
}

/* The first cause that the program can do something about; what failed comes before what is only worth a word
 */
static ChCheckResult *
find_offer (ChCheckWindow *self)
{
  static const ChCheckState states[] = { CH_CHECK_FAILED, CH_CHECK_WARNING };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->run));

  for (gsize s = 0; s < G_N_ELEMENTS (states); s++)
    for (guint i = 0; i < n; i++)
      {
        g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (self->run), i);
        ChCheckResult *result = ch_check_item_get_result (item);

        if (result != NULL && result->state == states[s] && result->action != CH_CHECK_ACTION_NONE)
          return result;
      }
  return NULL;
}

/* -- The groups ---------------------------------------------------------------------------------------- */

static int
rate_group (ChCheckWindow *self, ChCheckGroup group)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->run));
  int rate = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (self->run), i);
      ChCheckState state = ch_check_item_get_state (item);

      if (ch_check_item_get_check (item)->group != group)
        continue;
      rate = MAX (rate, state == CH_CHECK_FAILED ? 2 : state == CH_CHECK_WARNING ? 1 : 0);
    }
  return rate;
}

/* The one with the failure first, else as they stand in the table */
static void
sort_groups (ChCheckWindow *self)
{
  GtkWidget *last = self->card;

  for (int rate = 2; rate >= 0; rate--)
    for (guint group = 0; group < CH_N_CHECK_GROUPS; group++)
      if (self->group_widgets[group] != NULL && rate_group (self, group) == rate)
        {
          gtk_box_reorder_child_after (self->groups, self->group_widgets[group], last);
          last = self->group_widgets[group];
        }
}

static void
add_rows (ChCheckWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->run));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChCheckItem) item = g_list_model_get_item (G_LIST_MODEL (self->run), i);
      ChCheckGroup group = ch_check_item_get_check (item)->group;

      if (self->group_widgets[group] == NULL)
        {
          self->group_widgets[group] = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group_widgets[group]),
                                           _ (ch_check_group_get_title (group)));
          gtk_box_append (self->groups, self->group_widgets[group]);
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group_widgets[group]), ch_check_row_new (item));
    }
}

/* A driver was installed or removed */
static void
on_items_changed_cb (GListModel *run, guint position, guint n_removed, guint n_added, ChCheckWindow *self)
{
  for (guint group = 0; group < CH_N_CHECK_GROUPS; group++)
    if (self->group_widgets[group] != NULL)
      {
        gtk_box_remove (self->groups, self->group_widgets[group]);
        self->group_widgets[group] = NULL;
      }
  add_rows (self);
}

static gboolean
is_about (GtkWidget *widget, const char *check)
{
  ChCheckItem *item = CH_IS_CHECK_ROW (widget) ? ch_check_row_get_item (CH_CHECK_ROW (widget)) : NULL;

  return item != NULL && g_str_equal (ch_check_item_get_check (item)->id, check);
}

static GtkWidget *
find_row (GtkWidget *widget, const char *check)
{
  GtkWidget *found = is_about (widget, check) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, check);
  return found;
}

/* Who came from a message sees what that is about */
static void
show_concerned (ChCheckWindow *self)
{
  GtkWidget *row = self->concerned != NULL ? find_row (GTK_WIDGET (self->groups), self->concerned) : NULL;

  if (row == NULL)
    return;
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  gtk_widget_grab_focus (row);
}

static void
refresh (ChCheckWindow *self)
{
  gboolean is_busy = ch_check_run_is_running (self->run) || self->is_mending;
  const char *label;

  if (!is_busy)
    {
      ChCheckResult *offer = find_offer (self);

      g_clear_pointer (&self->offered, ch_check_result_unref);
      self->offered = offer != NULL ? ch_check_result_ref (offer) : NULL;
    }
  label = self->offered != NULL ? ch_check_action_get_label (self->offered->action) : NULL;
  refresh_card (self);
  gtk_widget_set_sensitive (self->again, !is_busy);
  gtk_widget_set_sensitive (self->save, !is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->mend), !is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->mend), label != NULL);
  if (label != NULL)
    gtk_button_set_label (self->mend, _ (label));
}

/* -- Deeds --------------------------------------------------------------------------------------------- */

static void
on_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChCheckWindow) self = user_data;

  /* Cancelled: the window is gone */
  if (!ch_check_run_start_finish (CH_CHECK_RUN (source), result, NULL))
    return;
  refresh (self);
  sort_groups (self);
  gtk_widget_grab_focus (gtk_widget_get_visible (GTK_WIDGET (self->mend)) ? GTK_WIDGET (self->mend)
                                                                          : self->again);
  show_concerned (self);
}

static void
start (ChCheckWindow *self)
{
  ch_check_run_start_async (self->run, self->cancellable, on_checked_cb, g_object_ref (self));
  refresh (self);
}

static void
on_again_clicked_cb (GtkButton *button, ChCheckWindow *self)
{
  start (self);
}

static void
tell (ChCheckWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

/* The rows’ and the hotline’s copy buttons ask their window, whichever it is */
static void
on_copy (GtkWidget *widget, const char *name, GVariant *target)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (target, NULL));
  tell (CH_CHECK_WINDOW (widget), _ ("Copied"));
}

static void
on_mended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChCheckWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = ch_check_mend_finish (GTK_WINDOW (source), result, &error);

  self->is_mending = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || (is_done && self->offered->action == CH_CHECK_ACTION_COPY_COMMAND))
    {
      if (is_done)
        tell (self, _ ("Copied"));
      refresh (self);
      return;
    }
  if (!is_done)
    {
      g_message ("not mended: %s", error->message);
      tell (self, _ ("That could not be done from here"));
    }
  start (self);
}

static void
on_mend_clicked_cb (GtkButton *button, ChCheckWindow *self)
{
  self->is_mending = TRUE;
  refresh (self);
  ch_check_mend_async (GTK_WINDOW (self), self->offered, self->cancellable, on_mended_cb,
                       g_object_ref (self));
}

static void
on_save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChCheckWindow) self = user_data;
  g_autoptr (GFile) file = ch_file_picker_save_finish (GTK_WIDGET (source), result, NULL);
  g_autoptr (ChCheckReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (file == NULL)
    return;
  report = ch_check_report_new (self->run);
  if (g_file_peek_path (file) != NULL && ch_check_report_save (report, g_file_peek_path (file), &error))
    tell (self, _ ("Report saved"));
  else
    tell (self, _ (ch_error_code_get_info (CH_ERROR_FILE)->title));
  gtk_window_close (GTK_WINDOW (source));
}

static void
on_save_wanted_cb (ChTextWindow *window, ChCheckWindow *self)
{
  ch_file_picker_save_async (GTK_WIDGET (window), _ ("Save the report"), "certhall-check.html",
                             on_save_chosen_cb, g_object_ref (self));
}

/* Read before it leaves this PC */
static void
on_save_clicked_cb (GtkButton *button, ChCheckWindow *self)
{
  g_autoptr (ChCheckReport) report = NULL;
  g_autofree char *text = NULL;
  GtkWidget *window;

  /* Half a report misleads: its code says that all is well. Assistive technology may be a moment behind. */
  if (ch_check_run_is_running (self->run))
    return;

  report = ch_check_report_new (self->run);
  text = ch_check_report_to_text (report);
  window = ch_text_window_new (GTK_WINDOW (self), _ ("Report"), _ ("Names and numbers were shortened"), text,
                               _ ("Save…"));
  g_signal_connect_object (window, "save", G_CALLBACK (on_save_wanted_cb), self, 0);
  gtk_window_present (GTK_WINDOW (window));
}

/* -- GObject ------------------------------------------------------------------------------------------- */

static gboolean
ch_check_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (CH_CHECK_WINDOW (window)->cancellable);
  return GTK_WINDOW_CLASS (ch_check_window_parent_class)->close_request (window);
}

static void
ch_check_window_dispose (GObject *object)
{
  ChCheckWindow *self = CH_CHECK_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CHECK_WINDOW);
  G_OBJECT_CLASS (ch_check_window_parent_class)->dispose (object);
}

static void
ch_check_window_finalize (GObject *object)
{
  ChCheckWindow *self = CH_CHECK_WINDOW (object);

  g_clear_object (&self->run);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->offered, ch_check_result_unref);
  g_free (self->concerned);

  G_OBJECT_CLASS (ch_check_window_parent_class)->finalize (object);
}

static void
ch_check_window_class_init (ChCheckWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_check_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_check_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = ch_check_window_close_request;

  g_type_ensure (CH_TYPE_HOTLINE);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-check-window"));
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, save);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, card);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, glyph);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, headline);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, sentence);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, again);
  gtk_widget_class_bind_template_child (widget_class, ChCheckWindow, mend);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_mend_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
ch_check_window_init (ChCheckWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_check_window_new:
 * @application: the program
 * @front: (nullable): knows the CA’s hotline
 * @run: checks that are not being made; the window begins with them at once
 *
 * Returns: (transfer none): a window, owned by GTK
 */
GtkWidget *
ch_check_window_new (GtkApplication *application, ChFront *front, ChCheckRun *run)
{
  ChCheckWindow *self = g_object_new (CH_TYPE_CHECK_WINDOW, "application", application, NULL);

  self->run = g_object_ref (run);
  ch_hotline_set_front (self->hotline, front);
  add_rows (self);
  g_signal_connect_object (run, "items-changed", G_CALLBACK (on_items_changed_cb), self, 0);
  start (self);
  return GTK_WIDGET (self);
}

/**
 * ch_check_window_show_check:
 * @check: id of a check
 *
 * Unfolds its row, at once and when it was checked.
 */
void
ch_check_window_show_check (ChCheckWindow *self, const char *check)
{
  g_return_if_fail (CH_IS_CHECK_WINDOW (self));

  g_free (self->concerned);
  self->concerned = g_strdup (check);
  show_concerned (self);
}
