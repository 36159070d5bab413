#include "config.h"

#include "ch-world.h"
#include "front/ch-front.h"
#include "ui-hand.h"
#include "ui/ch-confirm-page.h"
#include "ui/ch-documents-page.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-message.h"
#include "ui/ch-form-page.h"
#include "ui/ch-pay-page.h"
#include "ui/ch-pick-window.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-refused-page.h"
#include "ui/ch-result-page.h"
#include "ui/ch-wait-page.h"
#include "ui/ch-wizard.h"
#include "wire/ch-policy.h"

/* A new certificate through the wizard, as a hand does it, against a real CA */

#define PASSPHRASE "a long way to Tianjin"

typedef struct
{
  ChWorld *world;
  ChRun *run;
  GtkWidget *window;
  GtkWidget *wizard;
  guint n_left;
} Desk;

static void
on_leave_cb (ChWizard *wizard, Desk *desk)
{
  desk->n_left++;
}

static void
desk_open (Desk *desk)
{
  ch_run_start (desk->run);
  desk->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (desk->window), 1100, 760);
  desk->wizard = ch_wizard_new (desk->run);
  g_signal_connect (desk->wizard, "leave", G_CALLBACK (on_leave_cb), desk);
  adw_window_set_content (ADW_WINDOW (desk->window), desk->wizard);
  gtk_window_present (GTK_WINDOW (desk->window));
}

static void
desk_set_up (Desk *desk, gconstpointer data)
{
  desk->world = ch_world_new ();
  ch_world_connect (desk->world);
  ch_world_register (desk->world, "wizard", "13800000001");
  ch_world_log_in (desk->world, "wizard");
}

static void
desk_tear_down (Desk *desk, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  g_clear_object (&desk->run);
  ch_world_free (desk->world);
}

static gboolean
is_at (Desk *desk, const char *step)
{
  const ChStep *now = ch_run_get_step (desk->run);

  return now != NULL && g_str_equal (now->id, step) && ch_run_get_state (desk->run) != CH_RUN_BUSY;
}

