#include "config.h"

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "papers/ch-paper.h"

struct _ChPaper
{
  GObject parent_instance;

  GFile *file;   /* (owned) (nullable) */
  GBytes *bytes; /* (owned) (nullable): what has no file, from the clipboard or the vault */
  char *name;
  guint turns; /* quarters to the right, 0–3 */
};

enum
{
  PROP_TURNS = 1
};

static GParamSpec *props[PROP_TURNS + 1];

G_DEFINE_FINAL_TYPE (ChPaper, ch_paper, G_TYPE_OBJECT)

static void
ch_paper_finalize (GObject *object)
{
  ChPaper *self = CH_PAPER (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  G_OBJECT_CLASS (ch_paper_parent_class)->finalize (object);
}

static void
ch_paper_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_TURNS)
    g_value_set_uint (value, CH_PAPER (object)->turns);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
ch_paper_class_init (ChPaperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = ch_paper_finalize;
  object_class->get_property = ch_paper_get_property;
  props[PROP_TURNS]
      = g_param_spec_uint ("turns", NULL, NULL, 0, 3, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
ch_paper_init (ChPaper *self)
{
}

/**
 * ch_paper_new:
 * @file: on this PC; read when it is needed
 *
 * Returns: (transfer full): a page or file
 */
ChPaper *
ch_paper_new (GFile *file)
{
  ChPaper *self = g_object_new (CH_TYPE_PAPER, NULL);
  g_autofree char *name = g_file_get_basename (file);

  self->file = g_object_ref (file);
  self->name = g_utf8_make_valid (name, -1);
  return self;
}

/**
 * ch_paper_new_for_bytes:
 * @name: as if it were a file
 *
 * Returns: (transfer full): a page or file that is only in memory
 */
ChPaper *
ch_paper_new_for_bytes (GBytes *bytes, const char *name)
{
  ChPaper *self = g_object_new (CH_TYPE_PAPER, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  return self;
}

/**
 * ch_paper_copy:
 *
 * Returns: (transfer full): the same page, turned by itself
 */
ChPaper *
ch_paper_copy (ChPaper *self)
{
  ChPaper *copy = g_object_new (CH_TYPE_PAPER, NULL);

  copy->file = self->file != NULL ? g_object_ref (self->file) : NULL;
  copy->bytes = self->bytes != NULL ? g_bytes_ref (self->bytes) : NULL;
  copy->name = g_strdup (self->name);
  copy->turns = self->turns;
  return copy;
}

/**
 * ch_paper_get_name:
 *
 * Returns: (transfer none): the file’s name, valid UTF-8
 */
const char *
ch_paper_get_name (ChPaper *self)
{
  return self->name;
}

/**
 * ch_paper_get_file:
 *
 * Returns: (transfer none) (nullable): where it lies on this PC
 */
GFile *
ch_paper_get_file (ChPaper *self)
{
  return self->file;
}

/**
 * ch_paper_get_turns:
 *
 * Returns: quarters it is turned to the right, 0–3
 */
guint
ch_paper_get_turns (ChPaper *self)
{
  return self->turns;
}

/**
 * ch_paper_turn:
 *
 * Turns it by 90° to the right.
 */
void
ch_paper_turn (ChPaper *self)
{
  g_return_if_fail (CH_IS_PAPER (self));

  self->turns = (self->turns + 1) % 4;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TURNS]);
}

/**
 * ch_paper_load:
 * @error: %CH_ERROR_FILE, %CH_ERROR_TOO_LARGE
 *
 * Reads it. Blocks: for a thread.
 *
 * Returns: (transfer full): its content
 */
GBytes *
ch_paper_load (ChPaper *self, GError **error)
{
  g_autofree char *path = NULL;

  if (self->bytes != NULL)
    return g_bytes_ref (self->bytes);

  path = g_file_get_path (self->file);
  if (path == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "the file is not on this PC");
      return NULL;
    }
  return ch_file_read (path, CH_PAPER_MAX_BYTES, error);
}
