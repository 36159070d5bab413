#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "flow/ch-choice.h"
#include "front/ch-format.h"
#include "front/ch-invoice-desk.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"
#include "ui/ch-invoice-window.h"
#include "ui/ch-page-header.h"
#include "wire/ch-field.h"

struct _ChInvoiceWindow
{
  AdwWindow parent_instance;

  ChFront *front;            /* (owned) */
  char *application;         /* (owned) */
  char *key;                 /* (owned): of the call, however often it is sent */
  GCancellable *cancellable; /* (owned): ends the waiting when the window goes */
  GPtrArray *rows;           /* (owned): ChFieldRow, in the order of the form */
  gboolean is_busy;

  ChErrorBar *error_bar; /* template child */
  GtkBox *groups;        /* template child */
  ChPageHeader *header;  /* template child */
  GtkWidget *ask;        /* template child */
};

enum
{
  SIGNAL_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChInvoiceWindow, ch_invoice_window, ADW_TYPE_WINDOW)

/* What is known of the applicant already is proposed */
static const struct
{
  const char *field;
  const char *answer;
} proposals[] = {
  { "invoice-title", "unit-name" },     { "invoice-tax-number", "unit-code" },
  { "invoice-phone", "unit-phone" },    { "invoice-address", "handler-address" },
  { "invoice-email", "handler-email" },
};

static GHashTable *
collect_answers (ChInvoiceWindow *self)
{
  GHashTable *answers = ch_wire_map_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      char *value = ch_field_row_dup_value (self->rows->pdata[i]);

      if (value != NULL)
        g_hash_table_insert (answers, g_strdup (ch_field_row_get_field (self->rows->pdata[i])->id), value);
    }
  return answers;
}

/* Marks what is wrong; the focus goes to the first of it */
static gboolean
check (ChInvoiceWindow *self, GHashTable *answers)
{
  ChFieldRow *first = NULL;

  for (guint i = self->rows->len; i > 0; i--)
    {
      ChFieldRow *row = self->rows->pdata[i - 1];
      const ChField *field = ch_field_row_get_field (row);
      ChReason reason = ch_field_check (field, g_hash_table_lookup (answers, field->id), answers);

      ch_field_row_set_reason (row, reason, NULL);
      if (reason != CH_REASON_OK)
        first = row;
    }
  if (first != NULL)
    ch_field_row_grab_focus (first);
  return first == NULL;
}

static void
set_busy (ChInvoiceWindow *self, gboolean is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->ask, !is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->groups), !is_busy);
}

static void
on_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChInvoiceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInvoice) invoice = ch_invoice_desk_finish (CH_PORTS (source), result, &error);
  GPtrArray *fields;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  set_busy (self, FALSE);
  if (invoice != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_ASKED], 0);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  fields = ch_error_get_fields (error);
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    for (guint j = 0; j < self->rows->len; j++)
      {
        const ChFieldError *wrong = fields->pdata[i];

        if (g_str_equal (ch_field_row_get_field (self->rows->pdata[j])->id, wrong->field))
          ch_field_row_set_reason (self->rows->pdata[j], wrong->reason, wrong->remark);
      }
  ch_error_bar_show (self->error_bar, error);
}

static void
start (ChInvoiceWindow *self)
{
  g_autoptr (GHashTable) answers = collect_answers (self);

  ch_error_bar_hide (self->error_bar);
  if (self->is_busy || !check (self, answers))
    return;

  set_busy (self, TRUE);
  ch_invoice_desk_ask_async (ch_front_get_ports (self->front), self->application, answers, self->key,
                             self->cancellable, on_asked_cb, g_object_ref (self));
}

static void
on_ask_clicked_cb (GtkButton *button, ChInvoiceWindow *self)
{
  start (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChInvoiceWindow *self)
{
  start (self);
}

/* Another answer is another call */
static void
on_row_changed_cb (ChFieldRow *row, ChInvoiceWindow *self)
{
  ch_field_row_set_reason (row, CH_REASON_OK, NULL);
  g_free (self->key);
  self->key = g_uuid_string_random ();
}

static void
on_row_activated_cb (ChFieldRow *row, ChInvoiceWindow *self)
{
  guint i;

  if (g_ptr_array_find (self->rows, row, &i) && i + 1 < self->rows->len)
    ch_field_row_grab_focus (self->rows->pdata[i + 1]);
  else
    start (self);
}

static void
ch_invoice_window_dispose (GObject *object)
{
  ChInvoiceWindow *self = CH_INVOICE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_INVOICE_WINDOW);
  G_OBJECT_CLASS (ch_invoice_window_parent_class)->dispose (object);
}

