#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-spki.h"
#include "steps/ch-key-search.h"
#include "steps/steps.h"
#include "wire/ch-policy.h"

/* Replacing a key is a transaction: the new one is made beside the old one and proved to work before the old
 * one is touched. What is to be done next is seen from the token, on any PC. */

/* On a run: files may have been encrypted with the old key */
#define IN_QUESTION "certhall-old-key-in-question"
/* The id of the old key where its certificate is gone already */
#define REST "certhall-old-key-rest"

/* -- Where the old key is */

static gboolean
is_old (const ChTokenObject *object, ChRun *run)
{
  return ch_key_has_serial (object, ch_run_get_application (run)->base);
}

static void
return_elsewhere (GTask *task)
{
  g_task_return_new_error (task, CH_ERROR, CH_ERROR_OLD_KEY_ELSEWHERE,
                           "no token here holds the certificate that is to be replaced");
}

static void
on_new_looked_for_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) made = ch_key_search_finish (run, result, NULL);

  if (made != NULL)
    ch_step_return (task, CH_STEP_DONE);
  else
    ch_step_make_key (run, task);
}

/* Few key media say how many keys they take. There the new key is made now: what cannot be made is not paid
 * for, and what is paid for can go on. */
static void
on_room_looked_at_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, NULL);
  guint max = found != NULL ? ch_token_get_info (found->token)->max_keys : 0;

  if (found == NULL)
    return_elsewhere (task);
  else if (max > 0 && found->n_keys >= max)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_FULL, "%u keys are on the token already",
                             found->n_keys);
  else if (max > 0)
    g_task_return_int (task, CH_STEP_DONE);
  else
    {
      ch_run_set_token (run, found->token, NULL);
      ch_key_search_async (run, ch_key_belongs_to, g_task_get_cancellable (task), on_new_looked_for_cb,
                           g_object_ref (task));
    }
}

static void
look_for_room (ChRun *run, GTask *task)
{
  ch_key_search_async (run, is_old, g_task_get_cancellable (task), on_room_looked_at_cb, task);
}

/* Once it is paid, the key may be anywhere: it is installed where the key is */
static gboolean
is_before_paying (ChRun *run)
{
  const ChAxes *axes = ch_run_get_axes (run);
  gboolean is_paid_here = axes->settlement == CH_SETTLEMENT_SELF_PAY
                          && ch_profile_charges (ch_run_get_profile (run), axes->business);
  ChFact done = is_paid_here ? CH_FACT_SETTLED : CH_FACT_SUBMITTED;

  return (ch_run_get_facts (run) & done) == 0;
}

/* Before anything is paid: a token that is not there, or has no room, is found out now */
const ChStep ch_step_room = {
  .id = "room",
  .title = N_ ("Looking at the token"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPLICATION,
  .flags = CH_STEP_AUTO,
  .wanted = is_before_paying,
  .applies = ch_step_is_on_token,
  .work = look_for_room,
};

static void
on_old_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, NULL);

  if (found == NULL)
    {
      return_elsewhere (task);
      return;
    }

  ch_run_set_token (run, found->token, NULL);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
find_old (ChRun *run, GTask *task)
{
  ch_key_search_async (run, is_old, g_task_get_cancellable (task), on_old_found_cb, task);
}

/* The new key is made beside the old one */
const ChStep ch_step_old_token = {
  .id = "old-token",
  .title = N_ ("Looking for the old certificate"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO,
  .applies = ch_step_is_on_token,
  .work = find_old,
};

/* -- What becomes of the old key */

static gboolean
stays_in_force (ChRun *run)
{
  const ChReplacingRule *rule
      = ch_profile_get_replacing (ch_run_get_profile (run), ch_run_get_axes (run)->business);

  return rule == NULL || rule->old == CH_OLD_FATE_KEPT;
}

/* What was encrypted for it needs its key for ever. Said of the certificate itself: what cannot be read may.
 */
static gboolean
can_encipher (GBytes *cert)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, NULL);

  return info == NULL || ch_cert_info_can_encipher (info);
}

