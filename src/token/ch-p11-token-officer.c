#include "config.h"

#include "base/ch-error.h"
#include "token/ch-p11-token-private.h"
#include "token/ch-soft-lock.h"

/* What is done with the security officer’s PIN, which the CA keeps: unlocking and initialising */

#define MAX_TRIES 5

/* What a PIN in error means where the officer’s was used */
static gboolean
fail_as_officer (GError **error, GError *local)
{
  if (g_error_matches (local, CH_ERROR, CH_ERROR_PIN_WRONG)
      || g_error_matches (local, CH_ERROR, CH_ERROR_PIN_LOCKED))
    local->code = CH_ERROR_SO_PIN_WRONG;
  g_propagate_error (error, local);
  return FALSE;
}

/* The user is logged out first: both at once there are not */
static gboolean
log_in_as_officer (ChP11Token *self, ChSecret *so_pin, GError **error)
{
  g_autoptr (GError) local = NULL;
  CK_FLAGS flags = 0;
  CK_STATE state = 0;

  ch_p11_token_forget (self);
  if (!ch_p11_token_begin (self, &flags, &state, error))
    return FALSE;
  if ((flags & CKF_SO_PIN_LOCKED) != 0)
    {
      ch_p11_fail (&local, CKR_PIN_LOCKED, "CKF_SO_PIN_LOCKED");
      return fail_as_officer (error, g_steal_pointer (&local));
    }
  if (state != CKS_RW_PUBLIC_SESSION && state != CKS_RO_PUBLIC_SESSION)
    ch_p11_logout (self->host, &self->session);
  return ch_p11_login (self->host, &self->session, CKU_SO, so_pin, &local)
         || fail_as_officer (error, g_steal_pointer (&local));
}

/* Nobody but the medium learns it */
static gboolean
init_plainly (ChP11Token *self, GError **error)
{
  return ch_p11_init_pin (self->host, &self->session, NULL, error);
}

/* Gives the user a PIN of their own choice; one the medium does not take is asked for again. What OpenSC has
 * to say of the officer’s PIN it says here. @chosen: (inout) (nullable): NULL where it was typed at the
 * medium, or not yet; whoever has chosen one is not asked again when only the officer’s was wrong. */
static gboolean
set_user_pin (ChP11Token *self,
              GTlsInteraction *asker,
              ChSecret **chosen,
              GCancellable *cancellable,
              GError **error)
{
  gboolean is_pad = (self->info->abilities & CH_TOKEN_HAS_PIN_PAD) != 0;

  for (guint n = 1;; n++)
    {
      GTlsPasswordFlags flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) pin = g_steal_pointer (chosen);
      g_autoptr (GError) local = NULL;
      gboolean is_set;

      if (pin == NULL && !is_pad)
        pin = ch_p11_token_ask (self, asker, CH_ASK_PIN_NEW, flags, cancellable, error);
      if (pin == NULL && !is_pad)
        return FALSE;
      is_set = is_pad ? ch_p11_token_do_at_pad (self, init_plainly, CH_ASK_PIN_PAD_NEW, flags, asker,
                                                cancellable, &local)
                      : ch_p11_token_fits (self, pin, &local)
                            && ch_p11_init_pin (self->host, &self->session, pin, &local);
      if (!is_set && n < MAX_TRIES && g_error_matches (local, CH_ERROR, CH_ERROR_PIN_UNFIT))
        continue;
      *chosen = g_steal_pointer (&pin);
      return is_set || fail_as_officer (error, g_steal_pointer (&local));
    }
}

/* Whoever has just chosen the PIN is not asked for it in the same breath */
static void
open_for_user (ChP11Token *self, ChSecret *pin)
{
  g_autoptr (GError) error = NULL;

  ch_p11_logout (self->host, &self->session);
  if (pin != NULL && !ch_p11_login (self->host, &self->session, CKU_USER, pin, &error))
    g_message ("the new PIN does not open the medium: %s", error->message);
  ch_p11_token_look (self, NULL, NULL);
}

/* With what the officer’s PIN may be */
static gboolean
try_as_officer (ChP11Token *self,
                ChSecret *so_pin,
                GTlsInteraction *asker,
                ChSecret **chosen,
                GCancellable *cancellable,
                GError **error)
{
  return log_in_as_officer (self, so_pin, error) && set_user_pin (self, asker, chosen, cancellable, error);
}

gboolean
ch_p11_token_unlock (ChToken *token,
                     ChSecret *so_pin,
                     ChSecret *next_so_pin,
                     gboolean is_again,
                     GTlsInteraction *asker,
                     GCancellable *cancellable,
                     GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  g_autoptr (ChSecret) pin = NULL;
  g_autoptr (GError) local = NULL;
  gboolean is_next, is_done;

  if (lock == NULL)
    return FALSE;

  is_next = is_again && try_as_officer (self, next_so_pin, asker, &pin, cancellable, &local);
  if (local != NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_SO_PIN_WRONG))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      open_for_user (self, NULL);
      return FALSE;
    }

  is_done = is_next
            || (try_as_officer (self, so_pin, asker, &pin, cancellable, error)
                && (next_so_pin == NULL
                    || ch_p11_set_pin (self->host, &self->session, so_pin, next_so_pin, error)));
  open_for_user (self, is_done ? pin : NULL);
  return is_done;
}

static gboolean
check_blank (ChP11Token *self, const char *typed_serial, CK_FLAGS flags, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;

  if ((flags & CKF_TOKEN_INITIALIZED) == 0 || g_strcmp0 (typed_serial, self->info->serial) == 0)
    return TRUE;
  objects = CH_TOKEN_GET_IFACE (self)->list_objects (CH_TOKEN (self), NULL, error);
  if (objects == NULL)
    return FALSE;
  /* Without the PIN private keys are not seen: what was in use is blank only if nothing else is there either
   */
  if (objects->len == 0)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_NOT_BLANK, "%u keys or certificates", objects->len);
  return FALSE;
}

/* While it goes on a look at the slots finds another name, or no PIN: that is no other medium */
static void
set_remade (ChP11Token *self, gboolean is_remade)
{
  g_mutex_lock (&self->mutex);
  self->is_remade = is_remade;
  g_mutex_unlock (&self->mutex);
}

static gboolean
remake (ChP11Token *self,
        const char *label,
        ChSecret *so_pin,
        GTlsInteraction *asker,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (ChSecret) pin = NULL;
  g_autoptr (GError) local = NULL;

  if (!ch_p11_init_token (self->host, ch_p11_token_get_slot (self), so_pin, label, &local))
    return fail_as_officer (error, g_steal_pointer (&local));
  if (!log_in_as_officer (self, so_pin, error) || !set_user_pin (self, asker, &pin, cancellable, error))
    return FALSE;
  open_for_user (self, pin);
  return TRUE;
}

gboolean
ch_p11_token_initialise (ChToken *token,
                         const char *label,
                         ChSecret *so_pin,
                         const char *typed_serial,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GError **error)
{
  ChP11Token *self = CH_P11_TOKEN (token);
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (self->lock_path, error);
  CK_FLAGS flags = 0;
  gboolean is_done;

  if (lock == NULL || !ch_p11_token_look (self, &flags, error)
      || !check_blank (self, typed_serial, flags, error))
    return FALSE;

  /* While anybody has a session it is refused */
  ch_p11_token_forget (self);
  ch_p11_close_session (self->host, &self->session);
  set_remade (self, TRUE);
  is_done = remake (self, label, so_pin, asker, cancellable, error);
  set_remade (self, FALSE);
  /* Its name and what it can do are others now */
  ch_p11_host_poke (self->host);
  return is_done;
}
