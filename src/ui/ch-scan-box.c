#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-format.h"
#include "ui/ch-qr-code.h"
#include "ui/ch-scan-box.h"
#include "ui/ch-secret-row.h"

#define EDGE        198
#define CODE_LENGTH 6

struct _ChScanBox
{
  AdwBin parent_instance;

  ChScanDesk *desk;   /* (owned) */
  char *shown;        /* (owned) (nullable): the code that is shown */
  char *why_not;      /* (owned) (nullable): what must be done before one is shown */
  gboolean is_wanted; /* a code was asked for */
  guint second_id;    /* source: counts down, 0 when none */

  ChQrCode *qr;      /* in @card */
  ChSecretRow *code; /* in @fields */

  GtkWidget *picture;          /* template child */
  AdwBin *card;                /* template child */
  GtkSpinner *spinner;         /* template child */
  GtkImage *icon;              /* template child */
  GtkLabel *how;               /* template child */
  GtkLabel *more;              /* template child */
  GtkWidget *message;          /* template child: the code of a message is wanted */
  AdwPreferencesGroup *fields; /* template child */
  GtkWidget *again;            /* template child */
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChScanBox, ch_scan_box, ADW_TYPE_BIN)

/* How each standing looks: an icon in place of the code, and whether a new one is offered */
static const struct
{
  const char *icon; /* (nullable) */
  gboolean works;   /* something is under way */
  gboolean again;
} looks[] = {
  [CH_SCAN_STANDING_STARTING] = { NULL, TRUE, FALSE },
  [CH_SCAN_STANDING_SHOWN] = { NULL, FALSE, FALSE },
  [CH_SCAN_STANDING_TAKEN] = { "phone-symbolic", TRUE, TRUE },
  [CH_SCAN_STANDING_PLACE_UNKNOWN] = { NULL, FALSE, FALSE },
  [CH_SCAN_STANDING_DONE] = { "object-select-symbolic", FALSE, FALSE },
  [CH_SCAN_STANDING_EXPIRED] = { "alarm-symbolic", FALSE, TRUE },
  [CH_SCAN_STANDING_FAILED] = { "dialog-warning-symbolic", FALSE, TRUE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (looks) == CH_SCAN_STANDING_FAILED + 1);

/* A code whose time is over and that cannot be changed is not to be scanned */
static gboolean
is_over (ChScanBox *self)
{
  return ch_scan_desk_is_cut_off (self->desk) && ch_scan_desk_get_turns (self->desk) <= ch_clock_now ();
}

static void
set_words (ChScanBox *self, const char *how, const char *more)
{
  if (g_strcmp0 (gtk_label_get_label (self->how), how) != 0)
    gtk_label_set_label (self->how, how);
  if (g_strcmp0 (gtk_label_get_label (self->more), more) != 0)
    gtk_label_set_label (self->more, more);
}

static void
say_shown (ChScanBox *self)
{
  g_autofree char *time = ch_format_left (MAX (ch_scan_desk_get_turns (self->desk) - ch_clock_now (), 1));
  /* Translators: %s is how long: 48 seconds */
  g_autofree char *text = g_strdup_printf (_ ("Valid for another %s, then replaced by itself"), time);

  set_words (self, _ ("Scan it with the camera of the phone and enter your PIN there"), text);
}

static void
say_place_unknown (ChScanBox *self)
{
  const char *mobile = ch_scan_desk_get_mobile (self->desk);
  gboolean is_wrong = g_error_matches (ch_scan_desk_get_error (self->desk), CH_ERROR, CH_ERROR_CODE_WRONG);
  /* Translators: %s is a mobile number, masked */
  g_autofree char *text = g_strdup_printf (
      _ ("Enter the code that was sent to %s. Do not tell it to anybody."), mobile != NULL ? mobile : "");

  set_words (self, _ ("This PC is new to the account"),
             is_wrong ? _ ("The code is wrong or too old. Check the newest message.") : text);
}

static void
say_error (ChScanBox *self)
{
  const GError *error = ch_scan_desk_get_error (self->desk);

  if (error != NULL)
    set_words (self, _ (ch_error_get_info (error)->title), _ (ch_error_get_info (error)->todo));
}

static void
refresh_words (ChScanBox *self)
{
  if (self->why_not != NULL)
    {
      set_words (self, self->why_not, "");
      return;
    }
  if (ch_scan_desk_is_cut_off (self->desk))
    {
      set_words (self, _ ("The server cannot be reached"),
                 _ ("Check the network. It is tried again by itself, and nothing is lost."));
      return;
    }

  switch (ch_scan_desk_get_standing (self->desk))
    {
    case CH_SCAN_STANDING_STARTING:
      set_words (self, _ ("A code is being made…"), "");
      break;
    case CH_SCAN_STANDING_SHOWN:
      say_shown (self);
      break;
    case CH_SCAN_STANDING_TAKEN:
      set_words (self, _ ("Go on on the phone"),
                 _ ("It has read the code. This page goes on by itself when you have finished there."));
      break;
    case CH_SCAN_STANDING_PLACE_UNKNOWN:
      say_place_unknown (self);
      break;
    case CH_SCAN_STANDING_DONE:
      set_words (self, _ ("Done on the phone"), "");
      break;
    case CH_SCAN_STANDING_EXPIRED:
      set_words (self, _ ("The code has expired"), _ ("Show a new one when you have the phone at hand."));
      break;
    case CH_SCAN_STANDING_FAILED:
    default:
      say_error (self);
    }
}

static void
refresh_code (ChScanBox *self)
{
  gboolean is_shown = self->why_not == NULL && !is_over (self)
                      && ch_scan_desk_get_standing (self->desk) == CH_SCAN_STANDING_SHOWN;
  const char *address = is_shown ? ch_scan_desk_get_address (self->desk) : NULL;

  if (g_strcmp0 (address, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_strdup (address);
  ch_qr_code_set_text (self->qr, address);
}

static void
refresh (ChScanBox *self)
{
  ChScanStanding standing = ch_scan_desk_get_standing (self->desk);
  gboolean is_free = self->why_not == NULL;
  gboolean asks = is_free && standing == CH_SCAN_STANDING_PLACE_UNKNOWN;
  gboolean works = is_free && (looks[standing].works || is_over (self));

  refresh_code (self);
  gtk_widget_set_visible (self->picture, !asks);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), is_free && looks[standing].icon != NULL);
  gtk_image_set_from_icon_name (self->icon, looks[standing].icon);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), works && looks[standing].icon == NULL);
  gtk_spinner_set_spinning (self->spinner, works && looks[standing].icon == NULL);
  gtk_widget_set_visible (self->message, asks);
  gtk_widget_set_visible (self->again, is_free && looks[standing].again);
  refresh_words (self);
}

