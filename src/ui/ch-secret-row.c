#include "config.h"

#include <string.h>

#include "ui/ch-secret-row.h"

struct _ChSecretRow
{
  AdwPreferencesRow parent_instance;

  GtkText *text;            /* in editable_area */
  GtkWidget *editable_area; /* template child */
  GtkWidget *title_label;   /* template child */
  GtkWidget *empty_title;   /* template child */
  GtkWidget *caps;          /* template child */
  GtkToggleButton *peek;    /* template child */
  GtkWidget *suffixes;      /* template child */
};

G_DEFINE_FINAL_TYPE (ChSecretRow, ch_secret_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATED,
  SIGNAL_LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkEntryBuffer *
get_buffer (ChSecretRow *self)
{
  return gtk_text_get_buffer (self->text);
}

/* The title stands small above the text, or large in its place while there is neither text nor focus */
static void
refresh_title (ChSecretRow *self)
{
  gboolean empty = ch_secret_row_get_length (self) == 0 && !gtk_widget_has_focus (GTK_WIDGET (self->text));

  gtk_widget_set_visible (self->empty_title, empty);
  gtk_widget_set_opacity (self->editable_area, empty ? 0 : 1);
}

static void
refresh_caps (ChSecretRow *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  gtk_widget_set_visible (self->caps, keyboard != NULL && gtk_widget_has_focus (GTK_WIDGET (self->text))
                                          && gdk_device_get_caps_lock_state (keyboard));
}

static void
on_text_changed_cb (GtkEditable *editable, ChSecretRow *self)
{
  refresh_title (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_text_activate_cb (GtkText *text, ChSecretRow *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
on_text_focus_cb (GtkWidget *text, GParamSpec *pspec, ChSecretRow *self)
{
  refresh_title (self);
  refresh_caps (self);
  if (gtk_widget_has_focus (text))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "focused");
      return;
    }
  gtk_widget_remove_css_class (GTK_WIDGET (self), "focused");
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
on_caps_changed_cb (GdkDevice *keyboard, GParamSpec *pspec, ChSecretRow *self)
{
  refresh_caps (self);
}

static void
on_peek_toggled_cb (GtkToggleButton *peek, ChSecretRow *self)
{
  gboolean visible = gtk_toggle_button_get_active (peek);

  gtk_text_set_visibility (self->text, visible);
  gtk_button_set_icon_name (GTK_BUTTON (peek), visible ? "view-conceal-symbolic" : "view-reveal-symbolic");
}

/* A press beside the text is meant for it */
static void
on_pressed_cb (GtkGestureClick *gesture, int n, double x, double y, ChSecretRow *self)
{
  gtk_text_grab_focus_without_selecting (self->text);
}

static gboolean
ch_secret_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (widget)), direction);
}

static gboolean
ch_secret_row_grab_focus (GtkWidget *widget)
{
  return gtk_text_grab_focus_without_selecting (CH_SECRET_ROW (widget)->text);
}

static void
ch_secret_row_realize (GtkWidget *widget)
{
  GdkSeat *seat;

  GTK_WIDGET_CLASS (ch_secret_row_parent_class)->realize (widget);

  seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  if (seat != NULL && gdk_seat_get_keyboard (seat) != NULL)
    g_signal_connect_object (gdk_seat_get_keyboard (seat), "notify::caps-lock-state",
                             G_CALLBACK (on_caps_changed_cb), widget, 0);
}

static void
ch_secret_row_dispose (GObject *object)
{
  ChSecretRow *self = CH_SECRET_ROW (object);

  /* Wiped without a word: who listens may be gone */
  if (self->text != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->text, self);
      gtk_entry_buffer_set_text (get_buffer (self), "", 0);
    }
  self->text = NULL;
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_secret_row_parent_class)->dispose (object);
}

static void
ch_secret_row_class_init (ChSecretRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { "changed", "activated", "left" };

  object_class->dispose = ch_secret_row_dispose;
  widget_class->focus = ch_secret_row_focus;
  widget_class->grab_focus = ch_secret_row_grab_focus;
  widget_class->realize = ch_secret_row_realize;

  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_SECRET_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-secret-row"));
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, editable_area);
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, empty_title);
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, caps);
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, peek);
  gtk_widget_class_bind_template_child (widget_class, ChSecretRow, suffixes);
  gtk_widget_class_bind_template_callback (widget_class, on_peek_toggled_cb);
}

