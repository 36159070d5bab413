#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"
#include "ui/ch-hero.h"
#include "ui/ch-property-row.h"
#include "ui/ch-receipt-button.h"
#include "ui/ch-result-page.h"

struct _ChResultPage
{
  ChPage parent_instance;

  AdwPreferencesGroup *group; /* in the content */
  GtkWidget *receipt;         /* in the content */
  GtkWidget *home;            /* in the content */
  gboolean filled;
};

G_DEFINE_FINAL_TYPE (ChResultPage, ch_result_page, CH_TYPE_PAGE)

static void
add (ChResultPage *self, const char *title, const char *value, gboolean copyable)
{
  if (value != NULL && *value != 0)
    adw_preferences_group_add (self->group, ch_property_row_new (title, value, copyable));
}

static void
ch_result_page_refresh (ChPage *page)
{
  ChResultPage *self = CH_RESULT_PAGE (page);
  const ChCertificate *certificate = ch_run_get_certificate (ch_page_get_run (page));
  g_autofree char *end = NULL;

  /* What was handed in is the applicant’s */
  if (ch_run_get_axes (ch_page_get_run (page))->business != CH_BUSINESS_MAKE)
    ch_receipt_button_refresh (GTK_BUTTON (self->receipt), ch_run_get_application (ch_page_get_run (page)));
  if (self->filled || certificate == NULL)
    return;

  self->filled = TRUE;
  end = ch_format_date (certificate->not_after);
  add (self, _ ("Name"), certificate->name, FALSE);
  add (self, _ ("Serial number"), certificate->serial, TRUE);
  add (self, _ ("Valid until"), end, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->group), TRUE);
}

static void
ch_result_page_focus (ChPage *page)
{
  gtk_widget_grab_focus (CH_RESULT_PAGE (page)->home);
}

/* Seen: the run is over, and the way home is free */
static void
on_home_clicked_cb (GtkButton *button, ChResultPage *self)
{
  if (ch_page_is_current (CH_PAGE (self)))
    ch_run_next (ch_page_get_run (CH_PAGE (self)));
  ch_page_ask_leave (CH_PAGE (self));
}

static void
ch_result_page_class_init (ChResultPageClass *klass)
{
  CH_PAGE_CLASS (klass)->refresh = ch_result_page_refresh;
  CH_PAGE_CLASS (klass)->focus = ch_result_page_focus;
}

static void
ch_result_page_init (ChResultPage *self)
{
}

/**
 * ch_result_page_new:
 * @run: the run
 * @step: its last step
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_result_page_new (ChRun *run, const ChStep *step)
{
  ChResultPage *self = g_object_new (CH_TYPE_RESULT_PAGE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *hero = ch_hero_new ();
  GtkWidget *deeds = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *more = ch_run_explain (run, step);

  ch_page_set_up (CH_PAGE (self), run, step);
  ch_hero_set (CH_HERO (hero), CH_TONE_OK, NULL, _ (step->title), more != NULL ? more : _ (step->lead));
  gtk_box_append (GTK_BOX (box), hero);

  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->group), FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->group));

  gtk_widget_set_halign (deeds, GTK_ALIGN_CENTER);
  self->receipt = gtk_button_new_with_label (_ ("Save the receipt…"));
  gtk_widget_add_css_class (self->receipt, "pill");
  gtk_widget_set_visible (self->receipt, FALSE);
  gtk_box_append (GTK_BOX (deeds), self->receipt);
  /* The staff make one key after the other */
  self->home = gtk_button_new_with_label (ch_run_get_axes (run)->business == CH_BUSINESS_MAKE ? _ ("Next key")
                                                                                              : _ ("Home"));
  gtk_widget_add_css_class (self->home, "pill");
  gtk_widget_add_css_class (self->home, "suggested-action");
  g_signal_connect_object (self->home, "clicked", G_CALLBACK (on_home_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (deeds), self->home);
  gtk_box_append (GTK_BOX (box), deeds);

  ch_page_set_content (CH_PAGE (self), box, 520);
  return GTK_WIDGET (self);
}