static void
wait_for_step (Desk *desk, const char *step)
{
  while (!is_at (desk, step))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_page (Desk *desk, GType type)
{
  while (ui_find_type (desk->wizard, type) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
act_outside (Desk *desk, const char *format, const char *id, const char *body)
{
  g_autofree char *path = g_strconcat ("/demo/v1/", format, "/", id, body == NULL ? "/pay" : "/review", NULL);
  g_autofree char *answer = ch_world_demo (desk->world, "POST", path, body != NULL ? body : "{}");

  g_assert_nonnull (answer);
}

static gboolean
match_plan (GtkWidget *widget, gconstpointer id)
{
  return CH_IS_PLAN_ROW (widget) && g_str_equal (ch_plan_row_get_id (CH_PLAN_ROW (widget)), id);
}

static void
choose_plan (Desk *desk, const char *id)
{
  GtkWidget *row = ui_find (desk->wizard, match_plan, id);

  g_assert_nonnull (row);
  ch_plan_row_set_chosen (CH_PLAN_ROW (row), TRUE);
}

static GtkWidget *
find_pick_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (CH_IS_PICK_WINDOW (window) && gtk_widget_get_visible (window))
        return window; /* GTK keeps it */
    }

  return NULL;
}

/* From the row to the window with search, and Enter there takes what fits */
static void
pick (Desk *desk, const char *row_title, const char *text)
{
  GtkWidget *row = ui_find_row (desk->wizard, row_title);
  GtkWidget *window;
  GtkWidget *search;

  g_assert_nonnull (row);
  adw_action_row_activate (ADW_ACTION_ROW (row));
  while ((window = find_pick_window ()) == NULL)
    g_main_context_iteration (NULL, TRUE);

  search = ui_find_type (window, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (search), text);
  g_signal_emit_by_name (search, "activate");
  while (find_pick_window () != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, text);
}

static guint
count_messages (Desk *desk)
{
  return ui_count_type (desk->wizard, CH_TYPE_FIELD_MESSAGE);
}

static void
press_next (Desk *desk)
{
  gtk_widget_activate_action (desk->wizard, "wizard.next", NULL);
}

static void
fill_subject (Desk *desk)
{
  wait_for_step (desk, "subject");
  /* Nothing given yet: each missing field is told, and the run stays */
  press_next (desk);
  g_assert_cmpuint (count_messages (desk), ==, 5);
  g_assert_true (is_at (desk, "subject"));

  ui_type (desk->wizard, "Name of the unit (in full)", " 天津市津海恒达贸易有限公司 ");
  ui_type (desk->wizard, "Unified social credit code", "91350100m000100y4");
  choose_plan (desk, "one-year");
  pick (desk, "Province or municipality", "天津市");
  pick (desk, "City or district", "东丽区");
  press_next (desk);
  g_assert_cmpuint (count_messages (desk), ==, 1);

  /* The message goes while it is being mended; small letters and blanks are mended silently */
  ui_type (desk->wizard, "Unified social credit code", "91350100 m000100y43");
  g_assert_cmpuint (count_messages (desk), ==, 0);
  press_next (desk);
  wait_for_step (desk, "documents");
  g_assert_cmpstr (ch_run_get_answer (desk->run, "unit-code"), ==, "91350100M000100Y43");
  g_assert_cmpstr (ch_run_get_answer (desk->run, "unit-name"), ==, "天津市津海恒达贸易有限公司");
}

static void
fill_documents (Desk *desk)
{
  wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
  press_next (desk);
  g_assert_cmpuint (count_messages (desk), ==, 3);
  ch_world_answer_all (desk->world, desk->run);
  g_assert_cmpuint (count_messages (desk), ==, 0);
  press_next (desk);
  wait_for_step (desk, "handler");
}

static void
pay (Desk *desk)
{
  wait_for_step (desk, "pay");
  wait_for_page (desk, CH_TYPE_PAY_PAGE);
  while (ch_run_get_order (desk->run) == NULL || ch_run_get_order (desk->run)->attempt == NULL)
    g_main_context_iteration (NULL, TRUE);

  /* Said too early: the bar says that nothing has arrived */
  ui_press (desk->wizard, "I have paid");
  while (ui_find_button (desk->wizard, "Try again") == NULL)
    g_main_context_iteration (NULL, TRUE);
  act_outside (desk, "orders", ch_run_get_order (desk->run)->id, NULL);
  wait_for_step (desk, "submit");
}

static void
choose_passphrase (Desk *desk)
{
  wait_for_step (desk, "passphrase");
  wait_for_page (desk, CH_TYPE_FORM_PAGE);
  ui_type_secret (desk->wizard, "Passphrase of the software token", PASSPHRASE);
  ui_type_secret (desk->wizard, "Passphrase of the software token (again)", "another one");
  press_next (desk);
  g_assert_cmpuint (count_messages (desk), ==, 1);
  g_assert_true (is_at (desk, "passphrase"));
  ui_type_secret (desk->wizard, "Passphrase of the software token (again)", PASSPHRASE);
  press_next (desk);
}

static void
test_walk (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  desk->run = ch_catalog_start_business (CH_BUSINESS_APPLY, desk->world->ports, &error);
  g_assert_no_error (error);
  desk_open (desk);

  wait_for_step (desk, "choose");
  press_next (desk);
  g_assert_cmpuint (count_messages (desk), ==, 1);
  choose_plan (desk, "ra-test");
  press_next (desk);
  fill_subject (desk);
  fill_documents (desk);
  press_next (desk);
  pay (desk);

  wait_for_page (desk, CH_TYPE_CONFIRM_PAGE);
  g_assert_nonnull (ui_find_row (desk->wizard, "Mobile number of the handler"));
  ui_press (desk->wizard, "Submit");
  wait_for_page (desk, CH_TYPE_WAIT_PAGE);
  act_outside (desk, "applications", ch_run_get_application (desk->run)->id, "{}");
  choose_passphrase (desk);

  wait_for_page (desk, CH_TYPE_RESULT_PAGE);
  g_assert_nonnull (ui_find_row (desk->wizard, "Serial number"));
  ui_press (desk->wizard, "Home");
  g_assert_cmpuint (desk->n_left, ==, 1);
  g_assert_cmpint (ch_run_get_state (desk->run), ==, CH_RUN_DONE);
}

/* Hands in without the window; what is tested comes after */
static void
hand_in (Desk *desk)
{
  while (!is_at (desk, "review"))
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
  act_outside (
      desk, "applications", ch_run_get_application (desk->run)->id,
      "{\"approve\":false,\"reasons\":[{\"field\":\"licence\",\"reason\":\"review\",\"remark\":\"blurred\"},"
      "{\"field\":\"handler-email\",\"reason\":\"email\"}]}");

  wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  /* The second one first: they may be corrected in any order, and each way leads back */
  ui_press (desk->wizard, "Correct");
  wait_for_step (desk, "handler");
  wait_for_page (desk, CH_TYPE_FORM_PAGE);
  g_assert_cmpuint (count_messages (desk), ==, 1);
  ui_type (desk->wizard, "E-mail of the handler", "new@example.com");
  press_next (desk);
  wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  ui_press (desk->wizard, "Upload again");
  wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
  g_assert_cmpuint (count_messages (desk), ==, 1);
  ch_world_answer_all (desk->world, desk->run);
  press_next (desk);
  wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  ui_press (desk->wizard, "Submit again");
  wait_for_page (desk, CH_TYPE_WAIT_PAGE);
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
  act_outside (desk, "applications", ch_run_get_application (desk->run)->id,
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
  wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (desk->wizard, "Submit again")));

  /* All else is still there */
  ui_press (desk->wizard, "Correct");
  wait_for_page (desk, CH_TYPE_FORM_PAGE);
  g_assert_cmpuint (count_messages (desk), ==, 1);
  ui_type (desk->wizard, "E-mail of the handler", "new@example.com");
  press_next (desk);
  wait_for_page (desk, CH_TYPE_REFUSED_PAGE);
  ui_press (desk->wizard, "Submit again");
  wait_for_page (desk, CH_TYPE_WAIT_PAGE);
}

