#include "config.h"

#include "base/ch-error.h"
#include "ports/ch-asker.h"

#define KIND_KEY   "ch-ask-kind"
#define LIMITS_KEY "ch-ask-limits"

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

  password = g_tls_password_new (flags, description);
  g_object_set_data (G_OBJECT (password), KIND_KEY, GINT_TO_POINTER (kind));
  if (limits != NULL)
    g_object_set_data_full (G_OBJECT (password), LIMITS_KEY, g_memdup2 (limits, sizeof *limits), g_free);

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
  return kind == CH_ASK_PIN || kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW || kind == CH_ASK_PIN_PAD;
}
