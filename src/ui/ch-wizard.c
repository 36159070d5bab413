#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-conflict-dialog.h"
#include "ui/ch-error-bar.h"
#include "front/ch-format.h"
#include "ui/ch-outline.h"
#include "ui/ch-page.h"
#include "ui/ch-pages.h"
#include "ui/ch-step-row.h"
#include "ui/ch-wizard.h"

/* From here on there is room for the list of steps beside any page */
#define WIDE 700

struct _ChWizard
{
  AdwBin parent_instance;

  ChRun *run;              /* (owned) */
  GPtrArray *outline;      /* (owned) (element-type ChOutlineEntry) */
  const ChFlow *flow;      /* of which @outline is */
  ChPage *page;            /* (unowned): in @stack */
  const ChStep *mending;   /* (nullable): opened to correct what was refused */
  guint page_index;        /* its place in the outline, for the direction of the slide */
  const GError *seen;      /* (unowned): the error that was shown last */
  gboolean seen_explained; /* and whether the page says it itself */
  gboolean refreshing;
  gboolean was_busy;

  AdwHeaderBar *header;     /* template child */
  AdwWindowTitle *title;    /* template child */
  AdwToastOverlay *toasts;  /* template child */
  AdwFlap *flap;            /* template child */
  GtkListBox *steps;        /* template child */
  GtkLabel *step_of;        /* template child */
  GtkLabel *step_title;     /* template child */
  GtkProgressBar *progress; /* template child */
  ChErrorBar *error_bar;    /* template child */
  GtkStack *stack;          /* template child */
  GtkWidget *bar;           /* template child */
  GtkWidget *back;          /* template child */
  GtkLabel *note;           /* template child */
  GtkWidget *next;          /* template child */
  GtkLabel *next_label;     /* template child */
  GtkSpinner *next_spinner; /* template child */
};

G_DEFINE_FINAL_TYPE (ChWizard, ch_wizard, ADW_TYPE_BIN)

enum
{
  SIGNAL_LEAVE,
  SIGNAL_LOG_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void refresh (ChWizard *self);

/* Header and steps */

static void
refresh_title (ChWizard *self)
{
  const ChAxes *axes = ch_run_get_axes (self->run);
  const char *subject = _ (ch_subject_get_title (axes->subject));
  g_autofree char *subtitle = NULL;

  /* Until there is an application the project may still decide otherwise */
  if (ch_run_get_application (self->run) == NULL)
    subtitle = g_strdup (subject);
  else
    subtitle = g_strdup_printf ("%s · %s", subject, _ (ch_medium_get_title (axes->medium)));

  adw_window_title_set_title (self->title, _ (ch_business_get_title (axes->business)));
  adw_window_title_set_subtitle (self->title, subtitle);
}

static void
build_steps (ChWizard *self)
{
  GtkListBoxRow *row;

  self->flow = ch_run_get_flow (self->run);
  g_clear_pointer (&self->outline, g_ptr_array_unref);
  self->outline = ch_outline_list (self->run);

  while ((row = gtk_list_box_get_row_at_index (self->steps, 0)) != NULL)
    gtk_list_box_remove (self->steps, GTK_WIDGET (row));
  for (guint i = 0; i < self->outline->len; i++)
    {
      const ChOutlineEntry *entry = self->outline->pdata[i];

      gtk_list_box_append (self->steps, ch_step_row_new (i + 1, _ (entry->title)));
    }
}

static void
refresh_steps (ChWizard *self)
{
  const ChStep *step = ch_run_get_step (self->run);
  guint current = ch_outline_get_index (self->outline, step);
  /* The page that shows what came of it has nothing to be done any more */
  gboolean over
      = ch_run_get_state (self->run) == CH_RUN_DONE || (step != NULL && step->page == CH_PAGE_RESULT);
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->outline->len; i++)
    {
      const ChOutlineEntry *entry = self->outline->pdata[i];
      ChStepRow *row = CH_STEP_ROW (gtk_list_box_get_row_at_index (self->steps, (int) i));
      ChStepRowState state = CH_STEP_ROW_TODO;

      if (i == current && !over)
        state = CH_STEP_ROW_CURRENT;
      else if (i == current || ch_outline_entry_is_done (entry, self->run))
        state = CH_STEP_ROW_DONE;
      ch_step_row_set_state (row, state, i != current && ch_run_can_go_to (self->run, entry->main));
    }

