#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "bench-clients.h"
#include "pki/ch-csr.h"
#include "server/ch-ca.h"
#include "server-world.h"
#include "wire/messages-certificate.h"

/* 200 people at once over TLS: most of them look, some save, some send a document of 1 MB, some have a
 * certificate issued or begin to renew theirs, one logs in. Against libsoup, which answers the same bytes to
 * the same calls and does nothing else. */

#define N_CLIENTS   200
#define SECONDS     12
#define N_CERTIFIED 1600 /* a multiple of N_CLIENTS: each has the same number */
#define N_APPROVED  (N_CERTIFIED + N_CLIENTS)
#define N_DAYS_LEFT 30
#define DOCUMENT    (1024 * 1024)
#define PASSWORD    "Ein langes Kennwort"
#define MOBILE      "13800000071"

typedef enum
{
  DEED_READ,
  DEED_SAVE,
  DEED_UPLOAD,
  DEED_ISSUE,
  DEED_RENEW,
  DEED_LOGIN,
  N_DEEDS
} Deed;

/* clang-format off */
static const struct
{
  const char *name;
  guint percent;
} deeds[N_DEEDS] = {
  [DEED_READ]   = { "read", 68 },
  [DEED_SAVE]   = { "save", 20 },
  [DEED_UPLOAD] = { "upload", 5 },
  [DEED_ISSUE]  = { "issue", 4 },
  [DEED_RENEW]  = { "renew", 2 },
  [DEED_LOGIN]  = { "login", 1 },
};
/* clang-format on */

typedef struct
{
  ServerWorld *world;
  const char *url; /* of whom is measured */
  gboolean is_bare;
  gint64 until; /* monotonic */
  SoupSession *soup;
  GRand *dice;
  GPtrArray *csrs; /* bodies */
  GBytes *login;   /* body */
  GBytes *document;
  GBytes *announced;  /* body */
  GPtrArray *serials; /* of the certificate each client has */
  guint n_issued;
  guint n_running;
  guint n_failed;
  gint is_done;           /* atomic */
  GArray *times[N_DEEDS]; /* (element-type double): milliseconds */
} Load;

typedef struct
{
  Load *load;
  guint number;
  gint64 version;
  Deed deed;
  gint64 begin;
  char *upload;  /* (owned) (nullable) */
  char *renewal; /* (owned) (nullable): id of the application that was begun */
  gsize offset;
} Client;

static void begin_deed (Client *client);
static void upload_next (Client *client);
static void discard (Client *client, const ChApplication *application);

static char *
make_token (guint number)
{
  return g_strdup_printf ("token of client %u", number);
}

