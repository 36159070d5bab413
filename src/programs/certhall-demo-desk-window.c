#include "config.h"

#include <glib/gi18n.h>

#include "base/ch-error.h"
#include "front/ch-format.h"
#include "programs/certhall-demo-desk-refusal.h"
#include "programs/certhall-demo-desk-window.h"
#include "server/demo/ch-demo-messages.h"

#define REFRESH_SECONDS 1
#define MAX_MESSAGES    8

typedef enum
{
  LIST_SMS,
  LIST_ORDERS,
  LIST_REFUNDS,
  LIST_APPLICATIONS,
  N_LISTS
} ListKind;

struct _ChDeskWindow
{
  AdwApplicationWindow parent_instance;

  ChDeskClient *client; /* (owned) */
  AdwToastOverlay *toasts;
  AdwPreferencesGroup *groups[N_LISTS];
  GPtrArray *rows[N_LISTS]; /* (owned) (element-type GtkWidget): what is in the group now */
  GBytes *shown[N_LISTS];   /* (owned) (nullable): the answer the rows were made of */
  guint refresh_id;         /* source, 0 when none */
  guint n_waiting;          /* answers on their way */
  gboolean is_lost;         /* the server does not answer, and that was told */
};

G_DEFINE_FINAL_TYPE (ChDeskWindow, ch_desk_window, ADW_TYPE_APPLICATION_WINDOW)

/* An answer that is waited for */
typedef struct
{
  ChDeskWindow *window; /* (owned) */
  ListKind kind;
} Waiting;

static void fill_sms (ChDeskWindow *self, GBytes *answer);
static void fill_orders (ChDeskWindow *self, GBytes *answer);
static void fill_refunds (ChDeskWindow *self, GBytes *answer);
static void fill_applications (ChDeskWindow *self, GBytes *answer);
static void refresh (ChDeskWindow *self);

static const struct
{
  const char *path;
  const char *title;
  const char *empty;
  void (*fill) (ChDeskWindow *self, GBytes *answer);
} lists[] = {
  [LIST_SMS] = { "/demo/v1/sms", N_ ("Messages on the phone"), N_ ("No message yet"), fill_sms },
  [LIST_ORDERS] = { "/demo/v1/orders", N_ ("Waiting to be paid"), N_ ("Nothing to pay"), fill_orders },
  [LIST_REFUNDS] = { "/demo/v1/refunds", N_ ("Money to go back"), N_ ("Nothing goes back"), fill_refunds },
  [LIST_APPLICATIONS]
  = { "/demo/v1/applications", N_ ("Waiting for review"), N_ ("Nothing to review"), fill_applications },
};

static void
toast (ChDeskWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static AdwActionRow *
add_row (ChDeskWindow *self, ListKind kind, const char *title, const char *subtitle)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());

  /* What comes from others is no markup */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_set_title_lines (row, 0);
  adw_preferences_group_add (self->groups[kind], GTK_WIDGET (row));
  g_ptr_array_add (self->rows[kind], row);
  return row;
}

static void
clear_rows (ChDeskWindow *self, ListKind kind)
{
  for (guint i = 0; i < self->rows[kind]->len; i++)
    adw_preferences_group_remove (self->groups[kind], self->rows[kind]->pdata[i]);
  g_ptr_array_set_size (self->rows[kind], 0);
}

/* -- Deeds
 * ----------------------------------------------------------------------------------------------------------
 */

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDeskWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = ch_desk_client_call_finish (CH_DESK_CLIENT (source), result, &error);

  if (answer == NULL)
    toast (self, _ (ch_error_get_info (error)->title));
  refresh (self);
}

static void
post (ChDeskWindow *self, const char *pattern, const char *id, const ChDemoReview *review)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_auto (GStrv) parts = g_strsplit (pattern, "{id}", 2);
  g_autofree char *path = g_strjoinv (escaped, parts);
  g_autoptr (GBytes) body
      = review != NULL ? ch_wire_encode (&ChDemoReview_wire, review) : g_bytes_new_static ("{}", 2);

  ch_desk_client_call_async (self->client, "POST", path, body, on_done_cb, g_object_ref (self));
}

static void
on_pay_clicked_cb (GtkButton *button, ChDeskWindow *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  post (self, "/demo/v1/orders/{id}/pay", g_object_get_data (G_OBJECT (button), "id"), NULL);
}

