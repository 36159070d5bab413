#include "config.h"

#include "base/ch-error.h"
#include "token/ch-p11-token-private.h"
#include "token/ch-soft-lock.h"

/* How often one call asks; the medium locks earlier or later by its own count */
#define MAX_TRIES 5
/* Seconds after the last signature until the medium is logged out */
#define OPEN_TIME 120

static void
stop_timer (GSource *timer)
{
  if (timer == NULL)
    return;

  g_source_destroy (timer);
  g_source_unref (timer);
}

static void
free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
log_out_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ChP11Token *self = source;

  if (self->session.handle != 0)
    ch_p11_logout (self->host, &self->session);
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_time_over_cb (gpointer user_data)
{
  g_autoptr (ChP11Token) self = g_weak_ref_get (user_data);
  g_autoptr (GTask) task = NULL;

  if (self != NULL)
    {
      task = g_task_new (self, NULL, NULL, NULL);
      g_task_set_source_tag (task, on_time_over_cb);
      ch_worker_push (self->worker, task, log_out_thread, NULL);
    }
  return G_SOURCE_REMOVE;
}

/* The medium stays open for a while, so that one PIN is enough for a key, its request and its proof. */
static void
restart_timer (ChP11Token *self)
{
  GSource *timer = g_timeout_source_new_seconds (OPEN_TIME);
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  GSource *old;

  g_weak_ref_init (weak, self);
  g_source_set_callback (timer, on_time_over_cb, weak, free_weak);
  g_mutex_lock (&self->mutex);
  old = self->timer;
  self->timer = timer;
  g_mutex_unlock (&self->mutex);
  stop_timer (old);
  g_source_attach (timer, NULL);
}

void
ch_p11_token_forget (ChP11Token *self)
{
  GSource *old;

  g_mutex_lock (&self->mutex);
  old = g_steal_pointer (&self->timer);
  g_mutex_unlock (&self->mutex);
  stop_timer (old);
}

static void
on_cancelled_cb (GCancellable *outer, gpointer inner)
{
  g_cancellable_cancel (inner);
}

/* Asks; the question goes away when the medium does. */
ChSecret *
ch_p11_token_ask (ChP11Token *self,
                  GTlsInteraction *asker,
                  ChAskKind kind,
                  GTlsPasswordFlags flags,
                  GCancellable *cancellable,
                  GError **error)
{
  const char *description = *self->info->label != 0 ? self->info->label : self->info->serial;
  ChAskLimits limits = { self->info->pin_min, self->info->pin_max, self->info->serial };
  g_autoptr (GCancellable) asking = g_cancellable_new ();
  gulong id = cancellable != NULL
                  ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), asking, NULL)
                  : 0;
  ChSecret *secret = NULL;
  gboolean is_gone;

  g_mutex_lock (&self->mutex);
  is_gone = self->is_gone;
  self->asking = is_gone ? NULL : g_object_ref (asking);
  g_mutex_unlock (&self->mutex);

  if (!is_gone)
    secret = ch_asker_ask_limited (asker, kind, description, flags, &limits, asking, error);
  g_cancellable_disconnect (cancellable, id);

  g_mutex_lock (&self->mutex);
  g_clear_object (&self->asking);
  is_gone = self->is_gone;
  g_mutex_unlock (&self->mutex);
  if (!is_gone)
    return secret;

  g_clear_pointer (&secret, ch_secret_unref);
  g_clear_error (error);
  g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "the medium was unplugged meanwhile");
  return NULL;
}