/* -- Every row of the catalogue -- */

/* The project and the type of certificate that lead from the tile to @flow */
static const char *
find_choice (ChRun *run, const ChFlow *flow, const ChField *field)
{
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (ch_run_get_profile (run), &flow->axes);

  if (field->kind == CH_FIELD_SUBJECT)
    return ch_wire_enum_get_id (&ChSubjectKind_enum, flow->axes.subject);
  g_assert_cmpuint (projects->len, >, 0);
  return ((const ChProject *) projects->pdata[0])->id;
}

/* What is asked for is answered where it is asked: by the row that is called like the field */
static void
fill_field (Desk *desk, const ChFlow *flow, const ChField *field, const char *value)
{
  g_autofree char *again = g_strdup_printf ("%s (again)", field->label);

  switch (field->kind)
    {
    case CH_FIELD_PROJECT:
    case CH_FIELD_SUBJECT:
      choose_plan (desk, find_choice (desk->run, flow, field));
      break;
    case CH_FIELD_TERM:
      choose_plan (desk, value);
      break;
    case CH_FIELD_PROVINCE:
    case CH_FIELD_CITY:
      pick (desk, field->label, value);
      break;
    case CH_FIELD_NEW_SECRET:
      ui_type_secret (desk->wizard, field->label, PASSPHRASE);
      ui_type_secret (desk->wizard, again, PASSPHRASE);
      break;
    case CH_FIELD_CHOICE:
      g_assert_nonnull (ui_find_row (desk->wizard, field->label)); /* the usual one is chosen */
      break;
    default:
      if (!field->optional)
        ui_type (desk->wizard, field->label, value);
    }
}

/* Whichever pages there are, each asks for what it needs */
static void
fill_form (Desk *desk, const ChFlow *flow)
{
  const ChForm *form = ch_run_get_step (desk->run)->form;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  wait_for_page (desk, CH_TYPE_FORM_PAGE);
  ch_world_answer_all (desk->world, desk->run);
  for (gsize i = 0; form->fields[i] != NULL; i++)
    g_ptr_array_add (values, g_strdup (ch_run_get_answer (desk->run, form->fields[i]->id)));

  /* Known by nobody but the hand that types them */
  for (gsize i = 0; form->fields[i] != NULL; i++)
    if (form->fields[i]->kind != CH_FIELD_CHOICE && !ch_field_is_secret (form->fields[i]))
      ch_run_set_answer (desk->run, form->fields[i]->id, "");
  for (gsize i = 0; form->fields[i] != NULL; i++)
    fill_field (desk, flow, form->fields[i], values->pdata[i]);
  press_next (desk);
}