/* Accounts, sessions and drafts, and applications that only want a certificate; straight into the store */
static gpointer
write_people (ChDbTx *tx, gpointer data, GError **error)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("client-%u", i);
      g_autofree char *mobile = g_strdup_printf ("137%08u", i);
      g_autofree char *token = make_token (i);
      g_autoptr (GBytes) hash = ch_sha256 (token, strlen (token));

      if (!ch_db_run (
              tx,
              "INSERT INTO account (id, user_name, mobile, name, document_kind, document_number, password, "
              "created) VALUES ($1, $1, $2, 'x', 'resident-id', '11010519491231002X', '', $3)",
              CH_BIND (CH_TEXT (id), CH_TEXT (mobile), CH_INT (ch_clock_now ())), error)
          || !ch_db_run (
              tx, "INSERT INTO session (token, id, account, created, used) VALUES ($1, $2, $2, $3, $3)",
              CH_BIND (CH_BYTES (hash), CH_TEXT (id), CH_INT (ch_clock_now ())), error)
          || !ch_db_run (tx,
                         "INSERT INTO application (id, account, flow, project, state, version, trust_id, "
                         "serial_time, review_by, created, updated) VALUES ($1, $1, "
                         "'apply.enterprise.soft.self-pay', 'ra-test', 'draft', 1, 'Y' || $1, "
                         "'i20260101000000000', 0, $2, $2)",
                         CH_BIND (CH_TEXT (id), CH_INT (ch_clock_now ())), error))
        return NULL;
    }
  for (guint i = 0; i < N_APPROVED; i++)
    {
      g_autofree char *id = g_strdup_printf ("approved-%u", i);
      g_autofree char *account = g_strdup_printf ("client-%u", i % N_CLIENTS);

      if (!ch_db_run (
              tx,
              "INSERT INTO application (id, account, flow, project, state, version, trust_id, serial_time, "
              "review_by, created, updated) VALUES ($1, $2, 'apply.enterprise.soft.self-pay', 'ra-test', "
              "'approved', 1, 'Y' || $1, 'i20260101000000000', 0, $3, $3)",
              CH_BIND (CH_TEXT (id), CH_TEXT (account), CH_INT (ch_clock_now ())), error)
          || !ch_db_run (tx,
                         "INSERT INTO answer (application, field, value) VALUES ($1, 'project', 'ra-test'), "
                         "($1, 'term', 'one-year'), ($1, 'unit-name', '天津某某单位'), "
                         "($1, 'unit-code', '91110108722619411A'), ($1, 'province', '天津市'), ($1, 'city', "
                         "'东丽区')",
                         CH_BIND (CH_TEXT (id)), error)
          || !ch_db_run (
              tx,
              "INSERT INTO purchase (id, application, state, title, project, term, fen, created, paid) "
              "VALUES ($1, $1, 'paid', 'x', 'ra-test', 'one-year', 0, 1, 1)",
              CH_BIND (CH_TEXT (id)), error))
        return NULL;
    }
  return CH_DB_DONE;
}

static void
finish_deed (Client *self, gboolean is_good)
{
  Load *load = self->load;
  double ms = (g_get_monotonic_time () - self->begin) / 1000.0;

  if (is_good)
    g_array_append_val (load->times[self->deed], ms);
  else
    load->n_failed++;
  g_clear_pointer (&self->upload, g_free);
  g_clear_pointer (&self->renewal, g_free);
  load->n_running--;
  begin_deed (self);
}

static SoupMessage *
make_call (Client *self, const ChRoute *route, const char *arg, GBytes *body)
{
  const char *args[] = { arg, NULL };
  g_autofree char *path = ch_route_format_path (route, args);
  g_autofree char *url = g_strconcat (self->load->url, path, NULL);
  g_autofree char *token = make_token (self->number);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autofree char *key = g_uuid_string_random ();
  SoupMessage *message = soup_message_new (route->method, url);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_message_headers_append (soup_message_get_request_headers (message), "Idempotency-Key", key);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  return message;
}

static void
take_answer (Client *self, SoupMessage *message, GBytes *body)
{
  gboolean is_good = body != NULL && soup_message_get_status (message) == SOUP_STATUS_OK;
  g_autoptr (ChUpload) upload = NULL;
  g_autoptr (ChApplication) application = NULL;

  if (!is_good || self->deed == DEED_READ || self->deed == DEED_ISSUE || self->deed == DEED_LOGIN)
    {
      finish_deed (self, is_good);
      return;
    }
  if (self->deed == DEED_UPLOAD && self->offset < DOCUMENT + 1)
    {
      if (self->upload == NULL)
        {
          upload = ch_wire_decode (&ChUpload_wire, body, NULL);
          self->upload = g_strdup (upload != NULL ? upload->id : "none");
        }
      upload_next (self);
      return;
    }
  application = ch_wire_decode (&ChApplication_wire, body, NULL);
  if (self->deed == DEED_RENEW && self->renewal == NULL && application != NULL)
    {
      discard (self, application);
      return;
    }
  if (self->deed != DEED_RENEW && application != NULL)
    self->version = application->version;
  finish_deed (self, application != NULL || self->renewal != NULL);
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  take_answer (user_data, message, body);
}

static void
send (Client *self, const ChRoute *route, const char *arg, GBytes *body)
{
  g_autoptr (SoupMessage) message = make_call (self, route, arg, body);

  soup_session_send_and_read_async (self->load->soup, message, G_PRIORITY_DEFAULT, NULL, on_answered_cb,
                                    self);
}

