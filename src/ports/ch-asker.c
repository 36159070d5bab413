#include "config.h"

#include "base/ch-error.h"
#include "ports/ch-asker.h"

#define KIND_KEY     "ch-ask-kind"
#define LIMITS_KEY   "ch-ask-limits"
#define PURPOSE_KEY  "ch-ask-purpose"
#define OVER_KEY     "ch-ask-over"
#define GIVEN_UP_KEY "ch-ask-given-up"

struct _ChAskPad
{
  GTlsPassword *password; /* (owned) */
  GCancellable *over;     /* (owned) */
};

static void
free_limits (gpointer data)
{
  ChAskLimits *limits = data;

  g_free ((char *) limits->serial);
  g_free (limits);
}

static GTlsPassword *
make_password (ChAskKind kind, const char *description, GTlsPasswordFlags flags, const ChAskLimits *limits)
{
  GTlsPassword *password = g_tls_password_new (flags, description);
  ChAskLimits *copy;

  g_object_set_data (G_OBJECT (password), KIND_KEY, GINT_TO_POINTER (kind));
  if (limits == NULL)
    return password;

  copy = g_memdup2 (limits, sizeof *limits);
  copy->serial = g_strdup (limits->serial);
  g_object_set_data_full (G_OBJECT (password), LIMITS_KEY, copy, free_limits);
  return password;
}

/**
 * ch_asker_ask:
 * @asker: (nullable): who asks; %NULL can ask nobody
 * @kind: whether the secret exists or is to be chosen
 * @description: what it is for, in the user’s language, e.g. the name of the token
 * @flags: RETRY after a wrong one, MANY_TRIES and FINAL_TRY when few are left
 * @cancellable: (nullable): optional
 *
 * Asks a human for a secret. May be called in any thread: the question appears in the main context of @asker.
 *
 * Returns: (transfer full): the secret; %NULL with %CH_ERROR_CANCELLED, or %CH_ERROR_RESTING when nobody can
 * be asked
 */
ChSecret *
ch_asker_ask (GTlsInteraction *asker,
              ChAskKind kind,
              const char *description,
              GTlsPasswordFlags flags,
              GCancellable *cancellable,
              GError **error)
{
  return ch_asker_ask_limited (asker, kind, description, flags, NULL, cancellable, error);
}

/**
 * ch_asker_ask_limited:
 * @limits: (nullable): what the medium takes, which whoever asks may say and check
 *
 * ch_asker_ask() for a PIN of which more is known.
 *
 * Returns: (transfer full): the secret; %NULL with %CH_ERROR_CANCELLED, or %CH_ERROR_RESTING when nobody can
 * be asked
 */
ChSecret *
ch_asker_ask_limited (GTlsInteraction *asker,
                      ChAskKind kind,
                      const char *description,
                      GTlsPasswordFlags flags,
                      const ChAskLimits *limits,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GTlsPassword) password = NULL;
  g_autoptr (GError) local = NULL;

  if (asker == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_RESTING, "nobody can be asked for the passphrase");
      return NULL;
    }

  password = make_password (kind, description, flags, limits);
  switch (g_tls_interaction_invoke_ask_password (asker, password, cancellable, &local))
    {
    case G_TLS_INTERACTION_HANDLED:
      return ch_secret_take_password (password);
    case G_TLS_INTERACTION_FAILED:
      if (local != NULL && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_set_error (error, CH_ERROR, CH_ERROR_CANCELLED, "the passphrase was not given");
      return NULL;
    default:
      g_set_error (error, CH_ERROR, CH_ERROR_RESTING, "nobody can be asked for the passphrase");
      return NULL;
    }
}

/**
 * ch_asker_begin_pad:
 * @asker: (nullable): who tells the person
 * @kind: %CH_ASK_PIN_PAD, or %CH_ASK_PIN_PAD_NEW where one is to be chosen
 * @given_up: is cancelled when the person no longer wants to
 * @error: %CH_ERROR_CANCELLED when @cancellable was
 *
 * Tells a person to enter the PIN at the medium itself, until ch_asker_end_pad(). Nobody need be there to
 * read it: what counts is who stands at the medium.
 *
 * Returns: (transfer full) (nullable): what is to be ended; %NULL with @error set
 */
