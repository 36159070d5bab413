#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "server-world.h"
#include "server/ch-offer.h"
#include "wire/ch-policy.h"

static const char *const folders[] = {
  [CH_DOWNLOAD_ROOT] = "ca",       [CH_DOWNLOAD_ISSUING] = "ca", [CH_DOWNLOAD_LIST] = "crl",
  [CH_DOWNLOAD_ROOT_LIST] = "crl", [CH_DOWNLOAD_FILE] = "files",
};

/* What is listed is what is served, to the byte, and to whoever asks */
static void
test_list (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDownloadList) list = server_call (world, NULL, &ch_route_downloads, NULL, NULL, &error);
  guint n[CH_N_DOWNLOAD_KINDS] = { 0 };

  g_assert_no_error (error);
  for (guint i = 0; i < list->items->len; i++)
    {
      const ChDownload *item = list->items->pdata[i];
      g_autofree char *path = g_strdup_printf ("/%s/%s", folders[item->kind], item->file);
      guint status = 0;
      g_autoptr (GBytes) content = server_fetch (world, "GET", path, NULL, &status);
      g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);

      g_test_message ("%s", path);
      n[item->kind]++;
      g_assert_cmpuint (status, ==, 200);
      g_assert_cmpint (g_bytes_get_size (content), ==, item->size);
      g_assert_true (ch_file_name_is_plain (item->file));
      g_assert_true (item->sha256 == NULL || g_str_equal (item->sha256, sum));
      g_assert_true ((item->made != 0) == (item->sha256 == NULL));
    }
  g_assert_cmpuint (n[CH_DOWNLOAD_ROOT], ==, 2);
  g_assert_cmpuint (n[CH_DOWNLOAD_ISSUING], ==, 2);
  g_assert_cmpuint (n[CH_DOWNLOAD_LIST], ==, 2);
  g_assert_cmpuint (n[CH_DOWNLOAD_ROOT_LIST], ==, 2);
  g_assert_cmpuint (n[CH_DOWNLOAD_FILE], ==, world->profile->files->len);
}

/* Nothing else of the store, however it is asked for */
static void
test_elsewhere (void)
{
  static const char *const asked[] = {
    "/files/",
    "/files/profile.json",
    "/files/../profile.json",
    "/files/..%2fprofile.json",
    "/files/%2e%2e/profile.json",
    "/files/%2e%2e%2fca%2frsa.crl",
    "/files//etc/passwd",
    "/files/%2fetc%2fpasswd",
    "/files/replacement-form.pdf%00",
    "/files/replacement-form.pdf/",
    "/files/./replacement-form.pdf",
    "/files/REPLACEMENT-FORM.PDF",
    "/files/root-rsa.cer",
  };
  g_autoptr (ServerWorld) world = server_world_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      guint status = 0;
      g_autoptr (GBytes) answer = server_fetch (world, "GET", asked[i], NULL, &status);

      g_test_message ("%s: %u", asked[i], status);
      /* libsoup takes a dot and a slash out of the path by itself */
      if (g_str_equal (asked[i], "/files/./replacement-form.pdf"))
        continue;
      g_assert_cmpuint (status, >=, 400);
      g_assert_cmpuint (status, <, 500);
    }
}

