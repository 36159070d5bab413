#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "wire/ch-route.h"

#define SHA "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define DOCUMENT(id)                                                                                         \
  "{\"id\":\"" id "\",\"name\":\"a.jpg\",\"size\":3,\"content\":\"jpg\",\"sha256\":\"" SHA                   \
  "\",\"created\":\"2026-11-21T08:00:00Z\"}"
#define APPLICATION(more)                                                                                    \
  "{\"id\":\"a1\",\"version\":3,\"flow\":\"f\",\"project\":\"p\",\"state\":\"submitted\",\"facts\":["        \
  "\"subject\"],"                                                                                            \
  "\"created\":\"2026-11-21T08:00:00Z\",\"updated\":\"2026-11-21T16:00:01+08:00\"" more "}"

/* What the application’s reader must refuse, each by one member */
static const struct
{
  const char *name;
  const char *json;
} refused[] = {
  { "missing", "{\"id\":\"a1\"}" },
  { "text-for-number", APPLICATION (",\"review-by\":12") },
  { "unknown-state",
    "{\"id\":\"a1\",\"version\":3,\"flow\":\"f\",\"project\":\"p\",\"state\":\"lost\",\"facts\":[],"
    "\"created\":\"2026-11-21T08:00:00Z\",\"updated\":\"2026-11-21T08:00:00Z\"}" },
  { "negative-version",
    "{\"id\":\"a1\",\"version\":-1,\"flow\":\"f\",\"project\":\"p\",\"state\":\"draft\",\"facts\":[],"
    "\"created\":\"2026-11-21T08:00:00Z\",\"updated\":\"2026-11-21T08:00:00Z\"}" },
  { "version-as-text",
    "{\"id\":\"a1\",\"version\":\"3\",\"flow\":\"f\",\"project\":\"p\",\"state\":\"draft\",\"facts\":[],"
    "\"created\":\"2026-11-21T08:00:00Z\",\"updated\":\"2026-11-21T08:00:00Z\"}" },
  { "version-with-fraction",
    "{\"id\":\"a1\",\"version\":3.5,\"flow\":\"f\",\"project\":\"p\",\"state\":\"draft\",\"facts\":[],"
    "\"created\":\"2026-11-21T08:00:00Z\",\"updated\":\"2026-11-21T08:00:00Z\"}" },
  { "answers-no-object", APPLICATION (",\"answers\":[]") },
  { "answer-no-text", APPLICATION (",\"answers\":{\"term\":1}") },
  { "answer-with-odd-name", APPLICATION (",\"answers\":{\"Ärger\":\"x\"}") },
  { "documents-no-list", APPLICATION (",\"documents\":{}") },
  { "document-no-object", APPLICATION (",\"documents\":[1]") },
  { "bytes-no-base64",
    APPLICATION (",\"documents\":[{\"id\":\"d\",\"name\":\"a\",\"size\":3,\"content\":\"jpg\","
                 "\"sha256\":\"***\",\"created\":\"2026-11-21T08:00:00Z\"}]") },
  { "no-time", APPLICATION (",\"review-by\":\"soon\"") },
  { "week-date", APPLICATION (",\"review-by\":\"2026-W47-6T08:00:00Z\"") },
  { "time-without-zone", APPLICATION (",\"review-by\":\"2026-11-21T08:00:00\"") },
  { "time-at-the-epoch", APPLICATION (",\"review-by\":\"1970-01-01T00:00:00Z\"") },
};

static gpointer
decode (const ChWireType *type, const char *text, GError **error)
{
  g_autoptr (GBytes) json = g_bytes_new (text, strlen (text));

  return ch_wire_decode (type, json, error);
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (&ChApplication_wire, refused[GPOINTER_TO_SIZE (data)].json, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) self = decode (
      &ChApplication_wire,
      APPLICATION (",\"answers\":{\"city\":\"和平区\"},\"documents\":[" DOCUMENT ("licence") "],\"new\":{}"),
      &error);

  g_assert_no_error (error);
  g_assert_cmpint (self->version, ==, 3);
  g_assert_cmpint (self->state, ==, CH_APPLICATION_SUBMITTED);
  g_assert_cmpstr (self->facts[0], ==, "subject");
  g_assert_cmpint (self->updated - self->created, ==, 1);
  g_assert_cmpint (self->review_by, ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (self->answers, "city"), ==, "和平区");
  g_assert_cmpuint (self->documents->len, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (((ChDocument *) self->documents->pdata[0])->sha256), ==, 32);
  g_assert_null (self->reasons);
}