ChAskPad *
ch_asker_begin_pad (GTlsInteraction *asker,
                    ChAskKind kind,
                    const char *description,
                    GTlsPasswordFlags flags,
                    const ChAskLimits *limits,
                    GCancellable *given_up,
                    GCancellable *cancellable,
                    GError **error)
{
  ChAskPad *pad = g_new0 (ChAskPad, 1);
  g_autoptr (GError) local = NULL;

  pad->password = make_password (kind, description, flags, limits);
  pad->over = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (pad->password), OVER_KEY, g_object_ref (pad->over), g_object_unref);
  g_object_set_data_full (G_OBJECT (pad->password), GIVEN_UP_KEY, g_object_ref (given_up), g_object_unref);
  if (asker == NULL
      || g_tls_interaction_invoke_ask_password (asker, pad->password, cancellable, &local)
             != G_TLS_INTERACTION_FAILED)
    return pad;

  ch_asker_end_pad (pad);
  if (local != NULL && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, CH_ERROR, CH_ERROR_CANCELLED, "the PIN was not entered");
  return NULL;
}

/**
 * ch_asker_end_pad:
 * @pad: (transfer full): what was begun
 *
 * The medium has answered: what was said goes.
 */
void
ch_asker_end_pad (ChAskPad *pad)
{
  g_cancellable_cancel (pad->over);
  g_object_unref (pad->over);
  g_object_unref (pad->password);
  g_free (pad);
}

/**
 * ch_asker_get_over:
 *
 * Returns: (transfer none) (nullable): for a keypad: cancelled when the medium has answered, in any thread
 */
GCancellable *
ch_asker_get_over (GTlsPassword *password)
{
  return g_object_get_data (G_OBJECT (password), OVER_KEY);
}

/**
 * ch_asker_get_given_up:
 *
 * Returns: (transfer none) (nullable): for a keypad: to be cancelled when the person no longer wants to
 */
GCancellable *
ch_asker_get_given_up (GTlsPassword *password)
{
  return g_object_get_data (G_OBJECT (password), GIVEN_UP_KEY);
}

/**
 * ch_asker_set_purpose:
 * @purpose: (nullable): what the secret is asked for, translated
 */
void
ch_asker_set_purpose (GTlsPassword *password, const char *purpose)
{
  g_object_set_data_full (G_OBJECT (password), PURPOSE_KEY, g_strdup (purpose), g_free);
}

/**
 * ch_asker_get_purpose:
 *
 * Returns: (transfer none) (nullable): what the secret is asked for, translated
 */
const char *
ch_asker_get_purpose (GTlsPassword *password)
{
  return g_object_get_data (G_OBJECT (password), PURPOSE_KEY);
}

/**
 * ch_asker_get_kind:
 * @password: what an asker was given
 *
 * Returns: whether it exists already or is to be chosen
 */
ChAskKind
ch_asker_get_kind (GTlsPassword *password)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (password), KIND_KEY));
}

/**
 * ch_asker_get_limits:
 *
 * Returns: (transfer none) (nullable): what the medium takes, where it says so
 */
const ChAskLimits *
ch_asker_get_limits (GTlsPassword *password)
{
  return g_object_get_data (G_OBJECT (password), LIMITS_KEY);
}

/**
 * ch_ask_kind_is_new:
 *
 * Returns: whether the secret is to be chosen, so asked twice
 */
gboolean
ch_ask_kind_is_new (ChAskKind kind)
{
  return kind == CH_ASK_NEW || kind == CH_ASK_CHANGED || kind == CH_ASK_FILE_NEW || kind == CH_ASK_PIN_CHANGED
         || kind == CH_ASK_PIN_NEW;
}

/**
 * ch_ask_kind_is_pin:
 *
 * Returns: whether it is the PIN of a key medium, not the passphrase of a file
 */
gboolean
ch_ask_kind_is_pin (ChAskKind kind)
{
  return kind == CH_ASK_PIN || kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW
         || ch_ask_kind_is_pad (kind);
}

/**
 * ch_ask_kind_is_pad:
 *
 * Returns: whether it is entered at the medium itself
 */
gboolean
ch_ask_kind_is_pad (ChAskKind kind)
{
  return kind == CH_ASK_PIN_PAD || kind == CH_ASK_PIN_PAD_NEW;
}
