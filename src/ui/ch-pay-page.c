#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-format.h"
#include "ui/ch-page-header.h"
#include "ui/ch-pay-page.h"
#include "ui/ch-property-row.h"
#include "ui/ch-qr-code.h"
#include "wire/ch-policy.h"

#define EDGE        264
#define CHANNEL_KEY "ch-channel"

struct _ChPayPage
{
  ChPage parent_instance;

  char *shown;     /* (owned) (nullable): the code that is shown */
  gboolean asked;  /* the user says it is paid; the answer is not there yet */
  GError *unpaid;  /* (owned) (nullable): the answer was no */
  guint second_id; /* source: counts down, 0 when none */
  GPtrArray *rows; /* (element-type ChPropertyRow): in @details */
  gboolean filling;

  ChQrCode *qr;            /* in @card */
  ChPageHeader *header;    /* template child */
  GtkBox *channels;        /* template child */
  GtkLabel *amount;        /* template child */
  AdwBin *card;            /* template child */
  GtkSpinner *spinner;     /* template child */
  GtkLabel *how;           /* template child */
  GtkLabel *left;          /* template child */
  AdwExpanderRow *details; /* template child */
};

G_DEFINE_FINAL_TYPE (ChPayPage, ch_pay_page, CH_TYPE_PAGE)

static const struct
{
  const char *id;
  const char *title; /* untranslated */
  const char *how;   /* untranslated */
} known[] = {
  { "wechat", N_ ("WeChat Pay"), N_ ("Pay with “Scan” in WeChat") },
  { "alipay", N_ ("Alipay"), N_ ("Pay with “Scan” in Alipay") },
};

static gsize
find_channel (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (known[i].id, id) == 0)
      return i;
  return 0;
}

static const ChAttempt *
get_attempt (ChPayPage *self)
{
  const ChOrder *order = ch_run_get_order (ch_page_get_run (CH_PAGE (self)));

  return order != NULL ? order->attempt : NULL;
}

/* The channel asked for, else that of the code, else the CA’s first */
static const char *
get_channel (ChPayPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const char *asked = ch_run_get_answer (run, "channel");

  if (asked != NULL && *asked != 0)
    return asked;
  return get_attempt (self) != NULL ? get_attempt (self)->channel : ch_run_get_profile (run)->channels[0];
}

static void
refresh_left (ChPayPage *self)
{
  const ChAttempt *attempt = get_attempt (self);
  gint64 left = attempt != NULL ? attempt->expires - ch_clock_now () : 0;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (left <= 0)
    {
      gtk_label_set_label (self->left, _ ("A new code is being made…"));
      return;
    }

  time = ch_format_left (left);
  /* Translators: %s is how long: 14 minutes 32 seconds */
  text = g_strdup_printf (_ ("Valid for another %s, then replaced by itself"), time);
  gtk_label_set_label (self->left, text);
}

static gboolean
on_second_cb (gpointer user_data)
{
  refresh_left (user_data);
  return G_SOURCE_CONTINUE;
}

static void
add_detail (ChPayPage *self, const char *title, const char *value, gboolean copyable)
{
  GtkWidget *row = ch_property_row_new (title, value, copyable);

  adw_expander_row_add_row (self->details, row);
  g_ptr_array_add (self->rows, row);
}

static void
refresh_details (ChPayPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const ChOrder *order = ch_run_get_order (run);
  const ChAttempt *attempt = get_attempt (self);

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->details, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  if (order == NULL)
    return;

  adw_expander_row_set_subtitle (self->details, order->title);
  add_detail (self, _ ("Payee"), ch_text_get (ch_run_get_profile (run)->name), FALSE);
  add_detail (self, _ ("Order number"), order->id, TRUE);
  if (attempt != NULL)
    add_detail (self, _ ("Payment link"), attempt->code, TRUE);
}

static void
refresh_code (ChPayPage *self)
{
  const ChOrder *order = ch_run_get_order (ch_page_get_run (CH_PAGE (self)));
  const ChAttempt *attempt = get_attempt (self);
  gboolean ready = attempt != NULL && g_strcmp0 (attempt->channel, get_channel (self)) == 0;
  const char *code = ready ? attempt->code : NULL;
  g_autofree char *amount = order != NULL ? ch_format_fen (order->fen) : g_strdup ("");
  g_autofree char *name = NULL;
  gsize channel = find_channel (get_channel (self));

  gtk_label_set_label (self->amount, amount);
  gtk_label_set_label (self->how, _ (known[channel].how));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), code == NULL);
  gtk_spinner_set_spinning (self->spinner, code == NULL);
  if (g_strcmp0 (code, self->shown) == 0)
    return;

  g_free (self->shown);
  self->shown = g_strdup (code);
  ch_qr_code_set_text (self->qr, code);
  /* Translators: for the screen reader; first %s is a way to pay, second %s an amount */
  name = g_strdup_printf (_ ("QR code of %s, %s"), _ (known[channel].title), amount);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->qr), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  refresh_details (self);
}

