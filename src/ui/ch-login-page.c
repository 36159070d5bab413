#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-account-form.h"
#include "ui/ch-consent-row.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"
#include "ui/ch-glyph.h"
#include "ui/ch-hotline.h"
#include "ui/ch-login-page.h"
#include "ui/ch-scan-box.h"
#include "ui/ch-token-login.h"

/* Ways to log in by certificate, in the order of the page; of those that do not need one a way is shown even
 * when there is nothing to choose yet */
static const struct
{
  const char *medium;
  const char *title;
  gboolean is_always;
} media[] = {
  { "ukey", N_ ("USB key"), TRUE },
  { "soft", N_ ("Software token"), FALSE },
};

#define N_MEDIA G_N_ELEMENTS (media)

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
  ChTokenLogin *tokens[N_MEDIA]; /* in the stack */
  gboolean had_key;              /* there was a USB key to choose */
  ChScanBox *scan;               /* in the stack; NULL where the CA has nothing to do with phones */

  AdwWindowTitle *title;       /* template child */
  ChErrorBar *error_bar;       /* template child */
  GtkWidget *form;             /* template child */
  AdwPreferencesGroup *fields; /* template child */
  AdwViewStack *stack;         /* template child */
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

/* Returns: (nullable): what is shown in place of the account’s fields */
static ChTokenLogin *
get_way (ChLoginPage *self)
{
  GtkWidget *shown = adw_view_stack_get_visible_child (self->stack);

  return CH_IS_TOKEN_LOGIN (shown) ? CH_TOKEN_LOGIN (shown) : NULL;
}

static gboolean
is_by_phone (ChLoginPage *self)
{
  return self->scan != NULL && adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->scan);
}

/* Whoever lets this PC in has agreed before: there is no button to press afterwards */
static void
refresh_scan (ChLoginPage *self)
{
  gboolean is_ticked = TRUE;

  for (guint i = 0; i < self->consents->len; i++)
    is_ticked = is_ticked && ch_consent_row_is_ticked (self->consents->pdata[i]);
  if (self->scan != NULL)
    ch_scan_box_set_why_not (self->scan,
                             is_ticked ? NULL : _ ("Tick the agreement below, then a code stands here"));
}

/* A button that could do nothing is not offered */
static void
refresh (ChLoginPage *self)
{
  ChTokenLogin *way = get_way (self);
  gboolean has_choice = way == NULL || ch_token_login_get_n_choices (way) > 0;

  refresh_scan (self);
  gtk_widget_set_sensitive (self->form, !self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->log_in), has_choice && !self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->log_in),
                          !is_by_phone (self) && (way == NULL || !ch_token_login_is_locked (way)));
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
  ChTokenLogin *way;

  self->is_busy = FALSE;
  if (ch_front_login_by_certificate_finish (CH_FRONT (source), result, &error))
    {
      for (gsize i = 0; i < N_MEDIA; i++)
        ch_token_login_clear (self->tokens[i]);
      g_signal_emit (self, signals[SIGNAL_LOGGED_IN], 0);
      return;
    }

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  refresh (self);
  /* What stands at the field is not said twice */
  if (!g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED)
      && !g_error_matches (error, CH_ERROR, CH_ERROR_PIN_WRONG))
    ch_error_bar_show (self->error_bar, error);
  way = get_way (self);
  if (way != NULL)
    ch_token_login_show_failure (way, error);
}

static gboolean
check_consents (ChLoginPage *self)
{
  gboolean is_ticked = TRUE;

  for (guint i = self->consents->len; i > 0; i--)
    is_ticked = ch_consent_row_check (self->consents->pdata[i - 1]) && is_ticked;
  return is_ticked;
}

static void
start_token_login (ChLoginPage *self, ChTokenLogin *way)
{
  ChCertItem *item = ch_token_login_get_chosen (way);
  gboolean is_ticked = check_consents (self);
  g_autoptr (GTlsInteraction) asker = NULL;
  g_autofree char *key_id = NULL;

  /* What is missing above the boxes gets the focus first */
  if (!ch_token_login_check (way) || !is_ticked)
    return;

  asker = ch_token_login_make_asker (way);
  key_id = ch_cert_item_dup_key_id (item);
  self->is_busy = TRUE;
  /* What is about to become insensitive must not have the focus */
  gtk_window_set_focus (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL);
  refresh (self);
  ch_front_login_by_certificate_async (self->front, ch_cert_item_get_token (item), key_id, asker,
                                       self->cancellable, on_holder_logged_in_cb, g_object_ref (self));
}

