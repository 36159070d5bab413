#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#include "papers-world.h"

#define MB (1024 * 1024)

/* Like a photograph of print: hard to make small */
#define PRINT(size) "-size " size " xc:gray70 +noise Gaussian -quality 98"

static void
test_single (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png gif bmp pdf", 2 * MB);
  g_autoptr (ChPaper) jpeg = papers_world_make (world, "营业执照.jpg", "-size 640x480 gradient:red-blue");
  g_autoptr (ChPaper) misnamed = papers_world_make (world, "scan.dat.bmp", "-size 64x48 gradient:red-blue");
  g_autoptr (ChPaper) webp = papers_world_make (world, "phone.webp", "-size 640x480 gradient:red-blue");
  g_autoptr (ChPrepared) kept = papers_prepare (rule, jpeg, NULL);
  g_autoptr (ChPrepared) same = papers_prepare (rule, misnamed, NULL);
  g_autoptr (ChPrepared) converted = papers_prepare (rule, webp, NULL);
  g_auto (GStrv) changes = ch_prepared_list_changes (converted);

  g_assert_cmpstr (kept->name, ==, "营业执照.jpg");
  g_assert_cmpuint (kept->changes & ~CH_PREPARED_CLEANED, ==, 0);
  g_assert_cmpint (same->content, ==, CH_CONTENT_BMP);
  g_assert_cmpstr (converted->name, ==, "phone.jpg");
  g_assert_true (g_strv_contains ((const char *const *) changes, "converted"));
}

static void
test_shrink (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChPaper) large = papers_world_make (world, "large.jpg", PRINT ("2000x1500"));
  g_autoptr (ChPaper) png = papers_world_make (world, "large.png", PRINT ("1300x1000"));
  static const gint64 limits[] = { 2 * MB, 600 * 1024, 250 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png", limits[i]);
      g_autoptr (ChPrepared) prepared = papers_prepare (rule, large, NULL);
      g_autoptr (ChPictureOutput) shown = papers_show (prepared->bytes, 0, 4000);

      g_assert_cmpint (prepared->size_before, >, 2 * MB);
      g_assert_true ((prepared->changes & CH_PREPARED_SHRUNK) != 0);
      /* Not smaller than it has to be, and still to be read */
      g_assert_cmpuint (g_bytes_get_size (prepared->bytes), >, limits[i] / 3);
      g_assert_cmpuint (shown->width, >=, CH_PICTURE_MIN_EDGE);
    }
  {
    g_autoptr (ChDocumentRule) tiny = papers_make_rule ("jpg", 20 * 1024);
    g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png", MB);
    g_autoptr (ChPrepared) prepared = papers_prepare (rule, png, NULL);

    g_assert_cmpint (papers_refuse (tiny, NULL, large, NULL), ==, CH_REASON_FILE_TOO_LARGE);
    g_assert_cmpint (prepared->content, ==, CH_CONTENT_JPEG);
    g_assert_cmpstr (prepared->name, ==, "large.jpg");
  }
}

static void
test_join (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png pdf", 2 * MB);
  g_autoptr (ChPaper) front = papers_world_make (world, "front.jpg", "-size 600x400 xc:red");
  g_autoptr (ChPaper) back = papers_world_make (world, "back.png", "-size 600x400 xc:blue");
  g_autoptr (ChPaper) gray = papers_world_make (world, "gray.jpg", "-size 400x600 xc:white -colorspace gray");
  g_autoptr (ChPaper) turned = ch_paper_copy (back);
  g_autoptr (ChPrepared) prepared = NULL;
  g_autoptr (ChPrepared) again = NULL;
  g_autofree char *path = NULL, *info = NULL, *colours = NULL;

  ch_paper_turn (turned);
  prepared = papers_prepare (rule, front, turned, gray, NULL);
  again = papers_prepare (rule, front, turned, gray, NULL);
  g_assert_true (g_bytes_equal (prepared->bytes, again->bytes)); /* so that a broken upload can go on */
  g_assert_cmpstr (prepared->name, ==, "front.pdf");
  g_assert_true ((prepared->changes & CH_PREPARED_JOINED) != 0);

  path = papers_world_save (world, "joined.pdf", prepared->bytes);
  info = papers_world_run (world, "pdfinfo -l 3 joined.pdf 2>&1");
  g_assert_nonnull (strstr (info, "Pages:           3"));
  g_assert_nonnull (strstr (info, "842 x 561"));
  g_assert_nonnull (strstr (info, "561 x 842"));
  g_assert_null (strstr (info, "rror"));
  colours = papers_world_run (world, "pdftoppm -r 20 joined.pdf page 2>&1 && for p in page-*.ppm; do "
                                     "convert $p -format '%[pixel:p{50,50}] ' info:; done");
  g_assert_true (g_regex_match_simple ("^s?rgb\\(25[345],[0-2],[0-2]\\) s?rgb\\([0-2],[0-2],25[345]\\) "
                                       "(white|gr[ae]y\\(255\\)|s?rgb\\(25[345],25[345],25[345]\\)) $",
                                       colours, 0, 0));
}

