#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-applications-view.h"
#include "ui/ch-certs-view.h"
#include "ui/ch-hall.h"
#include "ui/ch-home-view.h"
#include "ui/ch-hotline.h"

struct _ChHall
{
  AdwBin parent_instance;

  ChFront *front; /* (owned) */

  GtkWidget *back;                     /* template child */
  GtkMenuButton *ca_button;            /* template child */
  GtkLabel *ca_name;                   /* template child */
  GtkWidget *ca_website;               /* template child */
  GtkLabel *account;                   /* template child */
  AdwViewSwitcherTitle *title;         /* template child */
  AdwViewStack *stack;                 /* template child */
  AdwViewStackPage *applications_page; /* template child */
  ChHomeView *home;                    /* template child */
  ChCertsView *certs;                  /* template child */
  ChApplicationsView *applications;    /* template child */
};

G_DEFINE_FINAL_TYPE (ChHall, ch_hall, ADW_TYPE_BIN)

static void
refresh (ChHall *self)
{
  const ChProfile *profile = ch_front_get_profile (self->front);
  const char *account = ch_front_get_account_name (self->front);
  const char *name = profile != NULL ? ch_text_get (profile->short_name) : _ ("Certhall");
  guint n_waiting = ch_application_model_get_n_waiting (ch_front_get_applications (self->front));
  g_autofree char *who = NULL;

  gtk_menu_button_set_label (self->ca_button, name);
  gtk_widget_set_visible (GTK_WIDGET (self->ca_button), profile != NULL);
  adw_view_switcher_title_set_title (self->title, name);
  if (profile != NULL)
    {
      gtk_label_set_label (self->ca_name, ch_text_get (profile->name));
      gtk_link_button_set_uri (GTK_LINK_BUTTON (self->ca_website), profile->website);
    }
  /* Translators: %s is the name of a person */
  who = account != NULL ? g_strdup_printf (_ ("Logged in as %s"), account) : NULL;
  gtk_label_set_label (self->account, who != NULL ? who : _ ("Not logged in"));
  adw_view_stack_page_set_badge_number (self->applications_page, n_waiting);
}

static void
refresh_back (ChHall *self)
{
  GtkWidget *view = adw_view_stack_get_visible_child (self->stack);
  gboolean is_in_detail = (view == GTK_WIDGET (self->certs) && ch_certs_view_is_in_detail (self->certs))
                          || (view == GTK_WIDGET (self->applications)
                              && ch_applications_view_is_in_detail (self->applications));

  gtk_widget_set_visible (self->back, is_in_detail);
}

static void
on_notify_cb (GObject *object, GParamSpec *pspec, ChHall *self)
{
  refresh (self);
}

static void
on_place_notify_cb (GObject *object, GParamSpec *pspec, ChHall *self)
{
  refresh_back (self);
}

static void
on_back_clicked_cb (GtkButton *button, ChHall *self)
{
  ch_hall_go_back (self);
}

static void
ch_hall_dispose (GObject *object)
{
  ChHall *self = CH_HALL (object);

  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_HALL);
  G_OBJECT_CLASS (ch_hall_parent_class)->dispose (object);
}

static void
ch_hall_class_init (ChHallClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_hall_dispose;

  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_HOME_VIEW);
  g_type_ensure (CH_TYPE_CERTS_VIEW);
  g_type_ensure (CH_TYPE_APPLICATIONS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-hall"));
  gtk_widget_class_bind_template_child (widget_class, ChHall, back);
  gtk_widget_class_bind_template_child (widget_class, ChHall, ca_button);
  gtk_widget_class_bind_template_child (widget_class, ChHall, ca_name);
  gtk_widget_class_bind_template_child (widget_class, ChHall, ca_website);
  gtk_widget_class_bind_template_child (widget_class, ChHall, account);
  gtk_widget_class_bind_template_child (widget_class, ChHall, title);
  gtk_widget_class_bind_template_child (widget_class, ChHall, stack);
  gtk_widget_class_bind_template_child (widget_class, ChHall, applications_page);
  gtk_widget_class_bind_template_child (widget_class, ChHall, home);
  gtk_widget_class_bind_template_child (widget_class, ChHall, certs);
  gtk_widget_class_bind_template_child (widget_class, ChHall, applications);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_place_notify_cb);
}

static void
ch_hall_init (ChHall *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_hall_set_front:
 * @front: whose state is shown
 */
void
ch_hall_set_front (ChHall *self, ChFront *front)
{
  g_return_if_fail (CH_IS_HALL (self));
  g_return_if_fail (self->front == NULL);

  self->front = g_object_ref (front);
  ch_home_view_set_front (self->home, front);
  ch_certs_view_set_front (self->certs, front);
  ch_applications_view_set_front (self->applications, front);
  g_signal_connect_object (front, "notify::state", G_CALLBACK (on_notify_cb), self, 0);
  g_signal_connect_object (front, "notify::account-name", G_CALLBACK (on_notify_cb), self, 0);
  g_signal_connect_object (ch_front_get_applications (front), "notify::n-waiting", G_CALLBACK (on_notify_cb),
                           self, 0);
  refresh (self);
}

/**
 * ch_hall_focus:
 *
 * Puts the focus on the first thing of the view, never on the header bar.
 */
void
ch_hall_focus (ChHall *self)
{
  g_return_if_fail (CH_IS_HALL (self));

  gtk_widget_child_focus (adw_view_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

/**
 * ch_hall_show_view:
 * @view: `home`, `certs` or `applications`
 */
void
ch_hall_show_view (ChHall *self, const char *view)
{
  g_return_if_fail (CH_IS_HALL (self));

  adw_view_stack_set_visible_child_name (self->stack, view);
}

void
ch_hall_show_certificate (ChHall *self, const char *serial)
{
  g_return_if_fail (CH_IS_HALL (self));

  ch_hall_show_view (self, "certs");
  ch_certs_view_show (self->certs, serial);
}

void
ch_hall_show_application (ChHall *self, const char *id)
{
  g_return_if_fail (CH_IS_HALL (self));

  ch_hall_show_view (self, "applications");
  ch_applications_view_show (self->applications, id);
}

/**
 * ch_hall_show_part:
 * @part: of the applications
 */
void
ch_hall_show_part (ChHall *self, ChListPart part)
{
  g_return_if_fail (CH_IS_HALL (self));

  ch_hall_show_view (self, "applications");
  ch_applications_view_show_part (self->applications, part);
}

/**
 * ch_hall_go_back:
 *
 * Returns: whether there was a detail to go back from
 */
gboolean
ch_hall_go_back (ChHall *self)
{
  g_return_val_if_fail (CH_IS_HALL (self), FALSE);

  if (!gtk_widget_get_visible (self->back))
    return FALSE;
  if (adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->certs))
    ch_certs_view_go_back (self->certs);
  else
    ch_applications_view_go_back (self->applications);
  return TRUE;
}
