#include "config.h"

#include <string.h>

#include "base/ch-key-spec.h"
#include "base/ch-sniff.h"
#include "wire/ch-field.h"

/* What may stand in braces in a subject or extension and is no field */
static const char *const computed[] = { "serial-time", "trust-id", NULL };
static const char *const consent_places[] = { "register", "login", "apply", NULL };

static char *
get_dir (void)
{
  return g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", NULL);
}

static ChProfile *
load (const char *name)
{
  g_autofree char *dir = get_dir ();
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ChProfile *profile = NULL;
  char *text = NULL;
  gsize len = 0;

  g_file_get_contents (path, &text, &len, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (text, len);
  profile = ch_wire_decode (&ChProfile_wire, bytes, &error);
  g_assert_no_error (error);
  return profile;
}

/* {name} must be a field that is no secret, or something computed */
static void
check_template (const char *value)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\{([^}]*)\\}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, value, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      const ChField *field = ch_field_lookup (name);

      g_test_message ("{%s}", name);
      g_assert_true (g_strv_contains (computed, name) || (field != NULL && !ch_field_is_secret (field)));
    }
}

static void
check_flows (const ChProfile *profile)
{
  for (gsize i = 0; profile->flows[i] != NULL; i++)
    {
      ChAxes axes;
      g_autoptr (GPtrArray) projects = NULL;
      g_autoptr (GPtrArray) documents = NULL;

      g_test_message ("%s", profile->flows[i]);
      g_assert_true (ch_axes_parse (profile->flows[i], &axes));
      projects = ch_profile_list_projects (profile, &axes);
      documents = ch_profile_list_documents (profile, &axes);
      /* Who made a medium unlocks it, whichever project it was made in */
      g_assert_true (projects->len > 0 || axes.business == CH_BUSINESS_UNLOCK);
      /* What is downloaded or renewed was handed in before */
      g_assert_true (documents->len > 0 || axes.business != CH_BUSINESS_APPLY);
    }
}

/* No project without a flow that leads to it */
static void
check_projects (const ChProfile *profile)
{
  for (guint i = 0; i < profile->projects->len; i++)
    {
      const ChProject *project = profile->projects->pdata[i];
      gboolean offered = FALSE;

      for (gsize f = 0; profile->flows[f] != NULL; f++)
        {
          ChAxes axes;

          offered |= ch_axes_parse (profile->flows[f], &axes) && ch_project_fits (project, &axes);
        }
      g_test_message ("%s", project->id);
      g_assert_true (offered);
      g_assert_cmpuint (project->terms->len, >, 0);
    }
}

static void
check_documents (const ChProfile *profile)
{
  for (guint i = 0; i < profile->documents->len; i++)
    {
      const ChDocumentRule *rule = profile->documents->pdata[i];

      for (gsize f = 0; rule->formats[f] != NULL; f++)
        g_assert_cmpint (ch_content_from_id (rule->formats[f]), !=, CH_CONTENT_UNKNOWN);
      for (gsize b = 0; rule->businesses[b] != NULL; b++)
        g_assert_true (ch_wire_enum_from_id (&ChBusiness_enum, rule->businesses[b], &(int){ 0 }));
      for (gsize s = 0; rule->subjects[s] != NULL; s++)
        g_assert_true (ch_wire_enum_from_id (&ChSubjectKind_enum, rule->subjects[s], &(int){ 0 }));
      g_assert_cmpint (rule->max_bytes, >, 0);
    }
}

static void
check_consents (const ChProfile *profile)
{
  g_autoptr (GPtrArray) at_register = ch_profile_list_consents (profile, "register");

  for (guint i = 0; i < profile->consents->len; i++)
    {
      const ChConsentText *consent = profile->consents->pdata[i];

      for (gsize w = 0; consent->where[w] != NULL; w++)
        g_assert_true (g_strv_contains (consent_places, consent->where[w]));
    }
  g_assert_cmpuint (at_register->len, >, 0);
}

static void
check_issue (const ChProfile *profile)
{
  const ChIssueRule *issue = profile->issue;

  for (gsize i = 0; issue->keys[i] != NULL; i++)
    g_assert_true (ch_key_spec_from_id (issue->keys[i], &(ChKeySpec){ 0 }));
  for (guint i = 0; i < issue->subject->len; i++)
    check_template (((const ChSubjectRow *) issue->subject->pdata[i])->value);
  for (guint i = 0; issue->extensions != NULL && i < issue->extensions->len; i++)
    check_template (((const ChExtensionRow *) issue->extensions->pdata[i])->value);
}

/* What is offered is there, once each, under a name that leads nowhere else */
static void
check_files (const ChProfile *profile)
{
  g_autofree char *dir = get_dir ();

  for (guint i = 0; profile->files != NULL && i < profile->files->len; i++)
    {
      const ChOfferedFile *file = profile->files->pdata[i];
      g_autofree char *path = g_build_filename (dir, profile->id, file->file, NULL);

      g_test_message ("%s", path);
      g_assert_true (ch_file_name_is_plain (file->file));
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (((const ChOfferedFile *) profile->files->pdata[k])->file, !=, file->file);
    }
}

static void
test_profile (gconstpointer data)
{
  const char *name = data;
  g_autoptr (ChProfile) profile = load (name);
  g_autofree char *file = g_strconcat (profile->id, ".json", NULL);

  g_assert_cmpstr (name, ==, file);
  check_flows (profile);
  check_projects (profile);
  check_documents (profile);
  check_consents (profile);
  check_issue (profile);
  check_files (profile);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir_path = get_dir ();
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strconcat ("/profiles/", name, NULL);
      char *copy;

      /* Beside each profile lies what it offers for download */
      if (!g_str_has_suffix (name, ".json"))
        continue;
      copy = g_strdup (name);
      g_ptr_array_add (names, copy);
      g_test_add_data_func (path, copy, test_profile);
    }
  g_assert_cmpuint (names->len, >, 0);

  return g_test_run ();
}
