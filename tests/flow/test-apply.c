#include "config.h"

#include "base/ch-error.h"
#include "ch-world.h"
#include "flow/ch-run-private.h"
#include "pki/ch-cert.h"

/* The whole of a new certificate against a real CA, and everything that may happen on the way */

static gboolean
is_idle (ChRun *run)
{
  return ch_run_get_state (run) != CH_RUN_BUSY;
}

static void
spin (ChRun *run)
{
  while (!is_idle (run))
    g_main_context_iteration (NULL, TRUE);
}

static const char *
get_step_id (ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  return step != NULL ? step->id : "end";
}

/* The bank and the reviewer do what is theirs */
static void
act_outside (ChWorld *world, ChRun *run)
{
  g_autofree char *path = NULL;
  g_autofree char *answer = NULL;

  if (g_str_equal (get_step_id (run), "pay"))
    path = g_strdup_printf ("/demo/v1/orders/%s/pay", ch_run_get_order (run)->id);
  else if (g_str_equal (get_step_id (run), "review"))
    path = g_strdup_printf ("/demo/v1/applications/%s/review", ch_run_get_application (run)->id);
  if (path != NULL)
    answer = ch_world_demo (world, "POST", path, "{}");
}

/* One push: answers what is asked, acts outside where the run rests */
static void
push (ChWorld *world, ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  ch_world_answer_all (world, run);
  if (ch_run_get_state (run) == CH_RUN_RESTING)
    act_outside (world, run);
  /* it may have heard of that by itself */
  if (ch_run_get_step (run) == step)
    ch_run_next (run);
  spin (run);
  if (ch_run_get_state (run) == CH_RUN_FAILED)
    g_error ("step %s: %s", get_step_id (run), ch_run_get_error (run)->message);
}

static void
assert_installed (ChWorld *world, ChRun *run)
{
  const ChApplication *application = ch_run_get_application (run);
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (world->ports));
  g_autoptr (ChCertInfo) info = NULL;

  g_assert_cmpstr (get_step_id (run), ==, "result");
  g_assert_cmpint (application->state, ==, CH_APPLICATION_DONE);
  g_assert_cmpuint (g_list_model_get_n_items (hub), ==, 1);
  g_assert_nonnull (ch_run_get_certificate (run));
  info = ch_cert_info_new (ch_run_get_certificate (run)->der, NULL);
  g_assert_nonnull (info);
  g_assert_cmpstr (ch_subject_find (info->subject, "CN"), ==, "天津市津海恒达贸易有限公司");
  g_assert_cmpstr (ch_subject_find (info->subject, "L"), ==, "东丽区");
  g_assert_cmpstr (info->key_id_hex, ==, ch_run_get_key_id (run));
}

static ChWorld *
enter (const char *user)
{
  ChWorld *world = ch_world_new ();

  ch_world_connect (world);
  ch_world_register (world, user, "13800000001");
  ch_world_log_in (world, user);
  return world;
}

/* Every row the CA offers, from the first page to the certificate on the token */
static void
test_every_row (gconstpointer data)
{
  static const char *const names[] = {
    [CH_SUBJECT_ENTERPRISE] = "天津市津海恒达贸易有限公司",
    [CH_SUBJECT_LEGAL_PERSON] = "李四",
    [CH_SUBJECT_PERSON] = "王五",
  };
  const ChFlow *flow = data;
  g_autoptr (ChWorld) world = enter ("every-row");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = ch_catalog_start (flow->id, world->ports, &error);
  g_autoptr (ChCertInfo) info = NULL;

  g_assert_no_error (error);
  ch_run_start (run);
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), "result"); i++)
    push (world, run);
  g_assert_cmpint (ch_run_get_application (run)->state, ==, CH_APPLICATION_DONE);
  info = ch_cert_info_new (ch_run_get_certificate (run)->der, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ch_subject_find (info->subject, "CN"), ==, names[flow->axes.subject]);
  g_clear_object (&run);
}

/* By default one settlement of each subject: the enterprise’s are walked through below */
static gboolean
is_walked (const ChAxes *axes)
{
  if (axes->business != CH_BUSINESS_APPLY || axes->medium != CH_MEDIUM_SOFT)
    return FALSE;
  return g_getenv ("CERTHALL_LONG") != NULL
         || (axes->subject == CH_SUBJECT_PERSON && axes->settlement == CH_SETTLEMENT_SELF_PAY)
         || (axes->subject == CH_SUBJECT_LEGAL_PERSON && axes->settlement == CH_SETTLEMENT_ENTERPRISE_PAY);
}

