#include "config.h"

#include <sys/random.h>

#include "base/ch-error.h"
#include "pki/ch-envelope.h"
#include "steps/ch-key-search.h"
#include "steps/ch-making.h"
#include "steps/steps.h"

/* Which medium the staff make a certificate on, and how it is set up for it */

/* Long enough that three tries are nothing, short enough to be typed from a letter */
#define PIN_DIGITS 8

/* What the run knows of the medium that was begun with */
#define HALF_MADE "certhall-half-made"
#define HIDDEN    "certhall-hidden"

static gboolean
is_marked (ChRun *run, const char *mark)
{
  return g_object_get_data (G_OBJECT (run), mark) != NULL;
}

static void
set_mark (ChRun *run, const char *mark, gboolean is_so)
{
  g_object_set_data (G_OBJECT (run), mark, GINT_TO_POINTER (is_so));
}

static gboolean
is_begun_with (ChRun *run, ChToken *token)
{
  return g_strcmp0 (ch_run_get_answer (run, "making-medium"), ch_token_get_info (token)->serial) == 0;
}

/* A look at one medium after the other */
typedef struct
{
  GPtrArray *tokens; /* (owned) (element-type ChToken): still to be looked at */
  GPtrArray *blank;  /* (owned) (element-type ChToken) */
  guint n_seen;
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  g_ptr_array_unref (self->tokens);
  g_ptr_array_unref (self->blank);
  g_free (self);
}

/* @token: (nullable) */
static void
choose (GTask *task, ChToken *token, ChErrorCode code, const char *why)
{
  if (token != NULL)
    {
      ch_run_set_token (g_task_get_source_object (task), token, NULL);
      g_task_return_int (task, CH_STEP_DONE);
    }
  else
    g_task_return_new_error (task, CH_ERROR, code, "%s", why);
  g_object_unref (task);
}

static ChToken *
find_by_serial (GPtrArray *tokens, const char *serial)
{
  for (guint i = 0; serial != NULL && i < tokens->len; i++)
    if (g_str_equal (ch_token_get_info (tokens->pdata[i])->serial, serial))
      return tokens->pdata[i];
  return NULL;
}

/* The one it was begun on, where the key was made and got no name any more, or what was issued for it is
 * revoked: nobody knows its PIN. A key with another name is somebody’s. */
static gboolean
is_half_made (ChRun *run, ChToken *token, GPtrArray *objects)
{
  const ChTokenObject *only = objects->len == 1 ? objects->pdata[0] : NULL;
  g_autofree char *own = ch_step_key_label (run);

  return only != NULL && only->cert == NULL && (ch_run_get_facts (run) & CH_FACT_ISSUED) == 0
         && (only->label == NULL || *only->label == 0 || g_str_equal (only->label, own))
         && is_begun_with (run, token);
}

static void look_at_next (GTask *task);

static void
on_objects_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  /* What cannot be read is not blank as far as anybody knows */
  if (objects == NULL)
    g_message ("a medium cannot be read: %s", error->message);
  else if (objects->len == 0)
    g_ptr_array_add (self->blank, g_object_ref (source));
  else if (is_half_made (g_task_get_source_object (task), CH_TOKEN (source), objects))
    {
      set_mark (g_task_get_source_object (task), HALF_MADE, TRUE);
      g_ptr_array_add (self->blank, g_object_ref (source));
    }
  look_at_next (task);
}

static void
decide (GTask *task)
{
  Look *self = g_task_get_task_data (task);
  ChRun *run = g_task_get_source_object (task);
  ChToken *begun = find_by_serial (self->blank, ch_run_get_answer (run, "making-medium"));

  if (begun != NULL)
    choose (task, begun, 0, NULL);
  else if (self->blank->len == 1)
    choose (task, self->blank->pdata[0], 0, NULL);
  else if (self->blank->len > 1)
    choose (task, NULL, CH_ERROR_TOKEN_SEVERAL, "several blank media are plugged in");
  else
    choose (task, NULL, self->n_seen > 0 ? CH_ERROR_TOKEN_NO_BLANK : CH_ERROR_TOKEN_NONE,
            "no blank medium is plugged in");
}

static void
look_at_next (GTask *task)
{
  Look *self = g_task_get_task_data (task);
  g_autoptr (ChToken) token = NULL;

  if (self->tokens->len == 0)
    {
      decide (task);
      return;
    }
  token = g_object_ref (self->tokens->pdata[0]);
  g_ptr_array_remove_index (self->tokens, 0);
  ch_token_list_objects_async (token, g_task_get_cancellable (task), on_objects_cb, task);
}

/* A certificate was issued and its key is not seen: what was broken off while it was written may hide it. It
 * is on the medium that was begun with or nowhere, and seen once that has a PIN somebody knows. */
static void
take_begun (GTask *task, GPtrArray *tokens)
{
  ChRun *run = g_task_get_source_object (task);
  ChToken *begun = find_by_serial (tokens, ch_run_get_answer (run, "making-medium"));

  set_mark (run, HIDDEN, begun != NULL);
  choose (task, begun, CH_ERROR_KEY_MISSING, "the medium it was begun with is not plugged in");
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *self = g_task_get_task_data (task);
  ChRun *run = g_task_get_source_object (task);
  GListModel *hub = G_LIST_MODEL (source);
  const char *medium = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (run)->medium);
  const char *typed = ch_run_get_answer (run, "medium-serial");

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);
      const ChTokenInfo *info = ch_token_get_info (token);

      if (g_strcmp0 (info->medium, medium) == 0 && (info->abilities & CH_TOKEN_CAN_INITIALISE) != 0)
        g_ptr_array_add (self->tokens, g_steal_pointer (&token));
    }
  self->n_seen = self->tokens->len;

  if ((ch_run_get_facts (run) & CH_FACT_ISSUED) != 0)
    take_begun (task, self->tokens);
  /* Whoever typed the serial number means this one and no other, blank or not */
  else if (typed != NULL && *typed != 0)
    choose (task, find_by_serial (self->tokens, typed), CH_ERROR_TOKEN_GONE,
            "the medium with that serial number is not plugged in");
  else
    look_at_next (task);
}