static void
test_writes_what_it_reads (void)
{
  g_autoptr (ChApplication) self
      = decode (&ChApplication_wire, APPLICATION (",\"documents\":[" DOCUMENT ("licence") "]"), NULL);
  g_autoptr (ChApplication) copy = ch_wire_copy (&ChApplication_wire, self);
  g_autoptr (GBytes) once = ch_wire_encode (&ChApplication_wire, self);
  g_autoptr (GBytes) twice = ch_wire_encode (&ChApplication_wire, copy);

  g_assert_true (g_bytes_equal (once, twice));
}

/* The largest that is allowed, and one more */
static void
test_limits (void)
{
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *good_json = g_strdup_printf ("{\"id\":\"%s\",\"size\":33554432,\"offset\":0}", longest);
  g_autofree char *long_json = g_strdup_printf ("{\"id\":\"%sx\",\"size\":1,\"offset\":0}", longest);
  g_autoptr (ChUpload) good = decode (&ChUpload_wire, good_json, NULL);

  g_assert_nonnull (good);
  g_assert_null (decode (&ChUpload_wire, long_json, NULL));
  g_assert_null (decode (&ChUpload_wire, "{\"id\":\"x\",\"size\":33554433,\"offset\":0}", NULL));
}

/* What was wrong is said without the value: it could be a secret */
static void
test_errors_hold_no_values (void)
{
  g_autofree char *password = g_strnfill (300, 'q');
  g_autofree char *json
      = g_strdup_printf ("{\"user-name\":\"a\",\"password\":\"%s\",\"consents\":[]}", password);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (&ChLogin_wire, json, &error));
  g_assert_nonnull (strstr (error->message, "password"));
  g_assert_null (strstr (error->message, "qqq"));
}

static void
test_route_paths (void)
{
  const char *const args[] = { "a 1 ü", "licence", NULL };
  g_autofree char *path = ch_route_format_path (&ch_route_document, args);
  g_auto (GStrv) found = NULL;
  g_auto (GStrv) none = NULL;

  g_assert_true (ch_route_match (&ch_route_document, "GET", path, &found));
  g_assert_cmpstr (found[0], ==, "a 1 ü");
  g_assert_cmpstr (found[1], ==, "licence");
  g_assert_false (ch_route_match (&ch_route_document, "POST", path, &none));
  g_assert_false (ch_route_match (&ch_route_application, "GET", "/v1/applications/", &none));
  g_assert_false (ch_route_match (&ch_route_application, "GET", "/v1/applications/a/b", &none));
  g_assert_false (ch_route_match (&ch_route_application, "GET", "/v1/applications/a%2Fb", &none));
}

/* Each path leads to its own route and to no other */
static void
test_routes_differ (void)
{
  guint n_routes;
  const ChRoute *const *routes = ch_routes_get (&n_routes);
  const char *const args[] = { "x1", "x2", NULL };

  for (guint i = 0; i < n_routes; i++)
    {
      g_autofree char *path = ch_route_format_path (routes[i], args);
      guint n_found = 0;

      for (guint j = 0; j < n_routes; j++)
        {
          g_auto (GStrv) found = NULL;

          n_found += ch_route_match (routes[j], routes[i]->method, path, &found);
        }
      g_test_message ("%s %s", routes[i]->method, path);
      g_assert_cmpuint (n_found, ==, 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/refused/", refused[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/wire/reads", test_reads);
  g_test_add_func ("/wire/writes-what-it-reads", test_writes_what_it_reads);
  g_test_add_func ("/wire/limits", test_limits);
  g_test_add_func ("/wire/errors-hold-no-values", test_errors_hold_no_values);
  g_test_add_func ("/route/paths", test_route_paths);
  g_test_add_func ("/route/differ", test_routes_differ);

  return g_test_run ();
}