/* What was begun is thrown away, so that it can be begun again */
static void
discard (Client *self, const ChApplication *application)
{
  ChVersion version = { application->version };
  g_autoptr (GBytes) body = ch_wire_encode (&ChVersion_wire, &version);

  self->renewal = g_strdup (application->id);
  send (self, &ch_route_application_discard, self->renewal, body);
}

/* The pieces one after the other, then the end */
static void
upload_next (Client *self)
{
  ChPiece piece = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) body = NULL;

  if (self->offset == DOCUMENT)
    {
      self->offset++;
      send (self, &ch_route_upload_finish, self->upload, NULL);
      return;
    }
  bytes = g_bytes_new_from_bytes (self->load->document, self->offset, CH_PIECE_SIZE);
  piece.offset = self->offset;
  piece.bytes = bytes;
  body = ch_wire_encode (&ChPiece_wire, &piece);
  self->offset += CH_PIECE_SIZE;
  send (self, &ch_route_upload_piece, self->upload, body);
}

static Deed
pick_deed (Load *load)
{
  guint at = g_rand_int_range (load->dice, 0, 100);
  guint deed = 0;

  while (at >= deeds[deed].percent)
    at -= deeds[deed++].percent;
  return deed == DEED_ISSUE && load->n_issued >= N_CERTIFIED ? DEED_READ : deed;
}

static void
begin_deed (Client *self)
{
  Load *load = self->load;
  g_autofree char *own = g_strdup_printf ("client-%u", self->number);
  g_autofree char *text = NULL;
  g_autofree char *approved = NULL;
  g_autoptr (GBytes) body = NULL;

  self->begin = g_get_monotonic_time ();
  if (self->begin > load->until)
    return;
  load->n_running++;
  self->deed = pick_deed (load);
  switch (self->deed)
    {
    case DEED_READ:
      send (self, &ch_route_application, own, NULL);
      break;
    case DEED_SAVE:
      text = g_strdup_printf ("{\"version\":%" G_GINT64_FORMAT ",\"answers\":{\"unit-name\":\"单位%u\"}}",
                              self->version, g_rand_int (load->dice));
      body = g_bytes_new (text, strlen (text));
      send (self, &ch_route_application_answers, own, body);
      break;
    case DEED_UPLOAD:
      self->offset = 0;
      send (self, &ch_route_upload_new, own, load->announced);
      break;
    case DEED_ISSUE:
      /* one’s own are N_CLIENTS apart: whose turn it is takes another’s session */
      approved = g_strdup_printf ("approved-%u", load->n_issued);
      {
        Client owner = { load, load->n_issued % N_CLIENTS };
        g_autoptr (SoupMessage) message
            = make_call (&owner, &ch_route_issue, approved, load->csrs->pdata[load->n_issued]);

        load->n_issued++;
        soup_session_send_and_read_async (load->soup, message, G_PRIORITY_DEFAULT, NULL, on_answered_cb,
                                          self);
      }
      break;
    case DEED_RENEW:
      text = g_strdup_printf ("{\"flow\":\"renew.enterprise.soft.self-pay\",\"project\":\"ra-test\","
                              "\"certificate\":\"%s\"}",
                              (const char *) load->serials->pdata[self->number]);
      body = g_bytes_new (text, strlen (text));
      send (self, &ch_route_application_new, NULL, body);
      break;
    default:
      send (self, &ch_route_login, NULL, load->login);
      break;
    }
}

