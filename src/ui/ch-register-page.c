#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "flow/ch-choice.h"
#include "ui/ch-consent-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"
#include "ui/ch-hotline.h"
#include "ui/ch-page-header.h"
#include "ui/ch-register-page.h"

struct _ChRegisterPage
{
  AdwBin parent_instance;

  ChFront *front;            /* (owned) */
  GCancellable *cancellable; /* (owned): ends the waiting when the page goes */
  GPtrArray *rows;           /* (owned): ChFieldRow, in the order of the form */
  GPtrArray *consents;       /* (unowned elements): ChConsentRow */
  GtkButton *send;           /* (unowned): beside the code */
  char *user_name;           /* (owned) (nullable): as it was typed */
  gint64 again;              /* when another code may be sent, seconds since 1970 */
  guint tick_id;             /* source, 0 when none */
  gboolean is_sending;
  gboolean is_busy;

  ChErrorBar *error_bar;      /* template child */
  GtkWidget *form;            /* template child */
  ChPageHeader *header;       /* template child */
  GtkBox *groups;             /* template child */
  GtkBox *consent_box;        /* template child */
  AdwWindowTitle *title;      /* template child */
  GtkStack *button_stack;     /* template child */
  GtkButton *register_button; /* template child */
};

enum
{
  SIGNAL_BACK,
  SIGNAL_REGISTERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChRegisterPage, ch_register_page, ADW_TYPE_BIN)

static ChFieldRow *
find_row (ChRegisterPage *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_strcmp0 (ch_field_row_get_field (self->rows->pdata[i])->id, id) == 0)
      return self->rows->pdata[i];

  return NULL;
}

static void
refresh (ChRegisterPage *self)
{
  gint64 left = self->again - ch_clock_now ();
  g_autofree char *label = NULL;

  gtk_widget_set_sensitive (self->form, !self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->register_button), !self->is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, self->is_busy ? "busy" : "text");

  if (self->again == 0)
    label = g_strdup (_ ("Send code"));
  else if (left > 0)
    /* Translators: %d is how many seconds until another SMS code can be sent */
    label = g_strdup_printf (_ ("Again in %d s"), (int) left);
  else
    label = g_strdup (_ ("Send again"));
  gtk_button_set_label (self->send, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->send), !self->is_sending && left <= 0);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  ChRegisterPage *self = user_data;

  refresh (self);
  if (self->again > ch_clock_now ())
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* Shows what the server says of single fields beside them, everything else above the page */
static void
show_error (ChRegisterPage *self, const GError *error)
{
  GPtrArray *fields = ch_error_get_fields (error);
  ChFieldRow *first = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  for (guint i = fields != NULL ? fields->len : 0; i > 0; i--)
    {
      const ChFieldError *wrong = fields->pdata[i - 1];
      ChFieldRow *row = find_row (self, wrong->field);

      if (row == NULL)
        continue;
      ch_field_row_set_reason (row, wrong->reason, wrong->remark);
      first = row;
    }
  if (first != NULL)
    ch_field_row_grab_focus (first);
  else
    ch_error_bar_show (self->error_bar, error);
}

static void
on_code_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChRegisterPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSmsSent) sent = ch_front_send_code_finish (CH_FRONT (source), result, &error);
  ChFieldRow *code = find_row (self, "sms-code");

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  self->is_sending = FALSE;
  if (sent != NULL)
    {
      self->again = sent->again;
      if (self->tick_id == 0)
        self->tick_id = g_timeout_add_seconds (1, on_tick_cb, self);
      if (code != NULL)
        ch_field_row_grab_focus (code);
    }
  else
    show_error (self, error);
  refresh (self);
}

static ChReason
check_row (ChRegisterPage *self, ChFieldRow *row, GHashTable *answers)
{
  const ChField *field = ch_field_row_get_field (row);

  return ch_field_is_secret (field)
             ? ch_field_row_check_secret (row)
             : ch_field_check (field, g_hash_table_lookup (answers, field->id), answers);
}

static GHashTable *
collect_answers (ChRegisterPage *self)
{
  GHashTable *answers = ch_wire_map_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChField *field = ch_field_row_get_field (self->rows->pdata[i]);
      char *value = ch_field_is_secret (field) ? NULL : ch_field_row_dup_value (self->rows->pdata[i]);

      if (value != NULL)
        g_hash_table_insert (answers, g_strdup (field->id), value);
    }

  return answers;
}

