#include "config.h"

#include <string.h>

#include "flow/ch-choice.h"
#include "token/token-world.h"
#include "ui/ch-asker-dialog.h"
#include "ui/ch-confirm-page.h"
#include "ui/ch-documents-page.h"
#include "ui/ch-form-page.h"
#include "ui/ch-result-page.h"
#include "ui/ch-wait-page.h"
#include "wire/ch-policy.h"
#include "wizard-desk.h"

/* Every row of the catalogue through the wizard, as a hand does it, against a real CA: a certificate of each
 * kind is made, and all that can be done about one is done with it, one after the other. The seed decides
 * whose turn it is; at length it is everybody’s. */

/* In this order: what is made first the others are about, until it is revoked */
static const ChBusiness businesses[] = {
  CH_BUSINESS_APPLY,  CH_BUSINESS_CHANGE_HANDLER, CH_BUSINESS_RENEW,
  CH_BUSINESS_CHANGE, CH_BUSINESS_REPLACE,        CH_BUSINESS_REVOKE,
};

/* What is not walked here, and where it is */
static const struct
{
  ChBusiness business;
  const char *why;
} elsewhere[] = {
  { CH_BUSINESS_DOWNLOAD, "begins with a code of support: download-window, ukey-download-window" },
  { CH_BUSINESS_UNLOCK, "begins with a locked key that the CA has the SO PIN of: ukey-unlock-window" },
};

#define N_KINDS (CH_N_SUBJECTS * CH_N_SETTLEMENTS)

typedef struct
{
  Desk desk;
  ChSubjectKind subject; /* of the certificate in hand */
  ChSettlement settlement;
  ChMedium medium;
  char *certificate; /* (owned) (nullable): its serial */
  guint n_walked;
} Walk;

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

/* The newest code that came to whoever is the handler now */
static char *
read_code (Desk *desk)
{
  g_autofree char *path
      = g_strconcat ("/demo/v1/sms?mobile=", ch_run_get_answer (desk->run, "handler-mobile"), NULL);
  g_autofree char *answer = ch_world_demo (desk->world, "GET", path, NULL);
  const char *code = answer != NULL ? strstr (answer, "\"code\":\"") : NULL;

  if (code == NULL)
    g_error ("no code came to %s: %s", path, answer);
  return g_strndup (code + strlen ("\"code\":\""), 6);
}

static void
choose_first (Desk *desk, const ChField *field)
{
  GtkWidget *row = ui_find_row (desk->wizard, field->label);

  g_assert_nonnull (row);
  if (field->initial == NULL)
    {
      g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, GTK_INVALID_LIST_POSITION);
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
    }
}

/* Of two keys that are plugged in, the first */
static void
choose_medium (Desk *desk, const ChField *field)
{
  g_autoptr (GPtrArray) media = ch_run_list_choices (desk->run, field);

  g_assert_cmpuint (media->len, ==, 2);
  desk_choose_plan (desk, ((const ChChoice *) media->pdata[0])->id);
}

/* What is asked for is answered where it is asked: by the row that is called like the field */
static void
fill_field (Walk *self, const ChFlow *flow, const ChField *field, const char *value)
{
  Desk *desk = &self->desk;
  g_autofree char *again = g_strdup_printf ("%s (again)", field->label);
  g_autofree char *code = field->kind == CH_FIELD_SMS_CODE ? read_code (desk) : NULL;

  switch (field->kind)
    {
    case CH_FIELD_CERTIFICATE:
      desk_choose_plan (desk, self->certificate);
      break;
    case CH_FIELD_MEDIUM:
      choose_medium (desk, field);
      break;
    case CH_FIELD_SMS_CODE:
      ui_type_secret (desk->wizard, field->label, code);
      break;
    case CH_FIELD_PROJECT:
    case CH_FIELD_SUBJECT:
      desk_choose_plan (desk, find_choice (desk->run, flow, field));
      break;
    case CH_FIELD_TERM:
      desk_choose_plan (desk, value);
      break;
    case CH_FIELD_PROVINCE:
    case CH_FIELD_CITY:
      desk_pick (desk, field->label, value);
      break;
    case CH_FIELD_NEW_SECRET:
      ui_type_secret (desk->wizard, field->label, DESK_PASSPHRASE);
      ui_type_secret (desk->wizard, again, DESK_PASSPHRASE);
      break;
    case CH_FIELD_CHOICE:
      choose_first (desk, field);
      break;
    default:
      if (!field->optional)
        ui_type (desk->wizard, field->label, value);
    }
}

