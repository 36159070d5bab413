#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "ch-world.h"
#include "flow/ch-run-private.h"
#include "pki/ch-cert.h"

/* Renewal on a software token against a real CA: killed wherever it stands, on two PCs, with the token away
 */

#define DAY (24 * 60 * 60)

static void
spin (ChRun *run)
{
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
}

static const char *
get_step_id (ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  return step != NULL ? step->id : "end";
}

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

/* One push; what fails is left for the test to look at */
static void
push (ChWorld *world, ChRun *run)
{
  const ChStep *step = ch_run_get_step (run);

  ch_world_answer_all (world, run);
  if (ch_run_get_state (run) == CH_RUN_RESTING)
    act_outside (world, run);
  if (ch_run_get_step (run) == step)
    ch_run_next (run);
  spin (run);
}

static void
push_to (ChWorld *world, ChRun *run, const char *step)
{
  for (guint i = 0; i < 30 && !g_str_equal (get_step_id (run), step); i++)
    {
      push (world, run);
      if (ch_run_get_state (run) == CH_RUN_FAILED)
        g_error ("step %s: %s", get_step_id (run), ch_run_get_error (run)->message);
    }
  g_assert_cmpstr (get_step_id (run), ==, step);
}

/* Returns: serial of a certificate of the account that ends in ten days */
static char *
get_certificate (ChWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRun) run = ch_catalog_start ("apply.enterprise.soft.enterprise-pay", world->ports, &error);
  g_autofree char *body = NULL;
  g_autofree char *when = NULL;
  g_autofree char *answer = NULL;
  char *serial;

  g_assert_no_error (error);
  ch_run_start (run);
  push_to (world, run, "result");
  serial = g_strdup (ch_run_get_certificate (run)->serial);
  when = ch_clock_format (ch_run_get_certificate (run)->not_after - 10 * DAY);
  body = g_strdup_printf ("{\"now\":\"%s\"}", when);
  answer = ch_world_demo (world, "POST", "/demo/v1/clock", body);
  g_clear_object (&run);
  /* What time it is is asked at the beginning, and the session is too old */
  ch_world_connect (world);
  ch_world_log_in (world, "renewer");
  return serial;
}

static ChWorld *
enter (char **serial)
{
  ChWorld *world = ch_world_new ();

  ch_world_connect (world);
  ch_world_register (world, "renewer", "13800000001");
  ch_world_log_in (world, "renewer");
  *serial = get_certificate (world);
  return world;
}

static ChRun *
begin (ChWorld *world, const char *serial)
{
  g_autoptr (GError) error = NULL;
  ChRun *run = ch_catalog_start_business (CH_BUSINESS_RENEW, world->ports, &error);

  g_assert_no_error (error);
  ch_run_give (run, "certificate", serial);
  ch_run_start (run);
  spin (run);
  return run;
}

typedef struct
{
  gboolean is_done;
  GPtrArray *objects;
} Listed;

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Listed *listed = user_data;

  listed->objects = ch_token_list_objects_finish (CH_TOKEN (source), result, NULL);
  listed->is_done = TRUE;
}

/* Returns: (transfer full): serial numbers of the certificates with their keys on the only token, with a
 * blank between them */
