#include "config.h"

#include <glib/gi18n-lib.h>

#include "flow/ch-run-private.h"
#include "ports/ch-asker.h"

/* Answers a token’s question from the secrets of the run, so that a passphrase chosen on a page is not asked
 * for again, nor a PIN that the run itself has set; asks the front end for everything else and after a wrong
 * one. */
#define CH_TYPE_RUN_ASKER (ch_run_asker_get_type ())
G_DECLARE_FINAL_TYPE (ChRunAsker, ch_run_asker, CH, RUN_ASKER, GTlsInteraction)

struct _ChRunAsker
{
  GTlsInteraction parent_instance;

  GWeakRef run;
};

G_DEFINE_FINAL_TYPE (ChRunAsker, ch_run_asker, G_TYPE_TLS_INTERACTION)

/* One token, several keys: who has opened one in this run is not asked again for the next */
static void
remember (ChRunAsker *self, GTlsPassword *password)
{
  g_autoptr (ChRun) run = g_weak_ref_get (&self->run);
  g_autoptr (ChSecret) secret = NULL;
  const guchar *value;
  gsize len = 0;

  if (run == NULL || ch_asker_get_kind (password) != CH_ASK_EXISTING)
    return;
  value = g_tls_password_get_value (password, &len);
  secret = ch_secret_new ((const char *) value, len);
  ch_run_set_secret (run, "passphrase", secret);
}

static void
on_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GTlsInteractionResult answer
      = g_tls_interaction_ask_password_finish (G_TLS_INTERACTION (source), result, &error);

  if (answer == G_TLS_INTERACTION_FAILED)
    {
      g_task_return_error (task, error);
      return;
    }

  if (answer == G_TLS_INTERACTION_HANDLED)
    remember (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_int (task, answer);
}

static void
ch_run_asker_ask_password_async (GTlsInteraction *interaction,
                                 GTlsPassword *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  ChRunAsker *self = CH_RUN_ASKER (interaction);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (ChRun) run = g_weak_ref_get (&self->run);
  gboolean is_pin = ch_ask_kind_is_pin (ch_asker_get_kind (password));
  ChSecret *secret = run != NULL ? ch_run_get_secret (run, is_pin ? "first-pin" : "passphrase") : NULL;
  GTlsInteraction *next = run != NULL ? ch_ports_get_asker (run->ports) : NULL;

  g_task_set_source_tag (task, ch_run_asker_ask_password_async);
  g_task_set_task_data (task, g_object_ref (password), g_object_unref);

  if (secret != NULL && (g_tls_password_get_flags (password) & G_TLS_PASSWORD_RETRY) == 0)
    {
      ch_secret_set_password (secret, password);
      g_task_return_int (task, G_TLS_INTERACTION_HANDLED);
    }
  else if (next != NULL)
    {
      ch_asker_set_purpose (password, _ (ch_run_get_flow (run)->title));
      g_tls_interaction_ask_password_async (next, password, cancellable, on_asked_cb,
                                            g_steal_pointer (&task));
    }
  else
    g_task_return_int (task, G_TLS_INTERACTION_UNHANDLED);
}

static GTlsInteractionResult
ch_run_asker_ask_password_finish (GTlsInteraction *interaction, GAsyncResult *result, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  return answer < 0 ? G_TLS_INTERACTION_FAILED : (GTlsInteractionResult) answer;
}

static void
ch_run_asker_finalize (GObject *object)
{
  g_weak_ref_clear (&CH_RUN_ASKER (object)->run);

  G_OBJECT_CLASS (ch_run_asker_parent_class)->finalize (object);
}

static void
ch_run_asker_class_init (ChRunAskerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_run_asker_finalize;
  G_TLS_INTERACTION_CLASS (klass)->ask_password_async = ch_run_asker_ask_password_async;
  G_TLS_INTERACTION_CLASS (klass)->ask_password_finish = ch_run_asker_ask_password_finish;
}

static void
ch_run_asker_init (ChRunAsker *self)
{
}

/* Returns: (transfer full): the asker of @run, which it does not keep alive */
GTlsInteraction *
ch_run_asker_new (ChRun *run)
{
  ChRunAsker *self = g_object_new (CH_TYPE_RUN_ASKER, NULL);

  g_weak_ref_init (&self->run, run);
  return G_TLS_INTERACTION (self);
}
