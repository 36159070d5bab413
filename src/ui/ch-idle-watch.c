#include "config.h"

#include "ui/ch-idle-watch.h"

#define WATCHED "ch-idle-watch"

struct _ChIdleWatch
{
  GObject parent_instance;

  guint seconds;
  guint timeout_id;    /* source, 0 when nothing was touched since it was told */
  gint64 last;         /* monotonic: when something was touched */
  GListModel *windows; /* (unowned): GTK’s own */
};

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChIdleWatch, ch_idle_watch, G_TYPE_OBJECT)

static gboolean
on_timeout_cb (gpointer user_data)
{
  ChIdleWatch *self = user_data;
  gint64 rest = self->last + self->seconds * G_USEC_PER_SEC - g_get_monotonic_time ();

  /* Touched meanwhile: not yet */
  if (rest > 0)
    self->timeout_id = g_timeout_add ((guint) (rest / 1000) + 1, on_timeout_cb, self);
  else
    {
      self->timeout_id = 0;
      g_signal_emit (self, signals[SIGNAL_IDLE], 0);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
on_event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, ChIdleWatch *self)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_MOTION_NOTIFY:
    case GDK_BUTTON_PRESS:
    case GDK_KEY_PRESS:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
      self->last = g_get_monotonic_time ();
      if (self->timeout_id == 0)
        self->timeout_id = g_timeout_add_seconds (self->seconds, on_timeout_cb, self);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

/* Dialogs too: who types there is at work */
static void
on_windows_changed_cb (GListModel *windows, guint position, guint removed, guint added, ChIdleWatch *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkEventController *controller;

      if (g_object_get_data (G_OBJECT (window), WATCHED) != NULL)
        continue;
      controller = gtk_event_controller_legacy_new ();
      gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
      g_signal_connect_object (controller, "event", G_CALLBACK (on_event_cb), self, 0);
      gtk_widget_add_controller (window, controller);
      g_object_set_data (G_OBJECT (window), WATCHED, controller);
    }
}

static void
ch_idle_watch_finalize (GObject *object)
{
  ChIdleWatch *self = CH_IDLE_WATCH (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  G_OBJECT_CLASS (ch_idle_watch_parent_class)->finalize (object);
}

static void
ch_idle_watch_class_init (ChIdleWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_idle_watch_finalize;

  signals[SIGNAL_IDLE] = g_signal_new ("idle", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
ch_idle_watch_init (ChIdleWatch *self)
{
}

/**
 * ch_idle_watch_new:
 * @seconds: after how long
 *
 * Returns: (transfer full): the watch over all windows there are and will be
 */
ChIdleWatch *
ch_idle_watch_new (guint seconds)
{
  ChIdleWatch *self = g_object_new (CH_TYPE_IDLE_WATCH, NULL);

  self->seconds = seconds;
  self->windows = gtk_window_get_toplevels ();
  g_signal_connect_object (self->windows, "items-changed", G_CALLBACK (on_windows_changed_cb), self, 0);
  on_windows_changed_cb (self->windows, 0, 0, g_list_model_get_n_items (self->windows), self);
  return self;
}
