#pragma once

#include "wire/ch-facts.h"
#include "wire/ch-policy.h"
#include "wire/messages-application.h"

G_BEGIN_DECLS

/* What is known of an application, and nothing else, decides its facts. Everything is borrowed. */
typedef struct
{
  ChApplicationState state;
  GHashTable *answers;   /* field id → value */
  GHashTable *documents; /* set of the ids of documents that have arrived whole */
  GHashTable *marked;    /* set of fields and documents a reviewer wants changed and that were not yet */
  gboolean has_order;
  gboolean is_paid;
  GHashTable *before; /* (nullable): what some of the answers must not be any more */
  gboolean is_proved; /* by the handler’s code */
} ChApplicationView;

ChFact ch_application_facts (const ChApplicationView *self, const ChProfile *profile, const ChAxes *axes);

G_END_DECLS
