#include "config.h"

#include "base/ch-error.h"
#include "front/ch-application-pages.h"
#include "ports/ch-server-list.h"

/* A server of one list: it answers when the test lets it, in whatever order */
#define TEST_TYPE_SERVER (test_server_get_type ())
G_DECLARE_FINAL_TYPE (TestServer, test_server, TEST, SERVER, GObject)

struct _TestServer
{
  GObject parent_instance;

  guint n_rows;
  guint n_calls;
  GPtrArray *waiting; /* (owned): GTask with a ChListQuery */
};

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
  TestServer *self = TEST_SERVER (server);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *query = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr (GError) error = NULL;
  ChListQuery *asked = ch_wire_decode_query (&ChListQuery_wire, query, &error);

  g_assert_no_error (error);
  g_assert_true (route == &ch_route_application_list);
  self->n_calls++;
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, asked, (GDestroyNotify) ch_list_query_free);
  g_ptr_array_add (self->waiting, task);
}

static GBytes *
call_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
server_init (ChServerInterface *iface)
{
  iface->call_async = call_async;
  iface->call_finish = call_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestServer,
                               test_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, server_init))

static void
test_server_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_SERVER (object)->waiting);
  G_OBJECT_CLASS (test_server_parent_class)->finalize (object);
}

static void
test_server_class_init (TestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_server_finalize;
}