static gboolean
check (ChLoginPage *self)
{
  ChReason name = ch_field_row_is_empty (self->name) ? CH_REASON_MISSING : CH_REASON_OK;
  ChReason password = ch_field_row_check_secret (self->password);
  gboolean is_ticked = check_consents (self);

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
  if (self->is_busy || is_by_phone (self))
    return;
  if (get_way (self) != NULL)
    {
      start_token_login (self, get_way (self));
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
on_way_changed_cb (AdwViewStack *stack, GParamSpec *pspec, ChLoginPage *self)
{
  /* While the template is made there is nothing to refresh */
  if (self->error_bar == NULL)
    return;

  ch_error_bar_hide (self->error_bar);
  refresh (self);
}

static void
on_consent_changed_cb (ChConsentRow *row, ChLoginPage *self)
{
  refresh_scan (self);
}

static void
on_scanned_cb (ChScanBox *box, ChLoginPage *self)
{
  ch_front_meet_holder (self->front);
  g_signal_emit (self, signals[SIGNAL_LOGGED_IN], 0);
}

static void
on_token_activated_cb (ChTokenLogin *way, ChLoginPage *self)
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
  gtk_widget_class_bind_template_child (widget_class, ChLoginPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_way_changed_cb);
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
  gtk_widget_init_template (GTK_WIDGET (self));
  self->name = add_field (self, ch_form_login.fields[0]);
  self->password = add_field (self, ch_form_login.fields[1]);
}

/* Of a key that is plugged in while nothing was typed yet, the PIN is asked for at once */
static void
on_tokens_changed_cb (ChTokenLogin *way, ChLoginPage *self)
{
  gboolean has_key = ch_token_login_get_n_choices (self->tokens[0]) > 0;

  for (gsize i = 0; i < N_MEDIA; i++)
    {
      AdwViewStackPage *page = adw_view_stack_get_page (self->stack, GTK_WIDGET (self->tokens[i]));

      adw_view_stack_page_set_visible (page, media[i].is_always
                                                 || ch_token_login_get_n_choices (self->tokens[i]) > 0);
    }
  if (has_key && !self->had_key && ch_field_row_check_secret (self->password) != CH_REASON_OK)
    {
      adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->tokens[0]));
      ch_token_login_focus (self->tokens[0]);
    }
  self->had_key = has_key;
  refresh (self);
}

static void
add_tokens (ChLoginPage *self)
{
  for (gsize i = 0; i < N_MEDIA; i++)
    {
      GtkWidget *way = ch_token_login_new (self->front, media[i].medium);
      AdwViewStackPage *page
          = adw_view_stack_add_titled (self->stack, way, media[i].medium, _ (media[i].title));

      adw_view_stack_page_set_icon_name (page, ch_glyph_of_medium (media[i].medium));
      self->tokens[i] = CH_TOKEN_LOGIN (way);
      g_signal_connect_object (way, "activated", G_CALLBACK (on_token_activated_cb), self, 0);
    }
  for (gsize i = 0; i < N_MEDIA; i++)
    g_signal_connect_object (self->tokens[i], "changed", G_CALLBACK (on_tokens_changed_cb), self, 0);
  on_tokens_changed_cb (self->tokens[0], self);
}

static void
add_phone (ChLoginPage *self)
{
  AdwViewStackPage *page;

  if (!ch_front_offers_medium (self->front, CH_MEDIUM_PHONE))
    return;
  self->scan = CH_SCAN_BOX (ch_scan_box_new (ch_front_get_ports (self->front), CH_SCAN_LOGIN, NULL));
  page = adw_view_stack_add_titled (self->stack, GTK_WIDGET (self->scan), "phone", _ ("Phone"));
  adw_view_stack_page_set_icon_name (page, ch_glyph_of_medium ("phone"));
  g_signal_connect_object (self->scan, "done", G_CALLBACK (on_scanned_cb), self, 0);
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

      g_signal_connect_object (row, "changed", G_CALLBACK (on_consent_changed_cb), self, 0);
      gtk_box_append (self->consent_box, row);
      g_ptr_array_add (self->consents, row);
    }
  gtk_widget_set_visible (self->look_up, profile != NULL && profile->order_lookup);
  ch_login_page_set_user_name (self, user_name);
  add_tokens (self);
  add_phone (self);
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

  if (get_way (self) != NULL)
    ch_token_login_focus (get_way (self));
  else if (is_by_phone (self))
    ch_scan_box_focus (self->scan);
  else
    ch_field_row_grab_focus (ch_field_row_is_empty (self->name) ? self->name : self->password);
}
