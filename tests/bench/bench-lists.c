#include "config.h"

#include <stdio.h>

#include "front/ch-application-pages.h"
#include "ui/ch-cert-row.h"
#include "ui/ch-side-list.h"
#include "ui/ch-ui.h"

/* A list of 100,000 rows as the window shows it, against a bare GtkListView over as many strings: until the
 * first frame with rows in it, and from a letter in the search to the frame with what was found. The server
 * is a loop that answers at once, through the same messages: what is measured is the window’s side. */
#define N_ROWS 100000
#define ROUNDS 9

#define BENCH_TYPE_SERVER (bench_server_get_type ())
G_DECLARE_FINAL_TYPE (BenchServer, bench_server, BENCH, SERVER, GObject)

struct _BenchServer
{
  GObject parent_instance;
};

static ChApplication *
make_row (guint i)
{
  ChApplication *row = ch_wire_new (&ChApplication_wire);

  row->id = g_strdup_printf ("%06u", i);
  row->flow = g_strdup ("apply.enterprise.soft.self-pay");
  row->project = g_strdup ("ra-test");
  row->facts = g_new0 (char *, 1);
  row->version = 1;
  row->created = row->updated = 1700000000 + i;
  return row;
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
  g_autoptr (GTask) task = g_task_new (server, cancellable, callback, user_data);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr (ChListQuery) query = ch_wire_decode_query (&ChListQuery_wire, text, NULL);
  g_autoptr (ChApplicationList) list = ch_wire_new (&ChApplicationList_wire);

  list->items = ch_wire_list_new (&ChApplication_wire);
  list->total = query->text != NULL ? N_ROWS / 10 : N_ROWS;
  for (gint64 i = query->skip; i < MIN (list->total, query->skip + query->limit); i++)
    g_ptr_array_add (list->items, make_row ((guint) i));
  g_task_return_pointer (task, ch_wire_encode (&ChApplicationList_wire, list),
                         (GDestroyNotify) g_bytes_unref);
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

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchServer,
                               bench_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, server_init))

static void
bench_server_class_init (BenchServerClass *klass)
{
}

static void
bench_server_init (BenchServer *self)
{
}

static guint n_frames;

static void
on_after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  n_frames++;
}

/* Milliseconds until a frame was drawn after @list has as many rows as it should */
static double
wait_for (GListModel *list, guint n, gint64 began)
{
  guint before;

  while (g_list_model_get_n_items (list) != n)
    g_main_context_iteration (NULL, TRUE);
  before = n_frames;
  while (n_frames == before)
    g_main_context_iteration (NULL, TRUE);
  return (double) (g_get_monotonic_time () - began) / 1000;
}

static GtkWidget *
show (GtkWidget *content)
{
  GtkWidget *window
      = g_object_new (GTK_TYPE_WINDOW, "default-width", 1100, "default-height", 760, "child", content, NULL);

  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_after_paint_cb), NULL);
  return window;
}

static void
on_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
on_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static void
measure_bare (double *first, double *key)
{
  gint64 began = g_get_monotonic_time ();
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkStringFilter *filter
      = gtk_string_filter_new (gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *found;
  GtkWidget *view, *scrolled = gtk_scrolled_window_new (), *window;

  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%06u", i);

      gtk_string_list_append (strings, text);
    }
  found = gtk_filter_list_model_new (G_LIST_MODEL (strings), GTK_FILTER (filter));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), NULL);
  view = gtk_list_view_new (
      GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (found)))), factory);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  window = show (scrolled);
  *first = wait_for (G_LIST_MODEL (found), N_ROWS, began);

  began = g_get_monotonic_time ();
  gtk_string_filter_set_search (filter, "00000");
  *key = wait_for (G_LIST_MODEL (found), g_list_model_get_n_items (G_LIST_MODEL (found)), began);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
fill_row (ChCertRow *row, gpointer item)
{
  ch_cert_row_fill (row, "emblem-documents-symbolic", ch_application_item_get_title (item),
                    ch_application_item_get_id (item), "Draft", CH_TONE_IDLE);
}

static const char *
get_key (gpointer item)
{
  return ch_application_item_get_id (item);
}

static void
measure_own (double *first, double *key)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (ChServer) server = g_object_new (BENCH_TYPE_SERVER, NULL);
  g_autoptr (ChPorts) ports = ch_ports_new (server, NULL, NULL, NULL, NULL);
  g_autoptr (ChPagedModel) model = ch_application_pages_new (ports);
  GtkWidget *list = g_object_new (CH_TYPE_SIDE_LIST, NULL), *window;
  char text[] = "00000";
  const ChListQuery query = { .text = text };

  ch_side_list_set_model (CH_SIDE_LIST (list), G_LIST_MODEL (model), fill_row, get_key);
  ch_paged_model_refresh (model);
  window = show (list);
  *first = wait_for (G_LIST_MODEL (model), N_ROWS, began);

  began = g_get_monotonic_time ();
  ch_paged_model_set_query (model, &query);
  *key = wait_for (G_LIST_MODEL (model), N_ROWS / 10, began);
  gtk_window_destroy (GTK_WINDOW (window));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : *(const double *) a > *(const double *) b;
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  return values[ROUNDS / 2];
}

int
main (int argc, char *argv[])
{
  double bare_first[ROUNDS], bare_key[ROUNDS], own_first[ROUNDS], own_key[ROUNDS], warm;

  adw_init ();
  ch_ui_init ();
  measure_bare (&warm, &warm);
  measure_own (&warm, &warm);
  for (guint i = 0; i < ROUNDS; i++)
    {
      measure_bare (&bare_first[i], &bare_key[i]);
      measure_own (&own_first[i], &own_key[i]);
    }

  printf ("ratio lists/first-frame %.2f <= 1.50 %.0f ms against %.0f ms\n",
          median (own_first) / median (bare_first), median (own_first), median (bare_first));
  printf ("ratio lists/keystroke %.2f <= 1.00 %.0f ms against %.0f ms\n",
          median (own_key) / median (bare_key), median (own_key), median (bare_key));
  return 0;
}
