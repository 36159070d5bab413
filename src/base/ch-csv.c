#include "config.h"

#include <string.h>

#include "base/ch-csv.h"
#include "base/ch-error.h"
#include "base/ch-sniff.h"

/* What a spreadsheet takes for a formula at the beginning of a cell */
#define FORMULA_SIGNS "=+-@\t\r"

/* Where the reading is. Lines count from 1. */
typedef struct
{
  const char *at;
  const char *end;
  guint line;
} Reader;

static void
row_free (gpointer data)
{
  ChCsvRow *row = data;

  g_strfreev (row->cells);
  g_free (row);
}

static gboolean
refuse (GError **error, ChErrorCode code, guint line, const char *why)
{
  g_autofree char *text = g_strdup_printf ("%u", line);
  GError *refusal = g_error_new (CH_ERROR, code, "line %u: %s", line, why);

  ch_error_set_detail (refusal, "line", text);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
is_break (const Reader *reader)
{
  return reader->at < reader->end && (*reader->at == '\n' || *reader->at == '\r');
}

/* CR, LF or both are one line break */
static void
pass_break (Reader *reader)
{
  if (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n')
    reader->at++;
  reader->at++;
  reader->line++;
}

/* Between quotes everything counts, line breaks too; two quotes are one */
static gboolean
read_quoted (Reader *reader, GString *cell, GError **error)
{
  guint first = reader->line;

  for (reader->at++; reader->at < reader->end; reader->at++)
    {
      if (*reader->at == '"' && (reader->at + 1 == reader->end || reader->at[1] != '"'))
        {
          reader->at++;
          if (reader->at == reader->end || *reader->at == ',' || is_break (reader))
            return TRUE;
          return refuse (error, CH_ERROR_BATCH_BROKEN, reader->line, "there is text behind a closing quote");
        }
      if (*reader->at == '"')
        reader->at++;
      else if (*reader->at == '\n')
        reader->line++;
      if (cell->len >= CH_CSV_MAX_CELL)
        return refuse (error, CH_ERROR_BATCH_TOO_LARGE, first, "a cell is too long");
      g_string_append_c (cell, *reader->at);
    }
  return refuse (error, CH_ERROR_BATCH_BROKEN, first, "a quote is not closed");
}

static gboolean
read_plain (Reader *reader, GString *cell, GError **error)
{
  for (; reader->at < reader->end && *reader->at != ',' && !is_break (reader); reader->at++)
    {
      if (cell->len >= CH_CSV_MAX_CELL)
        return refuse (error, CH_ERROR_BATCH_TOO_LARGE, reader->line, "a cell is too long");
      g_string_append_c (cell, *reader->at);
    }
  return TRUE;
}

/* Returns: (transfer full): the cells up to the end of the row, which is passed */
static ChCsvRow *
read_row (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  guint line = reader->line;
  ChCsvRow *row;

  for (;;)
    {
      g_autoptr (GString) cell = g_string_new (NULL);
      gboolean is_quoted = reader->at < reader->end && *reader->at == '"';

      if (!(is_quoted ? read_quoted (reader, cell, error) : read_plain (reader, cell, error)))
        return NULL;
      if (cells->len >= CH_CSV_MAX_COLUMNS)
        {
          refuse (error, CH_ERROR_BATCH_TOO_LARGE, line, "there are too many columns");
          return NULL;
        }
      g_ptr_array_add (cells, g_string_free (g_steal_pointer (&cell), FALSE));
      if (reader->at == reader->end || *reader->at != ',')
        break;
      reader->at++;
    }
  if (is_break (reader))
    pass_break (reader);

  row = g_new0 (ChCsvRow, 1);
  row->line = line;
  row->n_cells = cells->len;
  g_ptr_array_add (cells, NULL);
  row->cells = (GStrv) g_ptr_array_free (g_steal_pointer (&cells), FALSE);
  return row;
}

static gboolean
is_empty (const ChCsvRow *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    if (row->cells[i][strspn (row->cells[i], " \t\r\n")] != 0)
      return FALSE;
  return TRUE;
}

/* Old spreadsheet programs in China write GB18030; a file of UTF-8 is seldom anything else by chance */
static char *
decode (const char *data, gsize size, gsize *len, GError **error)
{
  char *text;

  if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    {
      data += 3;
      size -= 3;
    }
  *len = size;
  if (g_utf8_validate (data, size, NULL))
    return g_strndup (data, size);

  text = memchr (data, 0, size) == NULL ? g_convert (data, size, "UTF-8", "GB18030", NULL, len, NULL) : NULL;
  if (text == NULL || !g_utf8_validate (text, *len, NULL))
    {
      g_clear_pointer (&text, g_free);
      g_set_error (error, CH_ERROR, CH_ERROR_BATCH_ENCODING, "neither UTF-8 nor GB18030");
    }
  return text;
}

/* What people take for such a file: workbooks have endings of their own, and their content too */
static gboolean
check_kind (const guint8 *data, gsize size, GError **error)
{
  ChContent content = ch_sniff (data, size);

  if (size > CH_CSV_MAX_BYTES)
    return refuse (error, CH_ERROR_BATCH_TOO_LARGE, 1, "the file is too large");
  if (content == CH_CONTENT_SHEET || content == CH_CONTENT_OFFICE || content == CH_CONTENT_ZIP
      || content == CH_CONTENT_WORD)
    return refuse (error, CH_ERROR_BATCH_WORKBOOK, 1, ch_content_get_id (content));
  if (size >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF)))
    return refuse (error, CH_ERROR_BATCH_ENCODING, 1, "this is UTF-16");
  return TRUE;
}

