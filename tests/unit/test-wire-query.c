#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "wire/ch-route.h"

typedef enum
{
  COLOUR_NONE,
  COLOUR_RED,
  COLOUR_BLUE
} Colour;
static const char *const colour_ids[] = { "none", "red", "blue" };
static const ChWireEnum Colour_enum = { "colour", colour_ids, G_N_ELEMENTS (colour_ids) };

#define ASK_FIELDS(F, S)                                                                                     \
  F (S, text, STRING, "text", OPTIONAL, 12, _)                                                               \
  F (S, count, INT, "count", OPTIONAL, 200, _)                                                               \
  F (S, all, BOOL, "all", OPTIONAL, 0, _)                                                                    \
  F (S, since, TIME, "since", OPTIONAL, 0, _)                                                                \
  F (S, colour, ENUM, "colour", OPTIONAL, 0, Colour)                                                         \
  F (S, place, STRING, "place", REQUIRED, 8, _)
typedef struct
{
  ASK_FIELDS (CH_WIRE_MEMBER, Ask)
} Ask;
static const ChWireField ask_fields[] = { ASK_FIELDS (CH_WIRE_ROW, Ask) };
static const ChWireType ask_wire = { "ask", sizeof (Ask), ask_fields, G_N_ELEMENTS (ask_fields), NULL };

static const struct
{
  const char *name;
  const char *query;
} refused[] = {
  { "required-is-missing", "text=a" },
  { "nothing", "" },
  { "unknown", "place=a&size=3" },
  { "twice", "place=a&text=b&text=b" },
  { "twice-the-same", "place=a&place=a" },
  { "no-value", "place" },
  { "empty-pair", "place=a&" },
  { "empty-pair-first", "&place=a" },
  { "encoded-name", "%70lace=a" },
  { "too-long", "place=123456789" },
  { "too-long-in-bytes", "place=%E5%A4%A9%E6%B4%A5%E6%BB%A8" },
  { "not-utf-8", "place=%FF" },
  { "nul", "place=%00" },
  { "half-escape", "place=%E" },
  { "negative", "place=a&count=-1" },
  { "plus", "place=a&count=+1" },
  { "blank", "place=a&count=%201" },
  { "leading-zero", "place=a&count=01" },
  { "too-large", "place=a&count=201" },
  { "overflow", "place=a&count=18446744073709551617" },
  { "no-number", "place=a&count=" },
  { "hex", "place=a&count=0x10" },
  { "yes", "place=a&all=yes" },
  { "one", "place=a&all=1" },
  { "unknown-word", "place=a&colour=green" },
  { "no-time", "place=a&since=2026-11-21" },
};

static void
test_refused (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ch_wire_decode_query (&ask_wire, refused[GPOINTER_TO_SIZE (data)].query, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  Ask *ask = ch_wire_decode_query (
      &ask_wire,
      "text=%E6%B4%A5%26%3D+&count=200&all=true&since=2026-11-21T08%3A00%3A00Z&colour=blue&place=", &error);

  g_assert_no_error (error);
  /* a plus is a plus: what is escaped is escaped by percent */
  g_assert_cmpstr (ask->text, ==, "津&=+");
  g_assert_cmpint (ask->count, ==, 200);
  g_assert_true (ask->all);
  g_assert_cmpint (ask->since, ==, 1795248000);
  g_assert_cmpint (ask->colour, ==, COLOUR_BLUE);
  g_assert_cmpstr (ask->place, ==, "");
  ch_wire_free (&ask_wire, ask);
}

static void
test_there_and_back (void)
{
  char text[] = "50%_\\&=#?/+ ";
  char place[] = "天津";
  const Ask asked
      = { .text = text, .count = 0, .since = 1795248000, .colour = COLOUR_RED, .place = place, .all = TRUE };
  g_autofree char *query = ch_wire_encode_query (&ask_wire, &asked);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  Ask *read = ch_wire_decode_query (&ask_wire, query, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->text, ==, text);
  g_assert_cmpstr (read->place, ==, place);
  g_assert_cmpint (read->since, ==, asked.since);
  g_assert_cmpint (read->colour, ==, COLOUR_RED);
  g_assert_true (read->all);
  again = ch_wire_encode_query (&ask_wire, read);
  g_assert_cmpstr (again, ==, query);
  /* what is so anyway takes no room */
  g_assert_null (strstr (query, "count"));
  ch_wire_free (&ask_wire, read);
}

/* A route that is read has its request in the address: only what fits there may be in it */
static void
test_routes_fit (void)
{
  guint n, n_found = 0;
  const ChRoute *const *routes = ch_routes_get (&n);

  for (guint i = 0; i < n; i++)
    if (ch_route_has_query (routes[i]))
      {
        n_found++;
        for (guint j = 0; j < routes[i]->request->n_fields; j++)
          if (!ch_wire_kind_fits_query (routes[i]->request->fields[j].kind))
            g_error ("%s: %s cannot stand in an address", routes[i]->id, routes[i]->request->fields[j].name);
      }
  g_assert_cmpuint (n_found, >=, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strconcat ("/wire-query/refused/", refused[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/wire-query/reads", test_reads);
  g_test_add_func ("/wire-query/there-and-back", test_there_and_back);
  g_test_add_func ("/wire-query/routes-fit", test_routes_fit);
  return g_test_run ();
}
