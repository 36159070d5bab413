#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-form-box.h"
#include "ui/ch-hotline.h"
#include "ui/ch-page-header.h"
#include "ui/ch-register-page.h"

struct _ChRegisterPage
{
  AdwBin parent_instance;

  ChFront *front;            /* (owned) */
  GCancellable *cancellable; /* (owned): ends the waiting when the page goes */
  ChFormBox *fields;         /* (unowned) */
  char *user_name;           /* (owned) (nullable): as it was typed */
  gboolean is_busy;

  ChErrorBar *error_bar;      /* template child */
  GtkWidget *form;            /* template child */
  ChPageHeader *header;       /* template child */
  GtkBox *groups;             /* template child */
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

static const ChFormCode code_by_sms = { .field = "handler-mobile", .purpose = CH_SMS_REGISTER };

G_DEFINE_FINAL_TYPE (ChRegisterPage, ch_register_page, ADW_TYPE_BIN)

static void
set_busy (ChRegisterPage *self, gboolean is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->register_button), !is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, is_busy ? "busy" : "text");
}

static void
on_registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChRegisterPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_registered = ch_front_register_finish (CH_FRONT (source), result, &error);

  /* Left meanwhile */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  self->is_busy = FALSE;
  if (is_registered)
    {
      ch_form_box_clear_secrets (self->fields);
      g_signal_emit (self, signals[SIGNAL_REGISTERED], 0);
      return;
    }

  set_busy (self, FALSE);
  ch_form_box_show_error (self->fields, error);
}

static void
start_registration (ChRegisterPage *self)
{
  g_autoptr (GHashTable) answers = NULL;
  g_autoptr (ChSecret) password = NULL;
  g_autoptr (ChSecret) code = NULL;

  if (self->is_busy || !ch_form_box_check (self->fields))
    return;

  set_busy (self, TRUE);
  answers = ch_form_box_collect (self->fields);
  g_free (self->user_name);
  self->user_name = g_strdup (g_hash_table_lookup (answers, "user-name"));
  password = ch_form_box_copy_secret (self->fields, "password");
  code = ch_form_box_copy_secret (self->fields, "sms-code");
  ch_front_register_async (self->front, answers, password, code, self->cancellable, on_registered_cb,
                           g_object_ref (self));
}

static void
on_register_clicked_cb (GtkButton *button, ChRegisterPage *self)
{
  start_registration (self);
}

static void
on_done_cb (ChFormBox *fields, ChRegisterPage *self)
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
ch_register_page_dispose (GObject *object)
{
  ChRegisterPage *self = CH_REGISTER_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_REGISTER_PAGE);
  G_OBJECT_CLASS (ch_register_page_parent_class)->dispose (object);
}

static void
ch_register_page_finalize (GObject *object)
{
  ChRegisterPage *self = CH_REGISTER_PAGE (object);

  g_clear_object (&self->cancellable);
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
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, ChRegisterPage, register_button);
  gtk_widget_class_bind_template_callback (widget_class, on_register_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
}

static void
ch_register_page_init (ChRegisterPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_page_header_set_title (self->header, _ (ch_form_register.title));
  ch_page_header_set_description (self->header, _ (ch_form_register.lead));
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

  self->front = g_object_ref (front);
  if (profile != NULL)
    adw_window_title_set_subtitle (self->title, ch_text_get (profile->short_name));
  self->fields = CH_FORM_BOX (ch_form_box_new (front, &ch_form_register, &code_by_sms, "register"));
  ch_form_box_set_error_bar (self->fields, self->error_bar);
  g_signal_connect_object (self->fields, "done", G_CALLBACK (on_done_cb), self, 0);
  gtk_box_append (self->groups, GTK_WIDGET (self->fields));
  set_busy (self, FALSE);
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
 * Puts the focus on the first field that is empty.
 */
void
ch_register_page_focus (ChRegisterPage *self)
{
  g_return_if_fail (CH_IS_REGISTER_PAGE (self));

  ch_form_box_focus (self->fields);
}
