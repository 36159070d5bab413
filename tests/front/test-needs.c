#include "config.h"

#include <string.h>

#include "base/ch-file.h"
#include "front/ch-needs.h"
#include "steps/ch-catalog.h"
#include "wire/ch-policy.h"

typedef void (*FlowFunc) (const ChFlow *flow, const ChProfile *profile);

/* Every row of the catalogue against every profile that is shipped, offered there or not */
static void
with_flows (FlowFunc func)
{
  g_autofree char *dir_path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", NULL);
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  guint n_flows = 0, n_profiles = 0;
  const ChFlow *const *flows = ch_catalog_get (&n_flows);
  const char *name;

  g_assert_nonnull (dir);
  g_assert_cmpuint (n_flows, >, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir_path, name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (ChProfile) profile = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      bytes = ch_file_read (path, 1 << 20, &error);
      g_assert_no_error (error);
      profile = ch_wire_decode (&ChProfile_wire, bytes, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < n_flows; i++)
        if (flows[i]->axes.business != CH_BUSINESS_DOWNLOAD) /* a code is all it takes */
          func (flows[i], profile);
      n_profiles++;
    }
  g_assert_cmpuint (n_profiles, >, 0);
}

static const ChNeed *
find (GPtrArray *needs, ChNeedPart part, const char *id)
{
  for (guint i = 0; i < needs->len; i++)
    {
      const ChNeed *need = needs->pdata[i];

      if (need->part == part && g_str_equal (need->id, id))
        return need;
    }
  return NULL;
}

static guint
count (GPtrArray *needs, ChNeedPart part)
{
  guint n = 0;

  for (guint i = 0; i < needs->len; i++)
    n += ((const ChNeed *) needs->pdata[i])->part == part;
  return n;
}

static void
check_documents (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) needs = ch_needs_list (flow, profile);
  const char *business = ch_wire_enum_get_id (&ChBusiness_enum, flow->axes.business);
  const char *subject = ch_wire_enum_get_id (&ChSubjectKind_enum, flow->axes.subject);
  guint n = 0;

  for (guint i = 0; i < profile->documents->len; i++)
    {
      const ChDocumentRule *rule = profile->documents->pdata[i];
      const ChNeed *need = find (needs, CH_NEED_DOCUMENTS, rule->id);

      if (!g_strv_contains ((const char *const *) rule->businesses, business)
          || !g_strv_contains ((const char *const *) rule->subjects, subject))
        {
          g_assert_null (need);
          continue;
        }
      n++;
      g_assert_nonnull (need);
      g_assert_cmpstr (need->title, ==, ch_text_get (rule->name));
      g_assert_true (need->optional == !rule->required);
      /* What it must look like, its seal with it; its kinds; its size */
      g_assert_nonnull (strstr (need->detail, ch_text_get (rule->note)));
      for (gsize j = 0; rule->formats[j] != NULL; j++)
        g_assert_nonnull (strstr (need->detail, rule->formats[j]));
      g_assert_nonnull (strstr (need->detail, rule->max_bytes == 2097152 ? "2.0 MB" : "20.0 MB"));
    }
  g_assert_cmpuint (count (needs, CH_NEED_DOCUMENTS), ==, n);
}

static void
test_documents (void)
{
  with_flows (check_documents);
}

/* Whatever the form of a step has typed in is told before, and nothing secret */
static void
check_data (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) needs = ch_needs_list (flow, profile);
  g_autoptr (GPtrArray) steps = ch_flow_list_steps (flow, profile);

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      for (gsize j = 0; step->form != NULL && step->form->fields[j] != NULL; j++)
        {
          const ChField *field = step->form->fields[j];
          const ChNeed *need = find (needs, CH_NEED_DATA, field->id);

          if (ch_field_is_secret (field) || field->kind == CH_FIELD_CHOICE)
            g_assert_null (need);
          if (field->kind == CH_FIELD_CODE || field->kind == CH_FIELD_MOBILE)
            g_assert_nonnull (need);
          g_assert_true (need == NULL || need->optional == field->optional);
        }
    }
  /* Who renews has told it all before */
  if (flow->axes.business != CH_BUSINESS_APPLY)
    return;
  g_assert_nonnull (find (needs, CH_NEED_DATA, "handler-mobile"));
  if (flow->axes.subject == CH_SUBJECT_ENTERPRISE)
    g_assert_nonnull (find (needs, CH_NEED_DATA, "unit-code"));
}

static void
test_data (void)
{
  with_flows (check_data);
}

