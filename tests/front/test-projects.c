#include "config.h"

#include "front/ch-project-list.h"

/* Words, and how many of the projects below have all of them */
static const struct
{
  const char *words;
  const char *found; /* ids, in the CA’s order */
} searches[] = {
  { NULL, "harbour bids" },
  { "", "harbour bids" },
  { " \t　", "harbour bids" },
  { "港口", "harbour" },
  { "harbour", "harbour" },
  { "HARBOUR", "harbour" },
  { "ｈａｒｂｏｕｒ", "harbour" }, /* wide letters */
  { "harb our", "harbour" },
  { "harbour　office", "harbour" }, /* a wide blank */
  { "招投标 software", "bids" },    /* one word of each language */
  { "bids", "bids" },
  { "一年", "harbour bids" },
  { "harbour bids", "" }, /* of two projects: neither has both */
  { "officesoft", "" },   /* not over the end of one text into the next */
  { "nothing of that name", "" },
  { "%", "" },
  { "\xff\xfe", "harbour bids" }, /* no text at all */
};

static ChText *
make_text (const char *zh, const char *en)
{
  ChText *text = ch_wire_new (&ChText_wire);

  text->zh = g_strdup (zh);
  text->en = g_strdup (en);
  return text;
}

static ChProject *
make_project (const char *id, const char *zh, const char *en, ChSettlement settlement, const char *subjects)
{
  ChProject *project = ch_wire_new (&ChProject_wire);
  ChTerm *term = ch_wire_new (&ChTerm_wire);

  project->id = g_strdup (id);
  project->name = make_text (zh, en);
  project->medium = CH_MEDIUM_SOFT;
  project->settlement = settlement;
  project->subjects = g_strsplit (subjects, " ", -1);
  project->terms = ch_wire_list_new (&ChTerm_wire);
  term->id = g_strdup ("one-year");
  term->name = make_text ("一年", "One year");
  term->months = 12;
  term->fen = 30000;
  g_ptr_array_add (project->terms, term);
  return project;
}

static ChProfile *
make_profile (void)
{
  ChProfile *profile = ch_wire_new (&ChProfile_wire);

  profile->projects = ch_wire_list_new (&ChProject_wire);
  g_ptr_array_add (profile->projects, make_project ("harbour", "港口管理局", "Harbour office",
                                                    CH_SETTLEMENT_SELF_PAY, "enterprise person"));
  g_ptr_array_add (profile->projects, make_project ("bids", "金华市招投标", "Bidding at Jinhua",
                                                    CH_SETTLEMENT_ENTERPRISE_PAY, "enterprise"));
  return profile;
}

static void
test_find (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ChProfile) profile = make_profile ();
  g_autoptr (GPtrArray) found = ch_projects_find (profile, searches[i].words);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint k = 0; k < found->len; k++)
    g_string_append_printf (ids, "%s%s", k > 0 ? " " : "", ((const ChProject *) found->pdata[k])->id);
  g_assert_cmpstr (ids->str, ==, searches[i].found);
}

static void
test_words (void)
{
  g_autoptr (ChProfile) profile = make_profile ();
  const ChProject *paid = profile->projects->pdata[0], *settled = profile->projects->pdata[1];
  g_autofree char *subjects = ch_project_format_subjects (paid);
  g_autofree char *price = ch_project_format_price (paid, paid->terms->pdata[0]);
  g_autofree char *nothing = ch_project_format_price (settled, settled->terms->pdata[0]);
  g_autofree char *terms = ch_project_format_terms (paid);
  g_autofree char *free_terms = ch_project_format_terms (settled);

  g_assert_cmpstr (subjects, ==, "Enterprise certificate, Personal certificate");
  g_assert_cmpstr (price, ==, "300.00 yuan");
  g_assert_cmpstr (terms, ==, "One year 300.00 yuan");
  /* Who pays elsewhere is told no price */
  g_assert_cmpstr (nothing, ==, "Settled by the enterprise");
  g_assert_cmpstr (free_terms, ==, "One year");
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/projects/find/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_find);
    }
  g_test_add_func ("/projects/words", test_words);
  return g_test_run ();
}
