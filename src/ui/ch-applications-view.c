#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-invoice-desk.h"
#include "front/ch-refund-words.h"
#include "ui/ch-application-detail.h"
#include "ui/ch-applications-view.h"
#include "ui/ch-cert-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-glyph.h"
#include "ui/ch-invoice-window.h"
#include "ui/ch-list-filter.h"
#include "ui/ch-side-list.h"

struct _ChApplicationsView
{
  AdwBin parent_instance;

  ChFront *front; /* (owned) */

  ChSideList *list;            /* template child */
  AdwStatusPage *empty;        /* template child */
  GtkButton *apply;            /* template child */
  ChApplicationDetail *detail; /* in the list */
  ChListFilter *filter;        /* in the list */
  ChErrorBar *error_bar;       /* above the list */
};

enum
{
  PROP_IN_DETAIL = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ChApplicationsView, ch_applications_view, ADW_TYPE_BIN)

/**
 * ch_applications_view_fill_row:
 * @data: a #ChApplicationItem
 *
 * Says in a row of a list what an application is and where it stands.
 */
void
ch_applications_view_fill_row (ChCertRow *row, gpointer data)
{
  ChApplicationItem *item = data;
  ChStanding standing = ch_application_item_get_standing (item);
  const ChAxes *axes = ch_application_item_get_axes (item);
  g_autofree char *when = ch_application_item_format_when (item);
  g_autofree char *money = ch_refunds_format_short (ch_application_item_get_application (item)->refunds);
  /* What becomes of the money is what is looked for where it goes back */
  g_autofree char *subtitle = g_strjoin (" · ", when,
                                         money != NULL  ? money
                                         : axes != NULL ? _ (ch_subject_get_title (axes->subject))
                                                        : NULL,
                                         NULL);

  ch_cert_row_fill (row, axes != NULL ? ch_glyph_of_business (axes->business) : "emblem-documents-symbolic",
                    _ (ch_application_item_get_title (item)), subtitle, _ (ch_standing_get_title (standing)),
                    ch_standing_get_tone (standing));
}

static const char *
get_key (gpointer item)
{
  return ch_application_item_get_id (item);
}

static void
on_chosen_cb (ChSideList *list, GObject *object, ChApplicationsView *self)
{
  ChApplicationItem *item = object != NULL ? CH_APPLICATION_ITEM (object) : NULL;

  ch_application_detail_set_item (self->detail, item);
  if (item != NULL && !ch_application_item_has_details (item))
    ch_application_pages_load (ch_front_get_application_pages (self->front), ch_front_get_ports (self->front),
                               item);
}

static void
on_filter_changed_cb (ChListFilter *filter, ChApplicationsView *self)
{
  g_autoptr (ChListQuery) query = ch_list_filter_make_query (filter);

  if (self->front == NULL || !ch_front_is_logged_in (self->front))
    return;
  ch_side_list_set_filtered (self->list, ch_list_filter_is_set (filter));
  ch_side_list_forget (self->list);
  ch_paged_model_set_query (ch_front_get_application_pages (self->front), query);
}

static void
on_clear_filters_cb (ChSideList *list, ChApplicationsView *self)
{
  ch_list_filter_clear (self->filter);
  ch_list_filter_focus (self->filter);
}

static void
on_retry_cb (ChErrorBar *bar, ChApplicationsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
on_pages_notify_cb (ChPagedModel *pages, GParamSpec *pspec, ChApplicationsView *self)
{
  if (ch_paged_model_get_state (pages) == CH_PAGED_FAILED)
    ch_error_bar_show (self->error_bar, ch_paged_model_get_error (pages));
  else
    ch_error_bar_hide (self->error_bar);
}

static void
on_in_detail_notify_cb (ChSideList *list, GParamSpec *pspec, ChApplicationsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_DETAIL]);
}

static ChApplicationItem *
find_item (ChApplicationsView *self, const char *id)
{
  return ch_paged_model_find (ch_front_get_application_pages (self->front), id, NULL);
}