/* Looks how the PIN stands and what whoever is asked must know of it */
static gboolean
prepare (ChP11Token *self, guint n, GTlsPasswordFlags *flags, GError **error)
{
  CK_FLAGS now = 0;
  CK_STATE state = 0;

  if (!ch_p11_token_begin (self, &now, &state, error))
    return FALSE;
  if ((now & CKF_USER_PIN_LOCKED) != 0)
    return ch_p11_fail (error, CKR_PIN_LOCKED, "CKF_USER_PIN_LOCKED");
  if ((now & CKF_USER_PIN_INITIALIZED) == 0)
    return ch_p11_fail (error, CKR_USER_PIN_NOT_INITIALIZED, "CKF_USER_PIN_INITIALIZED");

  *flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
  if ((now & CKF_USER_PIN_COUNT_LOW) != 0)
    *flags |= G_TLS_PASSWORD_MANY_TRIES;
  if ((now & CKF_USER_PIN_FINAL_TRY) != 0)
    *flags |= G_TLS_PASSWORD_FINAL_TRY;
  return TRUE;
}

static void
on_given_up_cb (GCancellable *given_up, gpointer host)
{
  ch_p11_host_give_up (host);
}

static gboolean
log_in_plainly (ChP11Token *self, GError **error)
{
  return ch_p11_login (self->host, &self->session, CKU_USER, NULL, error);
}

static gboolean
set_plainly (ChP11Token *self, GError **error)
{
  return ch_p11_set_pin (self->host, &self->session, NULL, NULL, error);
}

/* Does what is typed for at the medium while somebody is told so. Who gives up ends the module that waits for
 * the keypad: no call of PKCS#11 does. @kind: %CH_ASK_PIN_PAD, or %CH_ASK_PIN_PAD_NEW */
gboolean
ch_p11_token_do_at_pad (ChP11Token *self,
                        ChP11PadFunc func,
                        ChAskKind kind,
                        GTlsPasswordFlags flags,
                        GTlsInteraction *asker,
                        GCancellable *cancellable,
                        GError **error)
{
  const char *description = *self->info->label != 0 ? self->info->label : self->info->serial;
  ChAskLimits limits = { self->info->pin_min, self->info->pin_max, self->info->serial };
  g_autoptr (GCancellable) given_up = g_cancellable_new ();
  ChAskPad *pad = ch_asker_begin_pad (asker, kind, description, flags, &limits, given_up, cancellable, error);
  gboolean is_done;
  gulong id;

  if (pad == NULL)
    return FALSE;

  id = g_cancellable_connect (given_up, G_CALLBACK (on_given_up_cb), self->host, NULL);
  is_done = func (self, error);
  g_cancellable_disconnect (given_up, id);
  ch_asker_end_pad (pad);
  if (!is_done && g_cancellable_is_cancelled (given_up))
    {
      g_clear_error (error);
      g_set_error (error, CH_ERROR, CH_ERROR_CANCELLED, "the PIN was not entered at the keypad");
    }
  return is_done;
}

static gboolean
log_in_by_pad (ChP11Token *self, GTlsInteraction *asker, GCancellable *cancellable, GError **error)
{
  GTlsPasswordFlags flags;

  return prepare (self, 1, &flags, error)
         && ch_p11_token_do_at_pad (self, log_in_plainly, CH_ASK_PIN_PAD, flags, asker, cancellable, error);
}

