#include "config.h"

#include "front/ch-front.h"
#include "ui/ch-confirm-page.h"
#include "ui/ch-documents-page.h"
#include "ui/ch-form-page.h"
#include "ui/ch-refused-page.h"
#include "ui/ch-result-page.h"
#include "ui/ch-wait-page.h"
#include "wizard-desk.h"

/* A new certificate through the wizard, as a hand does it, against a real CA */

static void
desk_set_up (Desk *desk, gconstpointer data)
{
  desk->world = ch_world_new ();
  desk_connect (desk);
}

static void
desk_tear_down (Desk *desk, gconstpointer data)
{
  desk_close (desk);
  ch_world_free (desk->world);
}

static void
fill_subject (Desk *desk)
{
  desk_wait_for_step (desk, "subject");
  /* Nothing given yet: each missing field is told, and the run stays */
  desk_press_next (desk);
  g_assert_cmpuint (desk_count_messages (desk), ==, 5);
  g_assert_true (desk_is_at (desk, "subject"));

  ui_type (desk->wizard, "Name of the unit (in full)", " 天津市津海恒达贸易有限公司 ");
  ui_type (desk->wizard, "Unified social credit code", "91350100m000100y4");
  desk_choose_plan (desk, "one-year");
  desk_pick (desk, "Province or municipality", "天津市");
  desk_pick (desk, "City or district", "东丽区");
  desk_press_next (desk);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);

  /* The message goes while it is being mended; small letters and blanks are mended silently */
  ui_type (desk->wizard, "Unified social credit code", "91350100 m000100y43");
  g_assert_cmpuint (desk_count_messages (desk), ==, 0);
  desk_press_next (desk);
  desk_wait_for_step (desk, "documents");
  g_assert_cmpstr (ch_run_get_answer (desk->run, "unit-code"), ==, "91350100M000100Y43");
  g_assert_cmpstr (ch_run_get_answer (desk->run, "unit-name"), ==, "天津市津海恒达贸易有限公司");
}

static void
fill_documents (Desk *desk)
{
  desk_wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
  desk_press_next (desk);
  g_assert_cmpuint (desk_count_messages (desk), ==, 3);
  ch_world_answer_all (desk->world, desk->run);
  g_assert_cmpuint (desk_count_messages (desk), ==, 0);
  desk_press_next (desk);
  desk_wait_for_step (desk, "handler");
}

static void
choose_passphrase (Desk *desk)
{
  desk_wait_for_step (desk, "passphrase");
  desk_wait_for_page (desk, CH_TYPE_FORM_PAGE);
  ui_type_secret (desk->wizard, "Passphrase of the software token", DESK_PASSPHRASE);
  ui_type_secret (desk->wizard, "Passphrase of the software token (again)", "another one");
  desk_press_next (desk);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);
  g_assert_true (desk_is_at (desk, "passphrase"));
  ui_type_secret (desk->wizard, "Passphrase of the software token (again)", DESK_PASSPHRASE);
  desk_press_next (desk);
}

static void
test_walk (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  desk->run = ch_catalog_start_business (CH_BUSINESS_APPLY, desk->world->ports, &error);
  g_assert_no_error (error);
  desk_open (desk);

  desk_wait_for_step (desk, "choose");
  desk_press_next (desk);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);
  desk_choose_plan (desk, "ra-test");
  desk_press_next (desk);
  fill_subject (desk);
  fill_documents (desk);
  desk_press_next (desk);
  desk_pay (desk);
  desk_wait_for_step (desk, "submit");

  desk_wait_for_page (desk, CH_TYPE_CONFIRM_PAGE);
  g_assert_nonnull (ui_find_row (desk->wizard, "Mobile number of the handler"));
  ui_press (desk->wizard, "Submit");
  desk_wait_for_page (desk, CH_TYPE_WAIT_PAGE);
  desk_act_outside (desk, "applications", ch_run_get_application (desk->run)->id, "{}");
  choose_passphrase (desk);

  desk_wait_for_page (desk, CH_TYPE_RESULT_PAGE);
  g_assert_nonnull (ui_find_row (desk->wizard, "Serial number"));
  ui_press (desk->wizard, "Home");
  g_assert_cmpuint (desk->n_left, ==, 1);
  g_assert_cmpint (ch_run_get_state (desk->run), ==, CH_RUN_DONE);
}

