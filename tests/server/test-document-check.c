#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/ch-error.h"
#include "papers/ch-document-check.h"

static ChDocumentRule *
make_rule (const char *formats)
{
  ChDocumentRule *rule = ch_wire_new (&ChDocumentRule_wire);

  rule->id = g_strdup ("licence");
  rule->formats = g_strsplit (formats, " ", -1);
  rule->max_bytes = 2097152;
  return rule;
}

static void
check (GBytes *bytes, const char *formats, ChReason wanted)
{
  g_autoptr (ChDocumentRule) rule = make_rule (formats);
  g_autoptr (GError) error = NULL;
  ChContent content;
  gboolean is_good = ch_document_check (bytes, rule, &content, &error);

  if (wanted == CH_REASON_OK)
    {
      g_assert_no_error (error);
      g_assert_true (is_good);
      return;
    }
  g_assert_false (is_good);
  g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE);
  g_assert_cmpint (((ChFieldError *) ch_error_get_fields (error)->pdata[0])->reason, ==, wanted);
}

static void
check_data (const char *data, gsize len, const char *formats, ChReason wanted)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, len);

  check (bytes, formats, wanted);
}

#define CHECK(literal, formats, wanted) check_data (literal, sizeof literal - 1, formats, wanted)

static void
test_pictures (void)
{
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\x20\0\0\x02\x58\x08\x02\0\0\0IEND\xae\x42\x60\x82";
  static const char huge_png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0";
  static const char jpeg[]
      = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\x01\0\x02\0\3\1\x22\0\2\x11\1\xff\xd9";
  static const char huge_jpeg[]
      = "\xff\xd8\xff\xff\xe0\0\4ab\xff\xc2\0\x11\x08\xff\xff\xff\xff\3\1\x22\0\2\x11\1";
  static const char endless_jpeg[] = "\xff\xd8\xff\xe0\0\0\xff\xe0\0\0";

  CHECK (png, "jpg png", CH_REASON_OK);
  CHECK (png, "jpg", CH_REASON_FILE_TYPE);
  CHECK (huge_png, "jpg png", CH_REASON_FILE_PIXELS);
  CHECK (jpeg, "jpg png", CH_REASON_OK);
  CHECK (huge_jpeg, "jpg png", CH_REASON_FILE_PIXELS);
  CHECK (endless_jpeg, "jpg png", CH_REASON_FILE_BROKEN);
  CHECK ("\xff\xd8\xff\xda\0\4ab", "jpg", CH_REASON_FILE_BROKEN);
  CHECK ("GIF89a\x10\0\x10\0;", "gif", CH_REASON_OK);
  CHECK ("GIF89a\0\0\x10\0;", "gif", CH_REASON_FILE_BROKEN);
  CHECK ("GIF89a\x10\0\x10\0", "gif", CH_REASON_FILE_BROKEN);
  CHECK ("BM\x1a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\0\0\0\xf0\xff\xff\xff", "bmp", CH_REASON_OK);
  CHECK ("BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\0\0\x7f\0\0\0\x80", "bmp", CH_REASON_FILE_PIXELS);
  CHECK ("%PDF-1.7\n%%EOF\n", "pdf", CH_REASON_OK);
  CHECK ("%PDF-1.7\n", "pdf", CH_REASON_FILE_BROKEN);
  CHECK ("MZ\x90 a program called licence.jpg, and as long as the head of one is at least", "jpg png pdf", CH_REASON_FILE_PROGRAM);
  CHECK ("", "jpg", CH_REASON_FILE_EMPTY);
}

typedef struct
{
  guint n_entries;
  gsize size; /* of each */
  const char *name;
  const char *link;
} Bundle;