static gboolean
on_second_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
start (ChScanBox *self)
{
  self->is_wanted = TRUE;
  if (self->second_id == 0)
    self->second_id = g_timeout_add_seconds (1, on_second_cb, self);
  ch_scan_desk_start (self->desk);
}

static void
stop (ChScanBox *self)
{
  self->is_wanted = FALSE;
  g_clear_handle_id (&self->second_id, g_source_remove);
  ch_scan_desk_cancel (self->desk);
}

/* Somebody looks at it and may use it: then there is a code */
static void
refresh_wanted (ChScanBox *self)
{
  gboolean is_wanted = self->why_not == NULL && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (self->desk == NULL)
    return;
  if (is_wanted && !self->is_wanted)
    start (self);
  else if (!is_wanted && self->is_wanted)
    stop (self);
}

static void
on_changed_cb (ChScanDesk *desk, ChScanBox *self)
{
  ChScanStanding standing = ch_scan_desk_get_standing (desk);

  refresh (self);
  if (standing == CH_SCAN_STANDING_PLACE_UNKNOWN)
    {
      ch_secret_row_clear (self->code);
      gtk_widget_grab_focus (GTK_WIDGET (self->code));
    }
  if (standing == CH_SCAN_STANDING_DONE)
    g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
on_again_clicked_cb (GtkButton *button, ChScanBox *self)
{
  start (self);
}

static void
give_code (ChScanBox *self)
{
  g_autoptr (ChSecret) code = NULL;

  if (ch_secret_row_get_length (self->code) < CODE_LENGTH
      || ch_scan_desk_get_standing (self->desk) != CH_SCAN_STANDING_PLACE_UNKNOWN)
    return;
  code = ch_secret_row_copy (self->code);
  ch_scan_desk_give_code (self->desk, code);
}

static void
on_code_activated_cb (GtkWidget *row, ChScanBox *self)
{
  give_code (self);
}

static void
on_give_clicked_cb (GtkButton *button, ChScanBox *self)
{
  give_code (self);
}

static void
ch_scan_box_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ch_scan_box_parent_class)->map (widget);
  refresh_wanted (CH_SCAN_BOX (widget));
}