static void
test_join_within_limit (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg pdf", MB);
  g_autoptr (ChDocumentRule) tiny = papers_make_rule ("jpg pdf", 60 * 1024);
  g_autoptr (ChPaper) one = papers_world_make (world, "one.jpg", PRINT ("1600x1200"));
  g_autoptr (ChPaper) two = papers_world_make (world, "two.jpg", PRINT ("1600x1200"));
  g_autoptr (ChPrepared) prepared = papers_prepare (rule, one, two, NULL);

  g_assert_cmpint (prepared->content, ==, CH_CONTENT_PDF);
  g_assert_true ((prepared->changes & CH_PREPARED_SHRUNK) != 0);
  g_assert_cmpint (papers_refuse (tiny, NULL, one, two, NULL), ==, CH_REASON_FILE_PAGES);
}

/* Where no PDF is taken: one picture, one page under the other */
static void
test_stack (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png jpeg", 1536 * 1024);
  g_autoptr (ChPaper) front = papers_world_make (world, "front.jpg", "-size 600x400 xc:red");
  g_autoptr (ChPaper) back = papers_world_make (world, "back.jpg", "-size 300x200 xc:blue");
  g_autoptr (ChPrepared) prepared = papers_prepare (rule, front, back, NULL);
  g_autoptr (ChPictureOutput) shown = papers_show (prepared->bytes, 0, 2000);

  g_assert_cmpint (prepared->content, ==, CH_CONTENT_JPEG);
  g_assert_cmpuint (shown->width, ==, 600);
  g_assert_cmpuint (shown->height, ==, 800);
  g_assert_cmphex (papers_get_dot (shown, 0.5, 0.2), ==, 0xf00);
  g_assert_cmphex (papers_get_dot (shown, 0.9, 0.8), ==, 0x00f);
}

static char *
list_zip (GBytes *zip)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  GString *names = g_string_new (NULL);

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_memory (archive, g_bytes_get_data (zip, NULL), g_bytes_get_size (zip)),
                   ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    g_string_append_printf (names, "%s;", archive_entry_pathname_utf8 (entry));
  archive_read_free (archive);
  return g_string_free (names, FALSE);
}