static void
check_price (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) needs = ch_needs_list (flow, profile);
  gboolean is_paid = flow->axes.settlement == CH_SETTLEMENT_SELF_PAY;
  guint n = 0;

  /* What costs nothing says so, once */
  if (!ch_profile_charges (profile, flow->axes.business))
    {
      g_assert_cmpuint (count (needs, CH_NEED_PRICE), ==, 1);
      g_assert_nonnull (find (needs, CH_NEED_PRICE, "free"));
      return;
    }
  for (guint i = 0; i < profile->projects->len; i++)
    {
      const ChProject *project = profile->projects->pdata[i];

      if (!ch_project_fits (project, &flow->axes))
        g_assert_null (find (needs, CH_NEED_PRICE, project->id));
      else
        /* Where the end stays, one price is for all terms */
        n += ch_profile_has_term (profile, flow->axes.business) ? project->terms->len : 1;
    }
  g_assert_cmpuint (count (needs, CH_NEED_PRICE), ==, n);
  for (guint i = 0; i < needs->len; i++)
    {
      const ChNeed *need = needs->pdata[i];

      if (need->part == CH_NEED_PRICE)
        g_assert_true ((strstr (need->value, "00.00") != NULL) == is_paid);
    }
}

static void
test_price (void)
{
  with_flows (check_price);
}

/* The steps are those somebody sees; payment only where somebody pays here; how long the review takes */
static void
check_steps (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) needs = ch_needs_list (flow, profile);
  g_autoptr (GPtrArray) steps = ch_flow_list_steps (flow, profile);
  const ChNeed *review = find (needs, CH_NEED_STEPS, "review");
  g_autofree char *days = g_strdup_printf ("%d", (int) profile->limits->review_days);
  guint n = 1; /* the login */

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];
      gboolean is_seen = (step->flags & CH_STEP_AUTO) == 0 && step->wanted == NULL;

      g_assert_true ((find (needs, CH_NEED_STEPS, step->id) != NULL) == is_seen);
      n += is_seen;
    }
  g_assert_cmpuint (count (needs, CH_NEED_STEPS), ==, n);
  g_assert_true ((find (needs, CH_NEED_STEPS, "pay") != NULL)
                 == (flow->axes.settlement == CH_SETTLEMENT_SELF_PAY
                     && ch_profile_charges (profile, flow->axes.business)));
  g_assert_true (review != NULL || flow->axes.business != CH_BUSINESS_APPLY);
  g_assert_true (review == NULL || strstr (review->detail, days) != NULL);
  /* What the CA makes takes no review of its own, and the program does not make it */
  if (ch_profile_is_made_here (profile, &flow->axes))
    {
      const ChNeed *made = find (needs, CH_NEED_STEPS, "made");
      const ChNeed *result = find (needs, CH_NEED_STEPS, "result-made");

      g_assert_cmpstr (made->detail, !=, review->detail);
      g_assert_null (strstr (result->detail, "The program makes"));
    }
}

static void
test_steps (void)
{
  with_flows (check_steps);
}

/* Nothing of the list is missing in the text, and whom to ask stands below it */
static void
check_text (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) needs = ch_needs_list (flow, profile);
  g_autofree char *text = ch_needs_format (needs, flow, profile);

  for (guint i = 0; i < needs->len; i++)
    {
      const ChNeed *need = needs->pdata[i];
      g_auto (GStrv) lines = g_strsplit (need->detail != NULL ? need->detail : "", "\n", -1);

      g_assert_nonnull (strstr (text, need->title));
      for (gsize j = 0; lines[j] != NULL; j++)
        g_assert_nonnull (strstr (text, lines[j]));
      g_assert_true (need->value == NULL || strstr (text, need->value) != NULL);
    }
  g_assert_nonnull (strstr (text, profile->hotline));
}

static void
test_text (void)
{
  with_flows (check_text);
}

static void
check_which (const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) flows = ch_needs_list_flows (profile, flow->axes.business);
  ChAxes elsewhere = flow->axes;

  if (!ch_profile_offers (profile, &flow->axes))
    return;
  g_assert_true (ch_needs_find_flow (flows, &flow->axes) == flow);
  /* A medium this CA has not: another flow of the same subject */
  elsewhere.medium = CH_MEDIUM_PHONE;
  g_assert_cmpint (ch_needs_find_flow (flows, &elsewhere)->axes.subject, ==, flow->axes.subject);
}

static void
test_which (void)
{
  with_flows (check_which);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/needs/documents", test_documents);
  g_test_add_func ("/needs/data", test_data);
  g_test_add_func ("/needs/price", test_price);
  g_test_add_func ("/needs/steps", test_steps);
  g_test_add_func ("/needs/text", test_text);
  g_test_add_func ("/needs/which", test_which);
  return g_test_run ();
}