static GBytes *
make_zip (const Bundle *bundle)
{
  gsize room = 8 * 1024 * 1024, used = 0;
  guint8 *memory = g_malloc (room);
  g_autofree char *zeros = g_malloc0 (1024 * 1024);
  struct archive *archive = archive_write_new ();

  archive_write_set_format_zip (archive);
  archive_write_open_memory (archive, memory, room, &used);
  for (guint i = 0; i < bundle->n_entries; i++)
    {
      struct archive_entry *entry = archive_entry_new ();
      g_autofree char *name
          = bundle->name != NULL ? g_strdup (bundle->name) : g_strdup_printf ("page-%u.jpg", i);

      archive_entry_set_pathname (entry, name);
      archive_entry_set_size (entry, bundle->size);
      archive_entry_set_filetype (entry, bundle->link != NULL ? AE_IFLNK : AE_IFREG);
      archive_entry_set_symlink (entry, bundle->link);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      for (gsize done = 0; bundle->link == NULL && done < bundle->size; done += 1024 * 1024)
        archive_write_data (archive, zeros, MIN (bundle->size - done, 1024 * 1024));
      archive_entry_free (entry);
    }
  archive_write_close (archive);
  archive_write_free (archive);
  return g_bytes_new_take (memory, used);
}

static void
check_zip (Bundle bundle, ChReason wanted)
{
  g_autoptr (GBytes) zip = make_zip (&bundle);

  check (zip, "zip rar", wanted);
}

static void
test_bundles (void)
{
  g_autoptr (GBytes) good = make_zip (&(Bundle){ 3, 100, NULL, NULL });
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) / 2);

  check (good, "zip rar", CH_REASON_OK);
  check (good, "jpg png", CH_REASON_FILE_ARCHIVE);
  check (cut, "zip rar", CH_REASON_FILE_BROKEN);
  check_zip ((Bundle){ 200, 10, NULL, NULL }, CH_REASON_OK);
  check_zip ((Bundle){ 201, 10, NULL, NULL }, CH_REASON_BUNDLE_MANY);
  check_zip ((Bundle){ 0, 0, NULL, NULL }, CH_REASON_FILE_BROKEN);
  /* Zeros shrink a thousandfold: a bomb in small */
  check_zip ((Bundle){ 1, 20 * 1024 * 1024, NULL, NULL }, CH_REASON_BUNDLE_LARGE);
  check_zip ((Bundle){ 1, 10, "inner.ZIP", NULL }, CH_REASON_BUNDLE_NESTED);
  check_zip ((Bundle){ 1, 10, "../../etc/passwd", NULL }, CH_REASON_BUNDLE_NAMES);
  check_zip ((Bundle){ 1, 0, "link", "/etc/passwd" }, CH_REASON_BUNDLE_NAMES);
  CHECK ("PK\x03\x04 nothing of the kind", "zip", CH_REASON_FILE_BROKEN);
  CHECK ("Rar!\x1a\x07\x00 nothing of the kind", "zip rar", CH_REASON_FILE_BROKEN);
  CHECK ("\xff\xd8\xff", "zip rar", CH_REASON_FILE_BUNDLE);
}

static void
test_names (void)
{
  static const struct
  {
    const char *name, *clean;
  } cases[] = {
    { "营业执照.jpg", "营业执照.jpg" },
    { "C:\\Users\\li\\licence.pdf", "licence.pdf" },
    { "../../../etc/passwd", "passwd" },
    { "a\xe2\x80\xaegpj.exe", "agpj.exe" },
    { "a\nb\x07.jpg", "ab.jpg" },
    { "..hidden. ", "hidden" },
    { "///", "document" },
    { "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd" },
  };
  g_autofree char *many = g_strnfill (5000, 'a');
  g_autofree char *fewer = ch_document_clean_name (many);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = ch_document_clean_name (cases[i].name);

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
  g_assert_cmpuint (strlen (fewer), <=, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/documents/pictures", test_pictures);
  g_test_add_func ("/server/documents/bundles", test_bundles);
  g_test_add_func ("/server/documents/names", test_names);
  return g_test_run ();
}