/* Asks until the medium is open. @opened: (out): the PIN that opened it. */
static gboolean
log_in_by_pin (ChP11Token *self,
               GTlsInteraction *asker,
               ChSecret **opened,
               GCancellable *cancellable,
               GError **error)
{
  for (guint n = 1; n <= MAX_TRIES; n++)
    {
      g_autoptr (ChSecret) pin = NULL;
      g_autoptr (GError) local = NULL;
      GTlsPasswordFlags flags;

      if (!prepare (self, n, &flags, error))
        return FALSE;
      pin = ch_p11_token_ask (self, asker, CH_ASK_PIN, flags, cancellable, error);
      if (pin == NULL)
        return FALSE;
      /* To some cards no PIN at all is another question */
      if (ch_secret_get_size (pin) == 0)
        continue;

      if (ch_p11_login (self->host, &self->session, CKU_USER, pin, &local))
        {
          *opened = g_steal_pointer (&pin);
          /* All tries are there again */
          ch_p11_token_look (self, NULL, NULL);
          return TRUE;
        }
      if (!g_error_matches (local, CH_ERROR, CH_ERROR_PIN_WRONG)
          && !g_error_matches (local, CH_ERROR, CH_ERROR_PIN_UNFIT))
        {
          /* How it stands now is shown from here on */
          ch_p11_token_begin (self, NULL, NULL, NULL);
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }

  ch_p11_token_begin (self, NULL, NULL, NULL);
  g_set_error (error, CH_ERROR, CH_ERROR_PIN_WRONG, "the PIN was wrong %d times", MAX_TRIES);
  return FALSE;
}

/* Sees that private keys can be used. In a session that ch_p11_token_begin() opened. */
gboolean
ch_p11_token_log_in (ChP11Token *self, GTlsInteraction *asker, GCancellable *cancellable, GError **error)
{
  g_autoptr (ChSecret) pin = NULL;
  CK_FLAGS flags = 0;
  CK_STATE state = 0;
  gboolean is_open;

  if (!ch_p11_token_begin (self, &flags, &state, error))
    return FALSE;
  is_open
      = (flags & CKF_LOGIN_REQUIRED) == 0 || state == CKS_RW_USER_FUNCTIONS || state == CKS_RO_USER_FUNCTIONS;
  if (!is_open)
    is_open = (flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0
                  ? log_in_by_pad (self, asker, cancellable, error)
                  : log_in_by_pin (self, asker, &pin, cancellable, error);
  if (is_open)
    restart_timer (self);
  return is_open;
}

/* Whether a new PIN is as long as the medium says it must be */
gboolean
ch_p11_token_fits (ChP11Token *self, ChSecret *pin, GError **error)
{
  gsize len = ch_secret_get_size (pin);

  if (len > 0 && len >= self->info->pin_min && (self->info->pin_max == 0 || len <= self->info->pin_max))
    return TRUE;
  return ch_p11_fail (error, CKR_PIN_LEN_RANGE, "length");
}

/* With the old PIN known to be right. One the medium does not take is asked for again. */
static gboolean
set_pin (ChP11Token *self,
         GTlsInteraction *asker,
         ChSecret *old_pin,
         GCancellable *cancellable,
         GError **error)
{
  for (guint n = 1;; n++)
    {
      GTlsPasswordFlags flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) pin
          = ch_p11_token_ask (self, asker, CH_ASK_PIN_CHANGED, flags, cancellable, error);
      g_autoptr (GError) local = NULL;

      if (pin == NULL)
        return FALSE;
      if (ch_secret_equal (pin, old_pin))
        ch_p11_fail (&local, CKR_PIN_INVALID, "the old PIN again");
      else if (ch_p11_token_fits (self, pin, &local)
               && ch_p11_set_pin (self->host, &self->session, old_pin, pin, &local))
        return TRUE;
      if (n == MAX_TRIES || !g_error_matches (local, CH_ERROR, CH_ERROR_PIN_UNFIT))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

gboolean
ch_p11_token_change_pin (ChToken *token, GTlsInteraction *asker, GCancellable *cancellable, GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  g_autoptr (ChSecret) old_pin = NULL;
  GTlsPasswordFlags pad_flags;
  CK_FLAGS flags = 0;
  CK_STATE state = 0;

  if (lock == NULL || !ch_p11_token_begin (self, &flags, &state, error))
    return FALSE;
  if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
    return prepare (self, 1, &pad_flags, error)
           && ch_p11_token_do_at_pad (self, set_plainly, CH_ASK_PIN_PAD_NEW, pad_flags, asker, cancellable,
                                      error);

  /* Who is logged in is not asked again by the module: the old PIN would not be checked */
  if (state == CKS_RW_USER_FUNCTIONS || state == CKS_RO_USER_FUNCTIONS)
    ch_p11_logout (self->host, &self->session);
  if (!log_in_by_pin (self, asker, &old_pin, cancellable, error))
    return FALSE;
  restart_timer (self);
  return set_pin (self, asker, old_pin, cancellable, error);
}