static void
add_rows (void)
{
  guint n;
  const ChFlow *const *flows = ch_catalog_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat ("/apply/row/", flows[i]->id, NULL);

      if (is_walked (&flows[i]->axes))
        g_test_add_data_func (path, flows[i], test_every_row);
    }
}

static void
test_self_pay (void)
{
  g_autoptr (ChWorld) world = enter ("self-pay");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.self-pay", world->ports, &error);

  g_assert_no_error (error);
  ch_run_start (run);
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), "result"); i++)
    push (world, run);
  assert_installed (world, run);
  g_assert_cmpint (ch_run_get_order (run)->fen, ==, 30000);
  g_clear_object (&run);
}

/* From the tile: the project chosen turns the run to the flow that has no payment page */
static void
test_enterprise_pay_from_the_tile (void)
{
  g_autoptr (ChWorld) world = enter ("enterprise-pay");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = ch_catalog_start_business (CH_BUSINESS_APPLY, world->ports, &error);

  g_assert_no_error (error);
  ch_run_start (run);
  ch_run_next (run);
  g_assert_cmpstr (ch_run_get_missing_field (run), ==, "project");
  ch_run_set_answer (run, "project", "ra-test-key-account");
  ch_run_set_answer (run, "certificate-type", "enterprise");
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), "result"); i++)
    {
      g_assert_cmpstr (get_step_id (run), !=, "pay");
      push (world, run);
    }
  assert_installed (world, run);
  g_assert_cmpstr (ch_run_get_flow (run)->id, ==, "apply.enterprise.soft.enterprise-pay");
  g_clear_object (&run);
}

/* The program is killed after every step and started anew; once the journal of another PC is taken up */
static void
test_killed_at_each_step (void)
{
  g_autoptr (ChWorld) world = enter ("killed");
  g_autofree char *id = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.self-pay", world->ports, NULL);

  ch_run_start (run);
  push (world, run);
  id = g_strdup (ch_run_get_application (run)->id);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (ChApplication) application = NULL;

      g_clear_object (&run);
      ch_world_sit_at (world, "pc");
      ch_world_connect (world);
      g_assert_nonnull (ch_ports_get_account (world->ports)); /* the session was kept */
      application = ch_world_get_application (world, id);
      run = ch_catalog_resume (world->ports, application, NULL);
      ch_run_start (run);
      spin (run);
      g_string_append_printf (seen, "%s ", get_step_id (run));
      if (g_str_equal (get_step_id (run), "result"))
        break;
      push (world, run);
    }

  g_assert_cmpstr (get_step_id (run), ==, "result");
  g_assert_cmpint (ch_run_get_application (run)->state, ==, CH_APPLICATION_DONE);
  g_assert_nonnull (strstr (seen->str, "subject documents handler pay"));
  g_clear_object (&run);
}

/* The CA loses its power wherever the run stands; what it had acknowledged is there when it comes back */
static void
test_server_killed_at_each_step (void)
{
  g_autoptr (ChWorld) world = enter ("server-killed");
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.self-pay", world->ports, NULL);
  guint n_broken = 0;

  ch_run_start (run);
  for (guint i = 0; i < 40 && !g_str_equal (get_step_id (run), "result"); i++)
    {
      ch_world_answer_all (world, run);
      if (ch_run_get_state (run) == CH_RUN_RESTING)
        act_outside (world, run);

      ch_world_stop_server (world, TRUE);
      ch_run_next (run);
      spin (run);
      if (ch_run_get_state (run) == CH_RUN_FAILED)
        {
          const char *error = ch_error_get_info (ch_run_get_error (run))->id;

          n_broken++;
          if (!g_str_equal (error, "server-unreachable") && !g_str_equal (error, "invalid-input"))
            g_error ("step %s: %s", get_step_id (run), ch_run_get_error (run)->message);
        }
      ch_world_start_server (world);
      push (world, run);
    }

  assert_installed (world, run);
  g_assert_cmpuint (n_broken, >=, 6);
  g_clear_object (&run);
}

