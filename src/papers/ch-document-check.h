#pragma once

#include <gio/gio.h>

#include "base/ch-reason.h"
#include "base/ch-sniff.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What is accepted as a document: the program looks before it sends, the server before it keeps */

/* Limits of what is accepted at all, whatever a profile says */
#define CH_DOCUMENT_MAX_PIXELS   40000000
#define CH_DOCUMENT_MAX_ENTRIES  200
#define CH_DOCUMENT_MAX_UNPACKED (200 * 1024 * 1024)
#define CH_DOCUMENT_MAX_RATIO    100

gboolean ch_document_check (GBytes *bytes, const ChDocumentRule *rule, ChContent *content, GError **error);
gboolean ch_document_takes (const ChDocumentRule *rule, ChContent content);
gboolean ch_document_takes_bundle (const ChDocumentRule *rule);
GError *ch_document_refuse (const char *document, ChReason reason, const char *name, const char *why);
ChReason ch_document_judge_kind (const ChDocumentRule *rule, ChContent content);
char *ch_document_clean_name (const char *name);

G_END_DECLS
