#include "config.h"

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "steps/ch-catalog.h"
#include "steps/steps.h"

typedef void (*ProfileFunc) (const ChProfile *profile);

/* Every profile that is shipped */
static void
with_profiles (ProfileFunc func)
{
  g_autofree char *dir_path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", NULL);
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir_path, name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = ch_file_read (path, 1 << 20, &error);
      g_autoptr (ChProfile) profile = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_assert_no_error (error);
      profile = ch_wire_decode (&ChProfile_wire, bytes, &error);
      g_assert_no_error (error);
      func (profile);
      n++;
    }

  g_assert_cmpuint (n, >, 0);
}

static void
validate_all (const ChProfile *profile)
{
  guint n;
  const ChFlow *const *flows = ch_catalog_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *id = ch_axes_format (&flows[i]->axes);

      ch_flow_validate (flows[i], profile, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (flows[i]->id, ==, id);
      g_assert_true (ch_catalog_lookup (id) == flows[i]);
    }
}

static void
test_every_row (void)
{
  with_profiles (validate_all);
}

static void
find_all_offered (const ChProfile *profile)
{
  for (gsize i = 0; profile->flows[i] != NULL; i++)
    g_assert_nonnull (ch_catalog_lookup (profile->flows[i]));
}

static void
test_what_is_offered_exists (void)
{
  with_profiles (find_all_offered);
}

static void
refuse_misordered (const ChProfile *profile)
{
  /* The key before the approval, the submission before the payment, no result */
  const ChStep *const key_first[] = { &ch_step_choose, &ch_step_key, &ch_step_result, NULL };
  const ChStep *const unpaid[]
      = { &ch_step_choose, &ch_step_subject, &ch_step_documents, &ch_step_handler, &ch_step_submit, NULL };
  const ChStep *const no_result[] = { &ch_step_choose, &ch_step_subject, NULL };
  const ChStep *const *recipes[] = { key_first, unpaid, no_result };

  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      ChFlow bad = *ch_catalog_lookup ("apply.enterprise.soft.self-pay");
      g_autoptr (GError) error = NULL;

      bad.recipe = recipes[i];
      g_assert_false (ch_flow_validate (&bad, profile, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INTERNAL);
    }
}

static void
test_misordered (void)
{
  with_profiles (refuse_misordered);
}

static gboolean
never (ChRun *run)
{
  return FALSE;
}

static void
refuse_skipped (const ChProfile *profile)
{
  /* A step that may be passed over may not be the only one to find the token */
  ChStep passphrase = ch_step_passphrase;
  const ChStep *recipe[32] = { NULL };
  ChFlow bad = *ch_catalog_lookup ("apply.enterprise.soft.self-pay");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; bad.recipe[i] != NULL; i++)
    recipe[i] = bad.recipe[i] == &ch_step_passphrase ? &passphrase : bad.recipe[i];
  passphrase.wanted = never;
  bad.recipe = recipe;
  g_assert_false (ch_flow_validate (&bad, profile, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INTERNAL);
}

static void
test_skipped (void)
{
  with_profiles (refuse_skipped);
}

static void
drop_by_settlement (const ChProfile *profile)
{
  g_autoptr (GPtrArray) self_pay
      = ch_flow_list_steps (ch_catalog_lookup ("apply.enterprise.soft.self-pay"), profile);
  g_autoptr (GPtrArray) enterprise
      = ch_flow_list_steps (ch_catalog_lookup ("apply.enterprise.soft.enterprise-pay"), profile);

  g_assert_true (g_ptr_array_find (self_pay, &ch_step_pay, NULL));
  g_assert_false (g_ptr_array_find (self_pay, &ch_step_settle, NULL));
  g_assert_false (g_ptr_array_find (enterprise, &ch_step_pay, NULL));
  g_assert_true (g_ptr_array_find (enterprise, &ch_step_settle, NULL));
}

static void
test_steps_drop_out (void)
{
  with_profiles (drop_by_settlement);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/catalog/every-row", test_every_row);
  g_test_add_func ("/catalog/what-is-offered-exists", test_what_is_offered_exists);
  g_test_add_func ("/catalog/misordered", test_misordered);
  g_test_add_func ("/catalog/skipped", test_skipped);
  g_test_add_func ("/catalog/steps-drop-out", test_steps_drop_out);

  return g_test_run ();
}
