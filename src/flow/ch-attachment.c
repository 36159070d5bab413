#include "config.h"

#include "base/ch-error.h"
#include "flow/ch-attachment.h"

struct _ChAttachment
{
  GObject parent_instance;

  const ChDocumentRule *rule; /* of the profile, which outlives the run */
  GPtrArray *papers;          /* (owned) (nullable) (element-type ChPaper): what was chosen on this PC */
  char *name;                 /* (owned) (nullable) */
  GStrv changes;              /* (owned) (nullable): what was done to it before it was sent */
  gboolean is_prepared;
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

  g_clear_pointer (&self->papers, g_ptr_array_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->changes, g_strfreev);
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
 * ch_attachment_get_papers:
 *
 * Returns: (transfer none) (nullable) (element-type ChPaper): files on this PC in their order; %NULL for what
 * came from another one
 */
GPtrArray *
ch_attachment_get_papers (ChAttachment *self)
{
  return self->papers;
}

/**
 * ch_attachment_is_prepared:
 *
 * Returns: whether name and size are those of what is sent; %FALSE while it is being made
 */
gboolean
ch_attachment_is_prepared (ChAttachment *self)
{
  return self->is_prepared;
}

/**
 * ch_attachment_list_changes:
 *
 * Returns: (transfer none) (nullable): ids of what was done to the files; see ch_prepared_list_changes()
 */
GStrv
ch_attachment_list_changes (ChAttachment *self)
{
  return self->changes;
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

static void
forget (ChAttachment *self)
{
  g_clear_pointer (&self->papers, g_ptr_array_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->changes, g_strfreev);
  self->is_prepared = FALSE;
  self->size = 0;
}

/**
 * ch_attachment_choose:
 * @papers: (element-type ChPaper): the files that are to be this document; they replace earlier ones
 */
void
ch_attachment_choose (ChAttachment *self, GPtrArray *papers)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (CH_IS_ATTACHMENT (self));
  g_return_if_fail (papers->len > 0);

  for (guint i = 0; i < papers->len; i++)
    g_ptr_array_add (chosen, g_object_ref (papers->pdata[i]));
  stop (self);
  forget (self);
  self->papers = g_steal_pointer (&chosen);
  self->name = g_strdup (ch_paper_get_name (self->papers->pdata[0]));
  set_state (self, CH_ATTACHMENT_WAITING);
}

/**
 * ch_attachment_begin:
 *
 * Its upload begins now: first it is made into one document.
 */
void
ch_attachment_begin (ChAttachment *self)
{
  stop (self);
  self->cancellable = g_cancellable_new ();
  self->is_prepared = FALSE;
  set_state (self, CH_ATTACHMENT_UPLOADING);
}

/**
 * ch_attachment_set_prepared:
 * @prepared: what is sent
 */
void
ch_attachment_set_prepared (ChAttachment *self, const ChPrepared *prepared)
{
  g_free (self->name);
  self->name = g_strdup (prepared->name);
  self->size = g_bytes_get_size (prepared->bytes);
  g_strfreev (self->changes);
  self->changes = ch_prepared_list_changes (prepared);
  self->is_prepared = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
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
  forget (self);
  set_state (self, CH_ATTACHMENT_MISSING);
}