static void
on_approve_clicked_cb (GtkButton *button, ChDeskWindow *self)
{
  ChDemoReview review = { .approve = TRUE, .decision = (char *) "approve" };

  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  post (self, "/demo/v1/applications/{id}/review", g_object_get_data (G_OBJECT (button), "id"), &review);
}

static void
on_refused_cb (const char *application, GPtrArray *reasons, gpointer user_data)
{
  ChDemoReview review = { .decision = (char *) "refuse", .reasons = reasons };

  post (user_data, "/demo/v1/applications/{id}/review", application, &review);
}

static void
on_refuse_clicked_cb (GtkButton *button, ChDeskWindow *self)
{
  ch_desk_refusal_ask (GTK_WINDOW (self), g_object_get_data (G_OBJECT (button), "application"), on_refused_cb,
                       self);
}

static void
on_copy_clicked_cb (GtkButton *button, ChDeskWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          g_object_get_data (G_OBJECT (button), "id"));
  toast (self, _ ("The code was copied"));
}

static GtkWidget *
add_button (ChDeskWindow *self, AdwActionRow *row, const char *label, const char *id, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (id), g_free);
  g_signal_connect_object (button, "clicked", clicked, self, 0);
  adw_action_row_add_suffix (row, button);
  return button;
}

/* -- Lists
 * ----------------------------------------------------------------------------------------------------------
 */

static void
fill_sms (ChDeskWindow *self, GBytes *answer)
{
  g_autoptr (ChDemoOutbox) outbox = ch_wire_decode (&ChDemoOutbox_wire, answer, NULL);

  /* The newest come first, as on a phone */
  for (guint i = 0; outbox != NULL && i < MIN (outbox->messages->len, MAX_MESSAGES); i++)
    {
      const ChDemoMessage *message = outbox->messages->pdata[i];
      g_autofree char *when = ch_format_time (message->at);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s", message->mobile, when);
      AdwActionRow *row = add_row (self, LIST_SMS, message->text, subtitle);

      if (message->code != NULL)
        {
          GtkWidget *button
              = add_button (self, row, message->code, message->code, G_CALLBACK (on_copy_clicked_cb));

          gtk_widget_add_css_class (button, "numeric");
          gtk_widget_set_tooltip_text (button, _ ("Copy the code"));
        }
    }
}

static void
fill_orders (ChDeskWindow *self, GBytes *answer)
{
  g_autoptr (ChDemoOrders) orders = ch_wire_decode (&ChDemoOrders_wire, answer, NULL);

  for (guint i = 0; orders != NULL && i < orders->items->len; i++)
    {
      const ChOrder *order = orders->items->pdata[i];
      g_autofree char *amount = ch_format_fen (order->fen);
      g_autofree char *subtitle
          = g_strdup_printf ("%s · %s", amount, order->attempt != NULL ? order->attempt->channel : order->id);
      AdwActionRow *row = add_row (self, LIST_ORDERS, order->title, subtitle);
      GtkWidget *button = add_button (self, row, _ ("Pay"), order->id, G_CALLBACK (on_pay_clicked_cb));

      gtk_widget_add_css_class (button, "suggested-action");
    }
}

static void
on_complete_clicked_cb (GtkButton *button, ChDeskWindow *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  post (self, "/demo/v1/refunds/{id}/complete", g_object_get_data (G_OBJECT (button), "id"), NULL);
}

static void
fill_refunds (ChDeskWindow *self, GBytes *answer)
{
  g_autoptr (ChRefundList) refunds = ch_wire_decode (&ChRefundList_wire, answer, NULL);

  for (guint i = 0; refunds != NULL && i < refunds->items->len; i++)
    {
      const ChRefund *refund = refunds->items->pdata[i];
      g_autofree char *amount = ch_format_fen (refund->fen);
      g_autofree char *title = g_strdup_printf ("%s · %s", amount, refund->channel);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s", _ (ch_refund_reason_get_title (refund->reason)),
                                                   _ (ch_refund_state_get_title (refund->state)));
      AdwActionRow *row = add_row (self, LIST_REFUNDS, title, subtitle);

      add_button (self, row, _ ("Pay back"), refund->id, G_CALLBACK (on_complete_clicked_cb));
    }
}

static const char *
get_unit (const ChApplication *application)
{
  return application->applicant != NULL ? application->applicant : application->flow;
}