static void
test_server_init (TestServer *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

static ChApplication *
make_row (guint i)
{
  ChApplication *row = ch_wire_new (&ChApplication_wire);

  row->id = g_strdup_printf ("%06u", i);
  row->flow = g_strdup ("apply.enterprise.soft.self-pay");
  row->project = g_strdup ("ra-test");
  row->facts = g_new0 (char *, 1);
  row->version = 1;
  row->created = row->updated = 1700000000;
  return row;
}

static GBytes *
answer_of (TestServer *self, const ChListQuery *query)
{
  g_autoptr (ChApplicationList) list = ch_wire_new (&ChApplicationList_wire);
  guint n = query->text != NULL ? 1 : self->n_rows;
  gint64 first = query->skip + (query->after != NULL ? g_ascii_strtoll (query->after, NULL, 10) : 0);

  list->items = ch_wire_list_new (&ChApplication_wire);
  list->total = n;
  for (gint64 i = first; i < MIN ((gint64) n, first + query->limit); i++)
    g_ptr_array_add (list->items, make_row (query->text != NULL ? 999999 : (guint) i));
  if (first + query->limit < n)
    list->next = g_strdup_printf ("%" G_GINT64_FORMAT, first + query->limit);
  return ch_wire_encode (&ChApplicationList_wire, list);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Answers the call at @i of those that wait */
static void
answer (TestServer *self, guint i, gboolean fails)
{
  g_autoptr (GTask) task = g_ptr_array_steal_index (self->waiting, i);

  if (fails)
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE, "the line is cut");
  else
    g_task_return_pointer (task, answer_of (self, g_task_get_task_data (task)),
                           (GDestroyNotify) g_bytes_unref);
  drain ();
}

typedef struct
{
  TestServer *server;
  ChPorts *ports;
  ChPagedModel *model;
} World;

/* Neither tokens nor vault are asked: the server is the only port of a list */
static World
world_new (guint n_rows)
{
  World world = { g_object_new (TEST_TYPE_SERVER, NULL), NULL, NULL };

  world.server->n_rows = n_rows;
  world.ports = ch_ports_new (CH_SERVER (world.server), NULL, NULL, NULL, NULL);
  world.model = ch_application_pages_new (world.ports);
  return world;
}

static void
world_clear (World *world)
{
  while (world->server->waiting->len > 0)
    answer (world->server, 0, TRUE);
  g_object_unref (world->model);
  g_object_unref (world->ports);
  g_object_unref (world->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

/* The id of the row at @position; NULL while it has not come */
static const char *
id_at (World *world, guint position)
{
  g_autoptr (ChPagedRow) row = g_list_model_get_item (G_LIST_MODEL (world->model), position);
  gpointer item = ch_paged_row_get_item (row);

  return item != NULL ? ch_application_item_get_id (item) : NULL;
}

static void
on_whole_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Whoever has more than fits a page sees the last one too */
static void
test_whole (void)
{
  g_auto (World) world = world_new (CH_LIST_MAX_LIMIT * 2 + 7);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplicationList) list = NULL;

  ch_server_list_async (CH_SERVER (world.server), &ch_route_application_list, NULL, NULL, on_whole_cb,
                        &result);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_null (result);
      g_assert_cmpuint (world.server->waiting->len, ==, 1);
      answer (world.server, 0, FALSE);
    }
  list = ch_server_list_finish (CH_SERVER (world.server), result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, world.server->n_rows);
  g_assert_null (list->next);
  for (guint i = 0; i < list->items->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("%06u", i);

      g_assert_cmpstr (((ChApplication *) list->items->pdata[i])->id, ==, id);
    }
}

/* A list with a hole in it is none */
static void
test_whole_fails (void)
{
  g_auto (World) world = world_new (CH_LIST_MAX_LIMIT + 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ch_server_list_async (CH_SERVER (world.server), &ch_route_application_list, NULL, NULL, on_whole_cb,
                        &result);
  answer (world.server, 0, FALSE);
  answer (world.server, 0, TRUE);
  g_assert_null (ch_server_list_finish (CH_SERVER (world.server), result, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE);
}

/* Somebody has more than anybody looks through: it ends, and says that there is more */
static void
test_whole_is_bounded (void)
{
  g_auto (World) world = world_new (CH_SERVER_MAX_PAGES + 1);
  const ChListQuery one = { .limit = 1 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplicationList) list = NULL;

  ch_server_list_async (CH_SERVER (world.server), &ch_route_application_list, &one, NULL, on_whole_cb,
                        &result);
  for (guint i = 0; i < CH_SERVER_MAX_PAGES; i++)
    answer (world.server, 0, FALSE);
  list = ch_server_list_finish (CH_SERVER (world.server), result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, CH_SERVER_MAX_PAGES);
  g_assert_nonnull (list->next);
}

static void
test_pages (void)
{
  g_auto (World) world = world_new (100000);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 0);
  ch_paged_model_refresh (world.model);
  g_assert_cmpint (ch_paged_model_get_state (world.model), ==, CH_PAGED_LOADING);
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 100000);
  g_assert_cmpstr (id_at (&world, 0), ==, "000000");
  g_assert_cmpuint (world.server->n_calls, ==, 1);

  /* What is looked at is fetched once, by the page, whichever comes first */
  g_assert_null (id_at (&world, 50123));
  g_assert_null (id_at (&world, 50199));
  g_assert_null (id_at (&world, 99999));
  g_assert_cmpuint (world.server->n_calls, ==, 3);
  answer (world.server, 1, FALSE);
  g_assert_cmpstr (id_at (&world, 99999), ==, "099999");
  g_assert_null (id_at (&world, 50123));
  answer (world.server, 0, FALSE);
  g_assert_cmpstr (id_at (&world, 50123), ==, "050123");
  g_assert_cmpuint (world.server->n_calls, ==, 3);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (world.model), 100000));
}

/* Another query ends the one before: what still comes of it is nobody’s */
static void
test_query_changes (void)
{
  g_auto (World) world = world_new (1000);
  char text[] = "x";
  const ChListQuery query = { .text = text };
  g_autoptr (ChApplicationItem) found = NULL;

  ch_paged_model_refresh (world.model);
  ch_paged_model_set_query (world.model, &query);
  g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (world.server->waiting->pdata[0])));
  g_assert_false (g_cancellable_is_cancelled (g_task_get_cancellable (world.server->waiting->pdata[1])));
  answer (world.server, 1, FALSE);
  g_assert_cmpstr (id_at (&world, 0), ==, "999999");
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 1);
  g_assert_cmpstr (id_at (&world, 0), ==, "999999");
}

