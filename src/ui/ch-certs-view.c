#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-validate.h"
#include "front/ch-format.h"
#include "ui/ch-cert-detail.h"
#include "ui/ch-cert-row.h"
#include "ui/ch-certs-view.h"
#include "ui/ch-glyph.h"
#include "ui/ch-list-filter.h"
#include "ui/ch-side-list.h"

struct _ChCertsView
{
  AdwBin parent_instance;

  ChFront *front; /* (owned) */

  ChSideList *list;         /* template child */
  GtkWidget *apply;         /* template child */
  ChCertDetail *detail;     /* in the list */
  ChListFilter *filter;     /* in the list */
  GtkCustomFilter *matches; /* (owned): what the filter lets through */
};

enum
{
  PROP_IN_DETAIL = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ChCertsView, ch_certs_view, ADW_TYPE_BIN)

static void
fill_row (ChCertRow *row, gpointer data)
{
  ChCertItem *item = data;
  ChCertStanding standing = ch_cert_item_get_standing (item);
  g_autofree char *end = ch_format_iso_date (ch_cert_item_get_not_after (item));
  /* Translators: %s is a day like 2026-12-14 */
  g_autofree char *until = g_strdup_printf (_ ("until %s"), end);
  const char *kind = ch_cert_item_get_kind (item);
  g_autofree char *subtitle
      = kind != NULL ? g_strdup_printf ("%s · %s", until, _ (kind)) : g_steal_pointer (&until);

  ch_cert_row_fill (row, ch_glyph_of_medium (ch_cert_item_get_medium (item)), ch_cert_item_get_name (item),
                    subtitle, _ (ch_cert_standing_get_title (standing)),
                    ch_cert_standing_get_tone (standing));
}

static const char *
get_key (gpointer item)
{
  return ch_cert_item_get_serial (item);
}

static gboolean
is_wanted (gpointer item, gpointer user_data)
{
  ChCertsView *self = user_data;
  g_autofree char *wanted = ch_fold_text (ch_list_filter_get_text (self->filter));
  g_autofree char *name = ch_fold_text (ch_cert_item_get_name (item));
  g_autofree char *serial = ch_fold_text (ch_cert_item_get_serial (item));

  return strstr (name, wanted) != NULL || strstr (serial, wanted) != NULL;
}

static void
on_filter_changed_cb (ChListFilter *filter, ChCertsView *self)
{
  ch_side_list_set_filtered (self->list, ch_list_filter_is_set (filter));
  gtk_filter_changed (GTK_FILTER (self->matches), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_clear_filters_cb (ChSideList *list, ChCertsView *self)
{
  ch_list_filter_clear (self->filter);
  ch_list_filter_focus (self->filter);
}

static void
on_chosen_cb (ChSideList *list, GObject *item, ChCertsView *self)
{
  ch_cert_detail_set_item (self->detail, item != NULL ? CH_CERT_ITEM (item) : NULL);
}

static void
on_in_detail_notify_cb (ChSideList *list, GParamSpec *pspec, ChCertsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_DETAIL]);
}

static void
on_front_notify_cb (ChFront *front, GParamSpec *pspec, ChCertsView *self)
{
  gtk_widget_set_visible (self->apply, ch_front_offers (front, CH_BUSINESS_APPLY));
}

static void
ch_certs_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_IN_DETAIL:
      g_value_set_boolean (value, ch_certs_view_is_in_detail (CH_CERTS_VIEW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_certs_view_dispose (GObject *object)
{
  ChCertsView *self = CH_CERTS_VIEW (object);

  /* The list may outlive this; then everything is let through, by nobody */
  gtk_custom_filter_set_filter_func (self->matches, NULL, NULL, NULL);
  g_clear_object (&self->front);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CERTS_VIEW);
  G_OBJECT_CLASS (ch_certs_view_parent_class)->dispose (object);
}

static void
ch_certs_view_finalize (GObject *object)
{
  g_object_unref (CH_CERTS_VIEW (object)->matches);
  G_OBJECT_CLASS (ch_certs_view_parent_class)->finalize (object);
}

static void
ch_certs_view_class_init (ChCertsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ch_certs_view_get_property;
  object_class->dispose = ch_certs_view_dispose;
  object_class->finalize = ch_certs_view_finalize;

  props[PROP_IN_DETAIL]
      = g_param_spec_boolean ("in-detail", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (CH_TYPE_SIDE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-certs-view"));
  gtk_widget_class_bind_template_child (widget_class, ChCertsView, list);
  gtk_widget_class_bind_template_child (widget_class, ChCertsView, apply);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_in_detail_notify_cb);
}

static void
ch_certs_view_init (ChCertsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->detail = CH_CERT_DETAIL (ch_cert_detail_new ());
  ch_side_list_set_detail (self->list, GTK_WIDGET (self->detail));
  ch_side_list_set_title (self->list, _ ("My certificates"));
  self->filter = CH_LIST_FILTER (ch_list_filter_new (FALSE));
  self->matches = gtk_custom_filter_new (is_wanted, self, NULL);
  g_signal_connect_object (self->filter, "changed", G_CALLBACK (on_filter_changed_cb), self, 0);
  g_signal_connect_object (self->list, "clear-filters", G_CALLBACK (on_clear_filters_cb), self, 0);
  ch_side_list_set_head (self->list, GTK_WIDGET (self->filter));
}

/**
 * ch_certs_view_set_front:
 * @front: whose certificates are shown
 */
void
ch_certs_view_set_front (ChCertsView *self, ChFront *front)
{
  g_autoptr (GtkFilterListModel) certs = NULL;

  g_return_if_fail (CH_IS_CERTS_VIEW (self));
  g_return_if_fail (self->front == NULL);

  self->front = g_object_ref (front);
  g_signal_connect_object (front, "notify::state", G_CALLBACK (on_front_notify_cb), self, 0);
  certs = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (ch_front_get_certs (front))),
                                     g_object_ref (GTK_FILTER (self->matches)));
  ch_side_list_set_model (self->list, G_LIST_MODEL (certs), fill_row, get_key);
}

/**
 * ch_certs_view_show:
 * @serial: of a certificate
 */
void
ch_certs_view_show (ChCertsView *self, const char *serial)
{
  g_return_if_fail (CH_IS_CERTS_VIEW (self));

  ch_side_list_choose (self->list, serial);
}

gboolean
ch_certs_view_is_in_detail (ChCertsView *self)
{
  g_return_val_if_fail (CH_IS_CERTS_VIEW (self), FALSE);

  return ch_side_list_is_in_detail (self->list);
}

void
ch_certs_view_go_back (ChCertsView *self)
{
  g_return_if_fail (CH_IS_CERTS_VIEW (self));

  ch_side_list_go_back (self->list);
}
