#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-application-turn.h"
#include "front/ch-format.h"

/* clang-format off */
static const struct
{
  const ChRoute *route;
  const char *deed;     /* untranslated: words of the button */
  const char *question; /* untranslated: headline of the question */
} turns[] = {
  [CH_TURN_NONE]     = { NULL,                          "",                  "" },
  [CH_TURN_DISCARD]  = { &ch_route_application_discard,  N_("Delete draft"),  N_("Delete this draft?") },
  [CH_TURN_WITHDRAW] = { &ch_route_application_withdraw, N_("Withdraw"),      N_("Withdraw this application?") },
  [CH_TURN_AGAIN]    = { &ch_route_application_again,    N_("Make again"),    N_("Have the certificate made again?") },
};
/* clang-format on */

/**
 * ch_turn_of:
 *
 * Returns: the way @item can take now; the server has the last word
 */
ChTurn
ch_turn_of (ChApplicationItem *item)
{
  const ChApplication *application = ch_application_item_get_application (item);

  switch (application->state)
    {
    case CH_APPLICATION_DRAFT:
      return application->order == NULL ? CH_TURN_DISCARD : CH_TURN_WITHDRAW;
    case CH_APPLICATION_SUBMITTED:
    case CH_APPLICATION_REFUSED:
    case CH_APPLICATION_APPROVED:
      return CH_TURN_WITHDRAW;
    case CH_APPLICATION_ISSUED:
      /* What the CA makes, the CA makes again */
      return (ch_application_item_get_facts (item) & CH_FACT_DELIVERY) != 0 ? CH_TURN_NONE : CH_TURN_AGAIN;
    default:
      return CH_TURN_NONE;
    }
}

/**
 * ch_turn_get_deed:
 *
 * Returns: (transfer none): untranslated words of the button
 */
const char *
ch_turn_get_deed (ChTurn turn)
{
  return turns[turn].deed;
}

/**
 * ch_turn_get_question:
 *
 * Returns: (transfer none): untranslated headline of the question asked before
 */
const char *
ch_turn_get_question (ChTurn turn)
{
  return turns[turn].question;
}

static char *
explain_withdrawing (ChApplicationItem *item)
{
  const ChApplication *application = ch_application_item_get_application (item);
  ChFact facts = ch_facts_parse ((const char *const *) application->facts);
  const ChOrder *order = ch_application_item_get_order (item);
  g_autofree char *amount = order != NULL ? ch_format_fen (order->fen) : NULL;

  if (application->order == NULL || (facts & CH_FACT_SETTLED) == 0)
    return g_strdup (_ ("Nothing was paid. The application ends and cannot be taken up again."));
  if (amount == NULL)
    return g_strdup (
        _ ("What was paid goes back the way it came, after the CA has looked at it. The application "
           "ends and cannot be taken up again."));
  /* Translators: %s is an amount of money */
  return g_strdup_printf (
      _ ("The %s that were paid go back the way they came, after the CA has looked at it. The "
         "application ends and cannot be taken up again."),
      amount);
}

static char *
explain_making_again (ChApplicationItem *item)
{
  const ChApplication *application = ch_application_item_get_application (item);
  g_autofree char *when = application->key_made > 0 ? ch_format_time (application->key_made) : NULL;

  if (application->key_place == NULL || when == NULL)
    return g_strdup (
        _ ("The certificate is issued, but its key is not on this PC. If you can reach the PC on which "
           "it was made, go on there. Otherwise the certificate is revoked and made again here, free "
           "of charge."));
  /* Translators: the name of a PC, and when the key was made on it */
  return g_strdup_printf (
      _ ("The key of the certificate was made on the PC “%s”, %s. If you can reach it, go on there. "
         "Otherwise the certificate is revoked and made again here, free of charge."),
      application->key_place, when);
}

/**
 * ch_turn_explain:
 *
 * Returns: (transfer full): what it means, above all for the money
 */
char *
ch_turn_explain (ChTurn turn, ChApplicationItem *item)
{
  switch (turn)
    {
    case CH_TURN_DISCARD:
      return g_strdup (_ ("What was filled in and uploaded is deleted and cannot be brought back."));
    case CH_TURN_WITHDRAW:
      return explain_withdrawing (item);
    case CH_TURN_AGAIN:
      return explain_making_again (item);
    default:
      return g_strdup ("");
    }
}

static void
on_turned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const ChRoute *route = turns[GPOINTER_TO_INT (g_task_get_task_data (task))].route;
  GError *error = NULL;
  gpointer answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_wire_free (route->answer, answer);
  ch_front_refresh (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);
}

/* As it is now: a line of the list may be older */
static void
on_seen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (ChApplication) seen = ch_server_call_finish (CH_SERVER (source), result, &error);
  g_autofree char *key = g_uuid_string_random ();
  ChVersion request = { 0 };

  if (seen == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  request.version = seen->version;
  ch_server_call_async (CH_SERVER (source), turns[GPOINTER_TO_INT (g_task_get_task_data (task))].route,
                        (const char *const[]){ seen->id, NULL }, &request, key, NULL, on_turned_cb, task);
}

/**
 * ch_front_turn_async:
 * @turn: what ch_turn_of() said, and the user agreed to
 *
 * Sends an application another way; the lists are refreshed.
 */
void
ch_front_turn_async (ChFront *self,
                     ChApplicationItem *item,
                     ChTurn turn,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  const char *const args[] = { ch_application_item_get_id (item), NULL };
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (turn != CH_TURN_NONE);

  g_task_set_source_tag (task, ch_front_turn_async);
  g_task_set_task_data (task, GINT_TO_POINTER (turn), NULL);
  ch_server_call_async (ch_ports_get_server (ch_front_get_ports (self)), &ch_route_application, args, NULL,
                        NULL, cancellable, on_seen_cb, task);
}

gboolean
ch_front_turn_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