static void
on_invoice_asked_cb (ChInvoiceWindow *window, ChApplicationsView *self)
{
  ChApplicationItem *item = find_item (self, g_object_get_data (G_OBJECT (window), "application"));

  if (item != NULL)
    ch_application_pages_load (ch_front_get_application_pages (self->front), ch_front_get_ports (self->front),
                               item);
}

static void
ask_invoice (GtkWidget *widget, const char *action, GVariant *target)
{
  ChApplicationsView *self = CH_APPLICATIONS_VIEW (widget);
  ChApplicationItem *item = find_item (self, g_variant_get_string (target, NULL));
  const ChInvoice *invoice = item != NULL ? ch_application_item_get_invoice (item) : NULL;
  GtkWindow *window;

  if (invoice == NULL)
    return;

  window = ch_invoice_window_new (self->front, GTK_WINDOW (gtk_widget_get_root (widget)),
                                  ch_application_item_get_application (item), invoice->fen);
  g_object_set_data_full (G_OBJECT (window), "application", g_strdup (invoice->application), g_free);
  g_signal_connect_object (window, "asked", G_CALLBACK (on_invoice_asked_cb), self, 0);
  gtk_window_present (window);
}

static void
on_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChApplicationsView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDelivery) delivery = ch_delivery_desk_receive_finish (CH_PORTS (source), result, &error);
  ChApplicationItem *item;

  if (self->front == NULL)
    return;
  if (delivery == NULL)
    {
      ch_error_bar_show (self->error_bar, error);
      return;
    }
  item = find_item (self, delivery->application);
  if (item != NULL)
    ch_application_pages_load (ch_front_get_application_pages (self->front), ch_front_get_ports (self->front),
                               item);
}

static void
on_receive_response_cb (AdwMessageDialog *dialog, const char *response, ChApplicationsView *self)
{
  g_autofree char *key = NULL;

  if (!g_str_equal (response, "received") || self->front == NULL)
    return;

  key = g_uuid_string_random ();
  ch_delivery_desk_receive_async (ch_front_get_ports (self->front),
                                  g_object_get_data (G_OBJECT (dialog), "application"), key, NULL,
                                  on_received_cb, g_object_ref (self));
}

/* Signing for it cannot be taken back */
static void
receive (GtkWidget *widget, const char *action, GVariant *target)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      parent, _ ("Has the key arrived?"),
      _ ("You sign for it: the CA sees that it was received. This cannot be taken back. If the parcel was "
         "open or the key is not in it, call the hotline instead.")));

  g_object_set_data_full (G_OBJECT (dialog), "application", g_variant_dup_string (target, NULL), g_free);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "received", _ ("I have received it"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "received", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_receive_response_cb), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_front_notify_cb (ChFront *front, GParamSpec *pspec, ChApplicationsView *self)
{
  gboolean is_in = ch_front_is_logged_in (front);

  adw_status_page_set_title (self->empty, is_in ? _ ("No application yet") : _ ("You are not logged in"));
  adw_status_page_set_description (self->empty,
                                   is_in ? _ ("What you apply for appears here, with how far it has come.")
                                         : _ ("Your applications appear here when you have logged in."));
  gtk_button_set_label (self->apply, is_in ? _ ("New certificate") : _ ("Log in"));
  /* Name and target change together: in between there is no action, else they would not fit */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->apply), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->apply),
                                          is_in ? g_variant_new_string ("apply") : NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->apply), is_in ? "win.start" : "win.log-in");
  gtk_widget_set_visible (GTK_WIDGET (self->apply), is_in ? ch_front_offers (front, CH_BUSINESS_APPLY)
                                                          : ch_front_get_state (front) == CH_FRONT_CONNECTED);
}