  /* Translators: first %u is the number of the step, second %u how many there are */
  text = g_strdup_printf (_ ("Step %u of %u"), current + 1, self->outline->len);
  gtk_label_set_label (self->step_of, text);
  if (current < self->outline->len)
    gtk_label_set_label (self->step_title,
                         _ (((const ChOutlineEntry *) self->outline->pdata[current])->title));
  gtk_progress_bar_set_fraction (self->progress, (current + 1.0) / MAX (self->outline->len, 1));
}

/* Pages */

static void
focus_page (ChWizard *self)
{
  if (self->page == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  ch_page_focus (self->page);
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->stack)) == NULL && gtk_widget_get_visible (self->next))
    gtk_widget_grab_focus (self->next);
}

/* The slide is over: what slid away goes, and with it what was typed there */
static void
settle (ChWizard *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack));
  GtkWidget *visible = gtk_stack_get_visible_child (self->stack);

  while (child != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);

      if (child != visible)
        gtk_stack_remove (self->stack, child);
      child = next;
    }

  focus_page (self);
}

static void
on_transition_cb (GtkStack *stack, GParamSpec *pspec, ChWizard *self)
{
  if (!gtk_stack_get_transition_running (stack))
    settle (self);
}

static void
on_page_next_cb (ChPage *page, ChWizard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "wizard.next", NULL);
}

static void
on_page_leave_cb (ChPage *page, ChWizard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "wizard.leave", NULL);
}

static void
on_page_refresh_cb (ChPage *page, ChWizard *self)
{
  refresh (self);
}

/* From what was refused to the step where it is corrected */
static void
on_page_open_cb (ChPage *page, const char *id, ChWizard *self)
{
  GPtrArray *steps = ch_run_get_steps (self->run);

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      if (!g_str_equal (step->id, id))
        continue;
      self->mending = step;
      if (step != ch_run_get_step (self->run) && ch_run_can_go_to (self->run, step))
        ch_run_go_to (self->run, step);
      refresh (self);
      return;
    }
}

static void
show_page (ChWizard *self, GtkWidget *page) /* (transfer floating) */
{
  guint index = ch_outline_get_index (self->outline, ch_run_get_step (self->run));
  GtkWidget *scrolled
      = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "child", page, NULL);

  g_signal_connect_object (page, "next", G_CALLBACK (on_page_next_cb), self, 0);
  g_signal_connect_object (page, "refresh", G_CALLBACK (on_page_refresh_cb), self, 0);
  g_signal_connect_object (page, "open", G_CALLBACK (on_page_open_cb), self, 0);
  g_signal_connect_object (page, "leave", G_CALLBACK (on_page_leave_cb), self, 0);

  gtk_stack_add_child (self->stack, scrolled);
  gtk_stack_set_transition_type (self->stack, index >= self->page_index
                                                  ? GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT
                                                  : GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  self->page = CH_PAGE (page);
  self->page_index = index;
  self->seen = NULL;
  ch_page_refresh (self->page);
  gtk_stack_set_visible_child (self->stack, scrolled);
  if (!gtk_stack_get_transition_running (self->stack))
    settle (self);
}

static void
refresh_page (ChWizard *self)
{
  GtkWidget *page;

  if (self->mending != ch_run_get_step (self->run))
    self->mending = NULL;

  page = ch_pages_make (self->run, self->outline, self->mending, self->page);
  if (page != NULL)
    show_page (self, page);
  else if (self->page != NULL)
    ch_page_refresh (self->page);
}

/* Bar and error */

