#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "ui/ch-account-form.h"
#include "ui/ch-form-box.h"

struct _ChAccountForm
{
  AdwWindow parent_instance;

  ChFront *front; /* (owned) */
  ChAccountDeed deed;
  GCancellable *cancellable; /* (owned): ends the waiting when the window goes */
  ChErrorBar *bar;           /* (unowned) */
  ChFormBox *box;            /* (unowned) */
  GtkBox *notes;             /* (unowned) */
  GtkButton *button;         /* (unowned) */
  gboolean is_busy;
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChAccountForm, ch_account_form, ADW_TYPE_WINDOW)

/* How one of the deeds is called */
typedef void (*CallFunc) (ChAccountForm *self, GHashTable *answers);

static void on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
call (ChAccountForm *self, const ChRoute *route, gconstpointer request)
{
  ch_front_care_async (self->front, route, NULL, request, self->cancellable, on_called_cb,
                       g_object_ref (self));
}

static void
call_reset (ChAccountForm *self, GHashTable *answers)
{
  g_autoptr (ChSecret) code = ch_form_box_copy_secret (self->box, "sms-code");
  const ChReset request = { .mobile = g_hash_table_lookup (answers, "handler-mobile"),
                            .document_number = g_hash_table_lookup (answers, "handler-document-number"),
                            .code = code };

  call (self, &ch_route_password_reset, &request);
}

static void
call_password (ChAccountForm *self, GHashTable *answers)
{
  g_autoptr (ChSecret) old = ch_form_box_copy_secret (self->box, "old-password");
  g_autoptr (ChSecret) password = ch_form_box_copy_secret (self->box, "password");
  const ChPasswordChange request = { .old = old, .password = password };

  call (self, &ch_route_password, &request);
}

static void
call_mobile (ChAccountForm *self, GHashTable *answers)
{
  g_autoptr (ChSecret) code = ch_form_box_copy_secret (self->box, "sms-code");
  g_autoptr (ChSecret) password = ch_form_box_copy_secret (self->box, "old-password");
  const ChMobileChange request
      = { .mobile = g_hash_table_lookup (answers, "new-mobile"), .code = code, .password = password };

  call (self, &ch_route_mobile, &request);
}

static void
call_email (ChAccountForm *self, GHashTable *answers)
{
  g_autoptr (ChSecret) code = ch_form_box_copy_secret (self->box, "email-code");
  const ChEmailChange request = { .email = g_hash_table_lookup (answers, "email"), .code = code };

  call (self, &ch_route_email, &request);
}

static void
call_close (ChAccountForm *self, GHashTable *answers)
{
  g_autoptr (ChSecret) code = ch_form_box_copy_secret (self->box, "sms-code");
  g_autoptr (ChSecret) password = ch_form_box_copy_secret (self->box, "old-password");
  const ChClose request = { .password = password, .code = code };

  call (self, &ch_route_close, &request);
}

static const struct
{
  const ChForm *form;
  ChFormCode code;
  gboolean has_code;
  const char *button; /* untranslated */
  gboolean is_destructive;
  CallFunc call;
} deeds[] = {
  [CH_ACCOUNT_RESET] = { &ch_form_reset,
                         { FALSE, "handler-mobile", CH_SMS_RESET },
                         TRUE,
                         N_ ("Send one-time password"),
                         FALSE,
                         call_reset },
  [CH_ACCOUNT_FRESH] = { &ch_form_fresh, { FALSE }, FALSE, N_ ("Change password"), FALSE, call_password },
  [CH_ACCOUNT_PASSWORD]
  = { &ch_form_password, { FALSE }, FALSE, N_ ("Change password"), FALSE, call_password },
  [CH_ACCOUNT_MOBILE] = { &ch_form_mobile,
                          { FALSE, "new-mobile", CH_SMS_MOBILE },
                          TRUE,
                          N_ ("Change mobile"),
                          FALSE,
                          call_mobile },
  [CH_ACCOUNT_EMAIL] = { &ch_form_email, { TRUE }, TRUE, N_ ("Change e-mail"), FALSE, call_email },
  [CH_ACCOUNT_CLOSE]
  = { &ch_form_close, { FALSE, NULL, CH_SMS_CLOSE }, TRUE, N_ ("Close the account"), TRUE, call_close },
};

G_STATIC_ASSERT (G_N_ELEMENTS (deeds) == CH_N_ACCOUNT_DEEDS);

