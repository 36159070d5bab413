#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-fact-row.h"
#include "ui/ch-hero.h"
#include "ui/ch-outline.h"
#include "ui/ch-work-page.h"

struct _ChWorkPage
{
  ChPage parent_instance;

  const char *title;       /* untranslated */
  const char *interrupted; /* untranslated */
  GPtrArray *steps;        /* (element-type ChStep): the stages */
  GPtrArray *rows;         /* (element-type ChFactRow): one for each of @steps, in @stages */

  ChHero *hero;                /* template child */
  GtkWidget *strip;            /* template child */
  GtkLabel *strip_text;        /* template child */
  GtkProgressBar *bar;         /* template child */
  GtkLabel *count;             /* template child */
  AdwPreferencesGroup *stages; /* template child */
  GtkWidget *again;            /* template child */
  GtkLabel *comfort;           /* template child */
};

G_DEFINE_FINAL_TYPE (ChWorkPage, ch_work_page, CH_TYPE_PAGE)

/* What must not happen meanwhile, and the picture of it */
static const struct
{
  const char *icon;
  const char *strip; /* untranslated */
} media[] = {
  [CH_MEDIUM_UKEY] = { "media-removable-symbolic", N_ ("Do not unplug the USB key") },
  [CH_MEDIUM_SOFT] = { "security-high-symbolic", N_ ("Do not switch off the PC") },
  [CH_MEDIUM_PHONE] = { "phone-symbolic", N_ ("Keep the phone at hand") },
};

static void
refresh_stage (ChWorkPage *self, guint i, guint current)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  ChFactRow *row = self->rows->pdata[i];

  if (i < current)
    ch_fact_row_set (row, CH_TONE_OK, _ ("Done"));
  else if (i > current)
    ch_fact_row_set (row, CH_TONE_IDLE, _ ("Not started"));
  else if (ch_run_get_state (run) == CH_RUN_BUSY || ch_run_get_state (run) == CH_RUN_READY)
    ch_fact_row_set_busy (row, _ ("In progress"));
  else
    ch_fact_row_set (row, CH_TONE_BAD, _ ("Interrupted"));
}

static void
ch_work_page_refresh (ChPage *page)
{
  ChWorkPage *self = CH_WORK_PAGE (page);
  ChRun *run = ch_page_get_run (page);
  gboolean failed = ch_run_get_state (run) == CH_RUN_FAILED || ch_run_get_state (run) == CH_RUN_RESTING;
  guint current = self->rows->len;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    if (ch_run_get_step (run) == self->steps->pdata[i])
      current = i;
  for (guint i = 0; i < self->rows->len; i++)
    refresh_stage (self, i, current);

  ch_hero_set (self->hero, failed ? CH_TONE_BAD : CH_TONE_INFO,
               failed ? NULL : media[ch_run_get_axes (run)->medium].icon,
               failed ? _ (self->interrupted) : _ (self->title), NULL);
  gtk_widget_set_visible (self->strip, !failed);
  gtk_widget_set_visible (self->again, failed);

  gtk_progress_bar_set_fraction (self->bar, (current + ch_run_get_progress (run)) / MAX (self->rows->len, 1));
  /* Translators: first %u is the number of the stage, second %u how many there are */
  text = g_strdup_printf (_ ("Step %u of %u"), MIN (current + 1, self->rows->len), self->rows->len);
  gtk_label_set_label (self->count, text);
}

static void
ch_work_page_focus (ChPage *page)
{
  ChWorkPage *self = CH_WORK_PAGE (page);

  if (gtk_widget_get_visible (self->again))
    gtk_widget_grab_focus (self->again);
}

static void
ch_work_page_dispose (GObject *object)
{
  ChWorkPage *self = CH_WORK_PAGE (object);

  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_work_page_parent_class)->dispose (object);
}

static void
ch_work_page_class_init (ChWorkPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_work_page_dispose;
  CH_PAGE_CLASS (klass)->refresh = ch_work_page_refresh;
  CH_PAGE_CLASS (klass)->focus = ch_work_page_focus;

  g_type_ensure (CH_TYPE_HERO);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-work-page"));
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, hero);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, strip);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, strip_text);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, bar);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, count);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, stages);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, again);
  gtk_widget_class_bind_template_child (widget_class, ChWorkPage, comfort);
  gtk_widget_class_bind_template_callback (widget_class, ch_page_ask_next);
}

static void
ch_work_page_init (ChWorkPage *self)
{
  self->steps = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A code of support serves once, and its ticket ends with the window */
static const char *
get_comfort (ChRun *run)
{
  if (ch_run_get_axes (run)->business == CH_BUSINESS_DOWNLOAD)
    return _ (
        "An interruption does no harm: it goes on from here while this page is open. Later it takes a new "
        "code of support.");
  if (ch_run_get_axes (run)->business == CH_BUSINESS_UNLOCK)
    return _ (
        "An interruption does no harm: begin again, and it goes on from where the USB key is. Twice a day "
        "it can be begun.");
  if (ch_run_get_axes (run)->business == CH_BUSINESS_MAKE)
    return _ ("An interruption does no harm: with the same key it goes on from here, now or later.");
  return _ ("An interruption does no harm: the next time the program is opened it goes on from here.");
}

/* What is done here */
static void
set_words (ChWorkPage *self)
{
  ChBusiness business = ch_run_get_axes (ch_page_get_run (CH_PAGE (self)))->business;

  if (business == CH_BUSINESS_MAKE)
    {
      self->title = N_ ("Making the USB key");
      self->interrupted = N_ ("The USB key is not finished");
      return;
    }
  if (business == CH_BUSINESS_UNLOCK)
    {
      self->title = N_ ("Unlocking the USB key");
      self->interrupted = N_ ("Unlocking was interrupted");
      return;
    }
  self->title = N_ ("Installing the certificate");
  self->interrupted = N_ ("The installation was interrupted");
}

/* What will not be done here is no stage, but for the one that is being done */
static gboolean
is_stage (ChRun *run, const ChStep *step, const ChStep *current)
{
  return (step->flags & CH_STEP_AUTO) != 0 && (step == current || step->wanted == NULL || step->wanted (run));
}

/**
 * ch_work_page_new:
 * @run: the run
 * @step: an automatic step; those around it are shown as well
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_work_page_new (ChRun *run, const ChStep *step)
{
  ChWorkPage *self = g_object_new (CH_TYPE_WORK_PAGE, NULL);
  g_autoptr (GPtrArray) outline = ch_outline_list (run);
  const ChOutlineEntry *entry = ch_outline_find (outline, step);

  ch_page_set_up (CH_PAGE (self), run, step);
  set_words (self);
  gtk_label_set_label (self->comfort, get_comfort (run));
  gtk_label_set_label (self->strip_text, _ (media[ch_run_get_axes (run)->medium].strip));

  for (guint i = 0; i < entry->steps->len; i++)
    {
      const ChStep *stage = entry->steps->pdata[i];
      GtkWidget *row;

      if (!is_stage (run, stage, step))
        continue;
      row = ch_fact_row_new (_ (stage->title));
      adw_preferences_group_add (self->stages, row);
      g_ptr_array_add (self->steps, (gpointer) stage);
      g_ptr_array_add (self->rows, row);
    }

  return GTK_WIDGET (self);
}
