#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "wire/ch-route.h"

/* A route that is asked by its address; the first byte picks it */
static const ChWireType *
pick_type (uint8_t byte)
{
  const ChWireType *types[256];
  guint n_routes, n_types = 0;
  const ChRoute *const *routes = ch_routes_get (&n_routes);

  for (guint i = 0; i < n_routes && n_types < G_N_ELEMENTS (types); i++)
    if (ch_route_has_query (routes[i]))
      types[n_types++] = routes[i]->request;
  return types[byte % n_types];
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const ChWireType *type = pick_type (size > 0 ? data[0] : 0);
  g_autofree char *query = size > 1 ? g_strndup ((const char *) data + 1, size - 1) : g_strdup ("");
  g_autoptr (GError) error = NULL;
  gpointer message = ch_wire_decode_query (type, query, &error);
  g_autofree char *once = NULL;
  g_autofree char *twice = NULL;
  gpointer again;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    return 0;

  /* What was read and written is read again, and written the same */
  once = ch_wire_encode_query (type, message);
  again = ch_wire_decode_query (type, once, &error);
  g_assert_no_error (error);
  twice = ch_wire_encode_query (type, again);
  g_assert_cmpstr (once, ==, twice);
  ch_wire_free (type, again);
  ch_wire_free (type, message);
  return 0;
}
