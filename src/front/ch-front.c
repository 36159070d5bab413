#include "config.h"

#include "base/ch-error.h"
#include "front/ch-front-private.h"
#include "front/ch-reminders.h"
#include "steps/ch-catalog.h"

/* Milliseconds in which changes are gathered: a business changes several times in a row */
#define GATHER 300

enum
{
  PROP_STATE = 1,
  PROP_ACCOUNT_NAME,
  PROP_KEY_GONE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ChFront, ch_front, G_TYPE_OBJECT)

static void
set_state (ChFront *self, ChFrontState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

GTask *
ch_front_begin (ChFront *self,
                gpointer tag,
                ChFrontFinish finish,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, finish, NULL);
  return task;
}

/* Nobody waits for it: what was remembered is in use meanwhile, and another one from the next call on */
static void
measure_entries (ChFront *self)
{
  ChEntries *entries = ch_front_get_entries (self);

  if (entries != NULL && ch_entries_get_n (entries) > 1)
    ch_server_measure_async (ch_ports_get_server (self->ports), NULL, NULL, NULL);
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChFront *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!ch_account_desk_connect_finish (CH_ACCOUNT_DESK (source), result, &error))
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
      set_state (self, CH_FRONT_FAILED);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_error (&self->error);
  set_state (self, CH_FRONT_CONNECTED);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACCOUNT_NAME]);
  measure_entries (self);
  ch_front_refresh (self);
  g_task_return_boolean (task, TRUE);
}

/* Registration and login: whoever is logged in now is told of */
static void
on_applications_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChFront) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ch_application_model_refresh_finish (CH_APPLICATION_MODEL (source), result, &error))
    {
      g_debug ("the applications cannot be read: %s", error->message);
      if (g_error_matches (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN))
        {
          ch_server_set_session (ch_ports_get_server (self->ports), NULL);
          ch_front_forget_account (self);
          return;
        }
    }

  /* After them, because they tell of what kind a certificate is */
  ch_cert_list_refresh_async (self->certs, NULL, NULL, NULL);
}

static gboolean
on_gathered_cb (gpointer user_data)
{
  ChFront *self = user_data;

  self->changed_id = 0;
  ch_front_refresh (self);
  return G_SOURCE_REMOVE;
}

/* The server tells of it: another PC, the CA, or this very program */
static void
on_changed_cb (ChServer *server, const char *application, ChFront *self)
{
  if (ch_front_is_logged_in (self) && self->changed_id == 0)
    self->changed_id = g_timeout_add (GATHER, on_gathered_cb, self);
}

static void
on_media_changed_cb (GListModel *media, guint position, guint removed, guint added, ChFront *self)
{
  ch_front_look_for_key (self);
}

/* Their ends are told also while nobody is logged in */
static void
on_certs_changed_cb (GListModel *certs, guint position, guint removed, guint added, ChFront *self)
{
  ch_reminders_keep (ch_ports_get_vault (self->ports), certs);
}

