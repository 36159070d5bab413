#include "config.h"

#include "base/ch-error.h"
#include "flow/ch-attachment.h"

struct _ChAttachment
{
  GObject parent_instance;

  const ChDocumentRule *rule; /* of the profile, which outlives the run */
  GFile *file;                /* (owned) (nullable): what was chosen on this PC */
  char *name;                 /* (owned) (nullable) */
  gint64 size;
  GCancellable *cancellable; /* (owned) (nullable): of the upload going on */
  GError *error;             /* (owned) (nullable) */
  double progress;           /* 0–1 */
  ChAttachmentState state;
};

enum
{
  PROP_STATE = 1,
  PROP_PROGRESS
};

static GParamSpec *props[PROP_PROGRESS + 1];

G_DEFINE_FINAL_TYPE (ChAttachment, ch_attachment, G_TYPE_OBJECT)

static void
set_state (ChAttachment *self, ChAttachmentState state)
{
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
ch_attachment_finalize (GObject *object)
{
  ChAttachment *self = CH_ATTACHMENT (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->name, g_free);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (ch_attachment_parent_class)->finalize (object);
}

static void
ch_attachment_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ChAttachment *self = CH_ATTACHMENT (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ch_attachment_class_init (ChAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = ch_attachment_finalize;
  object_class->get_property = ch_attachment_get_property;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, CH_ATTACHMENT_FAILED, 0,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_PROGRESS]
      = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
ch_attachment_init (ChAttachment *self)
{
}

/**
 * ch_attachment_new:
 * @rule: the document asked for; must outlive the attachment
 *
 * Returns: (transfer full): an attachment for which nothing is chosen yet
 */
ChAttachment *
ch_attachment_new (const ChDocumentRule *rule)
{
  ChAttachment *self = g_object_new (CH_TYPE_ATTACHMENT, NULL);

  self->rule = rule;
  return self;
}

const ChDocumentRule *
ch_attachment_get_rule (ChAttachment *self)
{
  return self->rule;
}

ChAttachmentState
ch_attachment_get_state (ChAttachment *self)
{
  return self->state;
}

/**
 * ch_attachment_get_progress:
 *
 * Returns: from 0 to 1
 */
double
ch_attachment_get_progress (ChAttachment *self)
{
  return self->progress;
}

/**
 * ch_attachment_get_name:
 *
 * Returns: (transfer none) (nullable): the file’s name
 */
const char *
ch_attachment_get_name (ChAttachment *self)
{
  return self->name;
}

/**
 * ch_attachment_get_size:
 *
 * Returns: bytes; 0 until it is known
 */
gint64
ch_attachment_get_size (ChAttachment *self)
{
  return self->size;
}

/**
 * ch_attachment_get_file:
 *
 * Returns: (transfer none) (nullable): the file on this PC; %NULL for what came from another one
 */
GFile *
ch_attachment_get_file (ChAttachment *self)
{
  return self->file;
}

/**
 * ch_attachment_get_error:
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
ch_attachment_get_error (ChAttachment *self)
{
  return self->error;
}

/**
 * ch_attachment_get_cancellable:
 *
 * Returns: (transfer none) (nullable): stops the upload that is going on
 */
GCancellable *
ch_attachment_get_cancellable (ChAttachment *self)
{
  return self->cancellable;
}

static void
stop (ChAttachment *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->progress = 0;
}

/**
 * ch_attachment_choose:
 * @file: the file that is to be this document; replaces an earlier one
 */
void
ch_attachment_choose (ChAttachment *self, GFile *file)
{
  g_return_if_fail (CH_IS_ATTACHMENT (self));

  stop (self);
  g_set_object (&self->file, file);
  g_free (self->name);
  self->name = g_file_get_basename (file);
  self->size = 0;
  set_state (self, CH_ATTACHMENT_WAITING);
}

/**
 * ch_attachment_begin:
 * @size: bytes to be sent
 *
 * Its upload begins now.
 */
void
ch_attachment_begin (ChAttachment *self, gint64 size)
{
  stop (self);
  self->cancellable = g_cancellable_new ();
  self->size = size;
  set_state (self, CH_ATTACHMENT_UPLOADING);
}

void
ch_attachment_set_progress (ChAttachment *self, double progress)
{
  self->progress = CLAMP (progress, 0, 1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

/**
 * ch_attachment_finish:
 * @document: what the server has
 */
void
ch_attachment_finish (ChAttachment *self, const ChDocument *document)
{
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->name);
  self->name = g_strdup (document->name);
  self->size = document->size;
  self->progress = 1;
  set_state (self, CH_ATTACHMENT_DONE);
}

/**
 * ch_attachment_fail:
 * @error: (transfer full): why
 */
void
ch_attachment_fail (ChAttachment *self, GError *error)
{
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, CH_ATTACHMENT_FAILED);
}

/**
 * ch_attachment_clear:
 *
 * Forgets what was chosen.
 */
void
ch_attachment_clear (ChAttachment *self)
{
  stop (self);
  g_clear_object (&self->file);
  g_clear_pointer (&self->name, g_free);
  self->size = 0;
  set_state (self, CH_ATTACHMENT_MISSING);
}
