#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "papers-world.h"

/* The child that decodes, and what becomes of those who depend on it */

/* Four quarters: red, green above blue, white */
#define QUARTERS "-size 30x20 '(' xc:red xc:lime +append ')' '(' xc:blue xc:white +append ')' -append"

static GBytes *
load (ChPaper *paper)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = ch_paper_load (paper, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
check_corners (const ChPictureOutput *shown, guint32 top_left, guint32 top_right, guint32 bottom_left)
{
  g_assert_cmphex (papers_get_dot (shown, 0.25, 0.25), ==, top_left);
  g_assert_cmphex (papers_get_dot (shown, 0.75, 0.25), ==, top_right);
  g_assert_cmphex (papers_get_dot (shown, 0.25, 0.75), ==, bottom_left);
}

static void
test_turns (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChPaper) paper = papers_world_make (world, "quarters.png", QUARTERS);
  g_autoptr (GBytes) bytes = load (paper);
  g_autoptr (ChPictureOutput) plain = papers_show (bytes, 0, 1000);
  g_autoptr (ChPictureOutput) once = papers_show (bytes, 1, 1000);
  g_autoptr (ChPictureOutput) thrice = papers_show (bytes, 3, 30);

  g_assert_cmpuint (plain->width, ==, 60);
  g_assert_cmpuint (plain->height, ==, 40);
  check_corners (plain, 0xf00, 0x0f0, 0x00f);
  /* To the right: what was at the bottom left is at the top left */
  g_assert_cmpuint (once->width, ==, 40);
  check_corners (once, 0x00f, 0xf00, 0xfff);
  check_corners (thrice, 0x0f0, 0xfff, 0xf00);
  g_assert_cmpuint (thrice->height, ==, 30);
}

/* EXIF: how each of the eight orientations is seen when it is put upright */
static void
test_orientations (void)
{
  static const guint32 corners[9][3] = {
    [1] = { 0xf00, 0x0f0, 0x00f }, [2] = { 0x0f0, 0xf00, 0xfff }, [3] = { 0xfff, 0x00f, 0x0f0 },
    [4] = { 0x00f, 0xfff, 0xf00 }, [5] = { 0xf00, 0x00f, 0x0f0 }, [6] = { 0x00f, 0xf00, 0xfff },
    [7] = { 0xfff, 0x0f0, 0x00f }, [8] = { 0x0f0, 0xfff, 0xf00 },
  };
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChPaper) paper = papers_world_make (world, "quarters.jpg", QUARTERS " -sample 400% -quality 95");
  g_autoptr (GBytes) jpeg = load (paper);
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg", 1000000);

  for (guint i = 1; i <= 8; i++)
    {
      g_autoptr (GBytes) held = papers_add_exif (jpeg, i);
      g_autoptr (ChPaper) photograph = ch_paper_new_for_bytes (held, "IMG_1.JPG");
      g_autoptr (ChPrepared) prepared = papers_prepare (rule, photograph, NULL);
      /* Decoded at its size, and made smaller while it is: both upright */
      g_autoptr (ChPictureOutput) shown = papers_show (prepared->bytes, 0, 1000);
      g_autoptr (ChPictureOutput) small = papers_show (held, 0, 60);

      g_test_message ("orientation %u", i);
      g_assert_true (papers_contains (held, "117.2009"));
      g_assert_false (papers_contains (prepared->bytes, "117.2009"));
      g_assert_false (papers_contains (prepared->bytes, "Exif"));
      g_assert_cmpint ((prepared->changes & CH_PREPARED_TURNED) != 0, ==, i != 1);
      g_assert_true ((prepared->changes & CH_PREPARED_CLEANED) != 0);
      g_assert_cmpint (shown->width > shown->height, ==, i <= 4);
      check_corners (shown, corners[i][0], corners[i][1], corners[i][2]);
      check_corners (small, corners[i][0], corners[i][1], corners[i][2]);
    }
}