static void
ch_invoice_window_finalize (GObject *object)
{
  ChInvoiceWindow *self = CH_INVOICE_WINDOW (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->rows);
  g_free (self->application);
  g_free (self->key);

  G_OBJECT_CLASS (ch_invoice_window_parent_class)->finalize (object);
}

static void
ch_invoice_window_class_init (ChInvoiceWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_invoice_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_invoice_window_finalize;

  signals[SIGNAL_ASKED] = g_signal_new ("asked", CH_TYPE_INVOICE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-invoice-window"));
  gtk_widget_class_bind_template_child (widget_class, ChInvoiceWindow, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChInvoiceWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, ChInvoiceWindow, header);
  gtk_widget_class_bind_template_child (widget_class, ChInvoiceWindow, ask);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void
add_rows (ChInvoiceWindow *self)
{
  AdwPreferencesGroup *group = NULL;
  const char *title = NULL;

  for (gsize i = 0; ch_form_invoice.fields[i] != NULL; i++)
    {
      const ChField *field = ch_form_invoice.fields[i];
      ChFieldRow *row = ch_field_row_new (field);

      if (group == NULL || g_strcmp0 (field->group, title) != 0)
        {
          title = field->group;
          group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
          adw_preferences_group_set_title (group, _ (title));
          gtk_box_append (self->groups, GTK_WIDGET (group));
        }
      ch_field_row_add_to (row, group);
      g_ptr_array_add (self->rows, row);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed_cb), self, 0);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated_cb), self, 0);
    }
}

static void
ch_invoice_window_init (ChInvoiceWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->key = g_uuid_string_random ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_rows (self);
}

static void
propose (ChInvoiceWindow *self, const ChApplication *application)
{
  g_autoptr (GHashTable) answers = collect_answers (self);

  for (guint i = 0; i < self->rows->len; i++)
    {
      ChFieldRow *row = self->rows->pdata[i];
      const ChField *field = ch_field_row_get_field (row);
      g_autoptr (GPtrArray) choices = NULL;

      if (field->kind == CH_FIELD_CHOICE)
        {
          choices = ch_choices_list (field, ch_front_get_profile (self->front), NULL, answers);
          ch_field_row_set_choices (row, choices);
        }
      if (field->initial != NULL)
        ch_field_row_set_value (row, field->initial);
      for (gsize j = 0; j < G_N_ELEMENTS (proposals) && application->answers != NULL; j++)
        if (g_str_equal (proposals[j].field, field->id)
            && g_hash_table_lookup (application->answers, proposals[j].answer) != NULL)
          ch_field_row_set_value (row, g_hash_table_lookup (application->answers, proposals[j].answer));
    }
}

/**
 * ch_invoice_window_new:
 * @application: that was paid for
 * @fen: what was paid
 *
 * Returns: (transfer full): a window to be presented
 */
GtkWindow *
ch_invoice_window_new (ChFront *front, GtkWindow *parent, const ChApplication *application, gint64 fen)
{
  ChInvoiceWindow *self = g_object_new (CH_TYPE_INVOICE_WINDOW, "transient-for", parent, NULL);
  g_autofree char *amount = ch_format_fen (fen);
  /* Translators: %1$s is an amount like 300.00 yuan, %2$s a sentence */
  g_autofree char *lead = g_strdup_printf (_ ("%1$s. %2$s"), amount, _ (ch_form_invoice.lead));

  self->front = g_object_ref (front);
  self->application = g_strdup (application->id);
  ch_page_header_set_title (self->header, _ (ch_form_invoice.title));
  ch_page_header_set_description (self->header, lead);
  propose (self, application);
  return GTK_WINDOW (self);
}