static void
refresh_error (ChWizard *self)
{
  const GError *error = ch_run_get_error (self->run);

  if (ch_run_get_state (self->run) == CH_RUN_BUSY)
    {
      ch_error_bar_hide (self->error_bar);
      self->seen = NULL;
      return;
    }

  if (error == NULL && self->page != NULL)
    error = ch_page_get_error (self->page);
  if (error == NULL)
    {
      ch_error_bar_hide (self->error_bar);
      self->seen = NULL;
      return;
    }
  if (error == self->seen)
    return;

  self->seen = error;
  ch_conflict_dialog_ask (self->run, GTK_WIDGET (self));
  self->seen_explained = self->page != NULL && ch_page_explains (self->page, error);
  if (self->seen_explained)
    ch_error_bar_hide (self->error_bar);
  else
    ch_error_bar_show (self->error_bar, error);
}

static void
refresh_buttons (ChWizard *self)
{
  gboolean busy = ch_run_get_state (self->run) == CH_RUN_BUSY;
  const char *next = self->page != NULL ? ch_page_get_next_label (self->page) : NULL;
  const char *note = self->page != NULL ? ch_page_get_note (self->page) : NULL;
  gboolean can_back = self->page != NULL && ch_run_get_can_back (self->run);
  gint64 saved = ch_run_get_draft_saved (self->run);
  g_autofree char *text = NULL;

  /* Pages without the bar have buttons of their own for it */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.next", self->page != NULL && !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.back", can_back);
  gtk_widget_set_visible (self->bar, next != NULL);
  gtk_widget_set_visible (self->next, next != NULL);
  gtk_widget_set_visible (self->back, can_back || (busy && gtk_widget_get_visible (self->back)));
  gtk_label_set_label (self->next_label, next != NULL ? next : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->next), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  next != NULL ? next : "", -1);
  gtk_widget_set_visible (GTK_WIDGET (self->next_spinner), busy);
  gtk_spinner_set_spinning (self->next_spinner, busy);

  if (note == NULL && saved > 0)
    {
      g_autofree char *time = ch_format_time (saved);

      /* Translators: %s is a time of day: Draft saved 14:32 */
      text = g_strdup_printf (_ ("Draft saved %s"), time);
    }
  gtk_label_set_label (self->note, note != NULL ? note : text != NULL ? text : "");
}

/* The button that was pressed could not keep the focus; where nothing else has it, it goes back there */
static void
refresh_focus (ChWizard *self)
{
  gboolean busy = ch_run_get_state (self->run) == CH_RUN_BUSY;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->was_busy && !busy && root != NULL && gtk_root_get_focus (root) == NULL
      && gtk_widget_get_visible (self->next))
    gtk_widget_grab_focus (self->next);
  self->was_busy = busy;
}

static void
refresh (ChWizard *self)
{
  /* A page that is being filled may set answers */
  if (self->refreshing)
    return;

  self->refreshing = TRUE;
  if (self->flow != ch_run_get_flow (self->run))
    build_steps (self);
  refresh_title (self);
  refresh_page (self);
  refresh_steps (self);
  refresh_error (self);
  refresh_buttons (self);
  refresh_focus (self);
  self->refreshing = FALSE;
}

static void
on_run_notify_cb (ChRun *run, GParamSpec *pspec, ChWizard *self)
{
  refresh (self);
}

/* Deeds */

static void
go_next (ChWizard *self)
{
  if (self->page == NULL || !ch_page_commit (self->page))
    return;

  ch_run_next (self->run);
  refresh (self);
}

static void
on_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_next (CH_WIZARD (widget));
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ChWizard *self = CH_WIZARD (widget);

  if (ch_run_get_can_back (self->run))
    ch_run_back (self->run);
}

static void
on_leave (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ChWizard *self = CH_WIZARD (widget);

  if (ch_wizard_get_can_leave (self))
    g_signal_emit (self, signals[SIGNAL_LEAVE], 0);
  else
    adw_toast_overlay_add_toast (self->toasts,
                                 ch_ui_make_toast (_ ("Please wait until the certificate is installed.")));
}

static void
on_retry_cb (ChErrorBar *bar, ChWizard *self)
{
  go_next (self);
}

static void
on_log_in_cb (ChErrorBar *bar, ChWizard *self)
{
  g_signal_emit (self, signals[SIGNAL_LOG_IN], 0);
}

