#include "config.h"

#include "base/ch-error.h"
#include "stage.h"

/* A little flow of its own: choose → form → pay (polls) → review (polls) → key → result */
static gboolean skip_form;

static void
on_application_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ChApplication *application = ch_run_call_finish (CH_RUN (source), result, &error);
  ChRun *run = CH_RUN (source);

  if (application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ch_run_take_application (run, application);
  g_task_return_int (task, (ch_run_get_step (run)->gives & ~ch_run_get_facts (run)) == 0
                                   || (ch_run_get_step (run)->flags & CH_STEP_POLLS) == 0
                               ? CH_STEP_DONE
                               : CH_STEP_REST);
}

static void
create (ChRun *run, GTask *task)
{
  ChApplicationNew request = { .flow = (char *) "f", .project = (char *) "p" };

  ch_run_call_async (run, &ch_route_application_new, NULL, &request, NULL, on_application_cb, task);
}

static void
save (ChRun *run, GTask *task)
{
  const char *const args[] = { "app-1", NULL };
  ChAnswers request = { .version = 1, .answers = ch_run_get_answers (run) };

  ch_run_call_async (run, &ch_route_application_answers, args, &request, NULL, on_application_cb, task);
}

static void
look (ChRun *run, GTask *task)
{
  const char *const args[] = { "app-1", NULL };

  ch_run_call_async (run, &ch_route_application, args, NULL, NULL, on_application_cb, task);
}

static gboolean
check_name (ChRun *run, GError **error)
{
  GError *wrong;

  if (g_strcmp0 (ch_run_get_answer (run, "unit-name"), "") > 0)
    return TRUE;
  wrong = ch_error_new_fields ();
  ch_error_add_field (wrong, "unit-name", CH_REASON_MISSING, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static gboolean
is_form_wanted (ChRun *run)
{
  return !skip_form;
}

static void
make_key (ChRun *run, GTask *task)
{
  g_task_return_int (task, CH_STEP_DONE);
  g_object_unref (task);
}

/* clang-format off */
static const ChStep step_choose = { .id = "choose", .page = CH_PAGE_PICK, .gives = CH_FACT_APPLICATION, .work = create };
static const ChStep step_form   = { .id = "form", .page = CH_PAGE_FORM, .needs = CH_FACT_APPLICATION, .gives = CH_FACT_SUBJECT, .wanted = is_form_wanted, .check = check_name, .work = save };
static const ChStep step_order  = { .id = "order", .page = CH_PAGE_WORK, .needs = CH_FACT_SUBJECT, .gives = CH_FACT_ORDER, .flags = CH_STEP_AUTO, .work = look };
static const ChStep step_pay    = { .id = "pay", .page = CH_PAGE_PAY, .needs = CH_FACT_ORDER, .gives = CH_FACT_SETTLED, .flags = CH_STEP_POLLS | CH_STEP_NO_RETURN, .work = look };
static const ChStep step_key    = { .id = "key", .page = CH_PAGE_WORK, .needs = CH_FACT_SETTLED, .gives = CH_FACT_KEY, .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN, .work = make_key };
static const ChStep step_result = { .id = "result", .page = CH_PAGE_RESULT, .needs = CH_FACT_KEY, .gives = CH_FACT_SHOWN };
/* clang-format on */

static const ChStep *const recipe[]
    = { &step_choose, &step_form, &step_order, &step_pay, &step_key, &step_result, NULL };
static const ChFlow flow
    = CH_FLOW (APPLY, ENTERPRISE, SOFT, SELF_PAY, "apply.enterprise.soft.self-pay", "t", recipe);

/* What the staged server holds */
typedef struct
{
  ChFact facts;
  gint64 version;
  guint n_broken; /* calls to which no answer comes */
  guint n_calls;
  gboolean is_silent; /* says yes to everything, and holds nothing of it */
} Script;

static GBytes *
answer (const ChRoute *route, GBytes *body, const char *key, gpointer data, GError **error)
{
  Script *script = data;

  script->n_calls++;
  if (script->n_broken > 0)
    {
      script->n_broken--;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "gone");
      return NULL;
    }

  if (route == &ch_route_application_new)
    script->facts |= CH_FACT_APPLICATION;
  if (route == &ch_route_application_answers && !script->is_silent)
    script->facts |= CH_FACT_SUBJECT | CH_FACT_ORDER;
  return stage_encode (stage_application (++script->version, "draft", script->facts));
}

static void
assert_step (ChRun *run, const char *id)
{
  g_assert_nonnull (ch_run_get_step (run));
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, id);
}

