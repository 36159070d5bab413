#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/ch-fact-row.h"
#include "front/ch-format.h"
#include "ui/ch-hero.h"
#include "ui/ch-receipt-button.h"
#include "ui/ch-wait-page.h"
#include "wire/ch-policy.h"

struct _ChWaitPage
{
  ChPage parent_instance;

  GPtrArray *rows; /* (element-type ChFactRow): one for each stage, in @stages */

  ChHero *hero;                /* template child */
  AdwPreferencesGroup *stages; /* template child */
  GtkButton *receipt;          /* template child */
  GtkWidget *home;             /* template child */
};

G_DEFINE_FINAL_TYPE (ChWaitPage, ch_wait_page, CH_TYPE_PAGE)

/* The way of an application, as its applicant sees it */
static const struct
{
  ChFact fact;
  const char *title; /* untranslated */
} stages[] = {
  { CH_FACT_SETTLED, N_ ("Payment") },
  { CH_FACT_SUBMITTED, N_ ("Handed in") },
  { CH_FACT_APPROVED, N_ ("Review of the documents") },
  { CH_FACT_INSTALLED, N_ ("Install the certificate") },
};

/* Of a medium the CA makes, the last of them is the CA’s too */
static gboolean
is_made_here (ChRun *run)
{
  return ch_profile_is_made_here (ch_run_get_profile (run), ch_run_get_axes (run));
}

static const char *
get_stage_title (ChRun *run, gsize i)
{
  return stages[i].fact == CH_FACT_INSTALLED && is_made_here (run) ? N_ ("Make the USB key")
                                                                   : stages[i].title;
}

/* Who looks over the shoulder need not read it all: 138****5678 */
static char *
mask_mobile (const char *mobile)
{
  return mobile != NULL && strlen (mobile) == 11 ? g_strdup_printf ("%.3s****%s", mobile, mobile + 7)
                                                 : g_strdup ("");
}

/* The word of a stage that is done: what it cost, or when it was */
static char *
say_done (ChRun *run, ChFact fact)
{
  const ChApplication *application = ch_run_get_application (run);
  const ChOrder *order = ch_run_get_order (run);

  if (fact == CH_FACT_SETTLED && ch_run_get_axes (run)->settlement == CH_SETTLEMENT_ENTERPRISE_PAY)
    return g_strdup (_ ("Settled by the enterprise"));
  if (fact == CH_FACT_SETTLED && order != NULL && order->state == CH_ORDER_PAID)
    return ch_format_fen (order->fen);
  if (fact == CH_FACT_SUBMITTED && application != NULL)
    return ch_format_moment (application->updated);
  return g_strdup (_ ("Done"));
}

static char *
say_how_delivered (ChRun *run)
{
  const char *way = ch_run_get_answer (run, "delivery-way");
  const char *name = ch_text_get (ch_run_get_profile (run)->short_name);

  if (g_strcmp0 (way, "hall") == 0)
    /* Translators: %s is the name of the CA */
    return g_strdup_printf (_ ("%s is making your USB key. You then collect it at the hall; where it lies "
                               "ready stands with your application. You may close the program now."),
                            name);
  /* Translators: %s is the name of the CA */
  return g_strdup_printf (_ ("%s is making your USB key. It then comes by courier, whose number stands with "
                             "your application. You may close the program now."),
                          name);
}

static char *
say_what_next (ChRun *run)
{
  const ChApplication *application = ch_run_get_application (run);
  const ChProfile *profile = ch_run_get_profile (run);
  const char *name = ch_text_get (profile->short_name);
  g_autofree char *mobile = mask_mobile (ch_run_get_answer (run, "handler-mobile"));
  g_autofree char *day
      = application != NULL && application->review_by > 0 ? ch_format_day (application->review_by) : NULL;

  if (day == NULL)
    /* Translators: %s is the name of the CA */
    return g_strdup_printf (_ ("%s is reviewing it. You may close the program now."), name);
  /* Translators: first %s is the name of the CA, second %s a day, third %s a mobile number */
  return g_strdup_printf (_ ("%s will review it by %s at the latest. The result is sent to %s by SMS. You "
                             "may close the program now."),
                          name, day, mobile);
}

/* A business that costs nothing or makes no certificate is shorter */
static gboolean
has_stage (ChRun *run, ChFact fact)
{
  ChBusiness business = ch_run_get_axes (run)->business;

  return (fact != CH_FACT_SETTLED || ch_profile_charges (ch_run_get_profile (run), business))
         && (fact != CH_FACT_INSTALLED || ch_business_makes_certificate (business));
}

static void
ch_wait_page_refresh (ChPage *page)
{
  ChWaitPage *self = CH_WAIT_PAGE (page);
  ChRun *run = ch_page_get_run (page);
  gboolean is_making = is_made_here (run) && (ch_run_get_facts (run) & CH_FACT_APPROVED) != 0;
  g_autofree char *text = is_making ? say_how_delivered (run) : say_what_next (run);
  gboolean current = TRUE;

  ch_receipt_button_refresh (self->receipt, ch_run_get_application (run));
  ch_hero_set (self->hero, CH_TONE_INFO, "document-open-recent-symbolic",
               is_making ? _ ("Approved, the USB key is being made") : _ ("Handed in, waiting for review"),
               text);
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      g_autofree char *done = say_done (run, stages[i].fact);

      gtk_widget_set_visible (self->rows->pdata[i], has_stage (run, stages[i].fact));

      if ((ch_run_get_facts (run) & stages[i].fact) != 0)
        ch_fact_row_set (self->rows->pdata[i], CH_TONE_OK, done);
      else if (current)
        ch_fact_row_set (self->rows->pdata[i], CH_TONE_INFO, _ ("In progress"));
      else
        ch_fact_row_set (self->rows->pdata[i], CH_TONE_IDLE, _ ("Not started"));
      current &= (ch_run_get_facts (run) & stages[i].fact) != 0;
    }
}

static void
ch_wait_page_focus (ChPage *page)
{
  gtk_widget_grab_focus (CH_WAIT_PAGE (page)->home);
}

static void
ch_wait_page_dispose (GObject *object)
{
  ChWaitPage *self = CH_WAIT_PAGE (object);

  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_wait_page_parent_class)->dispose (object);
}

static void
ch_wait_page_class_init (ChWaitPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_wait_page_dispose;
  CH_PAGE_CLASS (klass)->refresh = ch_wait_page_refresh;
  CH_PAGE_CLASS (klass)->focus = ch_wait_page_focus;

  g_type_ensure (CH_TYPE_HERO);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-wait-page"));
  gtk_widget_class_bind_template_child (widget_class, ChWaitPage, hero);
  gtk_widget_class_bind_template_child (widget_class, ChWaitPage, stages);
  gtk_widget_class_bind_template_child (widget_class, ChWaitPage, home);
  gtk_widget_class_bind_template_child (widget_class, ChWaitPage, receipt);
  gtk_widget_class_bind_template_callback (widget_class, ch_page_ask_leave);
}

static void
ch_wait_page_init (ChWaitPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_wait_page_new:
 * @run: the run
 * @step: a step at which it rests
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_wait_page_new (ChRun *run, const ChStep *step)
{
  ChWaitPage *self = g_object_new (CH_TYPE_WAIT_PAGE, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      GtkWidget *row = ch_fact_row_new (_ (get_stage_title (run, i)));

      adw_preferences_group_add (self->stages, row);
      g_ptr_array_add (self->rows, row);
    }
  ch_page_set_up (CH_PAGE (self), run, step);
  return GTK_WIDGET (self);
}