static void
on_step_activated_cb (GtkListBox *list, GtkListBoxRow *row, ChWizard *self)
{
  const ChOutlineEntry *entry = self->outline->pdata[gtk_list_box_row_get_index (row)];

  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  if (ch_run_can_go_to (self->run, entry->main))
    ch_run_go_to (self->run, entry->main);
}

static void
ch_wizard_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ch_wizard_parent_class)->map (widget);
  focus_page (CH_WIZARD (widget));
}

static GtkSizeRequestMode
ch_wizard_get_request_mode (GtkWidget *widget)
{
  return gtk_widget_get_request_mode (adw_bin_get_child (ADW_BIN (widget)));
}

static void
ch_wizard_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

/* By itself the flap would fold only when the page fits no longer, and each page differs */
static void
ch_wizard_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  adw_flap_set_fold_policy (CH_WIZARD (widget)->flap,
                            width >= WIDE ? ADW_FLAP_FOLD_POLICY_AUTO : ADW_FLAP_FOLD_POLICY_ALWAYS);
  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
}

static void
ch_wizard_dispose (GObject *object)
{
  ChWizard *self = CH_WIZARD (object);

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  self->page = NULL;
  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_object (&self->run);
  g_clear_pointer (&self->outline, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_wizard_parent_class)->dispose (object);
}

static void
ch_wizard_class_init (ChWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_wizard_dispose;
  widget_class->map = ch_wizard_map;
  widget_class->get_request_mode = ch_wizard_get_request_mode;
  widget_class->measure = ch_wizard_measure;
  widget_class->size_allocate = ch_wizard_size_allocate;

  signals[SIGNAL_LEAVE]
      = g_signal_new ("leave", CH_TYPE_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOG_IN]
      = g_signal_new ("log-in", CH_TYPE_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-wizard"));
  gtk_widget_class_bind_template_child (widget_class, ChWizard, header);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, title);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, flap);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, steps);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, step_of);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, step_title);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, progress);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, stack);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, bar);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, back);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, note);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, next);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, next_label);
  gtk_widget_class_bind_template_child (widget_class, ChWizard, next_spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_step_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_log_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_transition_cb);

  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, on_next);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "wizard.leave", NULL, on_leave);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "wizard.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "wizard.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, "wizard.next", NULL);
}

static void
ch_wizard_init (ChWizard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Its own measure and size_allocate instead */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
}

/**
 * ch_wizard_new:
 * @run: (transfer none): a run that has been started or resumed
 *
 * Returns: (transfer floating): the wizard of @run
 */
GtkWidget *
ch_wizard_new (ChRun *run)
{
  static const char *const watched[] = { "step", "state", "error", "progress", "facts", "draft-saved" };
  ChWizard *self = g_object_new (CH_TYPE_WIZARD, NULL);

  self->run = g_object_ref (run);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      g_autofree char *detailed = g_strconcat ("notify::", watched[i], NULL);

      g_signal_connect_object (run, detailed, G_CALLBACK (on_run_notify_cb), self, 0);
    }

  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_wizard_get_run:
 *
 * Returns: (transfer none): the run
 */
ChRun *
ch_wizard_get_run (ChWizard *self)
{
  g_return_val_if_fail (CH_IS_WIZARD (self), NULL);

  return self->run;
}

/**
 * ch_wizard_get_can_leave:
 *
 * Returns: whether the wizard may be left and the window closed: not while a certificate is being installed
 */
gboolean
ch_wizard_get_can_leave (ChWizard *self)
{
  const ChStep *step;
  const ChOutlineEntry *entry;

  g_return_val_if_fail (CH_IS_WIZARD (self), TRUE);

  step = ch_run_get_step (self->run);
  entry = ch_outline_find (self->outline, step);
  return step == NULL || entry == NULL || !entry->works || ch_run_get_state (self->run) != CH_RUN_BUSY
         || (step->flags & CH_STEP_AUTO) == 0;
}

/**
 * ch_wizard_add_header:
 * @widget: (transfer floating): goes to the end of the header bar, e.g. the hotline
 */
void
ch_wizard_add_header (ChWizard *self, GtkWidget *widget)
{
  g_return_if_fail (CH_IS_WIZARD (self));

  adw_header_bar_pack_end (self->header, widget);
}
