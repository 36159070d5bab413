#include "config.h"

#include <glib/gstdio.h>

#include "base/ch-file.h"
#include "local/ch-local-vault.h"
#include "stage.h"

struct _ChStageServer
{
  GObject parent_instance;

  Stage *stage; /* outlives it */
};

typedef struct
{
  const ChRoute *route;
  GBytes *body;
  char *key;
  GBytes *answer; /* (nullable): made */
  GError *error;  /* (nullable): or what is said instead */
} Asked;

static void ch_stage_server_iface_init (ChServerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChStageServer,
                               ch_stage_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, ch_stage_server_iface_init))

static void
asked_free (Asked *asked)
{
  g_clear_pointer (&asked->body, g_bytes_unref);
  g_clear_pointer (&asked->answer, g_bytes_unref);
  g_clear_error (&asked->error);
  g_free (asked->key);
  g_free (asked);
}

static void
arrive (GTask *task)
{
  Asked *asked = g_task_get_task_data (task);

  if (asked->answer != NULL)
    g_task_return_pointer (task, g_steal_pointer (&asked->answer), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&asked->error));
}

static gboolean
on_answer_cb (gpointer user_data)
{
  GTask *task = user_data;
  ChStageServer *self = g_task_get_source_object (task);
  Stage *stage = self->stage;
  Asked *asked = g_task_get_task_data (task);

  if (asked->key != NULL)
    g_ptr_array_add (stage->keys, g_strdup (asked->key));
  asked->answer = stage->answer (asked->route, asked->body, asked->key, stage->data, &asked->error);
  if (stage->is_holding)
    g_ptr_array_add (stage->held, g_object_ref (task));
  else
    arrive (task);
  return G_SOURCE_REMOVE;
}

static void
call_async (ChServer *server,
            const ChRoute *route,
            const char *const *args,
            GBytes *body,
            const char *key,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (server, NULL, callback, user_data);
  Asked *asked = g_new0 (Asked, 1);

  asked->route = route;
  asked->body = body != NULL ? g_bytes_ref (body) : NULL;
  asked->key = g_strdup (key);
  g_task_set_task_data (task, asked, (GDestroyNotify) asked_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_answer_cb, task, g_object_unref);
}

static GBytes *
call_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ch_stage_server_iface_init (ChServerInterface *iface)
{
  iface->call_async = call_async;
  iface->call_finish = call_finish;
}

static void
ch_stage_server_class_init (ChStageServerClass *klass)
{
}

static void
ch_stage_server_init (ChStageServer *self)
{
}

static ChProfile *
load_profile (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ch_file_read (path, 1 << 20, &error);
  ChProfile *profile;

  g_assert_no_error (error);
  profile = ch_wire_decode (&ChProfile_wire, bytes, &error);
  g_assert_no_error (error);
  return profile;
}

static void
open_ports (Stage *stage)
{
  g_autofree char *runtime = g_build_filename (stage->dir, "run", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChLocalVault) vault = ch_local_vault_new (stage->dir, runtime, "https://stage", &error);

  g_assert_no_error (error);
  stage->ports = ch_ports_new (CH_SERVER (stage->server), NULL, CH_VAULT (vault), NULL, NULL);
  ch_ports_take_profile (stage->ports, load_profile ());
}

void
stage_set_up (Stage *stage, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  stage->dir = g_dir_make_tmp ("certhall-flow-XXXXXX", &error);
  g_assert_no_error (error);
  stage->keys = g_ptr_array_new_with_free_func (g_free);
  stage->held = g_ptr_array_new_with_free_func (g_object_unref);
  stage->server = g_object_new (CH_TYPE_STAGE_SERVER, NULL);
  stage->server->stage = stage;
  open_ports (stage);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
close_ports (Stage *stage)
{
  ch_local_vault_flush (CH_LOCAL_VAULT (ch_ports_get_vault (stage->ports)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&stage->ports));
}

/* As if the program had been started anew on the same disk */
void
stage_reopen (Stage *stage)
{
  close_ports (stage);
  open_ports (stage);
}

/* What was held back arrives; what comes from now on is not held */
void
stage_release (Stage *stage)
{
  stage->is_holding = FALSE;
  while (stage->held->len > 0)
    {
      g_autoptr (GTask) task = g_ptr_array_steal_index (stage->held, 0);

      arrive (task);
    }
}

void
stage_tear_down (Stage *stage, gconstpointer data)
{
  close_ports (stage);
  g_clear_object (&stage->server);
  g_ptr_array_unref (stage->keys);
  g_ptr_array_unref (stage->held);
  remove_tree (stage->dir);
  g_free (stage->dir);
}

ChApplication *
stage_application (gint64 version, const char *state, ChFact facts)
{
  ChApplication *application = ch_wire_new (&ChApplication_wire);
  int value = 0;

  g_assert_true (ch_wire_enum_from_id (&ChApplicationState_enum, state, &value));
  application->id = g_strdup ("app-1");
  application->version = version;
  application->flow = g_strdup ("apply.enterprise.soft.self-pay");
  application->project = g_strdup ("any");
  application->state = value;
  application->facts = ch_facts_format (facts);
  application->created = application->updated = 1700000000;
  return application;
}

GBytes *
stage_encode (ChApplication *application)
{
  GBytes *bytes = ch_wire_encode (&ChApplication_wire, application);

  ch_application_free (application);
  return bytes;
}

gboolean
stage_is_idle (ChRun *run)
{
  return ch_run_get_state (run) != CH_RUN_BUSY;
}

void
stage_run_until (ChRun *run, gboolean (*reached) (ChRun *run))
{
  while (!reached (run))
    g_main_context_iteration (NULL, TRUE);
}
