#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a file is by its content; its name does not count. */
typedef enum
{
  CH_CONTENT_UNKNOWN,
  CH_CONTENT_JPEG,
  CH_CONTENT_PNG,
  CH_CONTENT_GIF,
  CH_CONTENT_BMP,
  CH_CONTENT_PDF,
  CH_CONTENT_ZIP,
  CH_CONTENT_RAR,
} ChContent;

ChContent ch_sniff (const guint8 *data, gsize len);
const char *ch_content_get_id (ChContent content);
const char *ch_content_get_mime (ChContent content);
ChContent ch_content_from_id (const char *id);

G_END_DECLS