static gboolean
is_at_pay (ChRun *run)
{
  return ch_run_get_step (run) == &step_pay && ch_run_get_state (run) == CH_RUN_RESTING;
}

static gboolean
is_at_result (ChRun *run)
{
  return ch_run_get_step (run) == &step_result && stage_is_idle (run);
}

static ChRun *
start (Stage *stage, Script *script)
{
  ChRun *run = ch_run_new (&flow, stage->ports);

  skip_form = FALSE;
  stage->answer = answer;
  stage->data = script;
  ch_run_start (run);
  return run;
}

static void
test_forward_and_back (Stage *stage, gconstpointer data)
{
  Script script = { 0 };
  g_autoptr (ChRun) run = start (stage, &script);

  assert_step (run, "choose");
  g_assert_false (ch_run_get_can_back (run));
  ch_run_next (run);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_BUSY);
  stage_run_until (run, stage_is_idle);

  assert_step (run, "form");
  ch_run_next (run);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpstr (ch_run_get_missing_field (run), ==, "unit-name");

  ch_run_set_answer (run, "unit-name", "  Ｘ津海 ");
  g_assert_cmpstr (ch_run_get_answer (run, "unit-name"), ==, "Ｘ津海");
  ch_run_next (run);
  stage_run_until (run, is_at_pay);

  /* Back passes over the automatic step, and the next step is shown again although its facts hold */
  ch_run_back (run);
  assert_step (run, "form");
  g_assert_true (ch_run_get_can_back (run));
  ch_run_back (run);
  assert_step (run, "choose");
  ch_run_next (run);
  stage_run_until (run, stage_is_idle);
  assert_step (run, "form");
  ch_run_next (run);
  stage_run_until (run, is_at_pay);

  /* Paid: the clock asks by itself, the key is made, and there is no way back */
  script.facts |= CH_FACT_SETTLED;
  stage_run_until (run, is_at_result);
  g_assert_false (ch_run_get_can_back (run));
  ch_run_next (run);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_DONE);
}

static void
test_effects_are_the_servers (Stage *stage, gconstpointer data)
{
  Script script = { 0 };
  g_autoptr (ChRun) run = start (stage, &script);

  /* An answer without the fact is not believed to have given it */
  ch_run_next (run);
  stage_run_until (run, stage_is_idle);
  assert_step (run, "form");
  script.is_silent = TRUE;
  ch_run_set_answer (run, "unit-name", "津海恒达");
  ch_run_next (run);
  stage_run_until (run, stage_is_idle);
  assert_step (run, "form");
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpstr (ch_error_get_info (ch_run_get_error (run))->id, ==, "bad-answer");

  script.is_silent = FALSE;
  ch_run_next (run);
  stage_run_until (run, is_at_pay);
}

static void
test_same_key_in_doubt (Stage *stage, gconstpointer data)
{
  Script script = { .n_broken = 1 };
  g_autoptr (ChRun) run = start (stage, &script);
  g_autoptr (ChRun) again = NULL;

  ch_run_next (run);
  stage_run_until (run, stage_is_idle);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_FAILED);
  g_assert_cmpstr (ch_error_get_info (ch_run_get_error (run))->id, ==, "server-unreachable");
  g_assert_cmpint (stage->keys->len, ==, 1);
  g_clear_object (&run);

  /* Even a new start of the program sends the same key for the same call … */
  stage_reopen (stage);
  again = start (stage, &script);
  ch_run_next (again);
  stage_run_until (again, stage_is_idle);
  g_assert_cmpint (stage->keys->len, ==, 2);
  g_assert_cmpstr (stage->keys->pdata[0], ==, stage->keys->pdata[1]);
  g_assert_true (g_uuid_string_is_valid (stage->keys->pdata[0]));

  /* … and once there was an answer, another one */
  ch_run_back (again);
  ch_run_next (again);
  stage_run_until (again, stage_is_idle);
  g_assert_cmpint (stage->keys->len, ==, 3);
  g_assert_cmpstr (stage->keys->pdata[1], !=, stage->keys->pdata[2]);
}

