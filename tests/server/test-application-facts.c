#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-file.h"
#include "server/ch-application-facts.h"
#include "server/ch-office-days.h"
#include "wire/ch-field.h"

typedef struct
{
  ChProfile *profile;
  ChAxes axes;
  GHashTable *answers, *documents, *marked;
  ChApplicationView view;
} World;

static void
world_init (World *world, const char *flow)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "profiles", "binhai.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = ch_file_read (path, 1 << 20, &error);

  g_assert_no_error (error);
  world->profile = ch_wire_decode (&ChProfile_wire, json, &error);
  g_assert_no_error (error);
  g_assert_true (ch_axes_parse (flow, &world->axes));
  world->answers = ch_wire_map_new ();
  world->documents = g_hash_table_new (g_str_hash, g_str_equal);
  world->marked = g_hash_table_new (g_str_hash, g_str_equal);
  world->view = (ChApplicationView){ CH_APPLICATION_DRAFT, world->answers, world->documents,
                                     world->marked,        FALSE,          FALSE };
}

static void
world_clear (World *world)
{
  ch_profile_free (world->profile);
  g_hash_table_unref (world->answers);
  g_hash_table_unref (world->documents);
  g_hash_table_unref (world->marked);
}

static void
answer (World *world, const char *field, const char *value)
{
  g_hash_table_insert (world->answers, g_strdup (field), g_strdup (value));
}

static void
fill_in (World *world)
{
  answer (world, "project",
          world->axes.settlement == CH_SETTLEMENT_SELF_PAY ? "ra-test" : "ra-test-key-account");
  answer (world, "unit-name", "天津市滨海测试单位");
  answer (world, "unit-code", "91110108722619411A");
  answer (world, "term", "one-year");
  answer (world, "province", "天津市");
  answer (world, "city", "东丽区");
  answer (world, "handler-name", "张三");
  answer (world, "handler-document-kind", "resident-id");
  answer (world, "handler-document-number", "120106199102021315");
  answer (world, "handler-mobile", "13800000000");
  answer (world, "handler-email", "zhang@example.com");
  g_hash_table_add (world->documents, (char *) "licence");
  g_hash_table_add (world->documents, (char *) "handler-id");
  g_hash_table_add (world->documents, (char *) "bundle");
}

static void
assert_facts (World *world, const char *wanted)
{
  g_auto (GStrv) ids = ch_facts_format (ch_application_facts (&world->view, world->profile, &world->axes));
  g_autofree char *text = g_strjoinv (" ", ids);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_draft (void)
{
  World world;

  world_init (&world, "apply.enterprise.soft.self-pay");
  assert_facts (&world, "application");
  fill_in (&world);
  assert_facts (&world, "application subject documents handler");
  world.view.has_order = TRUE;
  assert_facts (&world, "application subject documents handler order");
  world.view.is_paid = TRUE;
  assert_facts (&world, "application subject documents handler order settled");

  answer (&world, "unit-code", "91110108722619411B");
  assert_facts (&world, "application documents handler order settled");
  g_hash_table_remove (world.documents, "bundle");
  g_hash_table_remove (world.answers, "handler-mobile");
  assert_facts (&world, "application order settled");
  world_clear (&world);
}

static void
test_enterprise_pays (void)
{
  World world;

  world_init (&world, "apply.enterprise.soft.enterprise-pay");
  fill_in (&world);
  assert_facts (&world, "application subject documents handler order settled");
  world_clear (&world);
}

static void
test_refusal_withdraws (void)
{
  World world;

  world_init (&world, "apply.enterprise.soft.self-pay");
  fill_in (&world);
  world.view.has_order = world.view.is_paid = TRUE;
  world.view.state = CH_APPLICATION_SUBMITTED;
  assert_facts (&world, "application subject documents handler order settled submitted");

  world.view.state = CH_APPLICATION_REFUSED;
  g_hash_table_add (world.marked, (char *) "unit-name");
  assert_facts (&world, "application documents handler order settled");
  g_hash_table_add (world.marked, (char *) "licence");
  assert_facts (&world, "application handler order settled");
  g_hash_table_remove_all (world.marked);
  g_hash_table_add (world.marked, (char *) "handler-name");
  assert_facts (&world, "application subject documents order settled");
  world_clear (&world);
}

static void
test_later_states (void)
{
  World world;

  world_init (&world, "apply.enterprise.soft.self-pay");
  world.view.state = CH_APPLICATION_APPROVED;
  assert_facts (&world, "application subject documents handler order settled submitted approved");
  world.view.state = CH_APPLICATION_ISSUED;
  assert_facts (&world, "application subject documents handler order settled submitted approved issued");
  world.view.state = CH_APPLICATION_DONE;
  assert_facts (&world,
                "application subject documents handler order settled submitted approved issued installed");
  world_clear (&world);
}

static void
test_working_days (void)
{
  static const struct
  {
    const char *start;
    guint n_days;
    const char *end;
  } cases[] = {
    { "2021-02-15T02:00:00Z", 0, "2021-02-15T02:00:00Z" },
    { "2021-02-15T02:00:00Z", 4, "2021-02-19T02:00:00Z" },
    { "2021-02-15T02:00:00Z", 5, "2021-02-22T02:00:00Z" },
    { "2021-02-20T02:00:00Z", 1, "2021-02-22T02:00:00Z" },
    { "2021-02-18T17:00:00Z", 1, "2021-02-21T17:00:00Z" }, /* there it is Friday already, then Monday */
    { "2026-09-30T02:00:00Z", 1, "2026-10-08T02:00:00Z" }, /* the National Day’s week */
    { "2026-10-08T02:00:00Z", 2, "2026-10-10T02:00:00Z" }, /* a Saturday worked for it */
    { "2026-10-10T02:00:00Z", 1, "2026-10-12T02:00:00Z" },
    { "2026-09-30T17:00:00Z", 1, "2026-10-07T17:00:00Z" }, /* there the week has begun */
  };
  World world;

  world_init (&world, "apply.enterprise.soft.self-pay");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *end = NULL;
      gint64 start;

      g_assert_true (ch_clock_parse (cases[i].start, &start));
      end = ch_clock_format (ch_office_days_after (world.profile, start, cases[i].n_days));
      g_assert_cmpstr (end, ==, cases[i].end);
    }
  world_clear (&world);
}

/* A mistyped row would be passed over in silence */
static void
test_office_days (void)
{
  World world;

  world_init (&world, "apply.enterprise.soft.self-pay");
  g_assert_cmpuint (world.profile->office_days->len, >, 0);
  for (guint i = 0; i < world.profile->office_days->len; i++)
    {
      const ChOfficeDays *row = g_ptr_array_index (world.profile->office_days, i);
      g_autofree char *from = g_strconcat (row->from, "T00:00:00Z", NULL);
      g_autofree char *to = g_strconcat (row->to, "T00:00:00Z", NULL);
      gint64 first, last;

      g_assert_true (ch_clock_parse (from, &first));
      g_assert_true (ch_clock_parse (to, &last));
      g_assert_cmpint (first, <=, last);
    }
  world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/facts/draft", test_draft);
  g_test_add_func ("/server/facts/enterprise-pays", test_enterprise_pays);
  g_test_add_func ("/server/facts/refusal", test_refusal_withdraws);
  g_test_add_func ("/server/facts/later-states", test_later_states);
  g_test_add_func ("/server/facts/working-days", test_working_days);
  g_test_add_func ("/server/facts/office-days", test_office_days);
  return g_test_run ();
}
