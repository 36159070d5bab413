#include "config.h"

#include "ports/ch-server-list.h"

/* A list of the server, all pages of it */
typedef struct
{
  const ChRoute *route;
  ChListQuery *query; /* (owned) */
  gpointer whole;     /* (owned) (nullable): of the route’s answer type: the pages so far */
  guint n_pages;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  ch_wire_free (self->route->answer, self->whole);
  ch_list_query_free (self->query);
  g_free (self);
}

static const ChWireField *
find_field (const ChRoute *route, const char *name, ChWireKind kind)
{
  for (guint i = 0; i < route->answer->n_fields; i++)
    if (route->answer->fields[i].kind == kind && g_str_equal (route->answer->fields[i].name, name))
      return &route->answer->fields[i];
  return NULL;
}

static gboolean
is_list (const ChRoute *route)
{
  return route->request == &ChListQuery_wire && find_field (route, "items", CH_WIRE_LIST) != NULL
         && find_field (route, "next", CH_WIRE_STRING) != NULL;
}

static GPtrArray *
get_rows (Reading *self, gpointer page)
{
  return G_STRUCT_MEMBER (GPtrArray *, page, find_field (self->route, "items", CH_WIRE_LIST)->offset);
}

static char **
get_next (Reading *self, gpointer page)
{
  return &G_STRUCT_MEMBER (char *, page, find_field (self->route, "next", CH_WIRE_STRING)->offset);
}

/* Puts the rows of @page behind those there are and takes it. Returns: how many it had */
static guint
join (Reading *self, gpointer page)
{
  GPtrArray *rows = get_rows (self, page);
  guint n = rows->len;

  if (self->whole == NULL)
    {
      self->whole = page;
      return n;
    }

  g_ptr_array_extend_and_steal (get_rows (self, self->whole), g_ptr_array_ref (rows));
  g_free (*get_next (self, self->whole));
  *get_next (self, self->whole) = g_steal_pointer (get_next (self, page));
  ch_wire_free (self->route->answer, page);
  return n;
}

static void ask_next (GTask *task);

static void
on_page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer page = ch_server_call_finish (CH_SERVER (source), result, &error);
  const char *next;

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  reading->n_pages++;
  if (join (reading, page) > 0 && reading->n_pages < CH_SERVER_MAX_PAGES
      && (next = *get_next (reading, reading->whole)) != NULL)
    {
      g_free (reading->query->after);
      reading->query->after = g_strdup (next);
      ask_next (g_steal_pointer (&task));
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&reading->whole), reading->route->answer->free);
}

/* Takes @task */
static void
ask_next (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  ch_server_call_async (g_task_get_source_object (task), reading->route, NULL, reading->query, NULL,
                        g_task_get_cancellable (task), on_page_cb, task);
}

/**
 * ch_server_list_async:
 * @route: a list: asked with a ChListQuery, answered with `items` and `next`
 * @query: (nullable): what is wanted of it; its limit is that of a page
 *
 * Reads a list page by page, as far as it goes but %CH_SERVER_MAX_PAGES at most. Pages hang on their last
 * rows: what comes and goes meanwhile is not listed twice. One page that cannot be read is a failure: a list
 * with a hole in it is none.
 */
void
ch_server_list_async (ChServer *self,
                      const ChRoute *route,
                      const ChListQuery *query,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  Reading *reading;
  GTask *task;

  g_return_if_fail (CH_IS_SERVER (self));
  g_return_if_fail (route != NULL && is_list (route));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_server_list_async);
  g_task_set_check_cancellable (task, FALSE);
  reading = g_new0 (Reading, 1);
  reading->route = route;
  reading->query = query != NULL ? ch_wire_copy (&ChListQuery_wire, query) : ch_wire_new (&ChListQuery_wire);
  if (reading->query->limit == 0)
    reading->query->limit = CH_LIST_MAX_LIMIT;
  g_task_set_task_data (task, reading, reading_free);
  ask_next (task);
}

/**
 * ch_server_list_finish:
 *
 * Returns: (transfer full): the message of the route’s answer type with all rows; its `next` is set only when
 * there are more than were read. %NULL with @error set on failure
 */
gpointer
ch_server_list_finish (ChServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