static void
on_send_clicked_cb (GtkButton *button, ChRegisterPage *self)
{
  ChFieldRow *mobile = find_row (self, "handler-mobile");
  g_autoptr (GHashTable) answers = collect_answers (self);
  ChReason reason = check_row (self, mobile, answers);

  ch_error_bar_hide (self->error_bar);
  ch_field_row_set_reason (mobile, reason, NULL);
  if (reason != CH_REASON_OK)
    {
      ch_field_row_grab_focus (mobile);
      return;
    }

  self->is_sending = TRUE;
  refresh (self);
  ch_front_send_code_async (self->front, g_hash_table_lookup (answers, "handler-mobile"), CH_SMS_REGISTER,
                            self->cancellable, on_code_sent_cb, g_object_ref (self));
}

static void
on_registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChRegisterPage) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_busy = FALSE;
  if (ch_front_register_finish (CH_FRONT (source), result, &error))
    {
      for (guint i = 0; i < self->rows->len; i++)
        if (ch_field_is_secret (ch_field_row_get_field (self->rows->pdata[i])))
          ch_field_row_clear_secret (self->rows->pdata[i]);
      g_signal_emit (self, signals[SIGNAL_REGISTERED], 0);
      return;
    }

  refresh (self);
  show_error (self, error);
}

/* Marks every wrong field; the focus goes to the first of them */
static gboolean
check (ChRegisterPage *self, GHashTable *answers)
{
  ChFieldRow *first = NULL;
  gboolean is_ticked = TRUE;

  for (guint i = self->consents->len; i > 0; i--)
    is_ticked = ch_consent_row_check (self->consents->pdata[i - 1]) && is_ticked;
  for (guint i = self->rows->len; i > 0; i--)
    {
      ChFieldRow *row = self->rows->pdata[i - 1];
      ChReason reason = check_row (self, row, answers);

      ch_field_row_set_reason (row, reason, NULL);
      if (reason != CH_REASON_OK)
        first = row;
    }
  if (first != NULL)
    ch_field_row_grab_focus (first);

  return first == NULL && is_ticked;
}

static void
start_registration (ChRegisterPage *self)
{
  g_autoptr (GHashTable) answers = collect_answers (self);
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (ChSecret) code = NULL;

  ch_error_bar_hide (self->error_bar);
  if (self->is_busy || !check (self, answers))
    return;

  self->is_busy = TRUE;
  refresh (self);
  g_free (self->user_name);
  self->user_name = g_strdup (g_hash_table_lookup (answers, "user-name"));
  password = ch_field_row_copy_secret (find_row (self, "password"));
  code = ch_field_row_copy_secret (find_row (self, "sms-code"));
  ch_front_register_async (self->front, answers, password, code, self->cancellable, on_registered_cb,
                           g_object_ref (self));
}

static void
on_register_clicked_cb (GtkButton *button, ChRegisterPage *self)
{
  start_registration (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChRegisterPage *self)
{
  start_registration (self);
}

static void
on_back_clicked_cb (GtkButton *button, ChRegisterPage *self)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static void
on_row_changed_cb (ChFieldRow *row, ChRegisterPage *self)
{
  ch_field_row_set_reason (row, CH_REASON_OK, NULL);
}

static void
on_row_left_cb (ChFieldRow *row, ChRegisterPage *self)
{
  g_autoptr (GHashTable) answers = collect_answers (self);

  /* An empty field is not wrong before the button was pressed */
  if (!ch_field_row_is_empty (row))
    ch_field_row_set_reason (row, check_row (self, row, answers), NULL);
}

static void
on_row_activated_cb (ChFieldRow *row, ChRegisterPage *self)
{
  guint i;

  if (g_ptr_array_find (self->rows, row, &i) && i + 1 < self->rows->len)
    ch_field_row_grab_focus (self->rows->pdata[i + 1]);
  else
    start_registration (self);
}

static void
ch_register_page_dispose (GObject *object)
{
  ChRegisterPage *self = CH_REGISTER_PAGE (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_REGISTER_PAGE);
  G_OBJECT_CLASS (ch_register_page_parent_class)->dispose (object);
}

static void
ch_register_page_finalize (GObject *object)
{
  ChRegisterPage *self = CH_REGISTER_PAGE (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->consents);
  g_free (self->user_name);
  G_OBJECT_CLASS (ch_register_page_parent_class)->finalize (object);
}

static void
ch_register_page_class_init (ChRegisterPageClass *klass)
{
  static const char *const names[] = { "back", "registered" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_register_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_register_page_finalize;

  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], CH_TYPE_REGISTER_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-register-page"));
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, title);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, form);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, header);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, groups);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, consent_box);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, register_button);
  gtk_widget_class_bind_template_callback (widget_class, on_register_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
}