static void
test_resume (Stage *stage, gconstpointer data)
{
  Script script
      = { .version = 7, .facts = CH_FACT_APPLICATION | CH_FACT_SUBJECT | CH_FACT_ORDER | CH_FACT_SETTLED };
  g_autoptr (ChApplication) application = stage_application (7, "draft", script.facts);
  g_autoptr (ChRun) run = ch_run_resume (&flow, stage->ports, application);

  stage->answer = answer;
  stage->data = &script;
  ch_run_start (run);
  stage_run_until (run, is_at_result);
  g_assert_cmpint (script.n_calls, ==, 0);
}

static void
test_draft_survives (Stage *stage, gconstpointer data)
{
  Script script = { 0 };
  g_autoptr (ChRun) run = start (stage, &script);
  g_autoptr (ChRun) again = NULL;

  ch_run_set_answer (run, "unit-name", "天津市津海恒达贸易有限公司");
  while (ch_run_get_draft_saved (run) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&run);

  stage_reopen (stage);
  again = start (stage, &script);
  g_assert_cmpstr (ch_run_get_answer (again, "unit-name"), ==, "天津市津海恒达贸易有限公司");
}

static gboolean
is_resting_with_error (ChRun *run)
{
  return ch_run_get_state (run) == CH_RUN_RESTING && ch_run_get_error (run) != NULL;
}

static gboolean
is_resting_without_error (ChRun *run)
{
  return ch_run_get_state (run) == CH_RUN_RESTING && ch_run_get_error (run) == NULL;
}

static void
test_clock_goes_on_asking (Stage *stage, gconstpointer data)
{
  Script script = { .facts = CH_FACT_APPLICATION | CH_FACT_SUBJECT | CH_FACT_ORDER, .version = 3 };
  g_autoptr (ChApplication) application = stage_application (3, "draft", script.facts);
  g_autoptr (ChRun) run = ch_run_resume (&flow, stage->ports, application);

  stage->answer = answer;
  stage->data = &script;
  ch_run_start (run);
  stage_run_until (run, is_at_pay);

  script.n_broken = 1;
  stage_run_until (run, is_resting_with_error);
  assert_step (run, "pay");
  stage_run_until (run, is_resting_without_error);
}

static gboolean
has_failed (ChRun *run)
{
  return ch_run_get_state (run) == CH_RUN_FAILED;
}

/* At the payment, and the clock’s question is on its way: it was answered “no”, which has not arrived */
static ChRun *
start_asking (Stage *stage, Script *script)
{
  ChFact facts = CH_FACT_APPLICATION | CH_FACT_SUBJECT | CH_FACT_ORDER;
  g_autoptr (ChApplication) application = stage_application (3, "draft", facts);
  ChRun *run = ch_run_resume (&flow, stage->ports, application);

  *script = (Script){ .facts = facts, .version = 3 };
  stage->answer = answer;
  stage->data = script;
  ch_run_start (run);
  stage_run_until (run, is_at_pay);
  stage->is_holding = TRUE;
  while (stage->held->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_RESTING);
  return run;
}

static void
note_rest_cb (ChRun *run, GParamSpec *pspec, guint *n_rests)
{
  *n_rests += ch_run_get_state (run) == CH_RUN_RESTING;
}

/* “I have paid”, pressed while the clock’s question is on its way: nobody is told that nothing was paid */
static void
test_press_joins_the_clock (Stage *stage, gconstpointer data)
{
  Script script;
  g_autoptr (ChRun) run = start_asking (stage, &script);
  guint n_calls = script.n_calls, n_rests = 0;

  g_signal_connect (run, "notify::state", G_CALLBACK (note_rest_cb), &n_rests);
  script.facts |= CH_FACT_SETTLED;
  ch_run_next (run);
  g_assert_cmpint (ch_run_get_state (run), ==, CH_RUN_BUSY);
  g_assert_cmpuint (script.n_calls, ==, n_calls);
  /* A second press is the same */
  ch_run_next (run);
  stage_release (stage);
  stage_run_until (run, is_at_result);
  g_assert_cmpuint (n_rests, ==, 0);
  g_assert_cmpuint (script.n_calls, ==, n_calls + 1);
}

/* and if nothing was paid, that is said once, by an answer of after it */
static void
test_press_is_answered (Stage *stage, gconstpointer data)
{
  Script script;
  g_autoptr (ChRun) run = start_asking (stage, &script);
  guint n_calls = script.n_calls;

  ch_run_next (run);
  stage_release (stage);
  stage_run_until (run, stage_is_idle);
  g_assert_true (is_at_pay (run));
  g_assert_cmpuint (script.n_calls, ==, n_calls + 1);
}

