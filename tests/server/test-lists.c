#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server-world.h"
#include "server/ch-listing.h"

/* Rows made in the store at once: what is measured and looked for are lists, not how one applies */
#define N_ROWS (g_getenv ("CERTHALL_LONG") != NULL ? 100000 : 10000)

typedef struct
{
  const char *account;
  guint n;
} Many;

static gpointer
find_account (ChDbTx *tx, gpointer mobile, GError **error)
{
  g_autoptr (ChStmt) stmt
      = ch_db_query_row (tx, "SELECT id FROM account WHERE mobile = $1", CH_BIND (CH_TEXT (mobile)), error);

  return stmt != NULL ? ch_stmt_dup_text (stmt, 0) : NULL;
}

static gboolean
add_application (ChDbTx *tx, const char *account, guint i, GError **error)
{
  static const char *const states[] = { "draft", "submitted", "refused", "approved", "done" };
  static const char *const flows[] = { "apply.enterprise.soft.self-pay", "renew.person.soft.self-pay" };
  g_autofree char *id = g_strdup_printf ("%032x", i + 1);
  g_autofree char *trust = g_strdup_printf ("T%08x-%s", i, account);
  /* every hundredth has what a pattern could take for something else */
  g_autofree char *name
      = i % 100 == 7 ? g_strdup_printf ("100%%_门店%u", i) : g_strdup_printf ("津海恒达ＡＢＣ %05u 号", i);

  return ch_db_run (tx,
                    "INSERT INTO application (id, account, flow, project, state, version, trust_id, "
                    "serial_time, review_by, created, updated) "
                    "VALUES ($1, $2, $3, 'ra-test', $4, 1, $5, 'i', 0, $6, $7)",
                    CH_BIND (CH_TEXT (id), CH_TEXT (account), CH_TEXT (flows[i % 2]), CH_TEXT (states[i % 5]),
                             CH_TEXT (trust), CH_INT (1700000000 + i), CH_INT (1700000000 + i / 3)),
                    error)
         && ch_db_run (tx, "INSERT INTO answer (application, field, value) VALUES ($1, 'unit-name', $2)",
                       CH_BIND (CH_TEXT (id), CH_TEXT (name)), error)
         && ch_listing_refresh (tx, id, error);
}

static gpointer
write_many (ChDbTx *tx, gpointer data, GError **error)
{
  Many *many = data;

  for (guint i = 0; i < many->n; i++)
    if (!add_application (tx, many->account, i, error))
      return NULL;
  return CH_DB_DONE;
}

static char *
get_account (ServerWorld *world, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  char *id = ch_db_read (ch_service_get_db (world->service), find_account, (gpointer) mobile, &error);

  g_assert_no_error (error);
  return id;
}

static void
make_many (ServerWorld *world, const char *mobile, guint n)
{
  g_autofree char *account = get_account (world, mobile);
  Many many = { account, n };
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (world->service), write_many, &many, NULL, &error);
  g_assert_no_error (error);
}

static ChApplicationList *
list (ServerWorld *world, const char *token, const ChListQuery *query)
{
  g_autoptr (GError) error = NULL;
  ChApplicationList *page = server_call (world, token, &ch_route_application_list, NULL, query, &error);

  g_assert_no_error (error);
  return page;
}

static gint64
count (ServerWorld *world, const char *token, const char *text)
{
  g_autofree char *copy = g_strdup (text);
  const ChListQuery query = { .text = copy, .limit = 1 };
  g_autoptr (ChApplicationList) page = list (world, token, &query);

  return page->total;
}

static void
test_search (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000031");

  make_many (world, "13800000031", 1000);
  g_assert_cmpint (count (world, token, NULL), ==, 1000);
  /* wide letters, capitals and blanks are no matter */
  g_assert_cmpint (count (world, token, "abc00012"), ==, 1);
  g_assert_cmpint (count (world, token, "ＡＢＣ　00012号"), ==, 1);
  g_assert_cmpint (count (world, token, "恒达"), ==, 990);
  /* what LIKE would take for a pattern is text */
  g_assert_cmpint (count (world, token, "%"), ==, 10);
  g_assert_cmpint (count (world, token, "100%_"), ==, 10);
  g_assert_cmpint (count (world, token, "_"), ==, 10);
  g_assert_cmpint (count (world, token, "\\"), ==, 0);
  g_assert_cmpint (count (world, token, "' OR 1=1 --"), ==, 0);
  /* by number, and not across two things */
  g_assert_cmpint (count (world, token, "000000000000000000000000000003e8"), ==, 1);
  g_assert_cmpint (count (world, token, "999号t000003e7"), ==, 0);
  g_assert_cmpint (count (world, token, "  "), ==, 1000);
}

