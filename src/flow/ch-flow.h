#pragma once

#include "flow/ch-step.h"

G_BEGIN_DECLS

/* A business flow is a row: axes and a recipe. One more variant is one more row. */
typedef struct
{
  ChAxes axes;
  const char *id;
  const char *title; /* untranslated */
  const ChStep *const *recipe;
} ChFlow;

#define CH_FLOW(business_, subject_, medium_, settlement_, id_, title_, recipe_)                             \
  {                                                                                                          \
    { CH_BUSINESS_##business_, CH_SUBJECT_##subject_, CH_MEDIUM_##medium_, CH_SETTLEMENT_##settlement_ },    \
        id_, title_, recipe_                                                                                 \
  }

GPtrArray *ch_flow_list_steps (const ChFlow *self, const ChProfile *profile);
gboolean ch_flow_validate (const ChFlow *self, const ChProfile *profile, GError **error);

G_END_DECLS
