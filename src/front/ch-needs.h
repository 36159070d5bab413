#pragma once

#include "flow/ch-flow.h"

G_BEGIN_DECLS

/* What has to be at hand before a business is begun: read off its steps and the CA’s profile, so that nobody
 * has to log in to learn it. */

/* clang-format off */
#define CH_NEED_PARTS(X) \
  X (DOCUMENTS, "documents", N_("Documents")) \
  X (DATA,      "data",      N_("What you will fill in")) \
  X (PRICE,     "price",     N_("What it costs")) \
  X (STEPS,     "steps",     N_("Step by step"))
/* clang-format on */

#define X(code, id, title) CH_NEED_##code,
typedef enum
{
  CH_NEED_PARTS (X) CH_N_NEED_PARTS
} ChNeedPart;
#undef X

typedef struct
{
  ChNeedPart part;
  char *id;     /* of the document, field, project or step */
  char *title;  /* in the user’s language, as is all that follows */
  char *detail; /* (nullable): lines */
  char *value;  /* (nullable): the price */
  gboolean optional;
  const ChDocumentRule *rule; /* (unowned) (nullable): of a document; belongs to the profile */
} ChNeed;

void ch_need_free (ChNeed *self);
char *ch_need_format_title (const ChNeed *self);
GPtrArray *ch_needs_list (const ChFlow *flow, const ChProfile *profile);
char *ch_needs_format_what (const ChFlow *flow);
char *ch_needs_format (GPtrArray *needs, const ChFlow *flow, const ChProfile *profile);
GPtrArray *ch_needs_list_flows (const ChProfile *profile, ChBusiness business);
const ChFlow *ch_needs_find_flow (GPtrArray *flows, const ChAxes *axes);

const char *ch_need_part_get_id (ChNeedPart part);
const char *ch_need_part_get_title (ChNeedPart part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChNeed, ch_need_free)

G_END_DECLS
