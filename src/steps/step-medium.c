#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "steps/ch-media.h"
#include "steps/steps.h"

/* Which key medium is meant, where several are plugged in. They are looked at before, so that each is called
 * by the name on it. */

/* What the business asks of a medium: it makes the key, or is unlocked */
static ChTokenAbilities
get_wanted (ChRun *run)
{
  return ch_run_get_axes (run)->business == CH_BUSINESS_UNLOCK ? CH_TOKEN_CAN_UNLOCK : CH_TOKEN_CAN_GENERATE;
}

static gboolean
fits (ChRun *run, ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  const char *medium = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (run)->medium);

  return g_strcmp0 (info->medium, medium) == 0 && (info->abilities & get_wanted (run)) != 0;
}

/**
 * ch_media_list:
 *
 * Returns: (transfer full) (element-type ChToken): the media plugged in that the business of @run can be done
 * on
 */
GPtrArray *
ch_media_list (ChRun *run)
{
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (ch_run_get_ports (run)));
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      if (fits (run, token))
        g_ptr_array_add (list, g_steal_pointer (&token));
    }
  return list;
}

/**
 * ch_media_take:
 * @error: %CH_ERROR_TOKEN_NONE, %CH_ERROR_TOKEN_GONE, or %CH_ERROR_TOKEN_SEVERAL
 *
 * Returns: (transfer full) (nullable): the medium that was chosen, or the only one: with two of them a key
 * would end up on the wrong one
 */
ChToken *
ch_media_take (ChRun *run, GError **error)
{
  g_autoptr (GPtrArray) media = ch_media_list (run);
  const char *chosen = ch_run_get_answer (run, "medium");
  gboolean is_chosen = chosen != NULL && *chosen != 0;

  for (guint i = 0; is_chosen && i < media->len; i++)
    if (g_str_equal (ch_token_get_info (media->pdata[i])->serial, chosen))
      return g_object_ref (media->pdata[i]);

  if (is_chosen)
    g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "%s is not plugged in", chosen);
  else if (media->len == 0)
    g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_NONE, "no medium that serves is plugged in");
  else if (media->len > 1)
    g_set_error (error, CH_ERROR, CH_ERROR_TOKEN_SEVERAL, "%u media that serve", media->len);
  else
    return g_object_ref (media->pdata[0]);
  return NULL;
}

/* -- Looking at them */

/* Media still to be looked at, the names of those that were */
typedef struct
{
  GPtrArray *left;  /* (owned) (element-type ChToken) */
  GPtrArray *media; /* (owned) (element-type ChChoice) */
} Look;

static void look_at_next (GTask *task);

static void
look_free (gpointer data)
{
  Look *self = data;

  g_ptr_array_unref (self->left);
  g_clear_pointer (&self->media, g_ptr_array_unref);
  g_free (self);
}

/* Whose certificate is on it: the newest counts */
static char *
find_name (GPtrArray *objects)
{
  g_autofree char *name = NULL;
  gint64 from = G_MININT64;

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      g_autoptr (ChCertInfo) info = object->cert != NULL ? ch_cert_info_new (object->cert, NULL) : NULL;

      if (info == NULL || info->not_before <= from || ch_token_object_is_former (object))
        continue;
      from = info->not_before;
      g_free (name);
      name = g_strdup (ch_subject_find (info->subject, "CN"));
    }
  return g_steal_pointer (&name);
}

static void
on_objects_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *self = g_task_get_task_data (task);
  const ChTokenInfo *info = ch_token_get_info (CH_TOKEN (source));
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, NULL);
  ChChoice *choice = g_new0 (ChChoice, 1);

  /* One that cannot be read has its label still */
  choice->id = g_strdup (info->serial);
  choice->label = find_name (objects);
  if (choice->label == NULL)
    choice->label = g_strdup (info->label);
  g_ptr_array_add (self->media, choice);
  look_at_next (task);
}

static void
look_at_next (GTask *task)
{
  Look *self = g_task_get_task_data (task);
  g_autoptr (ChToken) token = NULL;

  if (self->left->len == 0)
    {
      ch_run_take_media (g_task_get_source_object (task), g_steal_pointer (&self->media));
      ch_step_return (task, CH_STEP_DONE);
      return;
    }

  token = g_object_ref (self->left->pdata[0]);
  g_ptr_array_remove_index (self->left, 0);
  ch_token_list_objects_async (token, g_task_get_cancellable (task), on_objects_cb, task);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *look = g_new0 (Look, 1);

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  look->left = ch_media_list (g_task_get_source_object (task));
  look->media = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_choice_free);
  g_task_set_task_data (task, look, look_free);
  if (look->left->len == 0)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_TOKEN_NONE, "no medium that serves is plugged in");
      g_object_unref (task);
      return;
    }

  /* The only one needs no name */
  if (look->left->len == 1)
    g_ptr_array_set_size (look->left, 0);
  look_at_next (task);
}

/**
 * ch_media_look:
 * @task: (transfer full): of a step; has no data of its own
 *
 * Looks at the media that are plugged in. Where there are several, ch_step_choose_medium asks which one.
 */
void
ch_media_look (ChRun *run, GTask *task)
{
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

const ChStep ch_step_look_for_media = {
  .id = "look-for-media",
  .title = N_ ("Looking for the USB key"),
  .page = CH_PAGE_WORK,
  .flags = CH_STEP_AUTO,
  .work = ch_media_look,
};

/* -- Asking */

static gboolean
is_in_hand (const ChAxes *axes, const ChProfile *profile)
{
  return axes->medium == CH_MEDIUM_UKEY && ch_step_is_made_there (axes, profile);
}

static gboolean
are_several (ChRun *run)
{
  return ch_run_get_n_media (run) > 1;
}

static gboolean
check (ChRun *run, GError **error)
{
  const char *chosen = ch_run_get_answer (run, "medium");
  g_autoptr (ChToken) token = NULL;

  if (chosen == NULL || *chosen == 0)
    {
      GError *wrong = ch_error_new_fields ();

      ch_error_add_field (wrong, "medium", CH_REASON_MISSING, NULL);
      g_propagate_error (error, wrong);
      return FALSE;
    }

  token = ch_media_take (run, error);
  return token != NULL;
}

/* Who comes back and chooses another one means it */
static void
choose (ChRun *run, GTask *task)
{
  ch_run_set_facts (run, 0, CH_FACT_TOKEN);
  ch_step_return (task, CH_STEP_DONE);
}

const ChStep ch_step_choose_medium = {
  .id = "choose-medium",
  .title = N_ ("Choose the USB key"),
  .lead = N_ ("Several are plugged in. Which one is it? Its serial number is often printed on it."),
  .page = CH_PAGE_PICK,
  .form = &ch_form_medium,
  .applies = is_in_hand,
  .wanted = are_several,
  .check = check,
  .work = choose,
};
