#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-error-bar.h"
#include "ui/ch-hotline.h"
#include "ui/ch-make-login.h"
#include "ui/ch-page-header.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-token-login.h"

#define WAY_KEY      "key"
#define WAY_PASSWORD "password"

struct _ChMakeLogin
{
  AdwBin parent_instance;

  ChFront *front;            /* (owned) */
  ChDesk *desk;              /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the widget */
  ChTokenLogin *key;         /* (unowned): in `ways` */
  ChSecretRow *password;     /* (unowned): in `ways` */
  char *serial;              /* (owned) (nullable): of the USB key a login on its way is done by */
  gboolean is_connected;
  gboolean is_busy;

  ChHotline *hotline;    /* template child */
  ChErrorBar *error_bar; /* template child */
  AdwEntryRow *name;     /* template child */
  AdwViewStack *ways;    /* template child */
  GtkWidget *login;      /* template child */
};

G_DEFINE_FINAL_TYPE (ChMakeLogin, ch_make_login, ADW_TYPE_BIN)

enum
{
  SIGNAL_LOGGED_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_busy (ChMakeLogin *self, gboolean is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->login, !is_busy);
}

static void
end (ChMakeLogin *self, gboolean is_done, const GError *error)
{
  g_autofree char *serial = g_steal_pointer (&self->serial);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  set_busy (self, FALSE);
  ch_secret_row_clear (self->password);
  if (!is_done)
    {
      ch_token_login_show_failure (self->key, error);
      ch_error_bar_show (self->error_bar, error);
      return;
    }
  ch_token_login_clear (self->key);
  g_signal_emit (self, signals[SIGNAL_LOGGED_IN], 0, serial);
}

static void
on_logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChMakeLogin) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = ch_desk_login_finish (CH_DESK (source), result, &error);

  end (self, is_done, error);
}

static void
on_logged_in_by_key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChMakeLogin) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = ch_desk_login_by_certificate_finish (CH_DESK (source), result, &error);

  end (self, is_done, error);
}

static void
log_in_by_key (ChMakeLogin *self, const char *name)
{
  ChCertItem *item = ch_token_login_get_chosen (self->key);
  g_autoptr (GTlsInteraction) asker = NULL;
  g_autofree char *key_id = NULL;

  if (!ch_token_login_check (self->key))
    return;

  set_busy (self, TRUE);
  asker = ch_token_login_make_asker (self->key);
  key_id = ch_cert_item_dup_key_id (item);
  self->serial = g_strdup (ch_token_get_info (ch_cert_item_get_token (item))->serial);
  ch_desk_login_by_certificate_async (self->desk, ch_cert_item_get_token (item), key_id, name, asker,
                                      self->cancellable, on_logged_in_by_key_cb, g_object_ref (self));
}

static void
log_in_by_password (ChMakeLogin *self, const char *name)
{
  g_autoptr (ChSecret) password = ch_secret_row_copy (self->password);
  const ChLogin login = { .user_name = (char *) name, .password = password };

  if (password == NULL)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->password));
      return;
    }
  set_busy (self, TRUE);
  ch_desk_login_async (self->desk, &login, TRUE, self->cancellable, on_logged_in_cb, g_object_ref (self));
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChMakeLogin) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_connected = ch_front_connect_finish (CH_FRONT (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  set_busy (self, FALSE);
  if (!self->is_connected)
    ch_error_bar_show (self->error_bar, error);
}

static void
get_connected (ChMakeLogin *self)
{
  set_busy (self, TRUE);
  ch_front_connect_async (self->front, self->cancellable, on_connected_cb, g_object_ref (self));
}

static void
on_login_clicked_cb (ChMakeLogin *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  if (self->is_busy)
    return;
  ch_error_bar_hide (self->error_bar);
  if (!self->is_connected)
    get_connected (self);
  else if (*name == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
  else if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->ways), WAY_KEY) == 0)
    log_in_by_key (self, name);
  else
    log_in_by_password (self, name);
}

static void
on_retry_cb (ChErrorBar *bar, ChMakeLogin *self)
{
  on_login_clicked_cb (self);
}

static void
ch_make_login_dispose (GObject *object)
{
  ChMakeLogin *self = CH_MAKE_LOGIN (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_MAKE_LOGIN);
  g_clear_object (&self->desk);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_make_login_parent_class)->dispose (object);
}

static void
ch_make_login_finalize (GObject *object)
{
  ChMakeLogin *self = CH_MAKE_LOGIN (object);

  g_free (self->serial);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (ch_make_login_parent_class)->finalize (object);
}

static void
ch_make_login_class_init (ChMakeLoginClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_make_login_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_make_login_finalize;

  signals[SIGNAL_LOGGED_IN] = g_signal_new ("logged-in", CH_TYPE_MAKE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-make-login"));
  gtk_widget_class_bind_template_child (widget_class, ChMakeLogin, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChMakeLogin, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChMakeLogin, name);
  gtk_widget_class_bind_template_child (widget_class, ChMakeLogin, ways);
  gtk_widget_class_bind_template_child (widget_class, ChMakeLogin, login);
  gtk_widget_class_bind_template_callback (widget_class, on_login_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void
ch_make_login_init (ChMakeLogin *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_ways (ChMakeLogin *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->key = CH_TOKEN_LOGIN (ch_token_login_new (self->front, "ukey"));
  adw_view_stack_add_titled_with_icon (self->ways, GTK_WIDGET (self->key), WAY_KEY, _ ("USB key"),
                                       "media-removable-symbolic");
  g_signal_connect_object (self->key, "activated", G_CALLBACK (on_login_clicked_cb), self, G_CONNECT_SWAPPED);
  self->password = CH_SECRET_ROW (ch_secret_row_new (_ ("Password")));
  g_signal_connect_object (self->password, "activated", G_CALLBACK (on_login_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->password));
  adw_view_stack_add_titled_with_icon (self->ways, group, WAY_PASSWORD, _ ("Password"),
                                       "dialog-password-symbolic");
}

/**
 * ch_make_login_set_up:
 * @front: on the CA whose keys are made
 * @desk: where it is logged in
 *
 * Asks the CA who it is; then somebody may log in.
 */
void
ch_make_login_set_up (ChMakeLogin *self, ChFront *front, ChDesk *desk)
{
  g_return_if_fail (self->front == NULL);

  self->front = g_object_ref (front);
  self->desk = g_object_ref (desk);
  ch_hotline_set_front (self->hotline, front);
  add_ways (self);
  get_connected (self);
}

/**
 * ch_make_login_begin:
 *
 * Waits for the next one: what the one before typed is gone, but for the name.
 */
void
ch_make_login_begin (ChMakeLogin *self)
{
  ch_token_login_clear (self->key);
  ch_secret_row_clear (self->password);
  ch_error_bar_hide (self->error_bar);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}