static void
ch_secret_row_init (ChSecretRow *self)
{
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  /* No undo: it would keep copies of the text */
  self->text = g_object_new (GTK_TYPE_TEXT, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, "buffer", buffer,
                             "visibility", FALSE, "enable-undo", FALSE, "input-purpose",
                             GTK_INPUT_PURPOSE_PASSWORD, "hexpand", TRUE, NULL);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->title_label, NULL, -1);
  gtk_box_append (GTK_BOX (self->editable_area), GTK_WIDGET (self->text));

  g_signal_connect_object (self->text, "changed", G_CALLBACK (on_text_changed_cb), self, 0);
  g_signal_connect_object (self->text, "activate", G_CALLBACK (on_text_activate_cb), self, 0);
  g_signal_connect_object (self->text, "notify::has-focus", G_CALLBACK (on_text_focus_cb), self, 0);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  refresh_title (self);
}

/**
 * ch_secret_row_new:
 * @title: what is to be typed, e.g. “PIN”
 *
 * Returns: (transfer floating): a row to type a secret into
 */
GtkWidget *
ch_secret_row_new (const char *title)
{
  return g_object_new (CH_TYPE_SECRET_ROW, "title", title, NULL);
}

/**
 * ch_secret_row_set_max_length:
 * @max: how many characters are taken at most
 */
void
ch_secret_row_set_max_length (ChSecretRow *self, guint max)
{
  g_return_if_fail (CH_IS_SECRET_ROW (self));

  gtk_entry_buffer_set_max_length (get_buffer (self), (int) max);
}

/**
 * ch_secret_row_set_digits:
 * @digits: whether it is made of digits (a code, a PIN), for keyboards on the screen
 */
void
ch_secret_row_set_digits (ChSecretRow *self, gboolean digits)
{
  g_return_if_fail (CH_IS_SECRET_ROW (self));

  gtk_text_set_input_purpose (self->text, digits ? GTK_INPUT_PURPOSE_PIN : GTK_INPUT_PURPOSE_PASSWORD);
}

/**
 * ch_secret_row_add_suffix:
 * @widget: (transfer floating): e.g. a button that has a code sent
 */
void
ch_secret_row_add_suffix (ChSecretRow *self, GtkWidget *widget)
{
  g_return_if_fail (CH_IS_SECRET_ROW (self));

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->suffixes), widget);
  gtk_widget_set_visible (self->suffixes, TRUE);
}

/**
 * ch_secret_row_get_length:
 *
 * Returns: how many characters have been typed
 */
guint
ch_secret_row_get_length (ChSecretRow *self)
{
  g_return_val_if_fail (CH_IS_SECRET_ROW (self), 0);

  return gtk_entry_buffer_get_length (get_buffer (self));
}

/**
 * ch_secret_row_is_equal:
 * @other: where it was typed again
 *
 * Returns: whether the same was typed into both
 */
gboolean
ch_secret_row_is_equal (ChSecretRow *self, ChSecretRow *other)
{
  g_autoptr (ChSecret) a = ch_secret_row_copy (self);
  g_autoptr (ChSecret) b = ch_secret_row_copy (other);

  return ch_secret_equal (a, b);
}

/**
 * ch_secret_row_copy:
 *
 * Returns: (transfer full): what was typed; it stays in the row
 */
ChSecret *
ch_secret_row_copy (ChSecretRow *self)
{
  g_return_val_if_fail (CH_IS_SECRET_ROW (self), NULL);

  return ch_secret_new (gtk_entry_buffer_get_text (get_buffer (self)),
                        gtk_entry_buffer_get_bytes (get_buffer (self)));
}

/**
 * ch_secret_row_take:
 *
 * Returns: (transfer full): what was typed; the row is empty then
 */
ChSecret *
ch_secret_row_take (ChSecretRow *self)
{
  ChSecret *secret = ch_secret_row_copy (self);

  ch_secret_row_clear (self);
  return secret;
}

/**
 * ch_secret_row_clear:
 *
 * Wipes what was typed, and hides again what is typed next.
 */
void
ch_secret_row_clear (ChSecretRow *self)
{
  g_return_if_fail (CH_IS_SECRET_ROW (self));

  gtk_toggle_button_set_active (self->peek, FALSE);
  gtk_entry_buffer_set_text (get_buffer (self), "", 0);
}

/**
 * ch_secret_row_set_wrong:
 * @message: (nullable): the row below that says what is wrong; %NULL: nothing is
 *
 * Marks the row, for the eye and for the screen reader.
 */
void
ch_secret_row_set_wrong (ChSecretRow *self, GtkWidget *message)
{
  g_return_if_fail (CH_IS_SECRET_ROW (self));

  if (message == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self), "ch-has-message");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
      return;
    }

  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  gtk_widget_add_css_class (GTK_WIDGET (self), "ch-has-message");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, message,
                                  NULL, -1);
}
