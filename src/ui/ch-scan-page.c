#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-page-header.h"
#include "ui/ch-scan-box.h"
#include "ui/ch-scan-page.h"

struct _ChScanPage
{
  ChPage parent_instance;

  GtkWidget *leave; /* in the content */
};

G_DEFINE_FINAL_TYPE (ChScanPage, ch_scan_page, CH_TYPE_PAGE)

/* What the phone does for a step that gives something */
static const struct
{
  ChFact gives;
  ChScanPurpose purpose;
  const char *doings[4]; /* untranslated: what is done on the phone, in order */
} deeds[] = {
  { CH_FACT_INSTALLED,
    CH_SCAN_INSTALL,
    { N_ ("Scan the code with the camera of the phone and open the page"),
      N_ ("On a phone that is new here, choose a PIN and enter the code that comes by SMS; on a known one, "
          "enter its PIN"),
      N_ ("Press “Install” there and keep its page open until it says that it is done"), NULL } },
};

static gsize
find_deed (const ChStep *step)
{
  gsize i = 0;

  while (i + 1 < G_N_ELEMENTS (deeds) && (step->gives & deeds[i].gives) == 0)
    i++;
  return i;
}

/* The phone says it is done: whether it is, the server says */
static void
on_done_cb (ChScanBox *box, ChScanPage *self)
{
  if (ch_page_is_current (CH_PAGE (self)))
    ch_run_next (ch_page_get_run (CH_PAGE (self)));
}

static void
ch_scan_page_focus (ChPage *page)
{
  gtk_widget_grab_focus (CH_SCAN_PAGE (page)->leave);
}

static void
ch_scan_page_class_init (ChScanPageClass *klass)
{
  CH_PAGE_CLASS (klass)->focus = ch_scan_page_focus;
}

static void
ch_scan_page_init (ChScanPage *self)
{
}

static GtkWidget *
make_doing (guint number, const char *text)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", text, "title-lines", 0, NULL);
  g_autofree char *sign = g_strdup_printf ("%u", number);
  GtkWidget *label = gtk_label_new (sign);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);
  return row;
}

/**
 * ch_scan_page_new:
 * @run: the run
 * @step: a step whose work a phone does
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_scan_page_new (ChRun *run, const ChStep *step)
{
  ChScanPage *self = g_object_new (CH_TYPE_SCAN_PAGE, NULL);
  gsize deed = find_deed (step);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24), *doings = adw_preferences_group_new ();
  GtkWidget *box
      = ch_scan_box_new (ch_run_get_ports (run), deeds[deed].purpose, ch_run_get_application (run)->id);

  ch_page_set_up (CH_PAGE (self), run, step);
  gtk_box_append (GTK_BOX (content), ch_page_header_new (_ (step->title), _ (step->lead)));
  g_signal_connect_object (box, "done", G_CALLBACK (on_done_cb), self, 0);
  gtk_box_append (GTK_BOX (content), box);
  for (guint i = 0; deeds[deed].doings[i] != NULL; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (doings), make_doing (i + 1, _ (deeds[deed].doings[i])));
  gtk_box_append (GTK_BOX (content), doings);

  self->leave = gtk_button_new_with_label (_ ("Do it later"));
  gtk_widget_set_halign (self->leave, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->leave, "pill");
  g_signal_connect_object (self->leave, "clicked", G_CALLBACK (ch_page_ask_leave), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (content), self->leave);
  ch_page_set_content (CH_PAGE (self), content, 520);
  return GTK_WIDGET (self);
}