/**
 * ch_csv_read:
 * @bytes: the file
 * @error: %CH_ERROR_BATCH_WORKBOOK for a file of a spreadsheet program, %CH_ERROR_BATCH_ENCODING,
 *   %CH_ERROR_BATCH_BROKEN or %CH_ERROR_BATCH_TOO_LARGE, these with detail `line`
 *
 * Reads a sheet whole. Rows with nothing in them are left out; cells are as they stand there.
 *
 * Returns: (transfer full) (element-type ChCsvRow): its rows
 */
GPtrArray *
ch_csv_read (GBytes *bytes, GError **error)
{
  gsize size = 0, len = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  Reader reader;

  if (!check_kind (data, size, error))
    return NULL;
  text = decode (data != NULL ? (const char *) data : "", size, &len, error);
  if (text == NULL)
    return NULL;
  if (memchr (text, 0, len) != NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BATCH_ENCODING, "there is a zero in the text");
      return NULL;
    }

  reader = (Reader){ text, text + len, 1 };
  while (reader.at < reader.end)
    {
      ChCsvRow *row = read_row (&reader, error);

      if (row == NULL)
        return NULL;
      if (is_empty (row))
        row_free (row);
      else
        g_ptr_array_add (rows, row);
      if (rows->len > CH_CSV_MAX_ROWS)
        {
          refuse (error, CH_ERROR_BATCH_TOO_LARGE, reader.line, "there are more than 10,000 rows");
          return NULL;
        }
    }
  return g_steal_pointer (&rows);
}

/**
 * ch_csv_defuse:
 * @cell: a value
 *
 * What begins like a formula would be computed by the spreadsheet that opens the file; with an apostrophe in
 * front it is text.
 *
 * Returns: (transfer full): the value as it is written
 */
char *
ch_csv_defuse (const char *cell)
{
  return *cell != 0 && strchr (FORMULA_SIGNS, *cell) != NULL ? g_strconcat ("'", cell, NULL)
                                                             : g_strdup (cell);
}

/**
 * ch_csv_restore:
 * @cell: as it stands in a file
 *
 * Returns: (transfer full): the value, without the apostrophe of ch_csv_defuse()
 */
char *
ch_csv_restore (const char *cell)
{
  return *cell == '\'' && cell[1] != 0 && strchr (FORMULA_SIGNS, cell[1]) != NULL ? g_strdup (cell + 1)
                                                                                  : g_strdup (cell);
}

/**
 * ch_csv_append_row:
 * @cells: (array zero-terminated=1): the values
 *
 * Writes a row that spreadsheet programs read as text.
 */
void
ch_csv_append_row (GString *out, const char *const *cells)
{
  for (gsize i = 0; cells[i] != NULL; i++)
    {
      g_autofree char *cell = ch_csv_defuse (cells[i]);

      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, '"');
      for (const char *p = cell; *p != 0; p++)
        {
          if (*p == '"')
            g_string_append_c (out, '"');
          g_string_append_c (out, *p);
        }
      g_string_append_c (out, '"');
    }
  g_string_append (out, "\r\n");
}
