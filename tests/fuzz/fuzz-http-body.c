#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "fuzz/fuzz.h"
#include "server-outside.h"
#include "server/ch-ca.h"
#include "server/ch-call-private.h"
#include "server/ch-issuing.h"

/* A call as it arrives, from the body to the answer of the handler, over a real store. The first line of the
 * input is the id of the route, the rest its body, or what stands after the `?`. */

#define PASSPHRASE "a passphrase of the store"
#define TOKEN      "token of a member"

typedef struct
{
  char *dir;
  ChService *service;
} World;

static World world;

static gpointer
write_people (ChDbTx *tx, gpointer data, GError **error)
{
  static const char *const statements[] = {
    "INSERT INTO account (id, user_name, mobile, name, document_kind, document_number, password, created) "
    "VALUES ('member', 'member', '13800000000', 'x', 'resident-id', '11010519491231002X', '', 1)",
    "INSERT INTO application (id, account, flow, project, state, version, trust_id, serial_time, review_by, "
    "created, updated) VALUES ('own', 'member', 'apply.enterprise.soft.self-pay', 'ra-test', 'draft', 1, "
    "'Y1', "
    "'i20260101000000000', 0, 1, 1)",
    "INSERT INTO upload (id, application, document, name, size, sha256, arrived, is_finished, updated) "
    "VALUES ('own', 'own', 'licence', 'a.pdf', 10, x'00', 0, 0, 1)",
    "INSERT INTO purchase (id, application, state, title, project, term, fen, created, paid) "
    "VALUES ('own', 'own', 'unpaid', 'x', 'ra-test', 'one-year', 100, 1, 0)",
  };
  g_autoptr (GBytes) token = ch_sha256 (TOKEN, strlen (TOKEN));

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!ch_db_run (tx, statements[i], NULL, error))
      return NULL;
  return ch_db_run (
             tx,
             "INSERT INTO session (token, id, account, created, used) VALUES ($1, 'own', 'member', $2, $2)",
             CH_BIND (CH_BYTES (token), CH_INT (ch_clock_now ())), error)
             ? CH_DB_DONE
             : NULL;
}

static void
remove_world (void)
{
  const char *argv[] = { "rm", "-rf", world.dir, NULL };

  ch_service_free (world.service);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (world.dir);
}

static void
drop_log (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

static void
make_world (void)
{
  g_autofree char *profile
      = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (TestGateway) gateway = test_gateway_new ();
  g_autoptr (TestPhone) phone = test_phone_new ();
  g_autoptr (GError) error = NULL;
  ChCa *ca;

  g_log_set_handler ("certhall", G_LOG_LEVEL_MASK & ~G_LOG_LEVEL_CRITICAL, drop_log, NULL);
  world.dir = g_dir_make_tmp ("certhall-fuzz-XXXXXX", NULL);
  g_assert_true (ch_service_init (world.dir, profile, passphrase, &error));
  world.service = ch_service_open (world.dir, passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (ch_ca_init (world.dir, ch_service_get_profile (world.service), passphrase, NULL, &error));
  ca = ch_ca_load (world.dir, passphrase, "https://ca.example", &error);
  g_assert_no_error (error);
  ch_service_take_ca (world.service, ca, (GDestroyNotify) ch_ca_unref);
  ch_service_set_tls_certificate (world.service, ch_ca_get_tls_der (ca));
  ch_service_set_sms (world.service, CH_SMS (phone));
  ch_service_set_gateway (world.service, CH_GATEWAY (gateway));
  g_assert_true (ch_issuing_start (world.service, &error));
  ch_db_write (ch_service_get_db (world.service), write_people, NULL, NULL, &error);
  g_assert_no_error (error);
  atexit (remove_world);
}

/* The route of this id; where none has it, some route */
static const ChRoute *
pick_route (const uint8_t *data, size_t len)
{
  guint n_routes;
  const ChRoute *const *routes = ch_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    if (strlen (routes[i]->id) == len && memcmp (routes[i]->id, data, len) == 0)
      return routes[i];
  return routes[len % n_routes];
}

/* Each password takes a tenth of a second: what holds one is only read here */
static gboolean
holds_secret (const ChWireType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind == CH_WIRE_SECRET)
      return TRUE;
  return FALSE;
}

static void
run_call (const ChRoute *route, const uint8_t *data, size_t size)
{
  g_autoptr (ChCall) call = ch_call_new (NULL, world.service, NULL);

  call->row = ch_handlers_find (route);
  g_assert_nonnull (call->row);
  call->args = g_strsplit ("own own own", " ", -1);
  call->address = g_strdup ("127.0.0.1");
  call->token = ch_sha256 (TOKEN, strlen (TOKEN));
  call->key = g_uuid_string_random ();
  if (ch_route_has_query (route))
    call->query = g_strndup ((const char *) data, size);
  else
    {
      call->arriving = g_byte_array_new ();
      g_byte_array_append (call->arriving, data, size);
    }
  ch_call_take_body (call);
  ch_call_run (call);
  g_assert_true ((call->answer == NULL) == (call->error != NULL));
  g_assert_false (g_error_matches (call->error, CH_ERROR, CH_ERROR_INTERNAL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  size_t line = line_end != NULL ? (size_t) (line_end - data) : 0;
  size_t start = line_end != NULL ? line + 1 : 0;
  const ChRoute *route = pick_route (data, line);

  if (world.service == NULL)
    make_world ();

  if (holds_secret (route->request))
    {
      g_autoptr (GBytes) json = g_bytes_new (data + start, size - start);
      gpointer request = ch_wire_decode (route->request, json, NULL);

      if (request != NULL)
        ch_wire_free (route->request, request);
    }
  else
    run_call (route, data + start, size - start);
  return 0;
}
