#include "config.h"

#include "base/ch-error.h"
#include "ui/ch-field-message.h"
#include "ui/ch-pay-page.h"
#include "ui/ch-pick-window.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-wizard.h"
#include "wizard-desk.h"

/* Nothing here takes so long: who waits longer waits for ever */
#define PATIENCE_S 240

static void
on_leave_cb (ChWizard *wizard, Desk *desk)
{
  desk->n_left++;
}

/* Of a world that is there, as whoever has just got an account */
void
desk_connect (Desk *desk)
{
  ch_world_connect (desk->world);
  ch_world_register (desk->world, "wizard", "13800000001");
  ch_world_log_in (desk->world, "wizard");
}

void
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

void
desk_close (Desk *desk)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  g_clear_object (&desk->run);
}

/* -- Waiting -- */

static gboolean
match_message (GtkWidget *widget, gconstpointer data)
{
  return CH_IS_FIELD_MESSAGE (widget);
}

static gboolean
match_label (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget);
}

/* Where it stands, and why: what the test ends with */
static char *
describe (Desk *desk)
{
  static const char *const states[] = { "ready", "busy", "resting", "failed", "done" };
  const ChStep *step = ch_run_get_step (desk->run);
  const GError *error = ch_run_get_error (desk->run);
  GtkWidget *message = ui_find (desk->wizard, match_message, NULL);
  GtkWidget *label = message != NULL ? ui_find (message, match_label, NULL) : NULL;

  return g_strdup_printf ("%s, step %s, %s: %s (%s)%s%s", ch_run_get_flow (desk->run)->id,
                          step != NULL ? step->id : "after the last", states[ch_run_get_state (desk->run)],
                          error != NULL ? ch_error_get_info (error)->id : "no failure",
                          error != NULL ? error->message : "-", label != NULL ? ", the page says: " : "",
                          label != NULL ? gtk_label_get_label (GTK_LABEL (label)) : "");
}

/* Ends the test with the step it stands at and the failure's id */
void
desk_fail (Desk *desk, const char *what)
{
  g_autofree char *now = describe (desk);

  g_error ("waiting for %s: %s", what, now);
}

static gboolean
match_dialog (GtkWidget *widget, gconstpointer data)
{
  return ADW_IS_MESSAGE_DIALOG (widget) && gtk_widget_get_mapped (widget);
}

/* The question for the PIN of a USB key is answered whenever it comes */
static void
answer_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkWidget *row;

      if (!match_dialog (window, NULL) || (row = ui_find_type (window, CH_TYPE_SECRET_ROW)) == NULL)
        continue;
      ui_type_secret (window, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)),
                      ui_find_row (window, "PIN") != NULL ? DESK_PIN : DESK_PASSPHRASE);
      ui_press (window, "Continue");
      return;
    }
}

static gboolean
on_late_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Until it is so; when the run fails it never will be */
void
desk_wait (Desk *desk, const char *what, DeskCondition is_so, gconstpointer data)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add_seconds (PATIENCE_S, on_late_cb, &is_late);

  while (!is_so (desk, data))
    {
      if (is_late || ch_run_get_state (desk->run) == CH_RUN_FAILED)
        desk_fail (desk, what);
      answer_question ();
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (timer);
}

gboolean
desk_is_at (Desk *desk, gconstpointer step)
{
  const ChStep *now = ch_run_get_step (desk->run);

  return now != NULL && g_str_equal (now->id, step) && ch_run_get_state (desk->run) != CH_RUN_BUSY;
}

void
desk_wait_for_step (Desk *desk, const char *step)
{
  desk_wait (desk, step, desk_is_at, step);
}

static gboolean
has_type (Desk *desk, gconstpointer type)
{
  return ui_find_type (desk->wizard, *(const GType *) type) != NULL;
}

void
desk_wait_for_page (Desk *desk, GType type)
{
  desk_wait (desk, g_type_name (type), has_type, &type);
}

/* -- Other people -- */

void
desk_act_outside (Desk *desk, const char *format, const char *id, const char *body)
{
  g_autofree char *path = g_strconcat ("/demo/v1/", format, "/", id, body == NULL ? "/pay" : "/review", NULL);
  g_autofree char *answer = ch_world_demo (desk->world, "POST", path, body != NULL ? body : "{}");

  g_assert_nonnull (answer);
}

void
desk_review (Desk *desk)
{
  desk_act_outside (desk, "applications", ch_run_get_application (desk->run)->id, "{}");
}

/* -- Hands -- */

static gboolean
match_plan (GtkWidget *widget, gconstpointer id)
{
  return CH_IS_PLAN_ROW (widget) && g_str_equal (ch_plan_row_get_id (CH_PLAN_ROW (widget)), id);
}

static gboolean
has_plan (Desk *desk, gconstpointer id)
{
  return ui_find (desk->wizard, match_plan, id) != NULL;
}

void
desk_choose_plan (Desk *desk, const char *id)
{
  desk_wait (desk, id, has_plan, id);
  ch_plan_row_set_chosen (CH_PLAN_ROW (ui_find (desk->wizard, match_plan, id)), TRUE);
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

static gboolean
is_picking (Desk *desk, gconstpointer data)
{
  return find_pick_window () != NULL;
}

static gboolean
is_not_picking (Desk *desk, gconstpointer data)
{
  return find_pick_window () == NULL;
}

/* From the row to the window with search, and Enter there takes what fits */
void
desk_pick (Desk *desk, const char *row_title, const char *text)
{
  GtkWidget *row = ui_find_row (desk->wizard, row_title);
  GtkWidget *search;

  g_assert_nonnull (row);
  adw_action_row_activate (ADW_ACTION_ROW (row));
  desk_wait (desk, "the list to pick from", is_picking, NULL);

  search = ui_find_type (find_pick_window (), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (search), text);
  g_signal_emit_by_name (search, "activate");
  desk_wait (desk, "the end of the list", is_not_picking, NULL);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, text);
}

guint
desk_count_messages (Desk *desk)
{
  return ui_count_type (desk->wizard, CH_TYPE_FIELD_MESSAGE);
}

void
desk_press_next (Desk *desk)
{
  gtk_widget_activate_action (desk->wizard, "wizard.next", NULL);
}

static gboolean
has_code (Desk *desk, gconstpointer data)
{
  return ch_run_get_order (desk->run) != NULL && ch_run_get_order (desk->run)->attempt != NULL;
}

static gboolean
is_said (Desk *desk, gconstpointer data)
{
  return ui_find_button (desk->wizard, "Try again") != NULL;
}

/* Said too early, the bar says that nothing has arrived; then it arrives */
void
desk_pay (Desk *desk)
{
  desk_wait_for_step (desk, "pay");
  desk_wait_for_page (desk, CH_TYPE_PAY_PAGE);
  desk_wait (desk, "a code to pay by", has_code, NULL);
  ui_press (desk->wizard, "I have paid");
  desk_wait (desk, "nothing to have arrived", is_said, NULL);
  desk_act_outside (desk, "orders", ch_run_get_order (desk->run)->id, NULL);
}