static void
refresh (ChAccountForm *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->box), !self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !self->is_busy);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChAccountForm) self = user_data;
  g_autoptr (GError) error = NULL;
  gpointer answer = ch_front_care_finish (CH_FRONT (source), result, &error);

  self->is_busy = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  refresh (self);
  if (answer == NULL)
    {
      ch_form_box_show_error (self->box, error);
      return;
    }

  ch_form_box_clear_secrets (self->box);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
start (ChAccountForm *self)
{
  g_autoptr (GHashTable) answers = NULL;

  if (self->is_busy || !ch_form_box_check (self->box))
    return;
  answers = ch_form_box_collect (self->box);
  self->is_busy = TRUE;
  refresh (self);
  deeds[self->deed].call (self, answers);
}

static void
on_button_clicked_cb (GtkButton *button, ChAccountForm *self)
{
  start (self);
}

static void
on_form_done_cb (ChFormBox *box, ChAccountForm *self)
{
  start (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChAccountForm *self)
{
  start (self);
}

static void
ch_account_form_dispose (GObject *object)
{
  ChAccountForm *self = CH_ACCOUNT_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_account_form_parent_class)->dispose (object);
}

static void
ch_account_form_finalize (GObject *object)
{
  g_clear_object (&CH_ACCOUNT_FORM (object)->cancellable);
  G_OBJECT_CLASS (ch_account_form_parent_class)->finalize (object);
}

static void
ch_account_form_class_init (ChAccountFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_account_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_account_form_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);

  signals[SIGNAL_DONE]
      = g_signal_new ("done", CH_TYPE_ACCOUNT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ch_account_form_init (ChAccountForm *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * ch_account_form_add_note:
 * @text: a sentence above the button, translated
 */
void
ch_account_form_add_note (ChAccountForm *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  g_return_if_fail (CH_IS_ACCOUNT_FORM (self));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (self->notes, label);
}

/* From the head to the button, scrolled as a whole */
static GtkWidget *
build_page (ChAccountForm *self, const ChForm *form)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *lead = gtk_label_new (_ (form->lead));
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_label_set_wrap (GTK_LABEL (lead), TRUE);
  gtk_label_set_xalign (GTK_LABEL (lead), 0);
  gtk_widget_add_css_class (lead, "dim-label");
  gtk_widget_set_margin_top (page, 24);
  gtk_widget_set_margin_bottom (page, 24);
  gtk_widget_set_margin_start (page, 12);
  gtk_widget_set_margin_end (page, 12);
  self->notes = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->button = GTK_BUTTON (gtk_button_new_with_label (_ (deeds[self->deed].button)));
  gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "pill");
  gtk_widget_add_css_class (GTK_WIDGET (self->button),
                            deeds[self->deed].is_destructive ? "destructive-action" : "suggested-action");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_button_clicked_cb), self, 0);

  gtk_box_append (GTK_BOX (page), lead);
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->notes));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->button));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 400);
  adw_clamp_set_child (ADW_CLAMP (clamp), page);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

/**
 * ch_account_form_new:
 * @front: whose account
 * @deed: what is to be done
 * @parent: (nullable): the window it stands before
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_account_form_new (ChFront *front, ChAccountDeed deed, GtkWindow *parent)
{
  const ChForm *form = deeds[deed].form;
  ChAccountForm *self
      = g_object_new (CH_TYPE_ACCOUNT_FORM, "transient-for", parent, "modal", TRUE, "destroy-with-parent",
                      TRUE, "default-width", 440, "default-height", 620, "title", _ (form->title), NULL);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->front = g_object_ref (front);
  self->deed = deed;
  self->bar = CH_ERROR_BAR (ch_error_bar_new ());
  g_signal_connect_object (self->bar, "retry", G_CALLBACK (on_retry_cb), self, 0);
  self->box
      = CH_FORM_BOX (ch_form_box_new (front, form, deeds[deed].has_code ? &deeds[deed].code : NULL, NULL));
  ch_form_box_set_error_bar (self->box, self->bar);
  g_signal_connect_object (self->box, "done", G_CALLBACK (on_form_done_cb), self, 0);

  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (content), build_page (self, form));
  adw_window_set_content (ADW_WINDOW (self), content);
  ch_form_box_focus (self->box);
  return GTK_WIDGET (self);
}