static void
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n_changed)
{
  *n_changed += removed + added;
}

/* A view keeps the rows it has made while something else is searched: they are filled anew, and what is
 * missing in them is fetched */
static void
test_rows_stay (void)
{
  g_auto (World) world = world_new (1000);
  g_autoptr (ChPagedRow) first = NULL;
  g_autoptr (ChPagedRow) later = NULL;
  char text[] = "x";
  const ChListQuery query = { .text = text };
  guint n_changed = 0;

  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  first = g_list_model_get_item (G_LIST_MODEL (world.model), 0);
  later = g_list_model_get_item (G_LIST_MODEL (world.model), 700);
  answer (world.server, 0, FALSE);
  g_assert_nonnull (ch_paged_row_get_item (later));
  g_signal_connect (world.model, "items-changed", G_CALLBACK (on_items_changed_cb), &n_changed);

  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (n_changed, ==, 0);
  g_assert_nonnull (ch_paged_row_get_item (first));
  g_assert_null (ch_paged_row_get_item (later));
  answer (world.server, 0, FALSE);
  g_assert_cmpstr (ch_application_item_get_id (ch_paged_row_get_item (later)), ==, "000700");

  ch_paged_model_set_query (world.model, &query);
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (n_changed, ==, 999);
  g_assert_cmpstr (ch_application_item_get_id (ch_paged_row_get_item (first)), ==, "999999");
  g_assert_null (ch_paged_row_get_item (later));
}

/* A failure keeps what there was, says why, and asks no more by itself */
static void
test_failure (void)
{
  g_auto (World) world = world_new (1000);
  guint n_calls;

  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  g_assert_null (id_at (&world, 500));
  answer (world.server, 0, TRUE);
  g_assert_cmpint (ch_paged_model_get_state (world.model), ==, CH_PAGED_FAILED);
  g_assert_error (ch_paged_model_get_error (world.model), CH_ERROR, CH_ERROR_SERVER_UNREACHABLE);
  g_assert_cmpstr (id_at (&world, 0), ==, "000000");
  n_calls = world.server->n_calls;
  g_assert_null (id_at (&world, 500));
  g_assert_cmpuint (world.server->n_calls, ==, n_calls);

  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  g_assert_cmpint (ch_paged_model_get_state (world.model), ==, CH_PAGED_READY);
  g_assert_null (ch_paged_model_get_error (world.model));
  g_assert_null (id_at (&world, 500));
  answer (world.server, 0, FALSE);
  g_assert_cmpstr (id_at (&world, 500), ==, "000500");
}

/* The list has become shorter or longer than the last page said */
static void
test_list_changes (void)
{
  g_auto (World) world = world_new (1000);
  guint position = 0;

  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  world.server->n_rows = 950;
  g_assert_null (id_at (&world, 999));
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 950);
  world.server->n_rows = 1200;
  ch_paged_model_refresh (world.model);
  answer (world.server, 0, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 1200);

  /* Only what has come is found, and nothing is fetched to find it */
  g_assert_nonnull (ch_paged_model_find (world.model, "000042", &position));
  g_assert_cmpuint (position, ==, 42);
  g_assert_null (ch_paged_model_find (world.model, "000642", NULL));
  ch_paged_model_clear (world.model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.model)), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paged-model/whole", test_whole);
  g_test_add_func ("/paged-model/whole-fails", test_whole_fails);
  g_test_add_func ("/paged-model/whole-is-bounded", test_whole_is_bounded);
  g_test_add_func ("/paged-model/pages", test_pages);
  g_test_add_func ("/paged-model/query-changes", test_query_changes);
  g_test_add_func ("/paged-model/rows-stay", test_rows_stay);
  g_test_add_func ("/paged-model/failure", test_failure);
  g_test_add_func ("/paged-model/list-changes", test_list_changes);
  return g_test_run ();
}
