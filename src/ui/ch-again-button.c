#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "ui/ch-again-button.h"

struct _ChAgainButton
{
  AdwBin parent_instance;

  GtkButton *button; /* (unowned): the child */
  gboolean was_sent; /* one is on its way already */
  gint64 again;      /* when another one may be sent, seconds since 1970; 0: at once */
  gboolean is_busy;
  guint tick_id; /* source, 0 when none */
};

/* Signal: `clicked`. */
enum
{
  SIGNAL_CLICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChAgainButton, ch_again_button, ADW_TYPE_BIN)

static void
refresh (ChAgainButton *self)
{
  gint64 left = self->again - ch_clock_now ();
  g_autofree char *label = NULL;

  if (left > 0)
    /* Translators: %d is how many seconds until another SMS code can be sent */
    label = g_strdup_printf (_ ("Again in %d s"), (int) left);
  else
    label = g_strdup (self->was_sent ? _ ("Send again") : _ ("Send code"));
  gtk_button_set_label (self->button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !self->is_busy && left <= 0);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  ChAgainButton *self = user_data;

  refresh (self);
  if (self->again > ch_clock_now ())
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

static void
on_clicked_cb (GtkButton *button, ChAgainButton *self)
{
  g_signal_emit (self, signals[SIGNAL_CLICKED], 0);
}

static void
ch_again_button_dispose (GObject *object)
{
  ChAgainButton *self = CH_AGAIN_BUTTON (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  G_OBJECT_CLASS (ch_again_button_parent_class)->dispose (object);
}

static void
ch_again_button_class_init (ChAgainButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_again_button_dispose;

  signals[SIGNAL_CLICKED] = g_signal_new ("clicked", CH_TYPE_AGAIN_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
ch_again_button_init (ChAgainButton *self)
{
  self->button = GTK_BUTTON (gtk_button_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_clicked_cb), self, 0);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

/**
 * ch_again_button_new:
 * @was_sent: whether a code is on its way before anybody presses it
 *
 * Returns: (transfer floating): the button
 */
GtkWidget *
ch_again_button_new (gboolean was_sent)
{
  ChAgainButton *self = g_object_new (CH_TYPE_AGAIN_BUTTON, NULL);

  self->was_sent = was_sent;
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_again_button_set_time:
 * @again: when another one may be sent, seconds since 1970, as the server has said; 0 when it has not
 */
void
ch_again_button_set_time (ChAgainButton *self, gint64 again)
{
  g_return_if_fail (CH_IS_AGAIN_BUTTON (self));

  self->again = again;
  self->was_sent = self->was_sent || again > 0;
  if (self->tick_id == 0 && again > ch_clock_now ())
    self->tick_id = g_timeout_add_seconds (1, on_tick_cb, self);
  refresh (self);
}

/**
 * ch_again_button_set_busy:
 * @is_busy: whether one is just being sent
 */
void
ch_again_button_set_busy (ChAgainButton *self, gboolean is_busy)
{
  g_return_if_fail (CH_IS_AGAIN_BUTTON (self));

  self->is_busy = is_busy;
  refresh (self);
}
