#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One call to a provider of payments */
typedef struct
{
  const char *method;        /* "GET" or "POST" */
  const char *url;           /* whole */
  const char *content_type;  /* (nullable) */
  GBytes *body;              /* (nullable) */
  const char *const *extras; /* (nullable): more headers, `Name: value` */
  const char *trust_file;    /* (nullable): what is trusted beside the anchors of the system */
} ChPayRequest;

typedef struct
{
  guint status;
  GBytes *body;
  GHashTable *headers; /* name in small letters → value */
} ChPayAnswer;

ChPayAnswer *ch_pay_http_call (const ChPayRequest *request, GError **error);
void ch_pay_answer_free (ChPayAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPayAnswer, ch_pay_answer_free)

G_END_DECLS