static void
fill_applications (ChDeskWindow *self, GBytes *answer)
{
  g_autoptr (ChApplicationList) list = ch_wire_decode (&ChApplicationList_wire, answer, NULL);

  for (guint i = 0; list != NULL && i < list->items->len; i++)
    {
      const ChApplication *application = list->items->pdata[i];
      g_autofree char *when = ch_format_time (application->updated);
      g_autofree char *subtitle = g_strdup_printf ("%s · %.8s", when, application->id);
      AdwActionRow *row = add_row (self, LIST_APPLICATIONS, get_unit (application), subtitle);
      GtkWidget *refuse
          = add_button (self, row, _ ("Refuse…"), application->id, G_CALLBACK (on_refuse_clicked_cb));
      GtkWidget *approve
          = add_button (self, row, _ ("Approve"), application->id, G_CALLBACK (on_approve_clicked_cb));

      g_object_set_data_full (G_OBJECT (refuse), "application",
                              ch_wire_copy (&ChApplication_wire, application), ChApplication_wire.free);
      gtk_widget_add_css_class (approve, "suggested-action");
    }
}

static void
show_answer (ChDeskWindow *self, ListKind kind, GBytes *answer)
{
  /* Rows are made anew only when something is new: who is about to press a button keeps it */
  if (self->shown[kind] != NULL && g_bytes_equal (self->shown[kind], answer))
    return;

  g_clear_pointer (&self->shown[kind], g_bytes_unref);
  self->shown[kind] = g_bytes_ref (answer);
  clear_rows (self, kind);
  lists[kind].fill (self, answer);
  if (self->rows[kind]->len == 0)
    gtk_widget_set_sensitive (GTK_WIDGET (add_row (self, kind, _ (lists[kind].empty), NULL)), FALSE);
}

static void
on_list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  g_autoptr (ChDeskWindow) self = waiting->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = ch_desk_client_call_finish (CH_DESK_CLIENT (source), result, &error);

  self->n_waiting--;
  if (answer != NULL)
    {
      self->is_lost = FALSE;
      show_answer (self, waiting->kind, answer);
    }
  else if (!self->is_lost)
    {
      self->is_lost = TRUE;
      toast (self, _ (ch_error_get_info (error)->title));
    }
}

static void
refresh (ChDeskWindow *self)
{
  if (self->n_waiting > 0)
    return;

  for (guint i = 0; i < N_LISTS; i++)
    {
      Waiting *waiting = g_new0 (Waiting, 1);

      waiting->window = g_object_ref (self);
      waiting->kind = i;
      self->n_waiting++;
      ch_desk_client_call_async (self->client, "GET", lists[i].path, NULL, on_list_cb, waiting);
    }
}

static gboolean
on_refresh_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

/* -- The window
 * ------------------------------------------------------------------------------------------------------ */

static void
ch_desk_window_dispose (GObject *object)
{
  g_clear_handle_id (&CH_DESK_WINDOW (object)->refresh_id, g_source_remove);

  G_OBJECT_CLASS (ch_desk_window_parent_class)->dispose (object);
}

static void
ch_desk_window_finalize (GObject *object)
{
  ChDeskWindow *self = CH_DESK_WINDOW (object);

  g_clear_object (&self->client);
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_ptr_array_unref (self->rows[i]);
      g_clear_pointer (&self->shown[i], g_bytes_unref);
    }

  G_OBJECT_CLASS (ch_desk_window_parent_class)->finalize (object);
}

static void
ch_desk_window_class_init (ChDeskWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_desk_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_desk_window_finalize;
}

static void
ch_desk_window_init (ChDeskWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();

  for (guint i = 0; i < N_LISTS; i++)
    {
      self->rows[i] = g_ptr_array_new ();
      self->groups[i] = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
      adw_preferences_group_set_title (self->groups[i], _ (lists[i].title));
      adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), self->groups[i]);
    }

  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, box);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), GTK_WIDGET (self->toasts));
  gtk_window_set_title (GTK_WINDOW (self), _ ("Demonstration desk"));
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 720);
}

/**
 * ch_desk_window_new:
 * @client: to the server it serves
 *
 * Returns: (transfer none): the window, which looks again every second
 */
GtkWidget *
ch_desk_window_new (AdwApplication *app, ChDeskClient *client)
{
  ChDeskWindow *self = g_object_new (CH_TYPE_DESK_WINDOW, "application", app, NULL);

  self->client = g_object_ref (client);
  self->refresh_id = g_timeout_add_seconds (REFRESH_SECONDS, on_refresh_cb, self);
  refresh (self);
  return GTK_WIDGET (self);
}
