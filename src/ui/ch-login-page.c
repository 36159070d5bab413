#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-consent-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"
#include "ui/ch-hotline.h"
#include "ui/ch-login-page.h"

struct _ChLoginPage
{
  AdwBin parent_instance;

  ChFront *front;            /* (owned) */
  GCancellable *cancellable; /* (owned): ends the waiting when the page goes */
  ChFieldRow *name;          /* (owned) */
  ChFieldRow *password;      /* (owned) */
  GPtrArray *consents;       /* (unowned elements): ChConsentRow */
  char *user_name;           /* (owned) (nullable): as it was typed */
  gboolean is_busy;

  AdwWindowTitle *title;       /* template child */
  ChErrorBar *error_bar;       /* template child */
  GtkWidget *form;             /* template child */
  AdwPreferencesGroup *fields; /* template child */
  GtkBox *consent_box;         /* template child */
  GtkStack *button_stack;      /* template child */
  GtkButton *log_in;           /* template child */
};

enum
{
  SIGNAL_BACK,
  SIGNAL_LOGGED_IN,
  SIGNAL_REGISTER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChLoginPage, ch_login_page, ADW_TYPE_BIN)

static void
refresh (ChLoginPage *self)
{
  gtk_widget_set_sensitive (self->form, !self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->log_in), !self->is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, self->is_busy ? "busy" : "text");
}

static void
on_logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChLoginPage) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_busy = FALSE;
  if (ch_front_login_finish (CH_FRONT (source), result, &error))
    {
      ch_field_row_clear_secret (self->password);
      g_signal_emit (self, signals[SIGNAL_LOGGED_IN], 0);
      return;
    }

  refresh (self);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  ch_error_bar_show (self->error_bar, error);
  if (g_error_matches (error, CH_ERROR, CH_ERROR_LOGIN_WRONG))
    {
      ch_field_row_clear_secret (self->password);
      ch_field_row_grab_focus (self->password);
    }
}

/* Marks what is missing; the focus goes to the first of it */
static gboolean
check (ChLoginPage *self)
{
  ChReason name = ch_field_row_is_empty (self->name) ? CH_REASON_MISSING : CH_REASON_OK;
  ChReason password = ch_field_row_check_secret (self->password);
  gboolean is_ticked = TRUE;

  for (guint i = self->consents->len; i > 0; i--)
    is_ticked = ch_consent_row_check (self->consents->pdata[i - 1]) && is_ticked;
  ch_field_row_set_reason (self->password, password, NULL);
  if (password != CH_REASON_OK)
    ch_field_row_grab_focus (self->password);
  ch_field_row_set_reason (self->name, name, NULL);
  if (name != CH_REASON_OK)
    ch_field_row_grab_focus (self->name);

  return name == CH_REASON_OK && password == CH_REASON_OK && is_ticked;
}

static void
start_login (ChLoginPage *self)
{
  g_autoptr (ChSecret) password = NULL;

  ch_error_bar_hide (self->error_bar);
  if (self->is_busy || !check (self))
    return;

  self->is_busy = TRUE;
  refresh (self);
  password = ch_field_row_copy_secret (self->password);
  g_free (self->user_name);
  self->user_name = ch_field_row_dup_value (self->name);
  ch_front_login_async (self->front, self->user_name, password, self->cancellable, on_logged_in_cb,
                        g_object_ref (self));
}

static void
on_log_in_clicked_cb (GtkButton *button, ChLoginPage *self)
{
  start_login (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChLoginPage *self)
{
  start_login (self);
}

static void
on_register_clicked_cb (GtkButton *button, ChLoginPage *self)
{
  g_signal_emit (self, signals[SIGNAL_REGISTER], 0);
}

static void
on_back_clicked_cb (GtkButton *button, ChLoginPage *self)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static void
on_changed_cb (ChFieldRow *row, ChLoginPage *self)
{
  ch_field_row_set_reason (row, CH_REASON_OK, NULL);
}

static void
on_activated_cb (ChFieldRow *row, ChLoginPage *self)
{
  if (row == self->name)
    ch_field_row_grab_focus (self->password);
  else
    start_login (self);
}

static void
ch_login_page_dispose (GObject *object)
{
  ChLoginPage *self = CH_LOGIN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->name);
  g_clear_object (&self->password);
  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_LOGIN_PAGE);
  G_OBJECT_CLASS (ch_login_page_parent_class)->dispose (object);
}

static void
ch_login_page_finalize (GObject *object)
{
  ChLoginPage *self = CH_LOGIN_PAGE (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->consents);
  g_free (self->user_name);
  G_OBJECT_CLASS (ch_login_page_parent_class)->finalize (object);
}

static void
ch_login_page_class_init (ChLoginPageClass *klass)
{
  static const char *const names[] = { "back", "logged-in", "register" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_login_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_login_page_finalize;

  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_LOGIN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-login-page"));
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, title);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, form);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, fields);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, consent_box);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, log_in);
  gtk_widget_class_bind_template_callback (widget_class, on_log_in_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_register_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
}

static ChFieldRow *
add_field (ChLoginPage *self, const ChField *field)
{
  ChFieldRow *row = ch_field_row_new (field);

  ch_field_row_add_to (row, self->fields);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed_cb), self, 0);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_activated_cb), self, 0);
  return row;
}

static void
ch_login_page_init (ChLoginPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->consents = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->name = add_field (self, ch_form_login.fields[0]);
  self->password = add_field (self, ch_form_login.fields[1]);
}

/**
 * ch_login_page_new:
 * @front: who logs in
 * @user_name: (nullable): of the last login, proposed
 *
 * Returns: (transfer floating): a page
 */
GtkWidget *
ch_login_page_new (ChFront *front, const char *user_name)
{
  ChLoginPage *self = g_object_new (CH_TYPE_LOGIN_PAGE, NULL);
  const ChProfile *profile = ch_front_get_profile (front);
  g_autoptr (GPtrArray) consents = ch_front_list_consents (front, "login");

  self->front = g_object_ref (front);
  if (profile != NULL)
    adw_window_title_set_subtitle (self->title, ch_text_get (profile->short_name));
  for (guint i = 0; i < consents->len; i++)
    {
      GtkWidget *row = ch_consent_row_new (consents->pdata[i]);

      gtk_box_append (self->consent_box, row);
      g_ptr_array_add (self->consents, row);
    }
  ch_login_page_set_user_name (self, user_name);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_login_page_set_user_name:
 * @user_name: (nullable): what is proposed
 */
void
ch_login_page_set_user_name (ChLoginPage *self, const char *user_name)
{
  g_return_if_fail (CH_IS_LOGIN_PAGE (self));

  ch_field_row_set_value (self->name, user_name != NULL ? user_name : "");
}

/**
 * ch_login_page_get_user_name:
 *
 * Returns: (transfer none) (nullable): with whom it was tried last
 */
const char *
ch_login_page_get_user_name (ChLoginPage *self)
{
  g_return_val_if_fail (CH_IS_LOGIN_PAGE (self), NULL);

  return self->user_name;
}

/**
 * ch_login_page_focus:
 *
 * Puts the focus on the first empty field.
 */
void
ch_login_page_focus (ChLoginPage *self)
{
  g_return_if_fail (CH_IS_LOGIN_PAGE (self));

  ch_field_row_grab_focus (ch_field_row_is_empty (self->name) ? self->name : self->password);
}