static void
ch_applications_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_IN_DETAIL:
      g_value_set_boolean (value, ch_applications_view_is_in_detail (CH_APPLICATIONS_VIEW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_applications_view_dispose (GObject *object)
{
  ChApplicationsView *self = CH_APPLICATIONS_VIEW (object);

  g_clear_object (&self->front);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_APPLICATIONS_VIEW);
  G_OBJECT_CLASS (ch_applications_view_parent_class)->dispose (object);
}

static void
ch_applications_view_class_init (ChApplicationsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ch_applications_view_get_property;
  object_class->dispose = ch_applications_view_dispose;

  props[PROP_IN_DETAIL]
      = g_param_spec_boolean ("in-detail", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_SIDE_LIST);
  gtk_widget_class_install_action (widget_class, "applications.ask-invoice", "s", ask_invoice);
  gtk_widget_class_install_action (widget_class, "applications.receive", "s", receive);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-applications-view"));
  gtk_widget_class_bind_template_child (widget_class, ChApplicationsView, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationsView, list);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationsView, empty);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationsView, apply);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_in_detail_notify_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void
ch_applications_view_init (ChApplicationsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->detail = CH_APPLICATION_DETAIL (ch_application_detail_new ());
  ch_side_list_set_detail (self->list, GTK_WIDGET (self->detail));
  ch_side_list_set_title (self->list, _ ("My applications"));
  self->filter = CH_LIST_FILTER (ch_list_filter_new (TRUE));
  g_signal_connect_object (self->filter, "changed", G_CALLBACK (on_filter_changed_cb), self, 0);
  g_signal_connect_object (self->list, "clear-filters", G_CALLBACK (on_clear_filters_cb), self, 0);
  ch_side_list_set_head (self->list, GTK_WIDGET (self->filter));
}

/**
 * ch_applications_view_set_front:
 * @front: whose applications are shown
 */
void
ch_applications_view_set_front (ChApplicationsView *self, ChFront *front)
{
  g_return_if_fail (CH_IS_APPLICATIONS_VIEW (self));
  g_return_if_fail (self->front == NULL);

  self->front = g_object_ref (front);
  g_signal_connect_object (front, "notify::state", G_CALLBACK (on_front_notify_cb), self, 0);
  g_signal_connect_object (front, "notify::account-name", G_CALLBACK (on_front_notify_cb), self, 0);
  on_front_notify_cb (front, NULL, self);
  ch_side_list_set_model (self->list, G_LIST_MODEL (ch_front_get_application_pages (front)),
                          ch_applications_view_fill_row, get_key);
  g_signal_connect_object (ch_front_get_application_pages (front), "notify::state",
                           G_CALLBACK (on_pages_notify_cb), self, 0);
}

/**
 * ch_applications_view_show:
 * @id: of an application
 */
void
ch_applications_view_show (ChApplicationsView *self, const char *id)
{
  ChApplicationItem *item;

  g_return_if_fail (CH_IS_APPLICATIONS_VIEW (self));

  ch_side_list_choose (self->list, id);
  /* One that the list does not show now, or has not fetched */
  item = ch_application_model_find (ch_front_get_applications (self->front), id);
  if (ch_paged_model_find (ch_front_get_application_pages (self->front), id, NULL) == NULL && item != NULL)
    ch_application_detail_set_item (self->detail, item);
}

/**
 * ch_applications_view_show_part:
 *
 * Shows a part of the list.
 */
void
ch_applications_view_show_part (ChApplicationsView *self, ChListPart part)
{
  g_return_if_fail (CH_IS_APPLICATIONS_VIEW (self));

  ch_side_list_go_back (self->list);
  ch_list_filter_set_part (self->filter, part);
}

gboolean
ch_applications_view_is_in_detail (ChApplicationsView *self)
{
  g_return_val_if_fail (CH_IS_APPLICATIONS_VIEW (self), FALSE);

  return ch_side_list_is_in_detail (self->list);
}

void
ch_applications_view_go_back (ChApplicationsView *self)
{
  g_return_if_fail (CH_IS_APPLICATIONS_VIEW (self));

  ch_side_list_go_back (self->list);
}
