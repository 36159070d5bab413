#include "config.h"

#include "base/ch-clock.h"
#include "token/ch-soft-keeper.h"

struct _ChSoftKeeper
{
  gatomicrefcount refs; /* the timer holds one: it may go off while its owner goes away in another thread */
  GMutex mutex;         /* guards what follows */
  ChKey *key;           /* (owned) (nullable) */
  char *key_id;         /* (owned) (nullable) */
  gint64 kept_at;       /* seconds since 1970 */
  GSource *timer;       /* (owned) (nullable) */
};

static void
unref (gpointer data)
{
  ChSoftKeeper *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* With the mutex held. Returns: (transfer full) (nullable): the timer, to be destroyed without it: destroying
 * drops what the timer holds. */
static GSource *
forget_locked (ChSoftKeeper *self)
{
  g_clear_pointer (&self->key, ch_key_unref);
  g_clear_pointer (&self->key_id, g_free);
  return g_steal_pointer (&self->timer);
}

/* The same for a key that was kept long enough. A clock that was set back does not make the while longer. */
static GSource *
forget_old_locked (ChSoftKeeper *self)
{
  gint64 age = ch_clock_now () - self->kept_at;

  return age < 0 || age >= CH_SOFT_KEEPER_OPEN_TIME ? forget_locked (self) : NULL;
}

static void
stop_timer (GSource *timer)
{
  if (timer == NULL)
    return;

  g_source_destroy (timer);
  g_source_unref (timer);
}

static gboolean
on_time_over_cb (gpointer user_data)
{
  ch_soft_keeper_forget (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * ch_soft_keeper_new:
 *
 * Returns: (transfer full): a keeper without a key
 */
ChSoftKeeper *
ch_soft_keeper_new (void)
{
  ChSoftKeeper *self = g_new0 (ChSoftKeeper, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  return self;
}

void
ch_soft_keeper_free (ChSoftKeeper *self)
{
  if (self == NULL)
    return;

  ch_soft_keeper_forget (self);
  unref (self);
}

/**
 * ch_soft_keeper_keep:
 * @self: a keeper
 * @key_id: hex
 * @key: what was opened
 *
 * Keeps @key for %CH_SOFT_KEEPER_OPEN_TIME from now, instead of the one before. May be called in any thread;
 * the key is wiped by a timer of the default main context, and at the latest when it is asked for.
 */
void
ch_soft_keeper_keep (ChSoftKeeper *self, const char *key_id, ChKey *key)
{
  GSource *timer = g_timeout_source_new_seconds (CH_SOFT_KEEPER_OPEN_TIME);
  GSource *old;

  g_atomic_ref_count_inc (&self->refs);
  g_source_set_callback (timer, on_time_over_cb, self, unref);

  g_mutex_lock (&self->mutex);
  old = forget_locked (self);
  self->key = ch_key_ref (key);
  self->key_id = g_strdup (key_id);
  self->kept_at = ch_clock_now ();
  self->timer = timer;
  g_mutex_unlock (&self->mutex);

  stop_timer (old);
  g_source_attach (timer, NULL);
}

/**
 * ch_soft_keeper_recall:
 * @self: a keeper
 * @key_id: hex
 *
 * Returns: (transfer full) (nullable): the key, if it is that one and was opened a short while ago
 */
ChKey *
ch_soft_keeper_recall (ChSoftKeeper *self, const char *key_id)
{
  ChKey *key = NULL;
  GSource *old;

  g_mutex_lock (&self->mutex);
  old = forget_old_locked (self);
  if (self->key != NULL && g_ascii_strcasecmp (self->key_id, key_id) == 0)
    key = ch_key_ref (self->key);
  g_mutex_unlock (&self->mutex);

  stop_timer (old);
  return key;
}

/**
 * ch_soft_keeper_is_open:
 * @self: a keeper
 *
 * Returns: whether any key was opened a short while ago
 */
gboolean
ch_soft_keeper_is_open (ChSoftKeeper *self)
{
  GSource *old;
  gboolean is_open;

  g_mutex_lock (&self->mutex);
  old = forget_old_locked (self);
  is_open = self->key != NULL;
  g_mutex_unlock (&self->mutex);

  stop_timer (old);
  return is_open;
}

/**
 * ch_soft_keeper_forget:
 * @self: a keeper
 *
 * Wipes the key at once.
 */
void
ch_soft_keeper_forget (ChSoftKeeper *self)
{
  GSource *old;

  g_mutex_lock (&self->mutex);
  old = forget_locked (self);
  g_mutex_unlock (&self->mutex);
  stop_timer (old);
}