static void
test_filters (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000032");
  char submitted[] = "submitted", renew[] = "renew", person[] = "person", lost[] = "lost", nonsense[] = "x.y";
  const struct
  {
    ChListQuery query;
    gint64 total;
  } cases[] = {
    { { .state = submitted }, 200 },
    { { .business = renew }, 500 },
    { { .business = renew, .subject = person, .state = submitted }, 100 },
    { { .part = CH_LIST_PART_TURN }, 400 },
    { { .part = CH_LIST_PART_OPEN }, 800 },
    { { .part = CH_LIST_PART_INVOICE }, 0 },
    { { .since = 1700000100 }, 700 },
    { { .since = 1700000100, .until = 1700000101 }, 3 },
  };
  const ChListQuery wrong[] = {
    { .state = lost }, { .business = lost },  { .subject = lost },
    { .after = lost }, { .after = nonsense }, /* a key that is no number */
  };
  g_autoptr (GError) error = NULL;

  make_many (world, "13800000032", 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ChApplicationList) page = list (world, token, &cases[i].query);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (page->total, ==, cases[i].total);
      g_assert_cmpuint (page->items->len, ==, MIN (cases[i].total, CH_LIST_DEFAULT_LIMIT));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (server_call (world, token, &ch_route_application_list, NULL, &wrong[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
      g_clear_error (&error);
    }
}

/* Every page of a list by one key: each row once, in order */
static void
walk (ServerWorld *world, const char *token, ChListSort sort, gboolean reverse, guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *after = NULL;

  do
    {
      const ChListQuery query
          = { .sort = sort, .reverse = reverse, .limit = CH_LIST_MAX_LIMIT, .after = after };
      g_autoptr (ChApplicationList) page = list (world, token, &query);

      for (guint i = 0; i < page->items->len; i++)
        {
          const ChApplication *item = page->items->pdata[i];
          const ChApplication *before = i > 0 ? page->items->pdata[i - 1] : NULL;

          g_assert_true (g_hash_table_add (seen, g_strdup (item->id)));
          if (before != NULL && sort == CH_LIST_BY_UPDATED)
            g_assert_true (reverse ? before->updated <= item->updated : before->updated >= item->updated);
          if (before != NULL && sort == CH_LIST_BY_CREATED)
            g_assert_true (reverse ? before->created < item->created : before->created > item->created);
        }
      g_free (after);
      after = g_strdup (page->next);
    }
  while (after != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, n);
}

static void
test_pages (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000033");

  make_many (world, "13800000033", 1000);
  for (int sort = 0; sort < CH_N_LIST_SORTS; sort++)
    {
      walk (world, token, sort, FALSE, 1000);
      walk (world, token, sort, TRUE, 1000);
    }
}

/* What comes and goes while somebody turns pages moves no row from one page to another */
static void
test_pages_under_inserts (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000034");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ChListQuery query = { .sort = CH_LIST_BY_CREATED, .limit = 50 };
  g_autofree char *after = NULL;
  g_autofree char *newest = NULL;

  make_many (world, "13800000034", 400);
  do
    {
      g_autoptr (ChApplicationList) page = NULL;
      g_autoptr (ChApplication) another = server_apply (world, token, "self-pay");

      query.after = after;
      page = list (world, token, &query);
      for (guint i = 0; i < page->items->len; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (((ChApplication *) page->items->pdata[i])->id)));
      g_free (after);
      after = g_strdup (page->next);
    }
  while (after != NULL);
  /* the 400 and what was there when the first page was read; none twice, none missed */
  g_assert_cmpuint (g_hash_table_size (seen), ==, 401);

  /* and from the middle, by counting */
  query = (ChListQuery){ .sort = CH_LIST_BY_CREATED, .limit = 10, .skip = 100 };
  {
    g_autoptr (ChApplicationList) page = list (world, token, &query);
    g_autoptr (ChApplicationList) before = NULL;

    g_assert_cmpuint (page->items->len, ==, 10);
    newest = g_strdup (((ChApplication *) page->items->pdata[0])->id);
    query.skip = 99;
    before = list (world, token, &query);
    g_assert_cmpstr (((ChApplication *) before->items->pdata[1])->id, ==, newest);
  }
}

static void
test_ownership (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000035");
  g_autofree char *other = server_register (world, "13800000036");
  const ChListQuery query = { 0 };
  g_autoptr (ChApplicationList) theirs = NULL;
  g_autoptr (ChApplicationList) staff = NULL;
  g_autoptr (GError) error = NULL;

  make_many (world, "13800000035", 100);
  theirs = list (world, other, &query);
  g_assert_cmpint (theirs->total, ==, 0);
  g_assert_cmpuint (theirs->items->len, ==, 0);
  /* the staff see what was handed in, of everybody */
  staff = server_call (world, world->reviewer, &ch_route_staff_list, NULL, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpint (staff->total, ==, 20);
}

/* Orders and certificates of somebody who went the whole way, found by their numbers */
static void
test_whole_way (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000037");
  g_autofree char *other = server_register (world, "13800000038");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertificate) certificate = server_issue (world, token, id, key, &error);
  g_autoptr (ChOrderList) orders = NULL, paid = NULL, unpaid = NULL, none = NULL;
  g_autoptr (ChCertificateList) certificates = NULL, nobodys = NULL;
  g_autofree char *serial = g_ascii_strdown (certificate->serial, -1);
  char is_paid[] = "paid", is_unpaid[] = "unpaid";
  ChListQuery query = { .text = serial };

  g_assert_no_error (error);
  certificates = server_call (world, token, &ch_route_certificate_list, NULL, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpint (certificates->total, ==, 1);
  g_assert_cmpstr (((ChCertificate *) certificates->items->pdata[0])->serial, ==, certificate->serial);
  nobodys = server_call (world, other, &ch_route_certificate_list, NULL, &query, &error);
  g_assert_cmpint (nobodys->total, ==, 0);

  /* the order is found by the certificate that came of it */
  orders = server_call (world, token, &ch_route_order_list, NULL, &query, &error);
  g_assert_cmpint (orders->total, ==, 1);
  query = (ChListQuery){ .state = is_paid };
  paid = server_call (world, token, &ch_route_order_list, NULL, &query, &error);
  g_assert_cmpint (paid->total, ==, 1);
  none = server_call (world, other, &ch_route_order_list, NULL, &query, &error);
  g_assert_cmpint (none->total, ==, 0);
  query = (ChListQuery){ .state = is_unpaid };
  unpaid = server_call (world, token, &ch_route_order_list, NULL, &query, &error);
  g_assert_cmpint (unpaid->total, ==, 0);
}

/* As many as an account can have: first page, last page, a search; in `--long` ten times as many */
static void
test_many (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000039");
  guint n = N_ROWS;
  g_autofree char *last = g_strdup_printf ("%05u号", n - 1);
  ChListQuery query = { .skip = n - 10 };
  g_autoptr (ChApplicationList) end = NULL;

  make_many (world, "13800000039", n);
  g_assert_cmpint (count (world, token, NULL), ==, n);
  g_assert_cmpint (count (world, token, last), ==, 1);
  end = list (world, token, &query);
  g_assert_cmpuint (end->items->len, ==, 10);
  g_assert_null (end->next);
}

int
main (int argc, char *argv[])
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/lists/search", test_search);
  g_test_add_func ("/server/lists/filters", test_filters);
  g_test_add_func ("/server/lists/pages", test_pages);
  g_test_add_func ("/server/lists/pages/under-inserts", test_pages_under_inserts);
  g_test_add_func ("/server/lists/ownership", test_ownership);
  g_test_add_func ("/server/lists/whole-way", test_whole_way);
  g_test_add_func ("/server/lists/many", test_many);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