static void
ch_front_dispose (GObject *object)
{
  ChFront *self = CH_FRONT (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  if (self->ports != NULL
      && g_signal_handlers_disconnect_by_data (ch_ports_get_server (self->ports), self) > 0)
    ch_server_unwatch (ch_ports_get_server (self->ports));

  G_OBJECT_CLASS (ch_front_parent_class)->dispose (object);
}

static void
ch_front_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChFront *self = CH_FRONT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_ACCOUNT_NAME:
      g_value_set_string (value, ch_front_get_account_name (self));
      break;
    case PROP_KEY_GONE:
      g_value_set_boolean (value, self->key_is_gone);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ch_front_finalize (GObject *object)
{
  ChFront *self = CH_FRONT (object);

  g_clear_object (&self->due);
  g_clear_object (&self->certs);
  g_clear_object (&self->applications);
  g_clear_object (&self->pages);
  g_clear_object (&self->desk);
  g_clear_object (&self->ports);
  g_clear_error (&self->error);
  g_free (self->key_serial);

  G_OBJECT_CLASS (ch_front_parent_class)->finalize (object);
}

static void
ch_front_class_init (ChFrontClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_front_get_property;
  object_class->dispose = ch_front_dispose;
  object_class->finalize = ch_front_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, CH_FRONT_IDLE, CH_FRONT_FAILED, CH_FRONT_IDLE,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_ACCOUNT_NAME]
      = g_param_spec_string ("account-name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_KEY_GONE]
      = g_param_spec_boolean ("key-gone", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_front_init (ChFront *self)
{
}

/**
 * ch_front_new:
 * @ports: the way to the world
 *
 * Returns: (transfer full): what a front end holds in hand; nothing is asked yet
 */
ChFront *
ch_front_new (ChPorts *ports)
{
  ChFront *self = g_object_new (CH_TYPE_FRONT, NULL);

  self->ports = g_object_ref (ports);
  self->desk = ch_account_desk_new (ports);
  self->certs = ch_cert_list_new (ports);
  self->applications = ch_application_model_new (ports);
  self->pages = ch_application_pages_new (ports);
  ch_cert_list_set_applications (self->certs, G_LIST_MODEL (self->applications));
  self->due = ch_due_list_new (self->certs, self->applications);
  g_signal_connect_object (self->certs, "items-changed", G_CALLBACK (on_media_changed_cb), self, 0);
  g_signal_connect_object (self->certs, "items-changed", G_CALLBACK (on_certs_changed_cb), self, 0);
  g_signal_connect_object (ch_ports_get_hub (ports), "items-changed", G_CALLBACK (on_media_changed_cb), self,
                           0);
  g_signal_connect (ch_ports_get_server (ports), "changed", G_CALLBACK (on_changed_cb), self);
  ch_server_watch (ch_ports_get_server (ports));
  return self;
}

ChPorts *
ch_front_get_ports (ChFront *self)
{
  return self->ports;
}

ChFrontState
ch_front_get_state (ChFront *self)
{
  return self->state;
}

/**
 * ch_front_get_error:
 *
 * Returns: (transfer none) (nullable): why the CA could not be reached
 */
const GError *
ch_front_get_error (ChFront *self)
{
  return self->error;
}

/**
 * ch_front_get_profile:
 *
 * Returns: (transfer none) (nullable): what the CA is; %NULL until it is connected
 */
const ChProfile *
ch_front_get_profile (ChFront *self)
{
  return ch_ports_get_profile (self->ports);
}

/**
 * ch_front_get_account_name:
 *
 * Returns: (transfer none) (nullable): name of who is logged in
 */
const char *
ch_front_get_account_name (ChFront *self)
{
  const ChAccount *account = ch_ports_get_account (self->ports);

  return account != NULL ? account->name : NULL;
}

/**
 * ch_front_get_entries:
 *
 * Returns: (transfer none) (nullable): the addresses at which the CA answers
 */
ChEntries *
ch_front_get_entries (ChFront *self)
{
  return ch_server_get_entries (ch_ports_get_server (self->ports));
}

gboolean
ch_front_is_logged_in (ChFront *self)
{
  return ch_ports_get_account (self->ports) != NULL;
}

/**
 * ch_front_get_key_gone:
 *
 * Returns: whether somebody is logged in by a USB key that was unplugged since
 */
gboolean
ch_front_get_key_gone (ChFront *self)
{
  return self->key_is_gone;
}

/**
 * ch_front_get_key_serial:
 *
 * Returns: (transfer none) (nullable): of the USB key somebody is logged in by
 */
const char *
ch_front_get_key_serial (ChFront *self)
{
  return self->key_serial;
}

ChCertList *
ch_front_get_certs (ChFront *self)
{
  return self->certs;
}

ChApplicationModel *
ch_front_get_applications (ChFront *self)
{
  return self->applications;
}

/**
 * ch_front_get_application_pages:
 *
 * Returns: (transfer none): all applications, as the server searches and sorts them
 */
ChPagedModel *
ch_front_get_application_pages (ChFront *self)
{
  return self->pages;
}

ChDueList *
ch_front_get_due (ChFront *self)
{
  return self->due;
}

/**
 * ch_front_list_consents:
 * @where: `register`, `login` or `apply`
 *
 * Returns: (transfer container) (element-type ChConsentText): the agreements to be ticked there
 */
GPtrArray *
ch_front_list_consents (ChFront *self, const char *where)
{
  const ChProfile *profile = ch_front_get_profile (self);

  return profile != NULL ? ch_profile_list_consents (profile, where) : g_ptr_array_new ();
}

/**
 * ch_front_offers_medium:
 *
 * Returns: whether the CA certifies keys on @medium
 */
gboolean
ch_front_offers_medium (ChFront *self, ChMedium medium)
{
  const ChProfile *profile = ch_front_get_profile (self);
  ChAxes axes;

  for (gsize i = 0; profile != NULL && profile->flows[i] != NULL; i++)
    if (ch_axes_parse (profile->flows[i], &axes) && axes.medium == medium)
      return TRUE;
  return FALSE;
}

/**
 * ch_front_offers:
 *
 * Returns: whether the CA offers a flow of @business that this program knows
 */
gboolean
ch_front_offers (ChFront *self, ChBusiness business)
{
  const ChProfile *profile = ch_front_get_profile (self);
  guint n_flows = 0;
  const ChFlow *const *flows = ch_catalog_get (&n_flows);

  for (guint i = 0; profile != NULL && i < n_flows; i++)
    if (flows[i]->axes.business == business && ch_profile_offers (profile, &flows[i]->axes))
      return TRUE;

  return FALSE;
}

/**
 * ch_front_has_part:
 *
 * Returns: whether there can be anything in a part of the applications: what nobody pays here has no invoice
 */
gboolean
ch_front_has_part (ChFront *self, ChListPart part)
{
  const ChProfile *profile = ch_front_get_profile (self);

  for (guint i = 0; profile != NULL && i < profile->projects->len; i++)
    {
      const ChProject *project = profile->projects->pdata[i];

      if ((part == CH_LIST_PART_INVOICE && project->settlement == CH_SETTLEMENT_SELF_PAY)
          || (part == CH_LIST_PART_DELIVERY && project->medium == CH_MEDIUM_UKEY)
          || (part != CH_LIST_PART_INVOICE && part != CH_LIST_PART_DELIVERY))
        return TRUE;
    }

  return FALSE;
}

/**
 * ch_front_connect_async:
 *
 * Asks the CA who it is and, where a session was kept, whether it still holds.
 */
void
ch_front_connect_async (ChFront *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_connect_async, NULL, cancellable, callback, user_data);
  set_state (self, CH_FRONT_CONNECTING);
  ch_account_desk_connect_async (self->desk, cancellable, on_connected_cb, task);
}

gboolean
ch_front_connect_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ch_front_refresh:
 *
 * Looks at tokens and server again; the lists tell what has changed.
 */
void
ch_front_refresh (ChFront *self)
{
  g_return_if_fail (CH_IS_FRONT (self));

  if (ch_front_is_logged_in (self))
    {
      ch_paged_model_refresh (self->pages);
      ch_application_model_refresh_async (self->applications, NULL, on_applications_refreshed_cb,
                                          g_object_ref (self));
    }
  else
    ch_cert_list_refresh_async (self->certs, NULL, NULL, NULL);
}

/**
 * ch_front_start_business:
 * @business: what is to be done
 *
 * Returns: (transfer full): a run, not started yet; %NULL with @error set when the CA does not offer it
 */
ChRun *
ch_front_start_business (ChFront *self, ChBusiness business, GError **error)
{
  g_return_val_if_fail (CH_IS_FRONT (self), NULL);

  return ch_catalog_start_business (business, self->ports, error);
}

/**
 * ch_front_start_project:
 * @project: id of a project
 *
 * Returns: (transfer full): a run for a new certificate in that project, not started yet; %NULL with @error
 *   set when there is no such project
 */
ChRun *
ch_front_start_project (ChFront *self, const char *project, GError **error)
{
  const ChProfile *profile = ch_front_get_profile (self);
  const ChProject *chosen = profile != NULL ? ch_profile_get_project (profile, project) : NULL;
  const char *type;
  ChRun *run;

  g_return_val_if_fail (CH_IS_FRONT (self), NULL);

  if (chosen == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "there is no project %s", project);
      return NULL;
    }
  run = ch_front_start_business (self, CH_BUSINESS_APPLY, error);
  if (run == NULL)
    return NULL;

  /* What was begun before for another project may be of a type this one has not */
  ch_run_set_answer (run, "project", chosen->id);
  type = ch_run_get_answer (run, "certificate-type");
  if (type != NULL && !g_strv_contains ((const char *const *) chosen->subjects, type))
    ch_run_set_answer (run, "certificate-type", chosen->subjects[0]);
  return run;
}

/**
 * ch_front_start_about:
 * @business: what is to be done
 * @certificate: serial of the certificate it is about
 *
 * Returns: (transfer full): as ch_front_start_business(), but nobody is asked which certificate
 */
ChRun *
ch_front_start_about (ChFront *self, ChBusiness business, const char *certificate, GError **error)
{
  ChRun *run = ch_front_start_business (self, business, error);

  if (run != NULL)
    ch_run_give (run, "certificate", certificate);
  return run;
}

static void
on_application_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChFront *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) application = ch_server_call_finish (CH_SERVER (source), result, &error);
  ChRun *run = application != NULL ? ch_catalog_resume (self->ports, application, &error) : NULL;

  if (run == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, run, g_object_unref);
}

/**
 * ch_front_resume_async:
 * @item: an application of the account
 *
 * Goes on with an application. It is read anew: a line of the list has neither what was filled in nor what is
 * to be corrected.
 */
void
ch_front_resume_async (ChFront *self,
                       ChApplicationItem *item,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  const char *const args[] = { ch_application_item_get_application (item)->id, NULL };
  GTask *task;

  g_return_if_fail (CH_IS_FRONT (self));

  task = ch_front_begin (self, ch_front_resume_async, NULL, cancellable, callback, user_data);
  ch_server_call_async (ch_ports_get_server (self->ports), &ch_route_application, args, NULL, NULL,
                        cancellable, on_application_read_cb, task);
}

/**
 * ch_front_resume_finish:
 *
 * Returns: (transfer full): a run that goes on with it, not started yet; %NULL with @error set when it cannot
 * be read, or this program is too old for it
 */
ChRun *
ch_front_resume_finish (ChFront *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
