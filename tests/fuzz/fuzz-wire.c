#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "wire/ch-route.h"

/* The type named by the first line, of the requests and answers of all routes; where none has that name, some
 * type */
static const ChWireType *
pick_type (const uint8_t *data, size_t len)
{
  guint n_routes;
  const ChRoute *const *routes = ch_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      const ChWireType *types[] = { routes[i]->request, routes[i]->answer };

      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        if (strlen (types[j]->name) == len && memcmp (types[j]->name, data, len) == 0)
          return types[j];
    }

  return routes[len % n_routes]->answer;
}

/* What was read and written is read again, and written the same */
static void
check_again (const ChWireType *type, gconstpointer message)
{
  g_autoptr (GBytes) once = ch_wire_encode (type, message);
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GError) error = NULL;
  gpointer again = ch_wire_decode (type, once, &error);

  g_assert_no_error (error);
  twice = ch_wire_encode (type, again);
  g_assert_true (g_bytes_equal (once, twice));
  ch_wire_free (type, again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  size_t line = line_end != NULL ? (size_t) (line_end - data) : 0;
  size_t start = line_end != NULL ? line + 1 : 0;
  g_autoptr (GBytes) json = g_bytes_new (data + start, size - start);
  g_autoptr (GError) scan_error = NULL;
  g_autoptr (GError) error = NULL;
  gboolean scanned = ch_wire_scan (json, &scan_error);
  const ChWireType *type = pick_type (data, line);
  gpointer message = ch_wire_decode (type, json, &error);

  g_assert_true (scanned == (scan_error == NULL));
  g_assert_true ((message == NULL) == (error != NULL));
  g_assert_false (message != NULL && !scanned);

  if (message != NULL)
    {
      check_again (type, message);
      ch_wire_free (type, message);
    }

  return 0;
}
