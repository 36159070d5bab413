#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-application-turn.h"
#include "front/ch-format.h"
#include "front/ch-refund-words.h"
#include "ui/ch-application-detail.h"
#include "ui/ch-property-row.h"
#include "ui/ch-fact-row.h"
#include "ui/ch-receipt-button.h"
#include "ui/ch-tone.h"

struct _ChApplicationDetail
{
  AdwBin parent_instance;

  gboolean is_read_only;    /* nothing can be done about it here */
  GPtrArray *stage_rows;    /* (unowned elements): in `stages` */
  GPtrArray *reason_rows;   /* (unowned elements): in `reasons` */
  GPtrArray *refund_rows;   /* (unowned elements): in `refunds` */
  GPtrArray *property_rows; /* (unowned elements): in `properties` */

  GtkWidget *head;                 /* template child */
  GtkLabel *title;                 /* template child */
  GtkLabel *badge;                 /* template child */
  GtkLabel *note;                  /* template child */
  GtkButton *deed;                 /* template child */
  GtkButton *turn;                 /* template child */
  AdwPreferencesGroup *stages;     /* template child */
  AdwPreferencesGroup *reasons;    /* template child */
  GtkWidget *deeds;                /* template child */
  AdwPreferencesGroup *refunds;    /* template child */
  AdwPreferencesGroup *properties; /* template child */
  GtkWidget *receipt;              /* template child */
  GtkButton *receipt_deed;         /* template child */
  GtkWidget *delivery;             /* template child */
  AdwActionRow *delivery_row;      /* template child */
  GtkButton *delivery_deed;        /* template child */
  GtkWidget *invoice;              /* template child */
  AdwActionRow *invoice_row;       /* template child */
  GtkButton *invoice_deed;         /* template child */
};

G_DEFINE_FINAL_TYPE (ChApplicationDetail, ch_application_detail, ADW_TYPE_BIN)

static void
clear (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static void
add (AdwPreferencesGroup *group, GPtrArray *rows, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

static void
ch_application_detail_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_APPLICATION_DETAIL);
  G_OBJECT_CLASS (ch_application_detail_parent_class)->dispose (object);
}

static void
ch_application_detail_finalize (GObject *object)
{
  ChApplicationDetail *self = CH_APPLICATION_DETAIL (object);

  g_ptr_array_unref (self->stage_rows);
  g_ptr_array_unref (self->reason_rows);
  g_ptr_array_unref (self->refund_rows);
  g_ptr_array_unref (self->property_rows);

  G_OBJECT_CLASS (ch_application_detail_parent_class)->finalize (object);
}

static void
ch_application_detail_class_init (ChApplicationDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_application_detail_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_application_detail_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-application-detail"));
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, head);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, title);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, badge);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, note);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, deed);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, turn);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, stages);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, reasons);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, deeds);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, refunds);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, properties);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, receipt);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, receipt_deed);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, delivery);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, delivery_row);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, delivery_deed);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, invoice);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, invoice_row);
  gtk_widget_class_bind_template_child (widget_class, ChApplicationDetail, invoice_deed);
}

static void
ch_application_detail_init (ChApplicationDetail *self)
{
  self->stage_rows = g_ptr_array_new ();
  self->reason_rows = g_ptr_array_new ();
  self->refund_rows = g_ptr_array_new ();
  self->property_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_application_detail_new:
 *
 * Returns: (transfer floating): a pane that shows nothing yet
 */
GtkWidget *
ch_application_detail_new (void)
{
  return g_object_new (CH_TYPE_APPLICATION_DETAIL, NULL);
}

/**
 * ch_application_detail_set_read_only:
 *
 * From now on only shows, for those who may look and no more.
 */
void
ch_application_detail_set_read_only (ChApplicationDetail *self)
{
  g_return_if_fail (CH_IS_APPLICATION_DETAIL (self));

  self->is_read_only = TRUE;
  gtk_widget_set_visible (self->deeds, FALSE);
}

/* Deleting, withdrawing, making again: asked about before it is done */
static void
refresh_turn (ChApplicationDetail *self, ChApplicationItem *item)
{
  ChTurn turn = ch_turn_of (item);
  /* Translators: %s is what is done after a question: Withdraw… */
  g_autofree char *label = g_strdup_printf (_ ("%s…"), _ (ch_turn_get_deed (turn)));

  gtk_widget_set_visible (GTK_WIDGET (self->turn), turn != CH_TURN_NONE);
  gtk_button_set_label (self->turn, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->turn), "s", ch_application_item_get_id (item));
}

static void
refresh_head (ChApplicationDetail *self, ChApplicationItem *item)
{
  ChStanding standing = ch_application_item_get_standing (item);
  const char *deed = ch_standing_get_deed (standing);
  g_autofree char *what = ch_application_item_format_what (item);

  gtk_label_set_label (self->title, _ (ch_application_item_get_title (item)));
  gtk_label_set_label (self->badge, _ (ch_standing_get_title (standing)));
  gtk_label_set_label (self->note, what);
  ch_tone_apply (self->head, ch_standing_get_tone (standing));

  gtk_widget_set_visible (GTK_WIDGET (self->deed), deed != NULL);
  if (deed == NULL)
    return;
  gtk_button_set_label (self->deed, _ (deed));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->deed), "s", ch_application_item_get_id (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->deed), "win.resume");
  /* Looking on is offered too, but nothing is waited for */
  if (standing == CH_STANDING_IN_REVIEW || standing == CH_STANDING_BEING_MADE)
    gtk_widget_remove_css_class (GTK_WIDGET (self->deed), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->deed), "suggested-action");
}

