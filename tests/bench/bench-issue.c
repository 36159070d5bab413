#include "config.h"

#include "base/ch-clock.h"
#include "pki/ch-builder.h"
#include "pki/ch-csr.h"
#include "server/ch-ca.h"
#include "bench-clients.h"
#include "server-world.h"
#include "wire/messages-certificate.h"

/* Issuing over HTTPS with everything durable, against a loop on one core that only checks a request, builds
 * and signs. */

#define N_PER_ROUND 600

static const guint clients[] = { 1, 8, 32 };

typedef struct
{
  ServerWorld *world;
  char *token;
  GPtrArray *bodies; /* (element-type GBytes): requests, as they are sent */
  GPtrArray *ids;    /* (element-type utf8): applications */
} Bench;

static GBytes *
make_csr (void)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChSubject) name = ch_subject_new ();

  ch_subject_add (name, "CN", "x", NULL);
  return ch_csr_make (key, name, NULL, NULL);
}

/* An application with all that matters to issuing, straight into the store */
static gpointer
write_applications (ChDbTx *tx, gpointer data, GError **error)
{
  static const char *const answers[][2]
      = { { "project", "ra-test" },        { "term", "one-year" },
          { "unit-name", "天津某某单位" }, { "unit-code", "91110108722619411A" },
          { "province", "天津市" },        { "city", "东丽区" } };
  GPtrArray *ids = data;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = ids->pdata[i];

      if (!ch_db_run (
              tx,
              "INSERT INTO application (id, account, flow, project, state, version, trust_id, serial_time, "
              "review_by, created, updated) SELECT $1, id, 'apply.enterprise.soft.self-pay', 'ra-test', "
              "'approved', 1, 'Y' || $1, 'i20260101000000000', 0, $2, $2 FROM account LIMIT 1",
              CH_BIND (CH_TEXT (id), CH_INT (ch_clock_now ())), error))
        return NULL;
      for (gsize j = 0; j < G_N_ELEMENTS (answers); j++)
        if (!ch_db_run (tx, "INSERT INTO answer (application, field, value) VALUES ($1, $2, $3)",
                        CH_BIND (CH_TEXT (id), CH_TEXT (answers[j][0]), CH_TEXT (answers[j][1])), error))
          return NULL;
    }

  return CH_DB_DONE;
}

static double
measure_loop (ServerWorld *world, GPtrArray *csrs)
{
  ChIssuer *issuer = ch_ca_get_issuing (ch_service_get_ca (world->service), CH_HIERARCHY_RSA);
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < N_PER_ROUND; i++)
    {
      g_autoptr (GBytes) spki = ch_csr_verify (csrs->pdata[i], NULL, NULL, NULL);
      g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_HOLDER);
      g_autoptr (ChSubject) subject = ch_subject_new ();
      g_autoptr (GBytes) cert = NULL;

      ch_subject_add (subject, "C", "CN", NULL);
      ch_subject_add (subject, "O", "TJCA", NULL);
      ch_subject_add (subject, "L", "东丽区", NULL);
      ch_subject_add (subject, "ST", "天津市", NULL);
      ch_subject_add (subject, "OU", "91110108722619411A", NULL);
      ch_subject_add (subject, "CN", "天津某某单位", NULL);
      ch_builder_set_subject (builder, subject);
      ch_builder_set_spki (builder, spki);
      ch_builder_set_validity (builder, 1700000000, 1800000000);
      cert = ch_builder_issue (builder, issuer, NULL);
      g_assert_nonnull (cert);
    }

  return bench_get_rate (N_PER_ROUND, begin);
}

static SoupMessage *
make_call (guint i, gpointer data)
{
  Bench *self = data;
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
  g_autofree char *url
      = g_strdup_printf ("%s/v1/applications/%s/certificate", self->world->url, (char *) self->ids->pdata[i]);
  SoupMessage *message = soup_message_new ("POST", url);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_message_headers_append (soup_message_get_request_headers (message), "Idempotency-Key", key);
  soup_message_set_request_body_from_bytes (message, "application/json", self->bodies->pdata[i]);
  return message;
}

static void
prepare (Bench *self, GPtrArray *csrs)
{
  g_autoptr (GError) error = NULL;

  self->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < csrs->len; i++)
    {
      ChCsrMessage message = { csrs->pdata[i] };

      g_ptr_array_add (self->bodies, ch_wire_encode (&ChCsrMessage_wire, &message));
      g_ptr_array_add (self->ids, ch_random_new_id ());
    }
  ch_db_write (ch_service_get_db (self->world->service), write_applications, self->ids, NULL, &error);
  g_assert_no_error (error);
}

static gpointer
write_settled (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO purchase (id, application, state, title, project, term, fen, created, paid) "
                    "SELECT id, id, 'paid', 'x', project, 'one-year', 0, created, created FROM application",
                    NULL, error)
             ? CH_DB_DONE
             : NULL;
}

int
main (int argc, char **argv)
{
  Bench bench = { NULL };
  g_autoptr (GPtrArray) csrs = NULL;
  g_autofree char *warm_url = NULL;
  double loop;

  server_world_init (&argc, &argv);
  bench_be_quiet ();
  /* Each request needs a key of its own, and thousands of RSA keys take longer than all else */
  server_world_set_keys ("p256");
  bench.world = server_world_new ();
  bench.token = server_register (bench.world, "13800000041");

  csrs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < N_PER_ROUND * G_N_ELEMENTS (clients); i++)
    g_ptr_array_add (csrs, make_csr ());
  prepare (&bench, csrs);
  ch_db_write (ch_service_get_db (bench.world->service), write_settled, NULL, NULL, NULL);

  loop = measure_loop (bench.world, csrs);
  warm_url = g_strconcat (bench.world->url, "/v1/time", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      BenchRound round = { soup_session_get_tls_database (bench.world->session),
                           clients[i],
                           warm_url,
                           i * N_PER_ROUND,
                           N_PER_ROUND,
                           make_call,
                           &bench };
      double rate = bench_run (&round);

      g_assert_cmpuint (round.n_failed, ==, 0);
      g_print ("ratio issue-%u %.2f >= 0.60 %.0f/s over HTTPS, durable; %.0f/s in the loop\n", clients[i],
               rate / loop, rate, loop);
    }

  g_free (bench.token);
  g_ptr_array_unref (bench.bodies);
  g_ptr_array_unref (bench.ids);
  server_world_free (bench.world);
  server_world_clean_up ();
  return 0;
}
