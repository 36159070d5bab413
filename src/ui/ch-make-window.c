#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-desk.h"
#include "front/ch-making-desk.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-letter-bar.h"
#include "ui/ch-make-login.h"
#include "ui/ch-make-window.h"
#include "ui/ch-page-header.h"
#include "ui/ch-wizard.h"

#define RESPONSE_LEAVE "leave"

#define PAGE_LOGIN "login"
#define PAGE_LIST  "list"

/* What is done once the key in hand is left */
typedef enum
{
  THEN_LIST,
  THEN_LOGIN,
  THEN_OTHERWISE,
  THEN_CLOSE
} Then;

struct _ChMakeWindow
{
  AdwApplicationWindow parent_instance;

  ChFront *front;            /* (owned) */
  ChDesk *desk;              /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the window */
  ChWizard *wizard;          /* (unowned) (nullable): in the stack, while a key is made */
  char *application;         /* (owned) (nullable): whose key that is */
  char *serial;              /* (owned) (nullable): of the USB key somebody is logged in by */
  Then then;                 /* while it is asked whether the letter may be left */
  gboolean is_logged_in;

  AdwToastOverlay *toasts; /* template child */
  GtkStack *stack;         /* template child */
  ChMakeLogin *login;      /* template child */
  GtkWidget *refresh;      /* template child */
  ChErrorBar *list_error;  /* template child */
  GtkStack *list_stack;    /* template child */
  GtkListBox *list;        /* template child */
  AdwComboRow *pin_way;    /* template child */
  ChLetterBar *letter;     /* template child */
};

G_DEFINE_FINAL_TYPE (ChMakeWindow, ch_make_window, ADW_TYPE_APPLICATION_WINDOW)

static void
toast (ChMakeWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

/* -- What is to be made -- */

static void
fill (ChMakeWindow *self, GPtrArray *deliveries)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < deliveries->len; i++)
    {
      const ChDelivery *delivery = deliveries->pdata[i];
      const char *name = delivery->applicant != NULL ? delivery->applicant : delivery->application;
      g_autofree char *title = g_markup_escape_text (name, -1);
      g_autofree char *words = ch_making_desk_describe (delivery);
      g_autofree char *subtitle = g_markup_escape_text (words, -1);
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle, "title-lines",
                                     0, "subtitle-lines", 0, "activatable", TRUE, NULL);

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      g_object_set_data_full (G_OBJECT (row), "application", g_strdup (delivery->application), g_free);
      gtk_list_box_append (self->list, row);
    }
  gtk_stack_set_visible_child_name (self->list_stack, deliveries->len > 0 ? "rows" : "empty");
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChMakeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) deliveries = ch_making_desk_list_finish (CH_PORTS (source), result, &error);
  GtkWidget *first;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  gtk_widget_set_sensitive (self->refresh, TRUE);
  if (deliveries == NULL)
    {
      ch_error_bar_show (self->list_error, error);
      return;
    }
  fill (self, deliveries);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), PAGE_LIST) != 0)
    return;
  /* The next key is one press of Enter away */
  first = gtk_widget_get_first_child (GTK_WIDGET (self->list));
  gtk_widget_grab_focus (first != NULL ? first : self->refresh);
}

static void
list (ChMakeWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, PAGE_LIST);
  ch_error_bar_hide (self->list_error);
  gtk_widget_set_sensitive (self->refresh, FALSE);
  ch_making_desk_list_async (ch_front_get_ports (self->front), self->cancellable, on_listed_cb,
                             g_object_ref (self));
}

static void
on_refresh_clicked_cb (ChMakeWindow *self)
{
  list (self);
}

static void
on_list_retry_cb (ChErrorBar *bar, ChMakeWindow *self)
{
  list (self);
}

/* -- Who makes it -- */

static void
show_login (ChMakeWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, PAGE_LOGIN);
  ch_make_login_begin (self->login);
}

static void
on_logged_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplication) application = user_data;

  ch_desk_logout_finish (CH_DESK (source), result, NULL);
  g_application_release (application);
}

/* The program does not end before the server knows */
static void
log_out (ChMakeWindow *self)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  g_clear_pointer (&self->serial, g_free);
  if (!self->is_logged_in)
    return;
  self->is_logged_in = FALSE;
  g_application_hold (application);
  ch_desk_logout_async (self->desk, NULL, on_logged_out_cb, g_object_ref (application));
}

static void
on_logout_clicked_cb (ChMakeWindow *self)
{
  log_out (self);
  show_login (self);
}

/* The session is over, or of somebody who may not do it */
static void
on_log_in_cb (ChErrorBar *bar, ChMakeWindow *self)
{
  on_logout_clicked_cb (self);
}