static void
refresh_receipt (ChApplicationDetail *self, ChApplicationItem *item)
{
  ch_receipt_button_refresh (self->receipt_deed, ch_application_item_get_application (item));
  gtk_widget_set_visible (self->receipt,
                          !self->is_read_only && gtk_widget_get_visible (GTK_WIDGET (self->receipt_deed)));
}

static void
refresh_delivery (ChApplicationDetail *self, ChApplicationItem *item)
{
  const ChDelivery *delivery = ch_application_item_get_delivery (item);
  gboolean is_here, is_received;
  g_autofree char *when = NULL, *subtitle = NULL;

  gtk_widget_set_visible (self->delivery, delivery != NULL);
  if (delivery == NULL)
    return;

  is_received = delivery->state == CH_DELIVERY_RECEIVED;
  is_here = delivery->state == CH_DELIVERY_SENT || delivery->state == CH_DELIVERY_READY;
  when = is_received ? ch_format_time (delivery->received) : is_here ? ch_format_time (delivery->sent) : NULL;
  /* While nobody has sent it there is nothing to say about how */
  subtitle = is_here || is_received
                 ? g_strjoin (" · ", _ (ch_delivery_way_get_title (delivery->way)), when, NULL)
                 : g_strdup (_ ("The CA sends it when the key has been made."));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->delivery_row),
                                 _ (ch_delivery_state_get_title (delivery->state)));
  adw_action_row_set_subtitle (self->delivery_row, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->delivery_deed), is_here && !self->is_read_only);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->delivery_deed), "s",
                                    ch_application_item_get_id (item));
}

static void
refresh_invoice (ChApplicationDetail *self, ChApplicationItem *item)
{
  const ChInvoice *invoice = ch_application_item_get_invoice (item);
  gboolean is_due = invoice != NULL && invoice->state == CH_INVOICE_DUE;
  g_autofree char *amount = invoice != NULL ? ch_format_fen (invoice->fen) : NULL;
  g_autofree char *subtitle = NULL;

  gtk_widget_set_visible (self->invoice, invoice != NULL);
  if (invoice == NULL)
    return;

  subtitle
      = g_strjoin (" · ", _ (ch_invoice_state_get_title (invoice->state)), amount, invoice->number, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->invoice_row),
                                 _ (ch_invoice_kind_get_title (invoice->kind)));
  adw_action_row_set_subtitle (self->invoice_row, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->invoice_deed), is_due || invoice->has_file);
  gtk_button_set_label (self->invoice_deed, is_due ? _ ("Ask for it…") : _ ("Save…"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->invoice_deed), "s",
                                    ch_application_item_get_id (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->invoice_deed),
                                  is_due ? "applications.ask-invoice" : "win.save-invoice");
}

/* How much, why, and how far it has come */
static void
refresh_refunds (ChApplicationDetail *self, ChApplicationItem *item)
{
  GPtrArray *refunds = ch_application_item_get_application (item)->refunds;

  gtk_widget_set_visible (GTK_WIDGET (self->refunds), refunds != NULL && refunds->len > 0);
  for (guint i = 0; refunds != NULL && i < refunds->len; i++)
    {
      const ChRefund *refund = refunds->pdata[i];
      g_autofree char *amount = ch_format_fen (refund->fen);
      g_autofree char *detail = ch_refund_format_detail (refund);
      GtkWidget *row = ch_fact_row_new (amount);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
      ch_fact_row_set (CH_FACT_ROW (row), ch_refund_get_tone (refund),
                       _ (ch_refund_state_get_title (refund->state)));
      add (self->refunds, self->refund_rows, row);
    }
}

/* What the reviewer wants corrected, and why */
static void
refresh_reasons (ChApplicationDetail *self, ChApplicationItem *item)
{
  g_autoptr (GPtrArray) reasons = ch_application_item_list_reasons (item);

  gtk_widget_set_visible (GTK_WIDGET (self->reasons), reasons->len > 0);
  for (guint i = 0; i < reasons->len; i++)
    {
      const ChProperty *reason = reasons->pdata[i];

      add (self->reasons, self->reason_rows, ch_property_row_new (_ (reason->label), reason->value, FALSE));
    }
}

/**
 * ch_application_detail_set_item:
 * @item: (nullable): the application to be shown
 */
void
ch_application_detail_set_item (ChApplicationDetail *self, ChApplicationItem *item)
{
  g_autoptr (GPtrArray) stages = NULL;
  g_autoptr (GPtrArray) properties = NULL;

  g_return_if_fail (CH_IS_APPLICATION_DETAIL (self));

  clear (self->stages, self->stage_rows);
  clear (self->reasons, self->reason_rows);
  clear (self->refunds, self->refund_rows);
  clear (self->properties, self->property_rows);
  gtk_widget_set_visible (GTK_WIDGET (self), item != NULL);
  if (item == NULL)
    return;

  refresh_head (self, item);
  refresh_turn (self, item);
  refresh_receipt (self, item);
  refresh_delivery (self, item);
  refresh_invoice (self, item);
  refresh_refunds (self, item);
  refresh_reasons (self, item);
  stages = ch_application_item_list_stages (item);
  for (guint i = 0; i < stages->len; i++)
    {
      const ChStage *stage = stages->pdata[i];
      GtkWidget *row = ch_fact_row_new (_ (stage->title));

      ch_fact_row_set (CH_FACT_ROW (row), stage->tone, stage->word);
      add (self->stages, self->stage_rows, row);
    }
  properties = ch_application_item_list_properties (item);
  for (guint i = 0; i < properties->len; i++)
    {
      const ChProperty *property = properties->pdata[i];

      add (self->properties, self->property_rows,
           ch_property_row_new (_ (property->label), property->value, property->is_code));
    }
}