static void
put_in_question (ChRun *run, GBytes *cert)
{
  g_object_set_data (G_OBJECT (run), IN_QUESTION, GINT_TO_POINTER (can_encipher (cert)));
}

/* A key whose certificate is gone is seen by nobody without its PIN: that it is still there is noted here */
static char *
make_note_id (ChRun *run)
{
  return g_strconcat (CH_STEP_RETIRING, ch_run_get_application (run)->id, NULL);
}

static void
forget_note (ChRun *run)
{
  g_autofree char *note = make_note_id (run);

  ch_vault_remove (ch_ports_get_vault (ch_run_get_ports (run)), CH_VAULT_KNOWN, note);
}

static void
return_retired (ChRun *run, GTask *task)
{
  ch_run_set_facts (run, CH_FACT_RETIRED, 0);
  ch_step_return (task, CH_STEP_DONE);
}

/* What remains of it when it was broken off while it was deleted: the private key goes last */
static void
on_rest_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = g_task_get_source_object (task);
  const ChCertificate *old = g_object_get_data (G_OBJECT (task), "old");
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);
  g_autoptr (ChCertInfo) info = ch_cert_info_new (old->der, NULL);
  g_autofree char *key_id = info != NULL ? ch_spki_get_key_id_hex (info->spki) : NULL;

  if (objects == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (!object->has_key || g_strcmp0 (object->key_id, key_id) != 0)
        continue;
      g_object_set_data_full (G_OBJECT (run), REST, g_steal_pointer (&key_id), g_free);
      put_in_question (run, old->der);
      ch_step_return (task, CH_STEP_DONE);
      return;
    }
  forget_note (run);
  return_retired (run, task);
}

static void
on_old_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  ChCertificate *old = ch_run_call_finish (run, result, &error);

  if (old == NULL || old->der == NULL)
    {
      ch_certificate_free (old);
      g_task_return_error (
          task, error != NULL ? error : g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "no certificate"));
      g_object_unref (task);
      return;
    }

  g_object_set_data_full (G_OBJECT (task), "old", old, (GDestroyNotify) ch_certificate_free);
  ch_token_list_all_async (ch_run_get_token (run), ch_run_get_asker (run), g_task_get_cancellable (task),
                           on_rest_listed_cb, task);
}

static void
on_old_looked_at_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, NULL);
  const char *const args[] = { ch_run_get_application (run)->base, NULL };

  if (stays_in_force (run) || (found == NULL && ch_run_get_token (run) == NULL))
    return_retired (run, task);
  else if (found == NULL)
    ch_run_call_async (run, &ch_route_certificate, args, NULL, g_task_get_cancellable (task),
                       on_old_received_cb, task);
  else
    {
      put_in_question (run, found->cert);
      ch_step_return (task, CH_STEP_DONE);
    }
}

static void
look_at_old (ChRun *run, GTask *task)
{
  ch_key_search_async (run, is_old, g_task_get_cancellable (task), on_old_looked_at_cb, task);
}

const ChStep ch_step_look_at_old = {
  .id = "look-at-old",
  .title = N_ ("Looking at the old key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_INSTALLED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_on_token,
  .work = look_at_old,
};

/* Only where files may have been encrypted with it the user is asked */
static gboolean
is_in_question (ChRun *run)
{
  return g_object_get_data (G_OBJECT (run), IN_QUESTION) != NULL;
}

static gboolean
is_to_be_deleted (ChRun *run)
{
  return g_strcmp0 (ch_run_get_answer (run, "old-key"), "delete") == 0;
}

const ChStep ch_step_old_key = {
  .id = "old-key",
  .title = N_ ("What becomes of the old key"),
  .lead = N_ ("The new certificate works. Files that others encrypted with the old one need its key."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_INSTALLED,
  .form = &ch_form_old_key,
  .flags = CH_STEP_NO_RETURN,
  .applies = ch_step_is_on_token,
  .wanted = is_in_question,
  .check = ch_step_check_form,
};

static void
on_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;

  if (ch_token_delete_object_finish (CH_TOKEN (source), result, &error)
      || g_error_matches (error, CH_ERROR, CH_ERROR_KEY_MISSING))
    {
      g_clear_error (&error);
      forget_note (run);
      g_task_return_int (task, CH_STEP_DONE);
    }
  else
    g_task_return_error (task, error);
}

/* Where it could not be noted, it is found as long as its certificate is there */
static void
on_noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = g_task_get_source_object (task);
  ChToken *token = g_object_get_data (G_OBJECT (task), "token");
  g_autoptr (GError) error = NULL;

  if (!ch_vault_put_finish (CH_VAULT (source), result, &error))
    g_message ("it cannot be noted that a key is being put away: %s", error->message);
  ch_token_delete_object_async (token, g_object_get_data (G_OBJECT (run), REST), ch_run_get_asker (run),
                                g_task_get_cancellable (task), on_deleted_cb, task);
}