/* A change is one: what stands there already is refused */
static void
answer_otherwise (Desk *desk, const ChForm *form)
{
  static const char *const others[][2] = {
    { "unit-name", "天津市滨海数字认证更名单位" },
    { "person-name", "赵六" },
    { "handler-mobile", "13900000001" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    for (gsize j = 0; form->fields[j] != NULL; j++)
      if (g_str_equal (form->fields[j]->id, others[i][0]))
        ch_run_set_answer (desk->run, others[i][0], others[i][1]);
}

/* Whichever pages there are, each asks for what it needs */
static void
fill_form (Walk *self, const ChFlow *flow)
{
  Desk *desk = &self->desk;
  const ChForm *form = ch_run_get_step (desk->run)->form;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  desk_wait_for_page (desk, CH_TYPE_FORM_PAGE);
  ch_world_answer_all (desk->world, desk->run);
  if (ch_business_changes (flow->axes.business) == form->fact)
    answer_otherwise (desk, form);
  for (gsize i = 0; form->fields[i] != NULL; i++)
    g_ptr_array_add (values, g_strdup (ch_run_get_answer (desk->run, form->fields[i]->id)));

  /* Known by nobody but the hand that types them */
  for (gsize i = 0; form->fields[i] != NULL; i++)
    if (form->fields[i]->kind != CH_FIELD_CHOICE && !ch_field_is_secret (form->fields[i]))
      ch_run_set_answer (desk->run, form->fields[i]->id, "");
  for (gsize i = 0; form->fields[i] != NULL; i++)
    fill_field (self, flow, form->fields[i], values->pdata[i]);
  desk_press_next (desk);
}

static gboolean
has_left (Desk *desk, gconstpointer step)
{
  return ch_run_get_step (desk->run) != step;
}

static void
do_step (Walk *self, const ChFlow *flow)
{
  Desk *desk = &self->desk;
  const ChStep *step = ch_run_get_step (desk->run);

  switch (step->page)
    {
    case CH_PAGE_DOCUMENTS:
      desk_wait_for_page (desk, CH_TYPE_DOCUMENTS_PAGE);
      ch_world_answer_all (desk->world, desk->run);
      desk_press_next (desk);
      break;
    case CH_PAGE_PAY:
      desk_pay (desk);
      break;
    case CH_PAGE_CONFIRM:
      desk_wait_for_page (desk, CH_TYPE_CONFIRM_PAGE);
      ui_press (desk->wizard, "Submit");
      break;
    case CH_PAGE_WAIT:
      desk_wait_for_page (desk, CH_TYPE_WAIT_PAGE);
      desk_review (desk);
      break;
    default:
      fill_form (self, flow);
    }

  /* Where the page itself has kept somebody, nothing would ever come */
  if (ch_run_get_step (desk->run) == step && desk_count_messages (desk) > 0)
    desk_fail (desk, "a page without mistakes");
  desk_wait (desk, "the next step", has_left, step);
}

static gboolean
is_at_work (Desk *desk)
{
  const ChStep *step = ch_run_get_step (desk->run);

  return (step->flags & CH_STEP_AUTO) != 0 || ch_run_get_state (desk->run) == CH_RUN_BUSY;
}

static gboolean
is_asked (Desk *desk, gconstpointer data)
{
  return !is_at_work (desk);
}

static gboolean
is_over (Desk *desk)
{
  const ChStep *step = ch_run_get_step (desk->run);

  return step->page == CH_PAGE_RESULT || g_str_equal (step->id, "made");
}

/* From the tile to the end, as each page asks; where the CA makes the medium, until it does so */
static void
walk_row (Walk *self, const ChFlow *flow)
{
  Desk *desk = &self->desk;
  gboolean makes = ch_business_makes_certificate (flow->axes.business);
  gboolean is_made_here
      = makes && ch_profile_is_made_here (ch_ports_get_profile (desk->world->ports), &flow->axes);
  g_autoptr (GError) error = NULL;

  desk->run = ch_catalog_start_business (flow->axes.business, desk->world->ports, &error);
  g_assert_no_error (error);
  desk_open (desk);
  for (desk_wait (desk, "a page", is_asked, NULL); !is_over (desk);
       desk_wait (desk, "a page", is_asked, NULL))
    do_step (self, flow);

  desk_wait_for_page (desk, is_made_here ? CH_TYPE_WAIT_PAGE : CH_TYPE_RESULT_PAGE);
  if (makes)
    g_assert_nonnull (ui_find_row (desk->wizard, is_made_here ? "Make the USB key" : "Serial number"));
  g_assert_true (ch_run_get_flow (desk->run) == flow);
  g_assert_cmpint (ch_run_get_application (desk->run)->state, ==,
                   is_made_here ? CH_APPLICATION_APPROVED : CH_APPLICATION_DONE);
  if (makes && !is_made_here)
    {
      g_free (self->certificate);
      self->certificate = g_strdup (ch_run_get_application (desk->run)->certificate);
    }
  self->n_walked++;
  g_test_message ("%s", flow->id);
  desk_close (desk);
}

/* All that is offered about one certificate, from its application to its end */
static void
walk_kind (Walk *self, guint kind, ChMedium medium)
{
  ChAxes axes
      = { .medium = medium, .subject = kind / CH_N_SETTLEMENTS, .settlement = kind % CH_N_SETTLEMENTS };

  g_clear_pointer (&self->certificate, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (businesses); i++)
    {
      g_autofree char *id = NULL;

      axes.business = businesses[i];
      if (!ch_profile_offers (ch_ports_get_profile (self->desk.world->ports), &axes))
        continue;
      id = ch_axes_format (&axes);
      walk_row (self, ch_catalog_lookup (id));
    }
}

/* All at length. Else certificates of all three on software tokens, and of one on USB keys, each settled in
 * one way or the other */
static gboolean
is_turn (guint kind, ChMedium medium)
{
  static gint turn = -1;
  guint subject = kind / CH_N_SETTLEMENTS;

  if (turn < 0)
    turn = g_test_rand_int_range (0, N_KINDS);
  if (g_getenv ("CERTHALL_LONG") != NULL)
    return TRUE;
  return kind % CH_N_SETTLEMENTS == (subject + (guint) turn) % CH_N_SETTLEMENTS
         && (medium == CH_MEDIUM_SOFT || subject == (guint) turn % CH_N_SUBJECTS);
}

static guint n_walked;

/* The keys of the people who have them in hand: two are plugged in, so that it is asked which one is meant */
static void
plug_keys_in (Desk *desk)
{
  g_autofree char *first = token_world_make_softhsm (desk->world->dir, "First key");
  g_autofree char *second = token_world_make_softhsm (desk->world->dir, "Second key");

  desk->world->media = token_world_open_module (desk->world->dir, first, 20000);
  token_world_settle (desk->world->media);
  ch_world_sit_at (desk->world, "pc");
}

static void
test_rows (gconstpointer data)
{
  /* What is made is renewed at once, and its handler confirms twice within a minute */
  static const char *const changes[][2] = {
    { "\"made-here\": [\"ukey\"]", "\"made-here\": []" },
    { "\"renew-days\": 90", "\"renew-days\": 400" },
    { "\"sms-again\": 60", "\"sms-again\": 0" },
    { "\"sms-per-day\": 10", "\"sms-per-day\": 1000" },
    { NULL, NULL },
  };
  ChMedium medium = GPOINTER_TO_INT (data);
  Walk walk = { 0 };
  Desk *desk = &walk.desk;
  g_autoptr (AdwApplication) application
      = adw_application_new ("org.certhall.Rows", G_APPLICATION_NON_UNIQUE);
  g_autoptr (GTlsInteraction) asker = ch_asker_dialog_new (GTK_APPLICATION (application));

  desk->world = ch_world_new ();
  ch_world_change_profile_all (desk->world, changes);
  if (medium == CH_MEDIUM_UKEY)
    plug_keys_in (desk);
  ch_ports_set_asker (desk->world->ports, asker);
  desk_connect (desk);

  for (guint kind = 0; kind < N_KINDS; kind++)
    if (is_turn (kind, medium))
      walk_kind (&walk, kind, medium);
  n_walked += walk.n_walked;
  g_free (walk.certificate);
  ch_world_free (desk->world);
}

/* As the CA is shipped, it makes the keys itself: what is applied for is waited for */
static void
test_made_here (void)
{
  Walk walk = { 0 };
  ChAxes axes = { .business = CH_BUSINESS_APPLY, .medium = CH_MEDIUM_UKEY };

  walk.desk.world = ch_world_new ();
  desk_connect (&walk.desk);
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (is_turn (kind, CH_MEDIUM_UKEY))
      {
        g_autofree char *id = NULL;

        axes.subject = kind / CH_N_SETTLEMENTS;
        axes.settlement = kind % CH_N_SETTLEMENTS;
        id = ch_axes_format (&axes);
        walk_row (&walk, ch_catalog_lookup (id));
      }
  ch_world_free (walk.desk.world);
}

/* Each row is walked above, or by somebody who is named here: a business that nobody knows is noticed */
static void
test_all (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autofree char *shipped = NULL;
  guint n, n_here = 0;
  const ChFlow *const *flows = ch_catalog_get (&n);

  g_assert_true (g_file_get_contents (path, &shipped, NULL, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", flows[i]->id);
      const char *why = strstr (shipped, quoted) == NULL ? "is not offered as shipped"
                        : flows[i]->axes.medium == CH_MEDIUM_PHONE
                            ? "is done with a phone: phone-rows, phone-window"
                            : NULL;
      gboolean is_here = FALSE;

      for (gsize j = 0; why == NULL && j < G_N_ELEMENTS (elsewhere); j++)
        why = elsewhere[j].business == flows[i]->axes.business ? elsewhere[j].why : NULL;
      for (gsize j = 0; j < G_N_ELEMENTS (businesses); j++)
        is_here |= businesses[j] == flows[i]->axes.business;
      if (why != NULL)
        g_test_message ("not walked here: %s %s", flows[i]->id, why);
      else if (is_here)
        n_here++;
      else
        g_error ("nobody walks %s", flows[i]->id);
    }

  g_test_message ("%u of %u rows were walked, by turns of the seed", n_walked, n_here);
  if (g_getenv ("CERTHALL_LONG") != NULL)
    g_assert_cmpuint (n_walked, ==, n_here);
}

int
main (int argc, char *argv[])
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_begin ();

  g_test_add_data_func ("/wizard/rows/soft", GINT_TO_POINTER (CH_MEDIUM_SOFT), test_rows);
  g_test_add_data_func ("/wizard/rows/ukey", GINT_TO_POINTER (CH_MEDIUM_UKEY), test_rows);
  g_test_add_func ("/wizard/rows/made-here", test_made_here);
  g_test_add_func ("/wizard/rows/all", test_all);
  return g_test_run ();
}
