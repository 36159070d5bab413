#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-given-asker.h"
#include "ui/ch-account-form.h"
#include "ui/ch-consent-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"
#include "ui/ch-hotline.h"
#include "ui/ch-login-page.h"
#include "ui/ch-secret-row.h"

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
  GPtrArray *choices;      /* (owned) (element-type ChCertItem): certificates one can log in by */
  AdwComboRow *choice;     /* (unowned) (nullable) */
  ChSecretRow *passphrase; /* (unowned) (nullable) */

  AdwWindowTitle *title;       /* template child */
  ChErrorBar *error_bar;       /* template child */
  GtkWidget *form;             /* template child */
  AdwPreferencesGroup *fields; /* template child */
  GtkWidget *ways;             /* template child */
  GtkToggleButton *by_token;   /* template child */
  GtkWidget *register_link;    /* template child */
  AdwPreferencesGroup *tokens; /* template child */
  GtkBox *consent_box;         /* template child */
  GtkStack *button_stack;      /* template child */
  GtkButton *log_in;           /* template child */
  GtkWidget *look_up;          /* template child */
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

static gboolean
is_by_token (ChLoginPage *self)
{
  return gtk_toggle_button_get_active (self->by_token);
}

static void
refresh (ChLoginPage *self)
{
  gboolean by_token = is_by_token (self);

  gtk_widget_set_visible (GTK_WIDGET (self->fields), !by_token);
  gtk_widget_set_visible (self->register_link, !by_token);
  gtk_widget_set_visible (GTK_WIDGET (self->tokens), by_token);
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

static void
on_holder_logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChLoginPage) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_busy = FALSE;
  if (ch_front_login_by_certificate_finish (CH_FRONT (source), result, &error))
    {
      ch_secret_row_clear (self->passphrase);
      g_signal_emit (self, signals[SIGNAL_LOGGED_IN], 0);
      return;
    }

  refresh (self);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  ch_error_bar_show (self->error_bar, error);
  if (g_error_matches (error, CH_ERROR, CH_ERROR_PIN_WRONG))
    {
      ch_secret_row_clear (self->passphrase);
      gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
    }
}

/* Marks what is missing; the focus goes to the first of it */
static gboolean
check_token (ChLoginPage *self)
{
  gboolean is_ticked = TRUE;

  for (guint i = self->consents->len; i > 0; i--)
    is_ticked = ch_consent_row_check (self->consents->pdata[i - 1]) && is_ticked;
  if (ch_secret_row_get_length (self->passphrase) > 0)
    return is_ticked;
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
  return FALSE;
}

static void
start_token_login (ChLoginPage *self)
{
  ChCertItem *item = self->choices->pdata[adw_combo_row_get_selected (self->choice)];
  g_autoptr (GTlsInteraction) asker = NULL;
  g_autoptr (ChSecret) passphrase = NULL;

  if (!check_token (self))
    return;

  asker = ch_given_asker_new ();
  passphrase = ch_secret_row_copy (self->passphrase);
  ch_given_asker_give (asker, CH_ASK_EXISTING, passphrase);
  self->is_busy = TRUE;
  refresh (self);
  ch_front_login_by_certificate_async (self->front, ch_cert_item_get_token (item), NULL, asker,
                                       self->cancellable, on_holder_logged_in_cb, g_object_ref (self));
}

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
  ChLogin login = { 0 };

  ch_error_bar_hide (self->error_bar);
  if (self->is_busy)
    return;
  if (is_by_token (self))
    {
      start_token_login (self);
      return;
    }
  if (!check (self))
    return;

  self->is_busy = TRUE;
  refresh (self);
  password = ch_field_row_copy_secret (self->password);
  g_free (self->user_name);
  self->user_name = ch_field_row_dup_value (self->name);
  login.user_name = self->user_name;
  login.password = password;
  ch_front_login_async (self->front, &login, TRUE, self->cancellable, on_logged_in_cb, g_object_ref (self));
}

static void
on_log_in_clicked_cb (GtkButton *button, ChLoginPage *self)
{
  start_login (self);
}

static void
on_way_toggled_cb (GtkToggleButton *button, ChLoginPage *self)
{
  ch_error_bar_hide (self->error_bar);
  refresh (self);
}

static void
on_passphrase_activated_cb (ChSecretRow *row, ChLoginPage *self)
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
on_forgot_clicked_cb (GtkButton *button, ChLoginPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_present (GTK_WINDOW (ch_account_form_new (self->front, CH_ACCOUNT_RESET, GTK_WINDOW (root))));
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
  g_ptr_array_unref (self->choices);
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
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, ways);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, by_token);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, register_link);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, tokens);
  gtk_widget_class_bind_template_callback (widget_class, on_way_toggled_cb);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, consent_box);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, log_in);
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, look_up);
  gtk_widget_class_bind_template_callback (widget_class, on_log_in_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_register_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_forgot_clicked_cb);
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
  self->choices = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->name = add_field (self, ch_form_login.fields[0]);
  self->password = add_field (self, ch_form_login.fields[1]);
}

/* The certificates on software tokens of this PC, if there are any, beside the account */
static void
add_tokens (ChLoginPage *self)
{
  GListModel *certs = G_LIST_MODEL (ch_front_get_certs (self->front));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);
      g_autofree char *left = ch_cert_item_format_time_left (item);
      g_autofree char *text = NULL;

      if (ch_cert_item_get_token (item) == NULL || ch_cert_item_get_standing (item) == CH_CERT_REVOKED)
        continue;
      text = g_strdup_printf ("%s · %s", ch_cert_item_get_name (item), left);
      gtk_string_list_append (names, text);
      g_ptr_array_add (self->choices, g_object_ref (item));
    }
  if (self->choices->len == 0)
    return;

  self->choice = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->choice), _ ("Certificate"));
  adw_combo_row_set_use_subtitle (self->choice, TRUE);
  adw_combo_row_set_model (self->choice, G_LIST_MODEL (names));
  adw_preferences_group_add (self->tokens, GTK_WIDGET (self->choice));
  self->passphrase = CH_SECRET_ROW (ch_secret_row_new (_ ("Passphrase")));
  g_signal_connect_object (self->passphrase, "activated", G_CALLBACK (on_passphrase_activated_cb), self, 0);
  adw_preferences_group_add (self->tokens, GTK_WIDGET (self->passphrase));
  gtk_widget_set_visible (self->ways, TRUE);
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
  gtk_widget_set_visible (self->look_up, profile != NULL && profile->order_lookup);
  ch_login_page_set_user_name (self, user_name);
  add_tokens (self);
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