static gpointer
run_clients (gpointer data)
{
  Load *load = data;
  GMainContext *context = g_main_context_new ();
  g_autofree Client *clients = g_new0 (Client, N_CLIENTS);

  g_main_context_push_thread_default (context);
  load->soup
      = soup_session_new_with_options ("tls-database", soup_session_get_tls_database (load->world->session),
                                       "max-conns", N_CLIENTS, "max-conns-per-host", N_CLIENTS, NULL);
  load->until = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      clients[i] = (Client){ load, i, 1 };
      begin_deed (&clients[i]);
    }
  while (load->n_running > 0)
    g_main_context_iteration (context, TRUE);
  soup_session_abort (load->soup);
  g_clear_object (&load->soup);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_atomic_int_set (&load->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_quantile (GArray *times, double q)
{
  return times->len > 0 ? g_array_index (times, double, (guint) (q * (times->len - 1))) : 0;
}

/* Returns deeds per second */
static double
run_load (Load *load)
{
  gint64 begin = g_get_monotonic_time ();
  GThread *thread;
  guint n = 0;

  load->dice = g_rand_new_with_seed (1);
  load->n_issued = 0;
  for (guint i = 0; i < N_DEEDS; i++)
    load->times[i] = g_array_new (FALSE, FALSE, sizeof (double));
  g_atomic_int_set (&load->is_done, FALSE);
  thread = g_thread_new ("clients", run_clients, load);
  while (!g_atomic_int_get (&load->is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_rand_free (load->dice);
  for (guint i = 0; i < N_DEEDS; i++)
    {
      g_array_sort (load->times[i], compare);
      n += load->times[i]->len;
    }
  return bench_get_rate (n, begin);
}

static double
get_memory (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    pages = g_ascii_strtoull (strchr (text, ' '), NULL, 10);
  return pages * 4096.0 / 1048576;
}

/* -- The yardstick -- */

static void
on_bare_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  GBytes *application = data;
  gboolean is_upload = strstr (path, "/upload") != NULL && !g_str_has_suffix (path, "/finish");
  const char *upload
      = "{\"id\":\"x\",\"document\":\"licence\",\"name\":\"a.pdf\",\"size\":1048576,\"offset\":0}";

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (is_upload)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, upload,
                                      strlen (upload));
  else
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                      g_bytes_get_data (application, NULL), g_bytes_get_size (application));
}

static double
measure_bare (Load *load, GBytes *application)
{
  g_autoptr (SoupServer) soup
      = soup_server_new ("tls-certificate", ch_ca_get_tls (ch_service_get_ca (load->world->service)), NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;
  double rate;

  soup_server_add_handler (soup, NULL, on_bare_cb, application, NULL);
  soup_server_listen (soup, address, SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (soup);
  url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  load->url = url;
  rate = run_load (load);
  load->url = NULL;
  soup_server_disconnect (soup);
  return rate;
}

static GBytes *
make_request (void)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChSubject) name = ch_subject_new ();
  g_autoptr (GBytes) csr = NULL;
  ChCsrMessage message;

  ch_subject_add (name, "CN", "x", NULL);
  csr = ch_csr_make (key, name, NULL, NULL);
  message = (ChCsrMessage){ csr };
  return ch_wire_encode (&ChCsrMessage_wire, &message);
}

static gpointer
let_them_end (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx, "UPDATE certificate SET state = 'installed', handler = application, not_after = $1",
                    CH_BIND (CH_INT (ch_clock_now () + N_DAYS_LEFT * 24 * 60 * 60)), error)
             ? CH_DB_DONE
             : NULL;
}

/* Each client has a certificate, which ends soon */
static void
issue_to_all (Load *load)
{
  load->serials = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("approved-%u", N_CERTIFIED + i);
      g_autofree char *token = make_token (i);
      g_autoptr (GBytes) body = make_request ();
      g_autoptr (ChCsrMessage) request = ch_wire_decode (&ChCsrMessage_wire, body, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (ChCertificate) made = server_call (load->world, token, &ch_route_issue, id, request, &error);

      g_assert_no_error (error);
      g_ptr_array_add (load->serials, g_strdup (made->serial));
    }
  g_assert_nonnull (ch_db_write (ch_service_get_db (load->world->service), let_them_end, NULL, NULL, NULL));
}

