#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-loading-page.h"

struct _ChLoadingPage
{
  ChPage parent_instance;

  GtkWidget *box;
  GtkSpinner *spinner;
  guint delay_id; /* source, 0 when none */
};

G_DEFINE_FINAL_TYPE (ChLoadingPage, ch_loading_page, CH_TYPE_PAGE)

/* What is there at once shows nothing new */
#define DELAY_MS 300

static gboolean
on_delay_cb (gpointer user_data)
{
  ChLoadingPage *self = user_data;

  self->delay_id = 0;
  gtk_widget_set_visible (self->box, TRUE);
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

static void
ch_loading_page_refresh (ChPage *page)
{
  ChLoadingPage *self = CH_LOADING_PAGE (page);

  /* The error bar says the rest */
  if (ch_run_get_state (ch_page_get_run (page)) == CH_RUN_FAILED)
    gtk_widget_set_opacity (self->box, 0);
  else
    gtk_widget_set_opacity (self->box, 1);
}

static void
ch_loading_page_dispose (GObject *object)
{
  g_clear_handle_id (&CH_LOADING_PAGE (object)->delay_id, g_source_remove);
  G_OBJECT_CLASS (ch_loading_page_parent_class)->dispose (object);
}

static void
ch_loading_page_class_init (ChLoadingPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_loading_page_dispose;
  CH_PAGE_CLASS (klass)->refresh = ch_loading_page_refresh;
}

static void
ch_loading_page_init (ChLoadingPage *self)
{
}

/**
 * ch_loading_page_new:
 *
 * Returns: (transfer floating): a page with a spinner
 */
GtkWidget *
ch_loading_page_new (ChRun *run, const ChStep *step)
{
  ChLoadingPage *self = g_object_new (CH_TYPE_LOADING_PAGE, "valign", GTK_ALIGN_CENTER, NULL);

  ch_page_set_up (CH_PAGE (self), run, step);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->spinner), 32, 32);
  gtk_widget_set_halign (GTK_WIDGET (self->spinner), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->box, FALSE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (self->box), gtk_label_new (_ ("Reading the application…")));
  ch_page_set_content (CH_PAGE (self), self->box, 400);
  self->delay_id = g_timeout_add (DELAY_MS, on_delay_cb, self);
  return GTK_WIDGET (self);
}
