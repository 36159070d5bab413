#include "config.h"

#include <string.h>

#include "base/ch-csv.h"
#include "base/ch-error.h"

/* Rows as one text: cells joined by |, rows by / */
static char *
join (GPtrArray *rows)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const ChCsvRow *row = rows->pdata[i];
      g_autofree char *cells = g_strjoinv ("|", row->cells);

      g_assert_cmpuint (g_strv_length (row->cells), ==, row->n_cells);
      g_string_append_printf (out, "%s%u:%s", i > 0 ? "/" : "", row->line, cells);
    }
  return g_string_free (out, FALSE);
}

static GPtrArray *
read_text (const char *text, gssize len, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, len < 0 ? strlen (text) : (gsize) len);

  return ch_csv_read (bytes, error);
}

static const struct
{
  const char *name;
  const char *text;
  const char *rows;
} good[] = {
  { "empty", "", "" },
  { "one-cell", "a", "1:a" },
  { "rows", "a,b\r\nc,d\r\n", "1:a|b/2:c|d" },
  { "line-feeds", "a,b\nc,d", "1:a|b/2:c|d" },
  { "returns", "a\rb\r", "1:a/2:b" },
  { "empty-cells", ",a,\n,,x", "1:|a|/2:||x" },
  { "quotes", "\"a,b\",\"say \"\"hello\"\"\"\n", "1:a,b|say \"hello\"" },
  { "breaks-in-cells", "\"a\r\nb\",c\nd,e", "1:a\r\nb|c/3:d|e" },
  { "mark",
    "\xEF\xBB\xBF"
    "a,b",
    "1:a|b" },
  { "quote-within", "a\"b,c", "1:a\"b|c" },
  { "empty-rows", "a\n\n , \nb\n\n", "1:a/4:b" },
  { "chinese", "姓名,“张三”\n", "1:姓名|“张三”" },
};

static void
test_good (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = read_text (good[i].text, -1, &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = join (rows);
  g_assert_cmpstr (joined, ==, good[i].rows);
}

static const struct
{
  const char *name;
  const char *text;
  gssize len;
  ChErrorCode code;
  const char *line;
} bad[] = {
  { "open-quote", "a\n\"b,c\nd", -1, CH_ERROR_BATCH_BROKEN, "2" },
  { "text-behind-quote", "a\n\"b\"c", -1, CH_ERROR_BATCH_BROKEN, "2" },
  { "workbook", "PK\3\4\24\0\6\0\10\0\0\0\41\0", 14, CH_ERROR_BATCH_WORKBOOK, NULL },
  { "old-workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, CH_ERROR_BATCH_WORKBOOK, NULL },
  { "utf-16",
    "\xFF\xFE"
    "a\0,\0",
    6, CH_ERROR_BATCH_ENCODING, NULL },
  { "zero", "a\0b", 3, CH_ERROR_BATCH_ENCODING, NULL },
  { "no-encoding", "a\xFF\xFF", 3, CH_ERROR_BATCH_ENCODING, NULL },
};

static void
test_bad (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (read_text (bad[i].text, bad[i].len, &error));
  g_assert_error (error, CH_ERROR, (int) bad[i].code);
  if (bad[i].line != NULL)
    g_assert_cmpstr (ch_error_get_detail (error, "line"), ==, bad[i].line);
}

/* What a spreadsheet program of Windows in China writes */
static void
test_gb18030 (void)
{
  g_autoptr (GError) error = NULL;
  gsize len = 0;
  g_autofree char *text = g_convert ("姓名,\"张三㐀𠀀\"\r\n", -1, "GB18030", "UTF-8", NULL, &len, &error);
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  rows = read_text (text, len, &error);
  g_assert_no_error (error);
  joined = join (rows);
  g_assert_cmpstr (joined, ==, "1:姓名|张三㐀𠀀");
}

static void
test_limits (void)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GString) wide = g_string_new (NULL);
  g_autoptr (GString) cell = g_string_new ("a,\"");
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < CH_CSV_MAX_ROWS; i++)
    g_string_append (rows, "x\n");
  read = read_text (rows->str, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, CH_CSV_MAX_ROWS);
  g_string_append (rows, "x\n");
  g_assert_null (read_text (rows->str, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BATCH_TOO_LARGE);
  g_clear_error (&error);

  for (guint i = 0; i < CH_CSV_MAX_COLUMNS; i++)
    g_string_append_c (wide, ',');
  g_assert_null (read_text (wide->str, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BATCH_TOO_LARGE);
  g_clear_error (&error);

  for (guint i = 0; i <= CH_CSV_MAX_CELL; i++)
    g_string_append_c (cell, 'x');
  g_assert_null (read_text (cell->str, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BATCH_TOO_LARGE);
}

/* What a spreadsheet would compute is text in what we write, and comes back as it was */
static void
test_formulas (void)
{
  static const char *const cells[]
      = { "=1+1", "+86", "-1", "@SUM", "\tx", "\rx", "plain", "a=b", "'x", "", "a\"b,\n" };
  const char *row[G_N_ELEMENTS (cells) + 1] = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (row, cells, sizeof cells);
  ch_csv_append_row (out, row);
  g_assert_true (
      g_str_has_prefix (out->str, "\"'=1+1\",\"'+86\",\"'-1\",\"'@SUM\",\"'\tx\",\"'\rx\",\"plain\""));
  rows = read_text (out->str, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *value = ch_csv_restore (((ChCsvRow *) rows->pdata[0])->cells[i]);

      g_assert_cmpstr (value, ==, cells[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strconcat ("/csv/good/", good[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_good);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/csv/bad/", bad[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_bad);
    }
  g_test_add_func ("/csv/gb18030", test_gb18030);
  g_test_add_func ("/csv/limits", test_limits);
  g_test_add_func ("/csv/formulas", test_formulas);
  return g_test_run ();
}