static void
test_bundle (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (PapersWorld) other = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("zip rar", 2 * MB);
  g_autoptr (ChPaper) agreement = papers_world_make (world, "协议 盖章.jpg", "-size 600x400 xc:red");
  g_autoptr (ChPaper) sheet = papers_world_make (world, "IMG_1.jpg", PRINT ("2000x1500"));
  g_autoptr (ChPaper) other_sheet = papers_world_make (other, "img_1.JPG", PRINT ("2000x1500"));
  g_autoptr (ChPaper) webp = papers_world_make (world, "seal.webp", "-size 60x40 xc:red");
  g_autoptr (ChPaper) text = papers_world_write (world, "..notes..txt", "zeros:0000000000000000000000", 28);
  g_autoptr (ChPaper) word
      = papers_world_write (world, "letter.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 letter", 15);
  g_autoptr (ChPrepared) prepared
      = papers_prepare (rule, agreement, sheet, other_sheet, webp, text, word, NULL);
  g_autoptr (ChPrepared) again = papers_prepare (rule, agreement, sheet, other_sheet, webp, text, word, NULL);
  g_autoptr (ChPrepared) single = papers_prepare (rule, agreement, NULL);
  g_autoptr (ChPaper) given = ch_paper_new_for_bytes (prepared->bytes, "mine.zip");
  g_autoptr (ChPrepared) kept = papers_prepare (rule, given, NULL);
  g_autofree char *names = list_zip (prepared->bytes);
  g_autofree char *culprit = NULL;

  g_assert_cmpstr (names, ==, "协议 盖章.jpg;IMG_1.jpg;img_1 (2).JPG;seal.jpg;notes.txt;letter.doc;");
  g_assert_true (g_bytes_equal (prepared->bytes, again->bytes));
  g_assert_true (g_str_has_suffix (prepared->name, ".zip"));
  g_assert_cmpint (single->content, ==, CH_CONTENT_ZIP);
  /* Who has a zip may give it */
  g_assert_cmpstr (kept->name, ==, "mine.zip");
  g_assert_true (g_bytes_equal (kept->bytes, prepared->bytes));
  /* But not among other files: nobody would look into it */
  g_assert_cmpint (papers_refuse (rule, &culprit, agreement, given, NULL), ==, CH_REASON_BUNDLE_NESTED);
  g_assert_cmpstr (culprit, ==, "mine.zip");
}

static void
test_kinds_refused (void)
{
  static const struct
  {
    const char *content;
    gsize len;
    ChReason reason;
  } rows[] = {
    { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old letter", 22, CH_REASON_FILE_OFFICE },
    { "{\\rtf1 a letter}", 16, CH_REASON_FILE_WORD },
    { "7z\xbc\xaf\x27\x1c packed", 13, CH_REASON_FILE_ARCHIVE },
    { "\0\0\0\x18"
      "ftypmp42 a film",
      19, CH_REASON_FILE_FILM },
    { "Dear Sir or Madam,", 18, CH_REASON_FILE_TEXT },
    { "<!DOCTYPE html><p>licence</p>", 29, CH_REASON_FILE_TEXT },
    { "\x7f"
      "ELF\2\1\1",
      7, CH_REASON_FILE_PROGRAM },
    { "<svg onload='steal()'/>", 23, CH_REASON_FILE_TYPE },
    { "\1\2\3\4\5\6", 6, CH_REASON_FILE_TYPE },
    { "", 0, CH_REASON_FILE_EMPTY },
  };
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg png pdf", MB);
  g_autoptr (ChPaper) good = papers_world_make (world, "good.jpg", "-size 60x40 xc:red");
  g_autoptr (ChPaper) pdf = papers_world_write (world, "a.pdf", "%PDF-1.4\ntrailer << >>\n%%EOF\n", 30);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ChPaper) paper = papers_world_write (world, "licence.jpg", rows[i].content, rows[i].len);
      g_autofree char *alone = NULL, *among = NULL;

      g_assert_cmpint (papers_refuse (rule, &alone, paper, NULL), ==, rows[i].reason);
      g_assert_null (alone);
      g_assert_cmpint (papers_refuse (rule, &among, good, paper, NULL), ==, rows[i].reason);
      g_assert_cmpstr (among, ==, "licence.jpg");
    }
  g_assert_cmpint (papers_refuse (rule, NULL, good, pdf, NULL), ==, CH_REASON_PDF_JOIN);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/prepare/single", test_single);
  g_test_add_func ("/papers/prepare/shrink", test_shrink);
  g_test_add_func ("/papers/prepare/join", test_join);
  g_test_add_func ("/papers/prepare/join-within-limit", test_join_within_limit);
  g_test_add_func ("/papers/prepare/stack", test_stack);
  g_test_add_func ("/papers/prepare/bundle", test_bundle);
  g_test_add_func ("/papers/prepare/kinds-refused", test_kinds_refused);
  return g_test_run ();
}
