#include "config.h"

#include "base/ch-error.h"
#include "front/ch-given-asker.h"

#define N_KINDS (CH_ASK_FILE + 1)

struct _ChGivenAsker
{
  GTlsInteraction parent_instance;

  ChSecret *secrets[N_KINDS]; /* (owned) (nullable) */
  GTlsInteraction *next;      /* (owned) (nullable): tells of keypads */
  gboolean is_sure;           /* the last try may be made */
};

G_DEFINE_FINAL_TYPE (ChGivenAsker, ch_given_asker, G_TYPE_TLS_INTERACTION)

/* What is given for a passphrase is given for a PIN: which of them it is, the token knows */
static const ChAskKind given_for[] = {
  [CH_ASK_EXISTING] = CH_ASK_EXISTING,   [CH_ASK_NEW] = CH_ASK_NEW,     [CH_ASK_CHANGED] = CH_ASK_CHANGED,
  [CH_ASK_FILE_NEW] = CH_ASK_FILE_NEW,   [CH_ASK_FILE] = CH_ASK_FILE,   [CH_ASK_PIN] = CH_ASK_EXISTING,
  [CH_ASK_PIN_CHANGED] = CH_ASK_CHANGED, [CH_ASK_PIN_NEW] = CH_ASK_NEW, [CH_ASK_PIN_PAD] = CH_ASK_EXISTING,
  [CH_ASK_PIN_PAD_NEW] = CH_ASK_NEW,
};

static ChErrorCode
get_code (ChAskKind kind)
{
  if (kind == CH_ASK_FILE)
    return CH_ERROR_FILE_PASSPHRASE;
  if (kind == CH_ASK_PIN_CHANGED || kind == CH_ASK_PIN_NEW)
    return CH_ERROR_PIN_UNFIT;
  return ch_ask_kind_is_new (kind) ? CH_ERROR_PASSPHRASE_WEAK : CH_ERROR_PIN_WRONG;
}

static void
on_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GTlsInteractionResult answer
      = g_tls_interaction_ask_password_finish (G_TLS_INTERACTION (source), result, &error);

  if (answer == G_TLS_INTERACTION_FAILED)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, answer);
}

static void
ch_given_asker_ask_password_async (GTlsInteraction *interaction,
                                   GTlsPassword *password,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  ChGivenAsker *self = CH_GIVEN_ASKER (interaction);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ChAskKind kind = ch_asker_get_kind (password);
  ChSecret *secret = self->secrets[given_for[kind]];
  gboolean is_last
      = kind == CH_ASK_PIN && (g_tls_password_get_flags (password) & G_TLS_PASSWORD_FINAL_TRY) != 0;

  g_task_set_source_tag (task, ch_given_asker_ask_password_async);
  if ((g_tls_password_get_flags (password) & G_TLS_PASSWORD_RETRY) != 0)
    g_task_return_new_error (task, CH_ERROR, (int) get_code (kind), "the passphrase given is not right");
  else if (ch_ask_kind_is_pad (kind) && self->next != NULL)
    g_tls_interaction_ask_password_async (self->next, password, cancellable, on_told_cb,
                                          g_steal_pointer (&task));
  else if (ch_ask_kind_is_pad (kind))
    {
      g_tls_password_set_value (password, (const guchar *) "", 0);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
    }
  else if (is_last && !self->is_sure)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_PIN_LAST_TRY, "nobody confirms the last try");
  else if (secret != NULL)
    {
      ch_secret_set_password (secret, password);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
    }
  else
    g_task_return_int (task, G_TLS_INTERACTION_UNHANDLED);
}

static GTlsInteractionResult
ch_given_asker_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  return answer < 0 ? G_TLS_INTERACTION_FAILED : (GTlsInteractionResult) answer;
}

static void
ch_given_asker_finalize (GObject *object)
{
  ChGivenAsker *self = CH_GIVEN_ASKER (object);

  for (guint i = 0; i < N_KINDS; i++)
    g_clear_pointer (&self->secrets[i], ch_secret_unref);
  g_clear_object (&self->next);
  G_OBJECT_CLASS (ch_given_asker_parent_class)->finalize (object);
}

static void
ch_given_asker_class_init (ChGivenAskerClass *klass)
{
  GTlsInteractionClass *interaction_class = G_TLS_INTERACTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ch_given_asker_finalize;
  interaction_class->ask_password_async = ch_given_asker_ask_password_async;
  interaction_class->ask_password_finish = ch_given_asker_ask_password_finish;
}

static void
ch_given_asker_init (ChGivenAsker *self)
{
}

/**
 * ch_given_asker_new:
 *
 * Returns: (transfer full): an asker without answers
 */
GTlsInteraction *
ch_given_asker_new (void)
{
  return g_object_new (CH_TYPE_GIVEN_ASKER, NULL);
}

/**
 * ch_given_asker_give:
 * @kind: what is answered by it
 * @secret: (transfer none): the answer
 */
void
ch_given_asker_give (GTlsInteraction *asker, ChAskKind kind, ChSecret *secret)
{
  ChGivenAsker *self = CH_GIVEN_ASKER (asker);

  g_clear_pointer (&self->secrets[kind], ch_secret_unref);
  self->secrets[kind] = ch_secret_ref (secret);
}

/**
 * ch_given_asker_set_next:
 * @next: (nullable): who tells a person to go to the keypad of a medium, which no form can do
 */
void
ch_given_asker_set_next (GTlsInteraction *asker, GTlsInteraction *next)
{
  g_set_object (&CH_GIVEN_ASKER (asker)->next, next);
}

/**
 * ch_given_asker_confirm_last_try:
 *
 * The person was told that it is the last one, and is sure.
 */
void
ch_given_asker_confirm_last_try (GTlsInteraction *asker)
{
  CH_GIVEN_ASKER (asker)->is_sure = TRUE;
}