/* Whether the USB key somebody is logged in by was unplugged since */
static gboolean
is_key_gone (ChMakeWindow *self)
{
  g_autoptr (ChToken) token
      = self->serial != NULL
            ? ch_token_hub_find (ch_ports_get_hub (ch_front_get_ports (self->front)), self->serial)
            : NULL;

  return self->serial != NULL && token == NULL;
}

/* A key in the making is finished first: half made it is of no use to anybody */
static void
on_media_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChMakeWindow *self)
{
  if (!is_key_gone (self))
    return;
  if (self->wizard != NULL)
    {
      toast (self,
             _ ("Your own USB key was unplugged. This key can be finished; then you are logged out, unless "
                "yours is plugged in again."));
      return;
    }
  log_out (self);
  show_login (self);
  toast (self, _ ("Your own USB key was unplugged: you are logged out."));
}

static void
on_logged_in_cb (ChMakeLogin *login, const char *serial, ChMakeWindow *self)
{
  self->is_logged_in = TRUE;
  g_free (self->serial);
  self->serial = g_strdup (serial);
  list (self);
}

/* -- One key -- */

static void start (ChMakeWindow *self, gboolean asks);

/* With the run goes the letter: its bytes are wiped */
static void
drop_wizard (ChMakeWindow *self)
{
  GtkWidget *wizard = GTK_WIDGET (self->wizard);

  self->wizard = NULL;
  ch_letter_bar_set_run (self->letter, NULL);
  if (wizard != NULL)
    gtk_stack_remove (self->stack, wizard);
}

static void
leave (ChMakeWindow *self)
{
  switch (self->then)
    {
    case THEN_LIST:
      if (is_key_gone (self))
        {
          log_out (self);
          show_login (self);
          toast (self, _ ("Your own USB key was unplugged: you are logged out."));
        }
      else
        list (self);
      drop_wizard (self);
      break;
    case THEN_LOGIN:
      on_log_in_cb (NULL, self);
      drop_wizard (self);
      break;
    case THEN_OTHERWISE:
      drop_wizard (self);
      start (self, TRUE);
      break;
    case THEN_CLOSE:
      drop_wizard (self);
      gtk_window_close (GTK_WINDOW (self));
      break;
    }
}

static void
on_leave_response_cb (AdwMessageDialog *dialog, const char *response, ChMakeWindow *self)
{
  if (g_str_equal (response, RESPONSE_LEAVE))
    leave (self);
}

/* Not before the letter is printed, unless somebody means it */
static void
ask_leave (ChMakeWindow *self, Then then)
{
  GtkWidget *dialog;

  self->then = then;
  if (!ch_letter_bar_is_waiting (self->letter))
    {
      leave (self);
      return;
    }

  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("The letter was not printed"),
                                   _ ("The first PIN is in it and nowhere else. If you leave now, make the "
                                      "same application again: the key gets another first PIN, and there is "
                                      "another letter."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "back", _ ("Back"), RESPONSE_LEAVE,
                                    _ ("Leave without it"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LEAVE,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "back");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "back");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_leave_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_wizard_leave_cb (ChWizard *wizard, ChMakeWindow *self)
{
  ask_leave (self, THEN_LIST);
}

static void
on_wizard_log_in_cb (ChWizard *wizard, ChMakeWindow *self)
{
  ask_leave (self, THEN_LOGIN);
}

static void
on_otherwise_clicked_cb (GtkButton *button, ChMakeWindow *self)
{
  if (ch_wizard_get_can_leave (self->wizard))
    ask_leave (self, THEN_OTHERWISE);
  else
    toast (self, _ ("Wait until the USB key is finished."));
}

/* A certain key, one that is not blank, or one in the place of a lost one: what is rare is asked on a page of
 * its own. That it was begun matters no more: what was begun is gone on with. */
static GtkWidget *
make_otherwise_button (ChMakeWindow *self)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Otherwise…"));

  gtk_widget_set_tooltip_text (button, _ ("Choose the key, or make another one for one that is lost"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_otherwise_clicked_cb), self, 0);
  return button;
}

static const ChField *
find_pin_way (void)
{
  for (gsize i = 0; ch_form_make.fields[i] != NULL; i++)
    if (g_str_equal (ch_form_make.fields[i]->id, CH_MAKING_PIN_WAY))
      return ch_form_make.fields[i];
  return NULL;
}

