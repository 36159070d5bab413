#include "config.h"

#include "wire/messages-application.h"

CH_WIRE_DEFINE_ENUM (ChApplicationState, CH_APPLICATION_STATES, "application-state")

CH_WIRE_DEFINE (ChFieldReason, ch_field_reason, CH_FIELD_REASON_FIELDS, "field-reason")
CH_WIRE_DEFINE (ChDocument, ch_document, CH_DOCUMENT_FIELDS, "document")
CH_WIRE_DEFINE (ChHistoryRow, ch_history_row, CH_HISTORY_ROW_FIELDS, "history-row")
CH_WIRE_DEFINE (ChApplication, ch_application, CH_APPLICATION_FIELDS, "application")
CH_WIRE_DEFINE (ChApplicationList, ch_application_list, CH_APPLICATION_LIST_FIELDS, "application-list")
CH_WIRE_DEFINE (ChApplicationNew, ch_application_new, CH_APPLICATION_NEW_FIELDS, "application-new")
CH_WIRE_DEFINE (ChFlowChange, ch_flow_change, CH_FLOW_CHANGE_FIELDS, "flow-change")
CH_WIRE_DEFINE (ChAnswers, ch_answers, CH_ANSWERS_FIELDS, "answers")
CH_WIRE_DEFINE (ChHandlerProof, ch_handler_proof, CH_PROOF_FIELDS, "handler-proof")
CH_WIRE_DEFINE (ChVersion, ch_version, CH_VERSION_FIELDS, "version")
CH_WIRE_DEFINE (ChUploadNew, ch_upload_new, CH_UPLOAD_NEW_FIELDS, "upload-new")
CH_WIRE_DEFINE (ChUpload, ch_upload, CH_UPLOAD_FIELDS, "upload")
CH_WIRE_DEFINE (ChPiece, ch_piece, CH_PIECE_FIELDS, "piece")
CH_WIRE_DEFINE (ChDocumentContent, ch_document_content, CH_DOCUMENT_CONTENT_FIELDS, "document-content")
CH_WIRE_DEFINE (ChReview, ch_review, CH_REVIEW_FIELDS, "review")

/**
 * ch_application_state_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_application_state_get_title (ChApplicationState state)
{
#define TITLE(code, id, title) title,
  static const char *const titles[] = { CH_APPLICATION_STATES (TITLE) };

  g_return_val_if_fail ((guint) state < CH_N_APPLICATION_STATES, "");

  return titles[state];
}

/**
 * ch_application_find_submission:
 * @self: with its history
 *
 * Returns: when it was handed in last; 0 when it never was
 */
gint64
ch_application_find_submission (const ChApplication *self)
{
  gint64 at = 0;

  for (guint i = 0; self->history != NULL && i < self->history->len; i++)
    {
      const ChHistoryRow *row = self->history->pdata[i];

      if (g_str_equal (row->what, "submitted") || g_str_equal (row->what, "approved-by-rule"))
        at = MAX (at, row->at);
    }
  return at;
}

/**
 * ch_application_was_submitted:
 * @self: perhaps without its history, as in a list
 *
 * Returns: whether it was handed in, whatever became of it then
 */
gboolean
ch_application_was_submitted (const ChApplication *self)
{
  if (self->state == CH_APPLICATION_DRAFT || self->state == CH_APPLICATION_WITHDRAWN)
    return ch_application_find_submission (self) != 0;
  return TRUE;
}