static void
delete_old (ChRun *run, ChToken *token, const char *key_id, GTask *task)
{
  const char *serial = ch_token_get_info (token)->serial;
  g_autoptr (GBytes) content = g_bytes_new (serial, strlen (serial));
  g_autofree char *note = make_note_id (run);

  /* Should it break off: what remains is found by its id only */
  if (key_id != g_object_get_data (G_OBJECT (run), REST))
    g_object_set_data_full (G_OBJECT (run), REST, g_strdup (key_id), g_free);
  g_object_set_data_full (G_OBJECT (task), "token", g_object_ref (token), g_object_unref);
  ch_vault_put_async (ch_ports_get_vault (ch_run_get_ports (run)), CH_VAULT_KNOWN, note, content, on_noted_cb,
                      task);
}

/* Of one that was kept although files may have been encrypted with it, nothing was deleted */
static void
delete_rest (ChRun *run, GTask *task)
{
  const char *rest = g_object_get_data (G_OBJECT (run), REST);
  g_autoptr (ChToken) token = rest != NULL && ch_run_get_token (run) != NULL
                                  ? ch_token_hub_find (ch_ports_get_hub (ch_run_get_ports (run)),
                                                       ch_token_get_info (ch_run_get_token (run))->serial)
                                  : NULL;

  if (rest == NULL || (is_in_question (run) && !is_to_be_deleted (run)))
    ch_step_return (task, CH_STEP_DONE);
  else if (token != NULL)
    delete_old (run, token, rest, task);
  else
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_GONE, "the token is away");
      g_object_unref (task);
    }
}

static void
on_marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  /* A token without labels keeps it as it is: what counts is that nothing is lost */
  if (ch_token_set_label_finish (CH_TOKEN (source), result, &error)
      || g_error_matches (error, CH_ERROR, CH_ERROR_TOKEN_UNABLE))
    {
      g_clear_error (&error);
      g_task_return_int (task, CH_STEP_DONE);
    }
  else
    g_task_return_error (task, error);
}

static void
on_old_to_retire_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  g_autoptr (ChKeyFound) found = ch_key_search_finish (run, result, NULL);
  g_autofree char *label = NULL;

  if (stays_in_force (run))
    ch_step_return (task, CH_STEP_DONE);
  else if (found == NULL)
    delete_rest (run, task);
  else if (!can_encipher (found->cert) || is_to_be_deleted (run))
    delete_old (run, found->token, found->key_id, task);
  else
    {
      label = g_strconcat (CH_TOKEN_FORMER, ch_run_get_application (run)->base, NULL);
      ch_token_set_label_async (found->token, found->key_id, label, ch_run_get_asker (run),
                                g_task_get_cancellable (task), on_marked_cb, task);
    }
}

static void
retire (ChRun *run, GTask *task)
{
  ch_key_search_async (run, is_old, g_task_get_cancellable (task), on_old_to_retire_cb, task);
}

const ChStep ch_step_retire = {
  .id = "retire",
  .title = N_ ("Putting the old certificate away"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_INSTALLED,
  .gives = CH_FACT_RETIRED,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .applies = ch_step_is_on_token,
  .work = retire,
};
