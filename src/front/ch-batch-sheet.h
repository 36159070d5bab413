#pragma once

#include "flow/ch-flow.h"

G_BEGIN_DECLS

/* What is wrong in a sheet: where, and why */
typedef struct
{
  guint row;    /* counted from 1 behind the heading; 0: the heading itself */
  guint line;   /* of the file */
  char *column; /* as the sheet or the template calls it */
  char *field;  /* id of the field or document; of an unknown column as `column` */
  char *cell;   /* what stands there */
  ChReason reason;
} ChBatchProblem;

/* One application of a sheet */
typedef struct
{
  guint line;
  GHashTable *answers; /* (owned): field id → value, normalised */
  GHashTable *hashes;  /* (owned): document id → SHA-256 of its files in hexadecimal digits */
  GHashTable *paths;   /* (owned): document id → GStrv, where its files are */
} ChBatchLine;

/* A sheet of applications of one kind, read and checked; it never changes */
#define CH_TYPE_BATCH_SHEET (ch_batch_sheet_get_type ())
G_DECLARE_FINAL_TYPE (ChBatchSheet, ch_batch_sheet, CH, BATCH_SHEET, GObject)

gboolean ch_batch_is_offered (const ChProfile *profile);
gboolean ch_batch_offers (const ChProfile *profile, const ChFlow *flow);
GBytes *ch_batch_make_template (const ChProfile *profile, const ChFlow *flow);

ChBatchSheet *ch_batch_sheet_read (const ChProfile *profile,
                                   const ChFlow *flow,
                                   const char *project,
                                   const char *path,
                                   GError **error);
const ChFlow *ch_batch_sheet_get_flow (ChBatchSheet *self);
const char *ch_batch_sheet_get_project (ChBatchSheet *self);
const char *ch_batch_sheet_get_name (ChBatchSheet *self);
guint ch_batch_sheet_get_n_rows (ChBatchSheet *self);
const ChBatchLine *ch_batch_sheet_get_row (ChBatchSheet *self, guint row);
char *ch_batch_sheet_format_applicant (ChBatchSheet *self, guint row);
GPtrArray *ch_batch_sheet_get_problems (ChBatchSheet *self);
char *ch_batch_problem_format (const ChBatchProblem *self);
GBytes *ch_batch_sheet_make_digests (ChBatchSheet *self);
GStrv ch_batch_sheet_get_columns (ChBatchSheet *self);
GStrv ch_batch_sheet_get_cells (ChBatchSheet *self, guint row);

G_END_DECLS