static void
find_medium (ChRun *run, GTask *task)
{
  Look *look;

  /* The key of the application was found on it */
  if (ch_run_get_token (run) != NULL && (ch_run_get_facts (run) & CH_FACT_KEY) != 0)
    {
      ch_step_return (task, CH_STEP_DONE);
      return;
    }
  if ((ch_run_get_facts (run) & CH_FACT_INSTALLED) != 0)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_KEY_MISSING, "the finished medium is not plugged in");
      g_object_unref (task);
      return;
    }

  set_mark (run, HALF_MADE, FALSE);
  set_mark (run, HIDDEN, FALSE);
  look = g_new0 (Look, 1);
  look->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  look->blank = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, look, look_free);
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

const ChStep ch_step_make_medium = {
  .id = "make-medium",
  .title = N_ ("Looking for the blank USB key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO,
  .work = find_medium,
};

/* -- Setting it up */

/* Digits that are no date, no run and no repetition: each of them anew, by the system’s own chance */
static ChSecret *
draw_first_pin (void)
{
  char *text = g_malloc0 (PIN_DIGITS + 1);

  for (guint i = 0; i < PIN_DIGITS;)
    {
      guint8 byte = 0;

      if (getrandom (&byte, 1, 0) != 1 || byte >= 250)
        continue;
      text[i] = '0' + byte % 10;
      if (i == 0 || (text[i] != text[i - 1] && text[i] != text[i - 1] + 1 && text[i] != text[i - 1] - 1))
        i++;
    }
  return ch_secret_take_text (text);
}

/* The key is there, and only its PIN is to be another */
static gboolean
is_opened_only (ChRun *run)
{
  return (ch_run_get_facts (run) & CH_FACT_KEY) != 0 || is_marked (run, HIDDEN);
}

static void
on_looked_inside_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (!ch_key_belongs_to (object, run))
        continue;
      ch_run_set_token (run, CH_TOKEN (source), object->key_id);
      ch_run_set_facts (run, CH_FACT_KEY | (object->cert != NULL ? CH_FACT_STORED : 0), 0);
      g_task_return_int (task, CH_STEP_DONE);
      return;
    }

  if (error == NULL)
    error = g_error_new (CH_ERROR, CH_ERROR_KEY_MISSING, "the certified key is not on the medium any more");
  g_task_return_error (task, error);
}

static void
on_set_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  gboolean is_done = is_opened_only (run) ? ch_token_unlock_finish (CH_TOKEN (source), result, &error)
                                          : ch_token_initialise_finish (CH_TOKEN (source), result, &error);

  if (is_done && is_marked (run, HIDDEN))
    {
      ch_token_list_all_async (CH_TOKEN (source), ch_run_get_asker (run), NULL, on_looked_inside_cb, task);
      return;
    }

  if (is_done)
    g_task_return_int (task, CH_STEP_DONE);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

/* It is made blank only when the application’s key is not on it yet; else only its PIN is set anew */
static void
set_up (ChRun *run, ChSecret *officer, GTask *task)
{
  ChToken *token = ch_run_get_token (run);
  g_autoptr (ChSecret) pin = draw_first_pin ();

  ch_run_set_secret (run, "first-pin", pin);
  if (is_opened_only (run))
    ch_token_unlock_async (token, officer, NULL, FALSE, ch_run_get_asker (run), NULL, on_set_up_cb, task);
  else
    ch_token_initialise_async (token, ch_run_get_profile (run)->issue->organisation, officer,
                               is_marked (run, HALF_MADE) ? ch_token_get_info (token)->serial
                                                          : ch_run_get_answer (run, "medium-serial"),
                               ch_run_get_asker (run), NULL, on_set_up_cb, task);
}

static void
on_officer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  ChKey *key = g_object_get_data (G_OBJECT (task), "key");
  GError *error = NULL;
  g_autoptr (ChMakingOfficer) answer = ch_run_call_finish (run, result, &error);
  g_autoptr (ChSecret) officer = NULL;

  if (answer != NULL)
    officer
        = ch_envelope_open (key, ch_token_get_info (ch_run_get_token (run))->serial, answer->sealed, &error);
  if (officer != NULL)
    {
      set_up (run, officer, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* The server keeps the officer’s PIN before the medium has it: it answers when that is on its disk */
static void
initialise (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  GError *error = NULL;
  ChKey *key = ch_key_generate (CH_KEY_P256, &error);
  GBytes *spki = key != NULL ? ch_key_get_spki (key) : NULL;
  ChMakingMedium request = { .medium = ch_token_get_info (ch_run_get_token (run))->serial, .key = spki };

  if (key == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_object_set_data_full (G_OBJECT (task), "key", key, (GDestroyNotify) ch_key_unref);
  ch_run_call_async (run, &ch_route_making_medium, args, &request, NULL, on_officer_cb, task);
}

const ChStep ch_step_make_initialise = {
  .id = "make-initialise",
  .title = N_ ("Setting up the USB key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = initialise,
};