static void
test_refused_and_corrected (void)
{
  g_autoptr (ChWorld) world = enter ("refused");
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.enterprise-pay", world->ports, NULL);
  g_autofree char *path = NULL;
  g_autofree char *answer = NULL;

  ch_run_start (run);
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), "review"); i++)
    push (world, run);

  path = g_strdup_printf ("/demo/v1/applications/%s/review", ch_run_get_application (run)->id);
  answer = ch_world_demo (
      world, "POST", path,
      "{\"approve\":false,\"reasons\":[{\"field\":\"licence\",\"reason\":\"review\",\"remark\":"
      "\"看不清\"},{\"field\":\"handler-email\",\"reason\":\"email\"}]}");
  ch_run_next (run);
  spin (run);

  /* The run stands where something is missing, marked; what was not named is not asked for again */
  g_assert_cmpint (ch_run_get_application (run)->state, ==, CH_APPLICATION_REFUSED);
  g_assert_cmpstr (get_step_id (run), ==, "documents");
  g_assert_cmpstr (ch_run_get_reason (run, "licence")->remark, ==, "看不清");
  g_assert_null (ch_run_get_reason (run, "handler-id"));
  ch_run_next (run);
  g_assert_cmpstr (ch_run_get_missing_field (run), ==, "licence");

  push (world, run);
  g_assert_cmpstr (get_step_id (run), ==, "handler");
  ch_run_set_answer (run, "handler-email", "new@example.com");
  ch_run_next (run);
  spin (run);
  g_assert_cmpstr (get_step_id (run), ==, "submit");
  for (guint i = 0; i < 20 && !g_str_equal (get_step_id (run), "result"); i++)
    push (world, run);
  assert_installed (world, run);
  g_clear_object (&run);
}

static ChRun *
open_window (ChWorld *world, const char *id)
{
  g_autoptr (ChApplication) application = ch_world_get_application (world, id);
  ChRun *run = ch_catalog_resume (world->ports, application, NULL);

  ch_run_start (run);
  spin (run);
  return run;
}

static void
give (ChRun *run, const char *field, const char *value)
{
  ch_run_set_answer (run, field, value);
  ch_run_next (run);
  spin (run);
}

/* Two windows on one application: what differs is shown, nothing of either is lost, and what only one of them
 * touched goes through by itself */
static void
test_two_windows (void)
{
  g_autoptr (ChWorld) world = enter ("two-windows");
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.enterprise-pay", world->ports, NULL);
  g_autoptr (ChRun) first = NULL;
  g_autoptr (ChRun) second = NULL;
  g_autoptr (ChRun) third = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;
  const ChFieldReason *row;
  const char *id;

  ch_run_start (run);
  push (world, run);
  id = ch_run_get_application (run)->id;
  first = open_window (world, id);
  second = open_window (world, id);
  ch_world_answer_all (world, first);
  ch_world_answer_all (world, second);
  give (first, "unit-name", "天津市第一个单位");
  g_assert_cmpint (ch_run_get_state (first), !=, CH_RUN_FAILED);

  give (second, "unit-name", "天津市第二个单位");
  g_assert_cmpint (ch_run_get_state (second), ==, CH_RUN_FAILED);
  g_assert_error (ch_run_get_error (second), CH_ERROR, CH_ERROR_CONFLICT);
  conflicts = ch_run_list_conflicts (second);
  g_assert_cmpuint (conflicts->len, ==, 1);
  row = conflicts->pdata[0];
  g_assert_cmpstr (row->field, ==, "unit-name");
  g_assert_cmpstr (row->remark, ==, "天津市第一个单位");
  g_assert_cmpstr (ch_run_get_answer (second, "unit-name"), ==, "天津市第二个单位");
  ch_run_take_theirs (second);
  g_assert_cmpint (ch_run_get_state (second), ==, CH_RUN_READY);
  g_assert_cmpstr (ch_run_get_answer (second, "unit-name"), ==, "天津市第一个单位");
  give (second, "unit-email", "second@example.com");
  g_assert_cmpstr (get_step_id (second), !=, "subject");

  /* Keeping mine is pressing Next again */
  third = open_window (world, id);
  ch_run_go_to (third, ch_run_get_steps (third)->pdata[1]);
  ch_run_go_to (second, ch_run_get_steps (second)->pdata[1]);
  give (second, "unit-name", "天津市第四个单位");
  give (third, "unit-name", "天津市第三个单位");
  g_assert_error (ch_run_get_error (third), CH_ERROR, CH_ERROR_CONFLICT);
  ch_run_next (third);
  spin (third);
  g_assert_cmpstr (get_step_id (third), !=, "subject");
  g_assert_cmpstr (g_hash_table_lookup (ch_run_get_application (third)->answers, "unit-name"), ==,
                   "天津市第三个单位");

  g_clear_object (&first);
  g_clear_object (&second);
  g_clear_object (&third);
  g_clear_object (&run);
}

