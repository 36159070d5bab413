#include "config.h"

#include "flow/ch-flow.h"
#include "fuzz/fuzz.h"
#include "steps/ch-catalog.h"
#include "wire/ch-policy.h"

/* What the program does with the profile a server sends: all questions it asks of one, and all flows over it.
 */

static void
ask_texts (const ChProfile *profile)
{
  static const char *const places[] = { "register", "login", "apply" };

  for (guint i = 0; i < profile->projects->len; i++)
    {
      const ChProject *project = profile->projects->pdata[i];

      g_assert_nonnull (ch_text_get (project->name));
      g_assert_nonnull (ch_profile_get_project (profile, project->id));
      for (guint j = 0; j < project->terms->len; j++)
        {
          const ChTerm *term = project->terms->pdata[j];

          g_assert_nonnull (ch_project_get_term (project, term->id));
          g_assert_cmpint (ch_term_get_end (term, 1700000000), >=, 1700000000 - 86400);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GPtrArray) consents = ch_profile_list_consents (profile, places[i]);

      g_assert_nonnull (consents);
    }
  ch_profile_get_sm2_id (profile);
}

static void
walk_flows (const ChProfile *profile)
{
  guint n_flows;
  const ChFlow *const *flows = ch_catalog_get (&n_flows);

  for (guint i = 0; i < n_flows; i++)
    {
      const ChAxes *axes = &flows[i]->axes;
      g_autoptr (GPtrArray) steps = ch_flow_list_steps (flows[i], profile);
      g_autoptr (GPtrArray) projects = ch_profile_list_projects (profile, axes);
      g_autoptr (GPtrArray) documents = ch_profile_list_documents (profile, axes);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (steps);
      for (guint j = 0; j < documents->len; j++)
        g_assert_nonnull (
            ch_profile_get_document (profile, axes, ((const ChDocumentRule *) documents->pdata[j])->id));
      g_assert_true (ch_flow_validate (flows[i], profile, &error) == (error == NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) json = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChProfile) profile = ch_wire_decode (&ChProfile_wire, json, &error);

  g_assert_true ((profile == NULL) == (error != NULL));
  if (profile != NULL)
    {
      ask_texts (profile);
      walk_flows (profile);
    }
  return 0;
}