static char *
list_serials (ChWorld *world)
{
  g_autoptr (ChToken) token = g_list_model_get_item (G_LIST_MODEL (ch_ports_get_hub (world->ports)), 0);
  Listed listed = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (token);
  ch_token_list_objects_async (token, NULL, on_listed_cb, &listed);
  while (!listed.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (listed.objects);
  for (guint i = 0; i < listed.objects->len; i++)
    {
      const ChTokenObject *object = listed.objects->pdata[i];
      g_autoptr (ChCertInfo) info = object->cert != NULL ? ch_cert_info_new (object->cert, NULL) : NULL;

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", info != NULL ? info->serial : "-");
    }
  g_ptr_array_unref (listed.objects);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static ChCertificateState
get_state (ChWorld *world, const char *serial)
{
  g_autoptr (ChRun) run = ch_catalog_start_business (CH_BUSINESS_RENEW, world->ports, NULL);
  const ChCertificate *certificate;

  ch_run_start (run);
  spin (run);
  certificate = ch_run_find_certificate (run, serial);
  g_assert_nonnull (certificate);
  return certificate->state;
}

/* With the certificate chosen already, the first page is not waited at */
static void
test_by_the_button (void)
{
  g_autofree char *serial = NULL;
  g_autoptr (ChWorld) world = enter (&serial);
  g_autoptr (ChRun) run = begin (world, serial);
  g_autoptr (GPtrArray) terms = NULL;
  g_autofree char *explained = NULL;
  g_autofree char *left = NULL;
  const ChApplication *application;

  g_assert_cmpstr (get_step_id (run), ==, "term");
  application = ch_run_get_application (run);
  g_assert_cmpstr (application->base, ==, serial);
  g_assert_cmpstr (ch_run_get_flow (run)->id, ==, "renew.enterprise.soft.enterprise-pay");
  g_assert_cmpstr (ch_run_get_answer (run, "unit-name"), ==, "天津市津海恒达贸易有限公司");

  /* Said before anything is paid: when the new one ends */
  terms = ch_run_list_choices (run, ch_field_lookup ("term"));
  g_assert_cmpint (((ChChoice *) terms->pdata[0])->end, >, application->base_end + 364 * DAY);
  explained = ch_run_explain (run, ch_run_get_step (run));
  g_assert_nonnull (strstr (explained, "no longer valid"));

  push_to (world, run, "result");
  left = list_serials (world);
  g_assert_cmpstr (left, ==, ch_run_get_certificate (run)->serial);
  g_assert_cmpint (get_state (world, serial), ==, CH_CERTIFICATE_REVOKED);
  g_clear_object (&run);
}

/* The list says which may be renewed and why the others may not; a second time there is one application */
static void
test_from_the_list (void)
{
  g_autofree char *serial = NULL;
  g_autoptr (ChWorld) world = enter (&serial);
  g_autoptr (ChRun) run = ch_catalog_start_business (CH_BUSINESS_RENEW, world->ports, NULL);
  g_autoptr (ChRun) second = NULL;
  g_autoptr (GPtrArray) choices = NULL;
  g_autoptr (GPtrArray) later = NULL;

  ch_run_start (run);
  spin (run);
  g_assert_cmpstr (get_step_id (run), ==, "choose-certificate");
  choices = ch_run_list_choices (run, ch_field_lookup ("certificate"));
  g_assert_cmpuint (choices->len, ==, 1);
  g_assert_cmpstr (((ChChoice *) choices->pdata[0])->why, ==, NULL);
  ch_run_next (run);
  g_assert_cmpstr (ch_run_get_missing_field (run), ==, "certificate");
  ch_run_set_answer (run, "certificate", serial);
  ch_run_next (run);
  spin (run);
  g_assert_cmpstr (get_step_id (run), ==, "term");

  second = begin (world, serial);
  g_assert_cmpint (ch_run_get_state (second), ==, CH_RUN_FAILED);
  g_assert_error (ch_run_get_error (second), CH_ERROR, CH_ERROR_CERTIFICATE_OPEN);
  g_assert_cmpstr (get_step_id (second), ==, "choose-certificate");
  later = ch_run_list_choices (second, ch_field_lookup ("certificate"));
  g_assert_nonnull (((ChChoice *) later->pdata[0])->why);
  g_clear_object (&second);
  g_clear_object (&run);
}

static void
run_until (ChRun *run, const char *step)
{
  while (ch_run_get_state (run) != CH_RUN_FAILED && !g_str_equal (get_step_id (run), step))
    g_main_context_iteration (NULL, TRUE);
}

/* What the step was at takes effect, but nobody hears of it any more */
static void
kill_run (ChRun *run)
{
  gpointer left = run;

  g_object_add_weak_pointer (G_OBJECT (run), &left);
  g_clear_object (&run->cancellable);
  g_object_unref (run);
  while (left != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Killed before each of the steps that touch the token: each time a certificate that works is left, and the
 * next start, from the application alone, goes on */
static void
test_killed_at_each_step (void)
{
  static const char *const steps[]
      = { "key", "issue", "store", "confirm", "look-at-old", "retire", "result" };
  g_autofree char *serial = NULL;
  g_autoptr (ChWorld) world = enter (&serial);
  g_autoptr (ChRun) run = begin (world, serial);
  g_autofree char *id = g_strdup (ch_run_get_application (run)->id);
  g_autofree char *left = NULL;

  ch_world_answer_all (world, run);
  ch_run_next (run);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (ChApplication) application = NULL;
      g_autoptr (ChSecret) passphrase = ch_secret_new ("korrekt-pferd-batterie", 22);
      g_autofree char *serials = NULL;

      run_until (run, steps[i]);
      g_assert_cmpstr (get_step_id (run), ==, steps[i]);
      kill_run (g_steal_pointer (&run));
      ch_world_sit_at (world, "pc");
      ch_world_connect (world);

      /* Until the new one was proved the old one is there, whole */
      serials = list_serials (world);
      application = ch_world_get_application (world, id);
      g_assert_true (strstr (serials, serial) != NULL || application->state == CH_APPLICATION_DONE);
      if (application->state != CH_APPLICATION_DONE)
        g_assert_cmpint (get_state (world, serial), ==, CH_CERTIFICATE_INSTALLED);

      run = ch_catalog_resume (world->ports, application, NULL);
      ch_run_set_secret (run, "passphrase", passphrase);
      ch_run_start (run);
    }

  spin (run);
  g_assert_cmpstr (get_step_id (run), ==, "result");
  left = list_serials (world);
  g_assert_cmpstr (left, ==, ch_run_get_application (run)->certificate);
  g_assert_cmpint (get_state (world, serial), ==, CH_CERTIFICATE_REVOKED);
  g_clear_object (&run);
}

/* At another PC the token is not there: said before anything is handed in, and it goes on where the token is
 */
static void
test_on_another_pc (void)
{
  g_autofree char *serial = NULL;
  g_autoptr (ChWorld) world = enter (&serial);
  g_autoptr (ChRun) run = NULL;
  g_autoptr (ChApplication) application = NULL;
  g_autofree char *id = NULL;

  ch_world_sit_at (world, "other");
  ch_world_connect (world);
  ch_world_log_in (world, "renewer");
  run = begin (world, serial);
  id = g_strdup (ch_run_get_application (run)->id);
  push (world, run);
  g_assert_cmpstr (get_step_id (run), ==, "room");
  g_assert_error (ch_run_get_error (run), CH_ERROR, CH_ERROR_OLD_KEY_ELSEWHERE);
  g_clear_object (&run);

  ch_world_sit_at (world, "pc");
  ch_world_connect (world);
  application = ch_world_get_application (world, id);
  run = ch_catalog_resume (world->ports, application, NULL);
  ch_run_start (run);
  spin (run);
  push_to (world, run, "result");
  g_clear_object (&run);
}

int
main (int argc, char *argv[])
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/renew/by-the-button", test_by_the_button);
  g_test_add_func ("/renew/from-the-list", test_from_the_list);
  g_test_add_func ("/renew/killed-at-each-step", test_killed_at_each_step);
  g_test_add_func ("/renew/on-another-pc", test_on_another_pc);

  return g_test_run ();
}