/* What is no picture is refused before it is sent, with a reason at the document */
static void
test_wrong_document (void)
{
  g_autoptr (ChWorld) world = enter ("documents");
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.self-pay", world->ports, NULL);
  g_autofree char *path = ch_world_make_file (world, "licence.jpg", "MZ this is a program", 20);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) missing = g_file_new_for_path ("/nonexistent/licence.jpg");

  ch_run_start (run);
  push (world, run);
  push (world, run);
  g_assert_cmpstr (get_step_id (run), ==, "documents");
  ch_run_attach (run, "licence", file);
  ch_run_attach (run, "handler-id", missing);
  ch_run_next (run);
  spin (run);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpstr (ch_error_get_info (ch_run_get_error (run))->id, ==, "document-type");
  g_assert_cmpstr (get_step_id (run), ==, "documents");

  /* Each tells at its own row what is wrong, and the right file mends it */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (ch_run_get_attachments (run), i);

      g_assert_cmpint (ch_attachment_get_state (attachment), ==, CH_ATTACHMENT_FAILED);
      g_assert_cmpstr (ch_error_get_info (ch_attachment_get_error (attachment))->id, ==,
                       i == 0 ? "document-type" : "file");
      ch_run_detach (run, ch_attachment_get_rule (attachment)->id);
    }
  push (world, run);
  g_assert_cmpstr (get_step_id (run), ==, "handler");
  g_clear_object (&run);
}

static gboolean
on_patience_ends_cb (gpointer user_data)
{
  g_error ("the run was told nothing");
  return G_SOURCE_REMOVE;
}

/* Rests, hears of it, and goes on: it asks nothing by itself meanwhile */
static void
hear_of (ChWorld *world, ChRun *run, const char *step)
{
  ChServer *server = ch_ports_get_server (world->ports);
  guint patience = g_timeout_add_seconds (60, on_patience_ends_cb, NULL);

  g_assert_cmpstr (get_step_id (run), ==, step);
  while (!ch_server_is_live (server) || ch_run_get_state (run) != CH_RUN_RESTING || run->cancellable != NULL)
    g_main_context_iteration (NULL, TRUE);
  act_outside (world, run);
  while (g_str_equal (get_step_id (run), step))
    g_main_context_iteration (NULL, TRUE);
  spin (run);
  g_source_remove (patience);
}

/* Payment and review are told by the server: who rests goes on at once, though the clock would not have asked
 * within the hour */
static void
test_goes_on_when_told (void)
{
  g_autoptr (ChWorld) world = enter ("told");
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.self-pay", world->ports, NULL);

  run->poll_seconds = 3600;
  ch_run_start (run);
  for (guint i = 0; i < 10 && !g_str_equal (get_step_id (run), "pay"); i++)
    push (world, run);
  hear_of (world, run, "pay");
  for (guint i = 0; i < 4 && !g_str_equal (get_step_id (run), "review"); i++)
    push (world, run);
  hear_of (world, run, "review");
  g_assert_cmpint (ch_run_get_facts (run) & CH_FACT_APPROVED, !=, 0);

  /* nobody rests, nobody listens */
  g_assert_false (ch_server_is_live (ch_ports_get_server (world->ports)));
  g_clear_object (&run);
}

int
main (int argc, char *argv[])
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  g_test_add_func ("/apply/self-pay", test_self_pay);
  g_test_add_func ("/apply/enterprise-pay-from-the-tile", test_enterprise_pay_from_the_tile);
  g_test_add_func ("/apply/killed-at-each-step", test_killed_at_each_step);
  g_test_add_func ("/apply/server-killed-at-each-step", test_server_killed_at_each_step);
  g_test_add_func ("/apply/refused-and-corrected", test_refused_and_corrected);
  g_test_add_func ("/apply/two-windows", test_two_windows);
  g_test_add_func ("/apply/wrong-document", test_wrong_document);
  g_test_add_func ("/apply/goes-on-when-told", test_goes_on_when_told);

  return g_test_run ();
}
