#include "config.h"

#include <string.h>

#include "ports/ch-asker.h"
#include "token/token-asker.h"

typedef struct
{
  GTlsPasswordFlags flags;
  ChAskKind kind;
  GCancellable *over; /* (owned) (nullable): of a keypad */
} Question;

struct _TokenAsker
{
  GTlsInteraction parent_instance;

  char **answers;    /* (owned) */
  GArray *questions; /* (owned) (element-type Question) */
};

G_DEFINE_FINAL_TYPE (TokenAsker, token_asker, G_TYPE_TLS_INTERACTION)

static GTlsInteractionResult
token_asker_ask_password (GTlsInteraction *interaction,
                          GTlsPassword *password,
                          GCancellable *cancellable,
                          GError **error)
{
  TokenAsker *self = TOKEN_ASKER (interaction);
  Question question = { g_tls_password_get_flags (password), ch_asker_get_kind (password), NULL };
  guint n = self->questions->len;

  g_assert_cmpstr (g_tls_password_get_description (password), !=, "");
  question.over = ch_asker_get_over (password) != NULL ? g_object_ref (ch_asker_get_over (password)) : NULL;
  g_array_append_val (self->questions, question);
  if (n >= g_strv_length (self->answers))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no more answers");
      return G_TLS_INTERACTION_FAILED;
    }

  g_tls_password_set_value (password, (const guchar *) self->answers[n], strlen (self->answers[n]));
  return G_TLS_INTERACTION_HANDLED;
}

/* For those who pass a question on: a run, for instance */
static void
token_asker_ask_password_async (GTlsInteraction *interaction,
                                GTlsPassword *password,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (interaction, cancellable, callback, user_data);
  GError *error = NULL;
  GTlsInteractionResult answer = token_asker_ask_password (interaction, password, cancellable, &error);

  if (answer == G_TLS_INTERACTION_FAILED)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, answer);
}

static GTlsInteractionResult
token_asker_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  return answer < 0 ? G_TLS_INTERACTION_FAILED : (GTlsInteractionResult) answer;
}

static void
token_asker_finalize (GObject *object)
{
  TokenAsker *self = TOKEN_ASKER (object);

  g_strfreev (self->answers);
  g_array_unref (self->questions);
  G_OBJECT_CLASS (token_asker_parent_class)->finalize (object);
}

static void
token_asker_class_init (TokenAskerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = token_asker_finalize;
  G_TLS_INTERACTION_CLASS (klass)->ask_password = token_asker_ask_password;
  G_TLS_INTERACTION_CLASS (klass)->ask_password_async = token_asker_ask_password_async;
  G_TLS_INTERACTION_CLASS (klass)->ask_password_finish = token_asker_ask_password_finish;
}

static void
clear_question (gpointer data)
{
  g_clear_object (&((Question *) data)->over);
}

static void
token_asker_init (TokenAsker *self)
{
  self->questions = g_array_new (FALSE, FALSE, sizeof (Question));
  g_array_set_clear_func (self->questions, clear_question);
}

GTlsInteraction *
token_asker_new (const char *const *answers)
{
  TokenAsker *self = g_object_new (TOKEN_TYPE_ASKER, NULL);

  self->answers = g_strdupv ((char **) answers);
  return G_TLS_INTERACTION (self);
}

guint
token_asker_get_n_asked (GTlsInteraction *asker)
{
  return TOKEN_ASKER (asker)->questions->len;
}

GTlsPasswordFlags
token_asker_get_flags (GTlsInteraction *asker, guint i)
{
  return g_array_index (TOKEN_ASKER (asker)->questions, Question, i).flags;
}

gboolean
token_asker_was_new (GTlsInteraction *asker, guint i)
{
  return g_array_index (TOKEN_ASKER (asker)->questions, Question, i).kind == CH_ASK_NEW;
}

ChAskKind
token_asker_get_kind (GTlsInteraction *asker, guint i)
{
  return g_array_index (TOKEN_ASKER (asker)->questions, Question, i).kind;
}

/* Whether somebody was told to go to a keypad, and told when it had answered */
gboolean
token_asker_was_at_pad (GTlsInteraction *asker, guint i)
{
  GCancellable *over = g_array_index (TOKEN_ASKER (asker)->questions, Question, i).over;

  return over != NULL && g_cancellable_is_cancelled (over);
}
