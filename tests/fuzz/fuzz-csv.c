#include "config.h"

#include "base/ch-csv.h"
#include "fuzz/fuzz.h"

/* What was read and written is read again, and is the same */
static void
compare (GPtrArray *once, GPtrArray *twice)
{
  g_assert_cmpuint (once->len, ==, twice->len);
  for (guint i = 0; i < once->len; i++)
    {
      const ChCsvRow *a = once->pdata[i], *b = twice->pdata[i];

      g_assert_cmpuint (a->n_cells, ==, b->n_cells);
      for (guint j = 0; j < a->n_cells; j++)
        {
          g_autofree char *restored = ch_csv_restore (b->cells[j]);

          g_assert_cmpstr (a->cells[j], ==, restored);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = ch_csv_read (bytes, &error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes) written = NULL;
  g_autoptr (GPtrArray) again = NULL;

  g_assert_true ((rows == NULL) == (error != NULL));
  if (rows == NULL)
    return 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const ChCsvRow *row = rows->pdata[i];

      for (guint j = 0; j < row->n_cells; j++)
        {
          g_autofree char *restored = ch_csv_restore (row->cells[j]);

          g_assert_true (g_utf8_validate (row->cells[j], -1, NULL));
          /* an apostrophe that was there would be taken for ours */
          if (!g_str_equal (restored, row->cells[j]))
            return 0;
        }
      ch_csv_append_row (out, (const char *const *) row->cells);
    }
  written = g_bytes_new (out->str, out->len);
  again = ch_csv_read (written, &error);
  if (again != NULL)
    compare (rows, again);
  else /* quotes and apostrophes make it longer */
    g_assert_cmpuint (out->len, >, 4000);
  return 0;
}