static void
ch_pay_page_refresh (ChPage *page)
{
  ChPayPage *self = CH_PAY_PAGE (page);
  ChRun *run = ch_page_get_run (page);

  /* The answer to “I have paid” */
  if (self->asked && ch_run_get_state (run) != CH_RUN_BUSY)
    {
      self->asked = FALSE;
      if (ch_run_get_state (run) == CH_RUN_RESTING && ch_page_is_current (page))
        self->unpaid = g_error_new (CH_ERROR, CH_ERROR_NOT_PAID, "the server knows of no payment");
    }

  refresh_code (self);
  refresh_left (self);
}

static gboolean
ch_pay_page_commit (ChPage *page)
{
  ChPayPage *self = CH_PAY_PAGE (page);

  g_clear_error (&self->unpaid);
  self->asked = TRUE;
  return TRUE;
}

static void
ch_pay_page_focus (ChPage *page)
{
  /* The focus belongs on “I have paid”, which the frame has */
}

static const char *
ch_pay_page_get_next_label (ChPage *page)
{
  return _ ("I have paid");
}

static const char *
ch_pay_page_get_note (ChPage *page)
{
  return _ ("Waiting for the payment…");
}

static const GError *
ch_pay_page_get_error (ChPage *page)
{
  return CH_PAY_PAGE (page)->unpaid;
}

static void
on_channel_toggled_cb (GtkToggleButton *button, ChPayPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));

  if (self->filling || !gtk_toggle_button_get_active (button))
    return;

  g_clear_error (&self->unpaid);
  ch_run_set_answer (run, "channel", g_object_get_data (G_OBJECT (button), CHANNEL_KEY));
  ch_run_next (run);
  ch_page_ask_refresh (CH_PAGE (self));
}

static void
add_channels (ChPayPage *self)
{
  GStrv offered = ch_run_get_profile (ch_page_get_run (CH_PAGE (self)))->channels;
  GtkToggleButton *first = NULL;

  self->filling = TRUE;
  for (gsize i = 0; offered[i] != NULL; i++)
    {
      const char *id = known[find_channel (offered[i])].id;
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (known[find_channel (id)].title));

      g_object_set_data (G_OBJECT (button), CHANNEL_KEY, (gpointer) id);
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), g_strcmp0 (id, get_channel (self)) == 0);
      g_signal_connect_object (button, "toggled", G_CALLBACK (on_channel_toggled_cb), self, 0);
      gtk_box_append (self->channels, button);
      if (first == NULL)
        first = GTK_TOGGLE_BUTTON (button);
    }
  self->filling = FALSE;
}

static void
ch_pay_page_dispose (GObject *object)
{
  ChPayPage *self = CH_PAY_PAGE (object);

  g_clear_handle_id (&self->second_id, g_source_remove);
  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);
  g_clear_error (&self->unpaid);
  G_OBJECT_CLASS (ch_pay_page_parent_class)->dispose (object);
}

static void
ch_pay_page_class_init (ChPayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ChPageClass *page_class = CH_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_pay_page_dispose;
  page_class->refresh = ch_pay_page_refresh;
  page_class->commit = ch_pay_page_commit;
  page_class->focus = ch_pay_page_focus;
  page_class->get_next_label = ch_pay_page_get_next_label;
  page_class->get_note = ch_pay_page_get_note;
  page_class->get_error = ch_pay_page_get_error;

  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-pay-page"));
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, header);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, channels);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, amount);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, card);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, how);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, left);
  gtk_widget_class_bind_template_child (widget_class, ChPayPage, details);
}

static void
ch_pay_page_init (ChPayPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->qr = CH_QR_CODE (ch_qr_code_new (EDGE));
  adw_bin_set_child (self->card, GTK_WIDGET (self->qr));
  self->second_id = g_timeout_add_seconds (1, on_second_cb, self);
}

/**
 * ch_pay_page_new:
 * @run: the run
 * @step: the step that waits for the payment
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_pay_page_new (ChRun *run, const ChStep *step)
{
  ChPayPage *self = g_object_new (CH_TYPE_PAY_PAGE, NULL);

  ch_page_set_up (CH_PAGE (self), run, step);
  ch_page_header_set_title (self->header, _ (step->title));
  add_channels (self);
  return GTK_WIDGET (self);
}