static void
ch_scan_box_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ch_scan_box_parent_class)->unmap (widget);
  refresh_wanted (CH_SCAN_BOX (widget));
}

static void
ch_scan_box_dispose (GObject *object)
{
  ChScanBox *self = CH_SCAN_BOX (object);

  g_clear_handle_id (&self->second_id, g_source_remove);
  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      ch_scan_desk_cancel (self->desk);
    }
  g_clear_object (&self->desk);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->why_not, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_SCAN_BOX);
  G_OBJECT_CLASS (ch_scan_box_parent_class)->dispose (object);
}

static void
ch_scan_box_class_init (ChScanBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_scan_box_dispose;
  widget_class->map = ch_scan_box_map;
  widget_class->unmap = ch_scan_box_unmap;
  signals[SIGNAL_DONE]
      = g_signal_new ("done", CH_TYPE_SCAN_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-scan-box"));
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, picture);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, card);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, icon);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, how);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, more);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, message);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, fields);
  gtk_widget_class_bind_template_child (widget_class, ChScanBox, again);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_give_clicked_cb);
}

static void
ch_scan_box_init (ChScanBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->qr = CH_QR_CODE (ch_qr_code_new (EDGE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->qr), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("QR code for the phone"), -1);
  adw_bin_set_child (self->card, GTK_WIDGET (self->qr));
  self->code = CH_SECRET_ROW (ch_secret_row_new (_ ("SMS code")));
  ch_secret_row_set_max_length (self->code, CODE_LENGTH);
  ch_secret_row_set_digits (self->code, TRUE);
  g_signal_connect_object (self->code, "activated", G_CALLBACK (on_code_activated_cb), self, 0);
  adw_preferences_group_add (self->fields, GTK_WIDGET (self->code));
}

/**
 * ch_scan_box_new:
 * @purpose: what the phone is to do
 * @application: (nullable): id, where it is about one
 *
 * Returns: (transfer floating): a box that shows a code as soon as it is seen
 */
GtkWidget *
ch_scan_box_new (ChPorts *ports, ChScanPurpose purpose, const char *application)
{
  ChScanBox *self = g_object_new (CH_TYPE_SCAN_BOX, NULL);

  self->desk = ch_scan_desk_new (ports, purpose, application);
  g_signal_connect_object (self->desk, "changed", G_CALLBACK (on_changed_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_scan_box_set_why_not:
 * @why_not: (nullable): what is to be done before there is a code
 *
 * While @why_not is said no code is shown.
 */
void
ch_scan_box_set_why_not (ChScanBox *self, const char *why_not)
{
  g_return_if_fail (CH_IS_SCAN_BOX (self));

  if (g_strcmp0 (self->why_not, why_not) == 0)
    return;
  g_free (self->why_not);
  self->why_not = g_strdup (why_not);
  refresh_wanted (self);
  refresh (self);
}

/**
 * ch_scan_box_focus:
 *
 * Puts the focus where something can be done; while a code is shown that is on the phone.
 */
void
ch_scan_box_focus (ChScanBox *self)
{
  g_return_if_fail (CH_IS_SCAN_BOX (self));

  if (gtk_widget_get_visible (self->message))
    gtk_widget_grab_focus (GTK_WIDGET (self->code));
  else if (gtk_widget_get_visible (self->again))
    gtk_widget_grab_focus (self->again);
}