static void
add_rows (ChRegisterPage *self)
{
  GtkWidget *group = NULL;
  const char *title = NULL;

  for (gsize i = 0; ch_form_register.fields[i] != NULL; i++)
    {
      const ChField *field = ch_form_register.fields[i];
      ChFieldRow *row = ch_field_row_new (field);

      if (group == NULL || g_strcmp0 (field->group, title) != 0)
        {
          title = field->group;
          group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ (title), NULL);
          gtk_box_append (self->groups, group);
        }
      ch_field_row_add_to (row, ADW_PREFERENCES_GROUP (group));
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed_cb), self, 0);
      g_signal_connect_object (row, "left", G_CALLBACK (on_row_left_cb), self, 0);
      g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated_cb), self, 0);
      g_ptr_array_add (self->rows, row);
      if (field->kind == CH_FIELD_SMS_CODE)
        {
          self->send = GTK_BUTTON (gtk_button_new ());
          gtk_widget_set_valign (GTK_WIDGET (self->send), GTK_ALIGN_CENTER);
          gtk_widget_add_css_class (GTK_WIDGET (self->send), "flat");
          g_signal_connect_object (self->send, "clicked", G_CALLBACK (on_send_clicked_cb), self, 0);
          ch_field_row_add_suffix (row, GTK_WIDGET (self->send));
        }
    }
}

static void
fill_in_choices (ChRegisterPage *self)
{
  const ChProfile *profile = ch_front_get_profile (self->front);
  g_autoptr (GHashTable) answers = collect_answers (self);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChField *field = ch_field_row_get_field (self->rows->pdata[i]);
      g_autoptr (GPtrArray) choices = NULL;

      if (field->kind != CH_FIELD_CHOICE)
        continue;
      choices = ch_choices_list (field, profile, NULL, answers);
      ch_field_row_set_choices (self->rows->pdata[i], choices);
      if (field->initial != NULL)
        ch_field_row_set_value (self->rows->pdata[i], field->initial);
    }
}

static void
ch_register_page_init (ChRegisterPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->consents = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_page_header_set_title (self->header, _ (ch_form_register.title));
  ch_page_header_set_description (self->header, _ (ch_form_register.lead));
  add_rows (self);
}

/**
 * ch_register_page_new:
 * @front: where the account is made
 *
 * Returns: (transfer floating): a page
 */
GtkWidget *
ch_register_page_new (ChFront *front)
{
  ChRegisterPage *self = g_object_new (CH_TYPE_REGISTER_PAGE, NULL);
  const ChProfile *profile = ch_front_get_profile (front);
  g_autoptr (GPtrArray) consents = ch_front_list_consents (front, "register");

  self->front = g_object_ref (front);
  if (profile != NULL)
    adw_window_title_set_subtitle (self->title, ch_text_get (profile->short_name));
  for (guint i = 0; i < consents->len; i++)
    {
      GtkWidget *row = ch_consent_row_new (consents->pdata[i]);

      gtk_box_append (self->consent_box, row);
      g_ptr_array_add (self->consents, row);
    }
  fill_in_choices (self);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_register_page_get_user_name:
 *
 * Returns: (transfer none) (nullable): the name that was registered
 */
const char *
ch_register_page_get_user_name (ChRegisterPage *self)
{
  g_return_val_if_fail (CH_IS_REGISTER_PAGE (self), NULL);

  return self->user_name;
}

/**
 * ch_register_page_focus:
 *
 * Puts the focus on the first field.
 */
void
ch_register_page_focus (ChRegisterPage *self)
{
  g_return_if_fail (CH_IS_REGISTER_PAGE (self));

  ch_field_row_grab_focus (self->rows->pdata[0]);
}
