#pragma once

#include <gio/gio.h>

#include "base/ch-sniff.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* Limits of what is accepted at all, whatever a profile says */
#define CH_DOCUMENT_MAX_PIXELS   40000000
#define CH_DOCUMENT_MAX_ENTRIES  200
#define CH_DOCUMENT_MAX_UNPACKED (200 * 1024 * 1024)
#define CH_DOCUMENT_MAX_RATIO    100

gboolean ch_document_check (GBytes *bytes, const ChDocumentRule *rule, ChContent *content, GError **error);
gboolean ch_picture_get_size (ChContent content, GBytes *bytes, guint64 *width, guint64 *height);
char *ch_document_clean_name (const char *name);

G_END_DECLS
