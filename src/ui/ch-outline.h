#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* What the user sees as one step: a step of the flow with the automatic ones that lead to it */
typedef struct
{
  const char *title;  /* untranslated */
  GPtrArray *steps;   /* (owned container) (element-type ChStep): in order, the last one is `main` */
  const ChStep *main; /* what the user does */
  gboolean works;     /* its automatic steps are worth a page of their own */
} ChOutlineEntry;

GPtrArray *ch_outline_list (ChRun *run);
const ChOutlineEntry *ch_outline_find (GPtrArray *outline, const ChStep *step);
guint ch_outline_get_index (GPtrArray *outline, const ChStep *step);
gboolean ch_outline_entry_is_done (const ChOutlineEntry *self, ChRun *run);

G_END_DECLS