static void
test_names (void)
{
  static const char *const plain[] = { "a.pdf", "seal-sample-sheet.pdf", "2026.zip", "root-rsa.cer" };
  static const char *const others[]
      = { "",         ".",        "..",      ".pdf",     "-a.pdf",   "a",          "a.",
          "A.pdf",    "a.PDF",    "a b.pdf", "a/b.pdf",  "../a.pdf", "a.pdf/..",   "a..pdf",
          "a.tar.gz", "a\\b.pdf", "a\n.pdf", "表格.pdf", "a.pdf ",   "a.pdfpdfpdf" };
  g_autofree char *stem = g_strnfill (61, 'a');
  g_autofree char *longest = g_strconcat (stem, ".pd", NULL), *longer = g_strconcat (stem, ".pdf", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    g_assert_true (ch_file_name_is_plain (plain[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_test_message ("“%s”", others[i]);
      g_assert_false (ch_file_name_is_plain (others[i]));
    }
  g_assert_true (ch_file_name_is_plain (longest));
  g_assert_false (ch_file_name_is_plain (longer));
}

/* -- What is taken over into a store -- */

typedef struct
{
  char *dir;
  char *profile_path; /* need not exist: only what lies beside it is read */
  ChProfile *profile;
} Offer;

static void
offer_set_up (Offer *self, const char *file, const char *content, gsize len)
{
  g_autofree char *beside = NULL;
  g_autofree char *path = NULL;
  ChOfferedFile *row = ch_wire_new (&ChOfferedFile_wire);

  self->dir = g_dir_make_tmp ("certhall-offer-XXXXXX", NULL);
  self->profile_path = g_build_filename (self->dir, "some.json", NULL);
  self->profile = ch_wire_new (&ChProfile_wire);
  self->profile->files = ch_wire_list_new (&ChOfferedFile_wire);
  row->file = g_strdup (file);
  g_ptr_array_add (self->profile->files, row);
  beside = g_build_filename (self->dir, "some", NULL);
  path = g_build_filename (beside, file, NULL);
  g_assert_cmpint (g_mkdir (beside, 0700), ==, 0);
  if (content != NULL)
    g_assert_true (g_file_set_contents (path, content, len, NULL));
}

static void
offer_tear_down (Offer *self)
{
  const char *const argv[] = { "rm", "-rf", self->dir, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  ch_profile_free (self->profile);
  g_free (self->profile_path);
  g_free (self->dir);
}

static void
expect_offer (const char *file, const char *content, gsize len, gboolean is_taken)
{
  Offer offer;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) loaded = NULL;
  GBytes *bytes;

  offer_set_up (&offer, file, content, len);
  g_assert_true (ch_offer_copy (offer.profile, offer.profile_path, offer.dir, &error) == is_taken);
  g_assert_true ((error == NULL) == is_taken);
  loaded = ch_offer_load (offer.profile, offer.dir);
  bytes = g_hash_table_lookup (loaded, file);
  g_assert_true ((bytes != NULL) == is_taken);
  if (is_taken)
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), content, len);
  offer_tear_down (&offer);
}

static void
test_offer (void)
{
  static const char pdf[] = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";
  g_autofree char *large = g_strnfill (CH_OFFER_MAX_SIZE + 1, ' ');

  memcpy (large, pdf, strlen (pdf));
  expect_offer ("form.pdf", pdf, strlen (pdf), TRUE);
  expect_offer ("form.pdf", large, CH_OFFER_MAX_SIZE, TRUE);
  expect_offer ("form.pdf", large, CH_OFFER_MAX_SIZE + 1, FALSE);
  expect_offer ("form.pdf", NULL, 0, FALSE);
  expect_offer ("form.pdf", "", 0, FALSE);
  /* Not what its name says, or nothing a CA has to offer */
  expect_offer ("form.docx", pdf, strlen (pdf), FALSE);
  expect_offer ("form.pdf",
                "\x7f"
                "ELF",
                4, FALSE);
  expect_offer ("form.html", "<!DOCTYPE html><html></html>", 28, FALSE);
  expect_offer ("form.exe", pdf, strlen (pdf), FALSE);
  /* A name that leads elsewhere, though there is such a file */
  expect_offer ("../form.pdf", pdf, strlen (pdf), FALSE);
}

/* A form that is gone is no reason not to serve: it is not listed, and the others are */
static void
test_lost (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  const ChOfferedFile *first = world->profile->files->pdata[0];
  g_autofree char *file = g_strdup (first->file);
  g_autofree char *path = g_build_filename (world->dir, CH_OFFER_FOLDER, file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDownloadList) list = NULL;
  guint n = 0;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "not offered for download*");
  server_world_restart (world);
  g_test_assert_expected_messages ();
  list = server_call (world, NULL, &ch_route_downloads, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->items->len; i++)
    {
      g_assert_cmpstr (((const ChDownload *) list->items->pdata[i])->file, !=, file);
      n += ((const ChDownload *) list->items->pdata[i])->kind == CH_DOWNLOAD_FILE;
    }
  g_assert_cmpuint (n, ==, world->profile->files->len - 1);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/downloads/list", test_list);
  g_test_add_func ("/server/downloads/elsewhere", test_elsewhere);
  g_test_add_func ("/server/downloads/names", test_names);
  g_test_add_func ("/server/downloads/offer", test_offer);
  g_test_add_func ("/server/downloads/lost", test_lost);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