static void
do_step (Desk *desk, const ChFlow *flow)
{
  const ChStep *step = ch_run_get_step (desk->run);

  switch (step->page)
    {
    case CH_PAGE_DOCUMENTS:
      wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
      ch_world_answer_all (desk->world, desk->run);
      press_next (desk);
      break;
    case CH_PAGE_PAY:
      pay (desk);
      break;
    case CH_PAGE_CONFIRM:
      wait_for_page (desk, CH_TYPE_CONFIRM_PAGE);
      ui_press (desk->wizard, "Submit");
      break;
    case CH_PAGE_WAIT:
      wait_for_page (desk, CH_TYPE_WAIT_PAGE);
      act_outside (desk, "applications", ch_run_get_application (desk->run)->id, "{}");
      break;
    default:
      fill_form (desk, flow);
    }
  while (ch_run_get_step (desk->run) == step)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_at_work (Desk *desk)
{
  const ChStep *step = ch_run_get_step (desk->run);

  return (step->flags & CH_STEP_AUTO) != 0 || ch_run_get_state (desk->run) == CH_RUN_BUSY;
}

/* From the tile to the certificate, as each page asks; where the CA makes the medium, until it does so */
static void
walk_row (Desk *desk, const ChFlow *flow)
{
  gboolean is_made_here = ch_profile_is_made_here (ch_ports_get_profile (desk->world->ports), &flow->axes);
  g_autoptr (GError) error = NULL;

  desk->run = ch_catalog_start_business (flow->axes.business, desk->world->ports, &error);
  g_assert_no_error (error);
  desk_open (desk);
  while (!is_at (desk, is_made_here ? "made" : "result"))
    {
      g_assert_no_error (ch_run_get_error (desk->run));
      if (is_at_work (desk))
        g_main_context_iteration (NULL, TRUE);
      else
        do_step (desk, flow);
    }

  wait_for_page (desk, is_made_here ? CH_TYPE_WAIT_PAGE : CH_TYPE_RESULT_PAGE);
  g_assert_nonnull (ui_find_row (desk->wizard, is_made_here ? "Make the USB key" : "Serial number"));
  g_assert_true (ch_run_get_flow (desk->run) == flow);
  g_assert_cmpint (ch_run_get_application (desk->run)->state, ==,
                   is_made_here ? CH_APPLICATION_APPROVED : CH_APPLICATION_DONE);
  gtk_window_destroy (GTK_WINDOW (desk->window));
  g_clear_object (&desk->run);
}

/* One CA and one account for all of them: whoever has a certificate may apply for the next */
static void
test_rows (void)
{
  Desk desk = { 0 };
  guint n;
  const ChFlow *const *flows = ch_catalog_get (&n);
  guint n_walked = 0;

  desk_set_up (&desk, NULL);
  for (guint i = 0; i < n; i++)
    /* A download begins with a code of the staff: test-download.py. A renewal with a certificate that ends:
     * test-renewal.py. */
    if (flows[i]->axes.business == CH_BUSINESS_APPLY
        && ch_profile_offers (ch_ports_get_profile (desk.world->ports), &flows[i]->axes))
      {
        g_test_message ("%s", flows[i]->id);
        walk_row (&desk, flows[i]);
        n_walked++;
      }
  g_assert_cmpuint (n_walked, >=, 12);
  ch_world_free (desk.world);
}

int
main (int argc, char *argv[])
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_begin ();

  g_test_add ("/wizard/walk", Desk, NULL, desk_set_up, test_walk, desk_tear_down);
  g_test_add_func ("/wizard/rows", test_rows);
  g_test_add ("/wizard/refused", Desk, NULL, desk_set_up, test_refused, desk_tear_down);
  g_test_add ("/wizard/resumed", Desk, NULL, desk_set_up, test_resumed, desk_tear_down);

  return g_test_run ();
}
