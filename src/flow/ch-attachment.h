#pragma once

#include "papers/ch-prepare.h"
#include "wire/messages-application.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

typedef enum
{
  CH_ATTACHMENT_MISSING, /* nothing chosen yet */
  CH_ATTACHMENT_WAITING, /* chosen, its upload has not begun */
  CH_ATTACHMENT_UPLOADING,
  CH_ATTACHMENT_DONE,   /* the server has it whole */
  CH_ATTACHMENT_FAILED, /* see ch_attachment_get_error(); attach again or try again */
} ChAttachmentState;

/* One document asked for, and how far it has got. Notifies `state` and `progress`. */
#define CH_TYPE_ATTACHMENT (ch_attachment_get_type ())
G_DECLARE_FINAL_TYPE (ChAttachment, ch_attachment, CH, ATTACHMENT, GObject)

ChAttachment *ch_attachment_new (const ChDocumentRule *rule);
const ChDocumentRule *ch_attachment_get_rule (ChAttachment *self);
ChAttachmentState ch_attachment_get_state (ChAttachment *self);
double ch_attachment_get_progress (ChAttachment *self);
const char *ch_attachment_get_name (ChAttachment *self);
gint64 ch_attachment_get_size (ChAttachment *self);
GPtrArray *ch_attachment_get_papers (ChAttachment *self);
gboolean ch_attachment_is_prepared (ChAttachment *self);
GStrv ch_attachment_list_changes (ChAttachment *self);
const GError *ch_attachment_get_error (ChAttachment *self);
GCancellable *ch_attachment_get_cancellable (ChAttachment *self);

void ch_attachment_choose (ChAttachment *self, GPtrArray *papers);
void ch_attachment_begin (ChAttachment *self);
void ch_attachment_set_prepared (ChAttachment *self, const ChPrepared *prepared);
void ch_attachment_set_progress (ChAttachment *self, double progress);
void ch_attachment_finish (ChAttachment *self, const ChDocument *document);
void ch_attachment_fail (ChAttachment *self, GError *error);
void ch_attachment_clear (ChAttachment *self);

G_END_DECLS
