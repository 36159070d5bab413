#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is read at most: a sheet that is larger was meant for something else */
#define CH_CSV_MAX_BYTES   (32 * 1024 * 1024)
#define CH_CSV_MAX_ROWS    10001
#define CH_CSV_MAX_COLUMNS 200
#define CH_CSV_MAX_CELL    4096

/* One row of a sheet, and the line of the file it begins on: line breaks in cells make more lines than rows
 */
typedef struct
{
  GStrv cells;
  guint n_cells;
  guint line;
} ChCsvRow;

/* Comma-separated values (RFC 4180) in UTF-8, with or without its mark, or in GB18030 */
GPtrArray *ch_csv_read (GBytes *bytes, GError **error);

void ch_csv_append_row (GString *out, const char *const *cells);
char *ch_csv_defuse (const char *cell);
char *ch_csv_restore (const char *cell);

G_END_DECLS
