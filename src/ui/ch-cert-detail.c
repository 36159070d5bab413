#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-cert-detail.h"
#include "ui/ch-property-row.h"
#include "ui/ch-token-menu.h"
#include "ui/ch-tone.h"
#include "wire/ch-axes.h"

struct _ChCertDetail
{
  AdwBin parent_instance;

  GPtrArray *rows; /* (unowned elements): in `codes` */

  GtkWidget *head;            /* template child */
  GtkLabel *name;             /* template child */
  GtkWidget *calendar;        /* template child */
  GtkLabel *badge;            /* template child */
  GtkLabel *note;             /* template child */
  GtkWidget *install;         /* template child */
  GtkWidget *renew;           /* template child */
  GtkWidget *deeds;           /* template child */
  GtkMenuButton *businesses;  /* template child */
  GtkMenuButton *care;        /* template child */
  GtkGrid *cells;             /* template child */
  AdwPreferencesGroup *codes; /* template child */
};

G_DEFINE_FINAL_TYPE (ChCertDetail, ch_cert_detail, ADW_TYPE_BIN)

static void
clear (ChCertDetail *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cells))) != NULL)
    gtk_grid_remove (self->cells, child);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->codes, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static GtkLabel *
make_label (const char *text)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (text));

  gtk_label_set_xalign (label, 0);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  return label;
}

static void
add_cell (ChCertDetail *self, guint position, const char *name, const char *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkLabel *name_label = make_label (name), *value_label = make_label (value);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (value_label, attributes);
  pango_attr_list_unref (attributes);
  gtk_widget_add_css_class (GTK_WIDGET (name_label), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (name_label), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (value_label), "numeric");
  gtk_label_set_selectable (value_label, TRUE);
  /* By the mouse only: a label that gets the focus selects all of itself */
  gtk_widget_set_focusable (GTK_WIDGET (value_label), FALSE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  name_label, NULL, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (name_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (value_label));
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_grid_attach (self->cells, box, (int) position % 2, (int) position / 2, 1, 1);
}

static char *
format_note (ChCertItem *item)
{
  g_autofree char *left = ch_cert_item_format_time_left (item);
  ChToken *token = ch_cert_item_get_token (item);
  int medium;

  if (ch_cert_item_get_standing (item) == CH_CERT_REVOKED)
    return g_strdup (_ ("No longer valid"));
  if (token != NULL && ch_wire_enum_from_id (&ChMedium_enum, ch_token_get_info (token)->medium, &medium))
    return g_strdup_printf ("%s · %s", left, _ (ch_medium_get_title (medium)));

  /* Translators: %s says how long it is still valid */
  return g_strdup_printf (_ ("%s · not on this PC"), left);
}

/* What can be done to the token the certificate lies on */
static void
refresh_care (ChCertDetail *self, ChToken *token)
{
  const ChTokenInfo *info = token != NULL ? ch_token_get_info (token) : NULL;
  gboolean is_key = info != NULL && g_str_equal (info->medium, "ukey");
  g_autoptr (GMenuModel) menu = token != NULL ? ch_token_menu_new (token) : NULL;

  gtk_menu_button_set_label (self->care, is_key ? _ ("USB key") : _ ("Software token"));
  gtk_menu_button_set_menu_model (self->care, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->care), menu != NULL);
}

/* What else can be done about the certificate, what ends it last */
static void
refresh_businesses (ChCertDetail *self, ChCertItem *item)
{
  static const ChBusiness businesses[]
      = { CH_BUSINESS_CHANGE, CH_BUSINESS_CHANGE_HANDLER, CH_BUSINESS_REPLACE, CH_BUSINESS_REVOKE };
  g_autoptr (GMenu) menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (businesses); i++)
    {
      /* Translators: an entry of a menu that opens a business: %s is its name */
      g_autofree char *label = g_strdup_printf (_ ("%s…"), _ (ch_business_get_title (businesses[i])));
      g_autoptr (GMenuItem) entry = NULL;

      if (!ch_cert_item_can (item, businesses[i]))
        continue;
      entry = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (entry, "win.about", "(ss)",
                                         ch_wire_enum_get_id (&ChBusiness_enum, businesses[i]),
                                         ch_cert_item_get_serial (item));
      g_menu_append_item (menu, entry);
    }

  gtk_menu_button_set_menu_model (self->businesses, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->businesses), g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
}

static void
ch_cert_detail_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CERT_DETAIL);
  G_OBJECT_CLASS (ch_cert_detail_parent_class)->dispose (object);
}

static void
ch_cert_detail_finalize (GObject *object)
{
  g_ptr_array_unref (CH_CERT_DETAIL (object)->rows);
  G_OBJECT_CLASS (ch_cert_detail_parent_class)->finalize (object);
}

static void
ch_cert_detail_class_init (ChCertDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_cert_detail_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_cert_detail_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-cert-detail"));
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, head);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, name);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, calendar);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, badge);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, note);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, install);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, renew);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, deeds);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, businesses);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, care);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, cells);
  gtk_widget_class_bind_template_child (widget_class, ChCertDetail, codes);
}

static void
ch_cert_detail_init (ChCertDetail *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_cert_detail_new:
 *
 * Returns: (transfer floating): a pane that shows nothing yet
 */
GtkWidget *
ch_cert_detail_new (void)
{
  return g_object_new (CH_TYPE_CERT_DETAIL, NULL);
}

/**
 * ch_cert_detail_set_item:
 * @item: (nullable): the certificate to be shown
 */
void
ch_cert_detail_set_item (ChCertDetail *self, ChCertItem *item)
{
  g_autoptr (GPtrArray) properties = NULL;
  g_autofree char *note = NULL;
  ChCertStanding standing;
  guint n_cells = 0;

  g_return_if_fail (CH_IS_CERT_DETAIL (self));

  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), item != NULL);
  if (item == NULL)
    return;

  standing = ch_cert_item_get_standing (item);
  note = format_note (item);
  gtk_label_set_label (self->name, ch_cert_item_get_name (item));
  gtk_label_set_label (self->badge, _ (ch_cert_standing_get_title (standing)));
  gtk_label_set_label (self->note, note);
  ch_tone_apply (self->head, ch_cert_standing_get_tone (standing));
  gtk_widget_set_visible (self->calendar, standing != CH_CERT_REVOKED && standing != CH_CERT_EXPIRED);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->calendar), "s", ch_cert_item_get_serial (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->calendar), "win.save-calendar");
  gtk_widget_set_visible (self->install,
                          standing == CH_CERT_WAITING && ch_cert_item_get_application (item) != NULL);
  if (ch_cert_item_get_application (item) != NULL)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self->install), "s",
                                        ch_cert_item_get_application (item));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->install), "win.resume");
    }

  gtk_widget_set_visible (self->renew, ch_cert_item_get_can_renew (item));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->renew), "s", ch_cert_item_get_serial (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->renew), "win.renew");
  refresh_businesses (self, item);

  refresh_care (self, ch_cert_item_get_token (item));
  gtk_widget_set_visible (self->deeds, gtk_widget_get_visible (GTK_WIDGET (self->businesses))
                                           || gtk_widget_get_visible (GTK_WIDGET (self->care)));

  properties = ch_cert_item_list_properties (item);
  for (guint i = 0; i < properties->len; i++)
    {
      const ChProperty *property = properties->pdata[i];

      if (property->is_code)
        {
          GtkWidget *row = ch_property_row_new (_ (property->label), property->value, TRUE);

          adw_preferences_group_add (self->codes, row);
          g_ptr_array_add (self->rows, row);
        }
      else
        add_cell (self, n_cells++, _ (property->label), property->value);
    }
}