static void
test_kinds (void)
{
  static const char *const kinds[]
      = { "a.jpg",    "a.png",    "a.gif",           "a.bmp",       "a.tiff",    "a.webp",
          "gray.jpg", "cmyk.jpg", "progressive.jpg", "palette.png", "moving.gif" };
  static const char *const arguments[] = { QUARTERS,
                                           QUARTERS,
                                           QUARTERS,
                                           QUARTERS,
                                           QUARTERS,
                                           QUARTERS " -quality 100",
                                           QUARTERS " -colorspace gray",
                                           QUARTERS " -colorspace cmyk",
                                           QUARTERS " -interlace plane",
                                           QUARTERS " -type palette",
                                           "'(' " QUARTERS " ')' -delay 10 xc:black xc:white" };
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg", 1000000);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (ChPaper) paper = papers_world_make (world, kinds[i], arguments[i]);
      g_autoptr (ChPrepared) prepared = papers_prepare (rule, paper, NULL);
      g_autoptr (ChPictureOutput) shown = papers_show (prepared->bytes, 0, 1000);

      g_test_message ("%s", kinds[i]);
      g_assert_cmpint (prepared->content, ==, CH_CONTENT_JPEG);
      g_assert_true (g_str_has_suffix (prepared->name, ".jpg"));
      if (!g_str_equal (kinds[i], "gray.jpg"))
        check_corners (shown, 0xf00, 0x0f0, 0x00f);
      g_assert_cmpuint (shown->width, ==, 60);
    }
}

/* -- A child that does not do what it should
 * -------------------------------------------------------------------- */

/* Instead of the real one */
static void
put_child (PapersWorld *world, const char *script)
{
  g_autofree char *path = g_build_filename (world->dir, CH_PICTURE_HELPER, NULL);

  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  g_setenv ("CERTHALL_PROGRAMS", world->dir, TRUE);
}

static void
test_bad_children (void)
{
  static const char *const scripts[] = {
    "#!/bin/sh\nexec sleep 100\n",
    "#!/bin/sh\nexec 2>&-\nexec sleep 100\n",
    "#!/bin/sh\nkill -SEGV $$\n",
    "#!/bin/sh\nexit 99\n",
    "#!/bin/sh\nexit 0\n",
    "#!/bin/sh\nprintf 'CHP1 too short'\n",
    "#!/bin/sh\nprintf 'CHP1\\377\\377\\377\\377\\377\\377\\377\\377\\4\\0\\0\\0\\0\\0\\0\\0dots'\n",
    "#!/bin/sh\nprintf 'CHP1\\2\\0\\0\\0\\2\\0\\0\\0\\4\\0\\0\\0\\0\\0\\0\\0dots'\n",
    "#!/bin/sh\nprintf 'CHP2\\1\\0\\0\\0\\1\\0\\0\\0\\4\\0\\0\\0\\0\\0\\0\\0dots'\n",
    "#!/bin/sh\nhead -c 9000000 /dev/zero\n",
  };
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autofree char *programs = g_strdup (g_getenv ("CERTHALL_PROGRAMS"));
  g_autoptr (ChPaper) paper = papers_world_make (world, "a.png", QUARTERS);
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg", 1000000);

  ch_picture_set_patience (500);
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      put_child (world, scripts[i]);
      g_test_message ("%s", scripts[i]);
      g_assert_cmpint (papers_refuse (rule, NULL, paper, NULL), ==, CH_REASON_FILE_BROKEN);
    }
  ch_picture_set_patience (40000);
  g_setenv ("CERTHALL_PROGRAMS", programs, TRUE);
}

static void
on_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
test_cancel (void)
{
  g_autoptr (PapersWorld) world = papers_world_new ();
  g_autofree char *programs = g_strdup (g_getenv ("CERTHALL_PROGRAMS"));
  g_autofree char *started = g_build_filename (world->dir, "started", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\ntouch %s\nexec sleep 100\n", started);
  g_autoptr (ChPaper) paper = papers_world_make (world, "a.png", QUARTERS);
  g_autoptr (ChDocumentRule) rule = papers_make_rule ("jpg", 1000000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) papers = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  put_child (world, script);
  g_ptr_array_add (papers, paper);
  ch_prepare_async (papers, rule, cancellable, on_prepared_cb, &result);
  while (!g_file_test (started, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (ch_prepare_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_setenv ("CERTHALL_PROGRAMS", programs, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/picture/turns", test_turns);
  g_test_add_func ("/papers/picture/orientations", test_orientations);
  g_test_add_func ("/papers/picture/kinds", test_kinds);
  g_test_add_func ("/papers/picture/bad-children", test_bad_children);
  g_test_add_func ("/papers/picture/cancel", test_cancel);
  return g_test_run ();
}
