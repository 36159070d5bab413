#include "config.h"

#include "papers-world.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"

PapersWorld *
papers_world_new (void)
{
  PapersWorld *self = g_new0 (PapersWorld, 1);

  self->dir = g_dir_make_tmp ("certhall-papers-XXXXXX", NULL);
  g_assert_nonnull (self->dir);
  return self;
}

void
papers_world_free (PapersWorld *self)
{
  g_autofree char *gone = g_strdup_printf ("rm -r %s", self->dir);

  g_assert_true (g_spawn_command_line_sync (gone, NULL, NULL, NULL, NULL));
  g_free (self->dir);
  g_free (self);
}

/* In the folder. Returns: (transfer full): what it printed */
char *
papers_world_run (PapersWorld *self, const char *command)
{
  g_autoptr (GError) error = NULL;
  const char *const argv[] = { "sh", "-c", command, NULL };
  char *out = NULL;
  int status = 0;

  g_spawn_sync (self->dir, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s: status %d", command, status);
  return out;
}

/* By ImageMagick’s convert. Returns: (transfer full) */
ChPaper *
papers_world_make (PapersWorld *self, const char *name, const char *arguments)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *command = g_strdup_printf ("convert %s '%s'", arguments, name);
  g_autofree char *out = papers_world_run (self, command);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return ch_paper_new (file);
}

ChPaper *
papers_world_write (PapersWorld *self, const char *name, gconstpointer data, gsize len)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, data, len, NULL));
  return ch_paper_new (file);
}

/* Returns: (transfer full): where it lies now */
char *
papers_world_save (PapersWorld *self, const char *name, GBytes *bytes)
{
  g_autoptr (ChPaper) paper
      = papers_world_write (self, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return g_file_get_path (ch_paper_get_file (paper));
}

ChDocumentRule *
papers_make_rule (const char *formats, gint64 max_bytes)
{
  ChDocumentRule *rule = ch_wire_new (&ChDocumentRule_wire);

  rule->id = g_strdup ("licence");
  rule->name = ch_wire_new (&ChText_wire);
  rule->name->zh = g_strdup ("其他资料");
  rule->name->en = g_strdup ("Other documents");
  rule->formats = g_strsplit (formats, " ", -1);
  rule->max_bytes = max_bytes;
  return rule;
}

static GPtrArray *
collect (ChPaper *first, va_list args)
{
  GPtrArray *papers = g_ptr_array_new ();

  for (ChPaper *paper = first; paper != NULL; paper = va_arg (args, ChPaper *))
    g_ptr_array_add (papers, paper);
  return papers;
}

/* Prepares what is good. Returns: (transfer full) */
ChPrepared *
papers_prepare (const ChDocumentRule *rule, ChPaper *first, ...)
{
  g_autoptr (GPtrArray) papers = NULL;
  g_autoptr (GError) error = NULL;
  ChPrepared *prepared;
  va_list args;

  va_start (args, first);
  papers = collect (first, args);
  va_end (args);
  prepared = ch_prepare (papers, rule, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (prepared->bytes), <=, rule->max_bytes);
  return prepared;
}

/* Prepares what is not. @name: (out) (nullable): which file it is. Returns: why */
ChReason
papers_refuse (const ChDocumentRule *rule, char **name, ChPaper *first, ...)
{
  g_autoptr (GPtrArray) papers = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChPrepared) prepared = NULL;
  const ChFieldError *field;
  va_list args;

  va_start (args, first);
  papers = collect (first, args);
  va_end (args);
  prepared = ch_prepare (papers, rule, NULL, &error);
  g_assert_null (prepared);
  g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE);
  field = ch_error_get_fields (error)->pdata[0];
  g_assert_cmpstr (field->field, ==, rule->id);
  if (name != NULL)
    *name = g_strdup (field->remark);
  return field->reason;
}

/* What cameras write in front of a picture: how it was held, and a place. Returns: (transfer full) */
GBytes *
papers_add_exif (GBytes *jpeg, guint orientation)
{
  static const guint8 head[] = "\xff\xe1\0\x3e"
                               "Exif\0\0"
                               "MM\0*\0\0\0\x08"
                               "\0\x01"
                               "\x01\x12\0\3\0\0\0\1";
  static const guint8 tail[] = "\0\0"
                               "\0\0\0\0"
                               "GPS 39.0842 N 117.2009 E, at home";
  GByteArray *out = g_byte_array_new ();
  const guint8 *data = g_bytes_get_data (jpeg, NULL);
  guint8 value[2] = { 0, orientation };

  g_byte_array_append (out, data, 2);
  g_byte_array_append (out, head, sizeof head - 1);
  g_byte_array_append (out, value, 2);
  g_byte_array_append (out, tail, 0x3e + 2 - (sizeof head - 1) - 2);
  g_byte_array_append (out, data + 2, g_bytes_get_size (jpeg) - 2);
  return g_byte_array_free_to_bytes (out);
}

/* Returns: (transfer full): the dots of a picture */
ChPictureOutput *
papers_show (GBytes *bytes, guint turns, guint edge)
{
  g_autoptr (GError) error = NULL;
  const ChPictureOrder order = { .job = CH_PICTURE_SHOW, .edge = edge };
  const ChPictureInput input = { bytes, turns };
  ChPictureOutput *shown = ch_picture_run (&order, &input, 1, NULL, &error);

  g_assert_no_error (error);
  return shown;
}

/* Returns: the colour there, each part coarsely: 0xf00 is red */
guint32
papers_get_dot (const ChPictureOutput *shown, double x, double y)
{
  const guint8 *dots = g_bytes_get_data (shown->bytes, NULL);
  const guint8 *dot = dots + ((gsize) (y * shown->height) * shown->width + (gsize) (x * shown->width)) * 4;

  return (dot[0] > 128 ? 0xf00 : 0) | (dot[1] > 128 ? 0xf0 : 0) | (dot[2] > 128 ? 0xf : 0);
}

gboolean
papers_contains (GBytes *bytes, const char *text)
{
  return memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text)) != NULL;
}