/* @asks: what else there is to be said about it, before anything is done */
static void
start (ChMakeWindow *self, gboolean asks)
{
  g_autoptr (ChRun) run = ch_desk_start_making (self->desk, asks ? NULL : self->application);

  if (asks)
    ch_run_set_answer (run, "make-application", self->application);
  ch_run_set_answer (run, CH_MAKING_PIN_WAY,
                     find_pin_way ()->choices[adw_combo_row_get_selected (self->pin_way)].id);
  self->wizard = CH_WIZARD (ch_wizard_new (run));
  if (!asks)
    ch_wizard_add_header (self->wizard, make_otherwise_button (self));
  g_signal_connect_object (self->wizard, "leave", G_CALLBACK (on_wizard_leave_cb), self, 0);
  g_signal_connect_object (self->wizard, "log-in", G_CALLBACK (on_wizard_log_in_cb), self, 0);
  ch_letter_bar_set_run (self->letter, run);
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->wizard));
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->wizard));
  ch_run_start (run);
}

static void
on_row_activated_cb (GtkListBox *box, GtkListBoxRow *row, ChMakeWindow *self)
{
  g_free (self->application);
  self->application = g_strdup (g_object_get_data (G_OBJECT (row), "application"));
  start (self, FALSE);
}

/* -- The window -- */

static void
on_print (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ch_letter_bar_print (CH_MAKE_WINDOW (widget)->letter);
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ch_letter_bar_save (CH_MAKE_WINDOW (widget)->letter);
}

static void
on_list (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ChMakeWindow *self = CH_MAKE_WINDOW (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), PAGE_LIST) == 0)
    list (self);
}

/* Not while a key is being written */
static gboolean
ch_make_window_close_request (GtkWindow *window)
{
  ChMakeWindow *self = CH_MAKE_WINDOW (window);

  if (self->wizard != NULL && !ch_wizard_get_can_leave (self->wizard))
    {
      toast (self, _ ("Wait until the USB key is finished."));
      return TRUE;
    }
  if (ch_letter_bar_is_waiting (self->letter))
    {
      ask_leave (self, THEN_CLOSE);
      return TRUE;
    }
  log_out (self);
  return GTK_WINDOW_CLASS (ch_make_window_parent_class)->close_request (window);
}

static void
ch_make_window_dispose (GObject *object)
{
  ChMakeWindow *self = CH_MAKE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->wizard = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_MAKE_WINDOW);
  g_clear_object (&self->desk);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_make_window_parent_class)->dispose (object);
}

static void
ch_make_window_finalize (GObject *object)
{
  ChMakeWindow *self = CH_MAKE_WINDOW (object);

  g_free (self->application);
  g_free (self->serial);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (ch_make_window_parent_class)->finalize (object);
}

static void
ch_make_window_class_init (ChMakeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_make_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_make_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = ch_make_window_close_request;

  gtk_widget_class_install_action (widget_class, "make.print", NULL, on_print);
  gtk_widget_class_install_action (widget_class, "make.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "make.list", NULL, on_list);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "make.print", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "make.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "make.list", NULL);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_LETTER_BAR);
  g_type_ensure (CH_TYPE_MAKE_LOGIN);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-make-window"));
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, login);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, refresh);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, list_error);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, pin_way);
  gtk_widget_class_bind_template_child (widget_class, ChMakeWindow, letter);
  gtk_widget_class_bind_template_callback (widget_class, on_logged_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_log_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_logout_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_refresh_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_list_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
}

static void
ch_make_window_init (ChMakeWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* One answer for the whole stack of keys */
static void
fill_pin_ways (ChMakeWindow *self)
{
  const ChField *field = find_pin_way ();
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);

  for (gsize i = 0; field->choices[i].id != NULL; i++)
    gtk_string_list_append (words, _ (field->choices[i].label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->pin_way), _ (field->label));
  adw_combo_row_set_model (self->pin_way, G_LIST_MODEL (words));
}

/**
 * ch_make_window_new:
 * @front: on the CA whose keys are made
 *
 * Returns: (transfer full): a window to be presented
 */
GtkWidget *
ch_make_window_new (GtkApplication *application, ChFront *front)
{
  ChMakeWindow *self = g_object_new (CH_TYPE_MAKE_WINDOW, "application", application, NULL);
  g_autoptr (GTlsInteraction) asker = ch_asker_dialog_new (application);

  ch_asker_dialog_set_front (asker, front);
  self->front = g_object_ref (front);
  self->desk = ch_desk_new (ch_front_get_ports (front));
  ch_ports_set_asker (ch_front_get_ports (front), asker);
  fill_pin_ways (self);
  g_signal_connect_object (ch_ports_get_hub (ch_front_get_ports (front)), "items-changed",
                           G_CALLBACK (on_media_changed_cb), self, 0);
  ch_make_login_set_up (self->login, front, self->desk);
  return GTK_WIDGET (self);
}