/* Hands in without the window; what is tested comes after */
static void
hand_in (Desk *desk)
{
  while (!desk_is_at (desk, "review"))
    {
      ch_world_answer_all (desk->world, desk->run);
      ch_run_next (desk->run);
      while (ch_run_get_state (desk->run) == CH_RUN_BUSY)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_refused (Desk *desk, gconstpointer data)
{
  desk->run = ch_catalog_start ("apply.enterprise.soft.enterprise-pay", desk->world->ports, NULL);
  desk_open (desk);
  hand_in (desk);
  desk_act_outside (
      desk, "applications", ch_run_get_application (desk->run)->id,
      "{\"approve\":false,\"reasons\":[{\"field\":\"licence\",\"reason\":\"review\",\"remark\":\"blurred\"},"
      "{\"field\":\"handler-email\",\"reason\":\"email\"}]}");

  desk_wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  /* The second one first: they may be corrected in any order, and each way leads back */
  ui_press (desk->wizard, "Correct");
  desk_wait_for_step (desk, "handler");
  desk_wait_for_page (desk, CH_TYPE_FORM_PAGE);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);
  ui_type (desk->wizard, "E-mail of the handler", "new@example.com");
  desk_press_next (desk);
  desk_wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  ui_press (desk->wizard, "Upload again");
  desk_wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);
  ch_world_answer_all (desk->world, desk->run);
  desk_press_next (desk);
  desk_wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  ui_press (desk->wizard, "Submit again");
  desk_wait_for_page (desk, CH_TYPE_WAIT_PAGE);
}

static void
on_resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Desk *desk = user_data;

  desk->run = ch_front_resume_finish (CH_FRONT (source), result, NULL);
  g_assert_nonnull (desk->run);
}

/* From the list, as after the days of the review: nothing of the first run is left but what the server has */
static void
test_resumed (Desk *desk, gconstpointer data)
{
  g_autoptr (ChFront) front = ch_front_new (desk->world->ports);
  GListModel *list = G_LIST_MODEL (ch_front_get_applications (front));
  g_autoptr (ChApplicationItem) item = NULL;

  desk->run = ch_catalog_start ("apply.enterprise.soft.enterprise-pay", desk->world->ports, NULL);
  desk_open (desk);
  hand_in (desk);
  desk_act_outside (desk, "applications", ch_run_get_application (desk->run)->id,
                    "{\"approve\":false,\"reasons\":[{\"field\":\"handler-email\",\"reason\":\"email\"}]}");
  gtk_window_destroy (GTK_WINDOW (desk->window));
  g_clear_object (&desk->run);

  ch_front_refresh (front);
  while (g_list_model_get_n_items (list) == 0)
    g_main_context_iteration (NULL, TRUE);
  item = g_list_model_get_item (list, 0);
  g_assert_false (ch_application_item_has_details (item));
  ch_front_resume_async (front, item, NULL, on_resumed_cb, desk);
  while (desk->run == NULL)
    g_main_context_iteration (NULL, TRUE);
  desk_open (desk);
  desk_wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  /* All else is still there */
  ui_press (desk->wizard, "Correct");
  desk_wait_for_page (desk, CH_TYPE_FORM_PAGE);
  g_assert_cmpuint (desk_count_messages (desk), ==, 1);
  ui_type (desk->wizard, "E-mail of the handler", "new@example.com");
  desk_press_next (desk);
  desk_wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  ui_press (desk->wizard, "Submit again");
  desk_wait_for_page (desk, CH_TYPE_WAIT_PAGE);
}

int
main (int argc, char *argv[])
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_begin ();

  g_test_add ("/wizard/walk", Desk, NULL, desk_set_up, test_walk, desk_tear_down);
  g_test_add ("/wizard/refused", Desk, NULL, desk_set_up, test_refused, desk_tear_down);
  g_test_add ("/wizard/resumed", Desk, NULL, desk_set_up, test_resumed, desk_tear_down);

  return g_test_run ();
}