static void
prepare (Load *load)
{
  g_autofree char *content = g_strnfill (DOCUMENT, ' ');
  g_autoptr (ChUploadNew) announced = ch_wire_new (&ChUploadNew_wire);
  g_autofree char *token = server_register (load->world, MOBILE);
  g_autoptr (ChLogin) login = ch_wire_new (&ChLogin_wire);
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (load->world->profile, "login");
  g_autoptr (GError) error = NULL;

  memcpy (content, "%PDF-1.7\n", 9);
  memcpy (content + DOCUMENT - 6, "%%EOF\n", 6);
  load->document = g_bytes_new (content, DOCUMENT);
  announced->document = g_strdup ("licence");
  announced->name = g_strdup ("a.pdf");
  announced->size = DOCUMENT;
  announced->sha256 = ch_sha256 (content, DOCUMENT);
  load->announced = ch_wire_encode (&ChUploadNew_wire, announced);

  login->user_name = g_strdup (MOBILE);
  login->password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  login->consents = ch_wire_list_new (&ChConsent_wire);
  for (guint i = 0; i < texts->len; i++)
    {
      ChConsent *consent = ch_wire_new (&ChConsent_wire);

      consent->id = g_strdup (((const ChConsentText *) texts->pdata[i])->id);
      consent->version = g_strdup (((const ChConsentText *) texts->pdata[i])->version);
      g_ptr_array_add (login->consents, consent);
    }
  load->login = ch_wire_encode (&ChLogin_wire, login);

  load->csrs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < N_CERTIFIED; i++)
    g_ptr_array_add (load->csrs, make_request ());
  ch_db_write (ch_service_get_db (load->world->service), write_people, NULL, NULL, &error);
  g_assert_no_error (error);
  issue_to_all (load);
}

int
main (int argc, char **argv)
{
  Load load = { NULL };
  g_autoptr (ChApplication) sample = NULL;
  g_autoptr (GBytes) application = NULL;
  g_autofree char *token = NULL;
  GArray *bare[N_DEEDS];
  double bare_rate, rate, before, after;

  server_world_init (&argc, &argv);
  bench_be_quiet ();
  server_world_set_keys ("p256");
  load.world = server_world_new ();
  prepare (&load);
  token = make_token (0);
  sample = server_call (load.world, token, &ch_route_application, "client-0", NULL, NULL);
  g_assert_nonnull (sample);
  application = ch_wire_encode (&ChApplication_wire, sample);

  bare_rate = measure_bare (&load, application);
  memcpy (bare, load.times, sizeof bare);
  load.n_failed = 0;
  load.url = load.world->url;
  before = get_memory ();
  rate = run_load (&load);
  after = get_memory ();

  g_print ("ratio load-rate %.2f >= 0.50 %u clients, %.0f/s; %.0f/s of a bare handler; %u failed\n",
           rate / bare_rate, N_CLIENTS, rate, bare_rate, load.n_failed);
  for (guint i = 0; i < N_DEEDS; i++)
    g_print (
        "ratio load-%s %.2f <= 3.00 %u times, p50 %.0f ms, p99 %.0f ms; %.0f and %.0f ms of a bare handler\n",
        deeds[i].name, get_quantile (load.times[i], 0.5) / MAX (get_quantile (bare[i], 0.5), 0.001),
        load.times[i]->len, get_quantile (load.times[i], 0.5), get_quantile (load.times[i], 0.99),
        get_quantile (bare[i], 0.5), get_quantile (bare[i], 0.99));
  g_print ("ratio load-memory %.2f <= 2.00 %.0f MB resident at the end, %.0f at the start\n", after / before,
           after, before);

  for (guint i = 0; i < N_DEEDS; i++)
    {
      g_array_unref (bare[i]);
      g_array_unref (load.times[i]);
    }
  g_bytes_unref (load.login);
  g_bytes_unref (load.document);
  g_bytes_unref (load.announced);
  g_ptr_array_unref (load.csrs);
  g_ptr_array_unref (load.serials);
  server_world_free (load.world);
  server_world_clean_up ();
  return load.n_failed > 0 ? 1 : 0;
}
