#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-file.h"
#include "front/ch-batch-sheet.h"
#include "steps/ch-catalog.h"
#include "wire/ch-batch.h"

#define FLOW    "apply.person.soft.enterprise-pay"
#define PROJECT "ra-test-key-account"
#define HEADING                                                                                              \
  "person-name,person-document-number,person-mobile,term,province,city,handler-name,"                        \
  "handler-document-number,handler-mobile,handler-email,person-id,bundle\n"
#define GOOD_END ",13900000000,one-year,天津市,和平区,李四,11010519491231002X,13800138000,li@example.com"

typedef struct
{
  char *dir;    /* what lies in it is another’s */
  char *folder; /* of the sheet, in it */
  ChProfile *profile;
} World;

static void
put (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
set_up (World *world, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autoptr (GBytes) bytes = ch_file_read (path, 1 << 20, NULL);

  world->profile = ch_wire_decode (&ChProfile_wire, bytes, NULL);
  g_assert_nonnull (world->profile);
  world->dir = g_dir_make_tmp ("certhall-batch-XXXXXX", NULL);
  world->folder = g_build_filename (world->dir, "sheets", NULL);
  g_assert_cmpint (g_mkdir (world->folder, 0700), ==, 0);
  put (world->dir, "secret.pdf", "%PDF-1.7 another’s");
  put (world->folder, "id.pdf", "%PDF-1.7 a card");
  put (world->folder, "all.zip", "PK\3\4");
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_all (below);
    }
  g_remove (path);
}

static void
tear_down (World *world, gconstpointer data)
{
  remove_all (world->dir);
  g_free (world->dir);
  g_free (world->folder);
  ch_profile_free (world->profile);
}

static ChBatchSheet *
read_rows (World *world, const char *rows)
{
  g_autofree char *text = g_strconcat (HEADING, rows, NULL);
  g_autofree char *path = g_build_filename (world->folder, "sheet.csv", NULL);
  g_autoptr (GError) error = NULL;
  ChBatchSheet *sheet;

  put (world->folder, "sheet.csv", text);
  sheet = ch_batch_sheet_read (world->profile, ch_catalog_lookup (FLOW), PROJECT, path, &error);
  g_assert_no_error (error);
  return sheet;
}

static char *
digest_of (ChBatchSheet *sheet)
{
  g_autoptr (GBytes) digests = ch_batch_sheet_make_digests (sheet);
  g_autoptr (GBytes) digest = ch_batch_digest (FLOW, PROJECT, digests);

  return ch_batch_format_digest (digest);
}

/* Where the file really is decides, whatever way leads there */
static void
test_paths (World *world, gconstpointer data)
{
  static const struct
  {
    const char *name;
    ChReason reason;
  } cases[] = {
    { "id.pdf", CH_REASON_OK },
    { "./id.pdf", CH_REASON_OK },
    { "inside.pdf", CH_REASON_OK },
    { "id.pdf;id.pdf", CH_REASON_OK },
    { "none.pdf", CH_REASON_FILE_NOT_FOUND },
    { "folder", CH_REASON_FILE_OUTSIDE },
    { ".", CH_REASON_FILE_NOT_FOUND },
    { "../secret.pdf", CH_REASON_FILE_OUTSIDE },
    { "..\\secret.pdf", CH_REASON_FILE_OUTSIDE },
    { "outside.pdf", CH_REASON_FILE_OUTSIDE },
    { "folder/secret.pdf", CH_REASON_FILE_OUTSIDE },
    { "id.pdf；../secret.pdf", CH_REASON_FILE_OUTSIDE },
    { "/etc/passwd", CH_REASON_FILE_OUTSIDE },
    { "C:\\secret.pdf", CH_REASON_FILE_OUTSIDE },
  };
  g_autofree char *outside = g_build_filename (world->folder, "outside.pdf", NULL);
  g_autofree char *inside = g_build_filename (world->folder, "inside.pdf", NULL);
  g_autofree char *folder = g_build_filename (world->folder, "folder", NULL);

  g_assert_cmpint (symlink ("../secret.pdf", outside), ==, 0);
  g_assert_cmpint (symlink ("id.pdf", inside), ==, 0);
  g_assert_cmpint (symlink (world->dir, folder), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *row
          = g_strdup_printf ("王五,110101199003074258" GOOD_END ",%s,all.zip\n", cases[i].name);
      g_autoptr (ChBatchSheet) sheet = read_rows (world, row);
      GPtrArray *problems = ch_batch_sheet_get_problems (sheet);
      ChReason found = problems->len > 0 ? ((ChBatchProblem *) problems->pdata[0])->reason : CH_REASON_OK;

      g_test_message ("%s", cases[i].name);
      /* a folder outside is no file either */
      if (g_str_equal (cases[i].name, "folder"))
        g_assert_cmpint (found, !=, CH_REASON_OK);
      else
        g_assert_cmpint (found, ==, cases[i].reason);
    }
}

/* What people write differently is the same batch; what is another application is another one */
static void
test_digest (World *world, gconstpointer data)
{
  g_autoptr (ChBatchSheet) plain = read_rows (world, "王五,110101199003074258" GOOD_END ",id.pdf,all.zip\n");
  g_autoptr (ChBatchSheet) quoted
      = read_rows (world, "\" 王五 \",１１０101199003074258" GOOD_END ",./id.pdf,all.zip\r\n\r\n");
  g_autoptr (ChBatchSheet) other = read_rows (world, "王六,110101199003074258" GOOD_END ",id.pdf,all.zip\n");
  g_autofree char *a = digest_of (plain), *b = digest_of (quoted), *c = digest_of (other), *d = NULL;
  g_autoptr (ChBatchSheet) file = NULL;

  g_assert_cmpuint (ch_batch_sheet_get_problems (plain)->len, ==, 0);
  g_assert_cmpuint (ch_batch_sheet_get_problems (quoted)->len, ==, 0);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
  put (world->folder, "id.pdf", "%PDF-1.7 another card");
  file = read_rows (world, "王五,110101199003074258" GOOD_END ",id.pdf,all.zip\n");
  d = digest_of (file);
  g_assert_cmpstr (a, !=, d);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/batch-sheet/paths", World, NULL, set_up, test_paths, tear_down);
  g_test_add ("/batch-sheet/digest", World, NULL, set_up, test_digest, tear_down);
  return g_test_run ();
}