/* The line breaks when the user asks: they are told, and the clock goes on all the same */
static void
test_clock_goes_on_after_a_press (Stage *stage, gconstpointer data)
{
  Script script;
  g_autoptr (ChRun) run = start_asking (stage, &script);

  script.n_broken = 1;
  ch_run_next (run);
  stage_release (stage);
  stage_run_until (run, has_failed);
  g_assert_cmpstr (ch_error_get_info (ch_run_get_error (run))->id, ==, "server-unreachable");
  stage_run_until (run, is_resting_without_error);

  /* also when it was the clock’s question that failed */
  stage->is_holding = TRUE;
  script.n_broken = 1;
  while (stage->held->len == 0)
    g_main_context_iteration (NULL, TRUE);
  ch_run_next (run);
  stage_release (stage);
  stage_run_until (run, has_failed);
  script.facts |= CH_FACT_SETTLED;
  stage_run_until (run, is_at_result);
}

static void
test_withdrawn (Stage *stage, gconstpointer data)
{
  ChFact facts = CH_FACT_APPLICATION | CH_FACT_SUBJECT | CH_FACT_ORDER;
  Script script = { .facts = facts, .version = 3 };
  g_autoptr (ChApplication) application = stage_application (3, "draft", facts);
  g_autoptr (ChRun) run = ch_run_resume (&flow, stage->ports, application);

  stage->answer = answer;
  stage->data = &script;
  ch_run_start (run);
  stage_run_until (run, is_at_pay);

  /* The server takes a fact back: the run stands where it is missing */
  script.facts = CH_FACT_APPLICATION;
  ch_run_next (run);
  stage_run_until (run, stage_is_idle);
  assert_step (run, "form");
}

static void
test_stale_answer_is_dropped (Stage *stage, gconstpointer data)
{
  g_autoptr (ChApplication) application
      = stage_application (5, "draft", CH_FACT_APPLICATION | CH_FACT_SUBJECT);
  g_autoptr (ChRun) run = ch_run_resume (&flow, stage->ports, application);

  ch_run_take_application (run, stage_application (4, "draft", CH_FACT_APPLICATION));
  g_assert_cmpint (ch_run_get_application (run)->version, ==, 5);
  g_assert_cmpint (ch_run_get_facts (run) & CH_FACT_SUBJECT, !=, 0);
}

static void
test_dropped_while_busy (Stage *stage, gconstpointer data)
{
  Script script = { 0 };
  ChRun *run = start (stage, &script);
  gpointer weak = run;

  g_object_add_weak_pointer (G_OBJECT (run), &weak);
  ch_run_next (run);
  g_object_unref (run);
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
count_cb (ChRun *run, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
test_secrets_answer_the_token (Stage *stage, gconstpointer data)
{
  Script script = { 0 };
  g_autoptr (ChRun) run = start (stage, &script);
  g_autoptr (ChSecret) secret = ch_secret_new ("correct horse", 13);
  g_autoptr (ChSecret) given = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_signal_connect (run, "notify", G_CALLBACK (count_cb), &n);
  ch_run_set_secret (run, "passphrase", secret);
  g_assert_cmpuint (n, ==, 0);
  given = ch_asker_ask (ch_run_get_asker (run), CH_ASK_NEW, "token", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (given, secret));

  /* It was wrong, and nobody else can be asked: not offered a second time */
  g_assert_null (
      ch_asker_ask (ch_run_get_asker (run), CH_ASK_EXISTING, "token", G_TLS_PASSWORD_RETRY, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Stage *stage, gconstpointer data);
  } tests[] = {
    { "/run/forward-and-back", test_forward_and_back },
    { "/run/effects-are-the-servers", test_effects_are_the_servers },
    { "/run/same-key-in-doubt", test_same_key_in_doubt },
    { "/run/resume", test_resume },
    { "/run/draft-survives", test_draft_survives },
    { "/run/clock-goes-on-asking", test_clock_goes_on_asking },
    { "/run/press-joins-the-clock", test_press_joins_the_clock },
    { "/run/press-is-answered", test_press_is_answered },
    { "/run/clock-goes-on-after-a-press", test_clock_goes_on_after_a_press },
    { "/run/withdrawn", test_withdrawn },
    { "/run/stale-answer-is-dropped", test_stale_answer_is_dropped },
    { "/run/dropped-while-busy", test_dropped_while_busy },
    { "/run/secrets-answer-the-token", test_secrets_answer_the_token },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Stage, NULL, stage_set_up, tests[i].test, stage_tear_down);
  return g_test_run ();
}
