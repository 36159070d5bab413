#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"

/* A name that people can read in one line */
#define MAX_NAME_BYTES 200

/* What is said of a content that is not taken; of what is not listed: the formats that are */
static const struct
{
  ChContent content;
  ChReason reason;
} kinds[] = {
  { CH_CONTENT_WORD, CH_REASON_FILE_WORD },       { CH_CONTENT_SHEET, CH_REASON_FILE_OFFICE },
  { CH_CONTENT_SLIDES, CH_REASON_FILE_OFFICE },   { CH_CONTENT_OFFICE, CH_REASON_FILE_OFFICE },
  { CH_CONTENT_OFD, CH_REASON_FILE_OFD },         { CH_CONTENT_ZIP, CH_REASON_FILE_ARCHIVE },
  { CH_CONTENT_RAR, CH_REASON_FILE_ARCHIVE },     { CH_CONTENT_ARCHIVE, CH_REASON_FILE_ARCHIVE },
  { CH_CONTENT_PROGRAM, CH_REASON_FILE_PROGRAM }, { CH_CONTENT_FILM, CH_REASON_FILE_FILM },
  { CH_CONTENT_WEB, CH_REASON_FILE_TEXT },        { CH_CONTENT_TEXT, CH_REASON_FILE_TEXT },
};

/**
 * ch_document_refuse:
 * @document: id of its rule
 * @name: (nullable): which of several files it is about
 * @why: for the log
 *
 * Returns: (transfer full): an error that names the document and why
 */
GError *
ch_document_refuse (const char *document, ChReason reason, const char *name, const char *why)
{
  GError *wrong = g_error_new (CH_ERROR, CH_ERROR_DOCUMENT_TYPE, "document %s: %s", document, why);

  ch_error_add_field (wrong, document, reason, name);
  return wrong;
}

static gboolean
refuse (const ChDocumentRule *rule, ChReason reason, const char *why, GError **error)
{
  g_propagate_error (error, ch_document_refuse (rule->id, reason, NULL, why));
  return FALSE;
}

/**
 * ch_document_takes:
 *
 * Returns: whether files of this content are taken as they are
 */
gboolean
ch_document_takes (const ChDocumentRule *rule, ChContent content)
{
  for (gsize i = 0; rule->formats[i] != NULL; i++)
    if (content != CH_CONTENT_UNKNOWN && ch_content_from_id (rule->formats[i]) == content)
      return TRUE;
  return FALSE;
}

/**
 * ch_document_takes_bundle:
 *
 * Returns: whether several files of any kind, made into one archive, are taken
 */
gboolean
ch_document_takes_bundle (const ChDocumentRule *rule)
{
  return ch_document_takes (rule, CH_CONTENT_ZIP) || ch_document_takes (rule, CH_CONTENT_RAR);
}

/**
 * ch_document_judge_kind:
 *
 * Returns: %CH_REASON_OK when files of this content are taken, else what is said to who chose one
 */
ChReason
ch_document_judge_kind (const ChDocumentRule *rule, ChContent content)
{
  if (ch_document_takes (rule, content))
    return CH_REASON_OK;
  if (ch_document_takes_bundle (rule))
    return CH_REASON_FILE_BUNDLE;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].content == content)
      return kinds[i].reason;
  return CH_REASON_FILE_TYPE;
}

static ChReason
look (ChContent content, const guint8 *data, gsize len)
{
  switch (content)
    {
    case CH_CONTENT_ZIP:
    case CH_CONTENT_RAR:
      return ch_archive_look (content, data, len);
    case CH_CONTENT_PDF:
      return ch_pdf_look (data, len);
    default:
      return ch_picture_look (content, data, len);
    }
}

/**
 * ch_document_check:
 * @bytes: a document that has arrived whole
 * @rule: what the profile accepts
 * @content: (out): what it is
 * @error: %CH_ERROR_DOCUMENT_TYPE naming the document and why
 *
 * Looks at the content, not at the name. Nothing is unpacked or decoded.
 */
gboolean
ch_document_check (GBytes *bytes, const ChDocumentRule *rule, ChContent *content, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  ChReason reason;

  *content = ch_sniff (data, len);
  if (len == 0)
    return refuse (rule, CH_REASON_FILE_EMPTY, "the document is empty", error);
  if (len > (gsize) rule->max_bytes)
    return refuse (rule, CH_REASON_FILE_TOO_LARGE, "the document is too large", error);

  reason = ch_document_judge_kind (rule, *content);
  if (reason != CH_REASON_OK)
    return refuse (rule, reason, "the content is of a kind that is not accepted", error);

  reason = look (*content, data, len);
  if (reason != CH_REASON_OK)
    return refuse (rule, reason, ch_reason_get_id (reason), error);
  return TRUE;
}

static gboolean
is_visible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

/**
 * ch_document_clean_name:
 * @name: of a file, from outside
 *
 * Takes away folders, what cannot be seen, and dots and blanks at the ends.
 *
 * Returns: (transfer full): a name that may be shown and stored
 */
char *
ch_document_clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *start = composed;

  for (const char *p = composed; *p != 0; p++)
    if (*p == '/' || *p == '\\')
      start = p + 1;

  for (const char *p = start; *p != 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_visible (c) || (out->len == 0 && (c == '.' || g_unichar_isspace (c))))
        continue;
      if (out->len + 6 > MAX_NAME_BYTES)
        break;
      g_string_append_unichar (out, c);
    }

  while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '.'))
    g_string_truncate (out, out->len - 1);
  if (out->len == 0)
    g_string_assign (out, "document");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
