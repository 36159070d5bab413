#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-unlock.h"
#include "server-world.h"
#include "server/ch-ticket.h"
#include "wire/messages-account.h"
#include "wire/messages-certificate.h"
#include "wire/messages-error.h"
#include "wire/messages-phone.h"
#include "wire/messages-ticket.h"

/* Who calls. A new principal of wire/ch-route.h wants a row here: test_principals() sees to it. */
typedef enum
{
  NONE,
  FORGED,
  EXPIRED,
  FRESH,
  REVIEWER,
  MAKER,
  SUPPORT,
  AUDITOR,
  OTHER,
  HOLDER,
  OTHER_HOLDER,  /* of another one of the same member */
  LATE_HOLDER,   /* of one that has ended, of the same member */
  LOOKUP,        /* a ticket to look at what the same member applied for */
  DOWNLOAD,      /* a ticket to install the certificate of the application */
  UNLOCK,        /* a ticket to unlock a medium of the same member */
  SCAN,          /* a PC of the same member that shows a code */
  PHONE,         /* a phone that has read one, for nothing of these */
  PHONE_INSTALL, /* the same, for the application */
  PHONE_PAPERS,  /* the same */
  MAKING,        /* a ticket of staff to make the medium of the application */
  OWN,           /* last: it may change what the others are to find */
  N_WHO,
} Who;

static const struct
{
  const char *name;
  ChPrincipals principal;
  gboolean is_staff;
} rows[] = {
  [NONE] = { "anybody", CH_PRINCIPAL_ANYBODY },
  [FORGED] = { "forged", CH_PRINCIPAL_ANYBODY },
  [EXPIRED] = { "expired", CH_PRINCIPAL_ANYBODY },
  [FRESH] = { "fresh", CH_PRINCIPAL_FRESH },
  [REVIEWER] = { "reviewer", CH_PRINCIPAL_REVIEWER, TRUE },
  [MAKER] = { "maker", CH_PRINCIPAL_MAKER, TRUE },
  [SUPPORT] = { "support", CH_PRINCIPAL_SUPPORT, TRUE },
  [AUDITOR] = { "auditor", CH_PRINCIPAL_AUDITOR, TRUE },
  [OTHER] = { "another", CH_PRINCIPAL_MEMBER },
  [HOLDER] = { "holder", CH_PRINCIPAL_HOLDER },
  [OTHER_HOLDER] = { "another holder", CH_PRINCIPAL_HOLDER },
  [LATE_HOLDER] = { "late holder", CH_PRINCIPAL_LATE_HOLDER },
  [LOOKUP] = { "ticket of a look-up", CH_PRINCIPAL_LOOKUP_TICKET },
  [DOWNLOAD] = { "ticket of a download", CH_PRINCIPAL_DOWNLOAD_TICKET },
  [UNLOCK] = { "ticket of an unlocking", CH_PRINCIPAL_UNLOCK_TICKET },
  [SCAN] = { "PC with a code", CH_PRINCIPAL_SCAN_TICKET },
  [PHONE] = { "phone", CH_PRINCIPAL_PHONE_TICKET },
  [PHONE_INSTALL] = { "phone that installs", CH_PRINCIPAL_PHONE_INSTALL },
  [PHONE_PAPERS] = { "phone that photographs", CH_PRINCIPAL_PHONE_PAPERS },
  [MAKING] = { "ticket of a making", CH_PRINCIPAL_MAKING_TICKET },
  [OWN] = { "own", CH_PRINCIPAL_MEMBER },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == N_WHO);

/* Whose the thing in the path is */
typedef enum
{
  THING_OWN,     /* of the member that is called “own” */
  THING_DRAFT,   /* the same, but not handed in: staff do not see it */
  THING_NOTHING, /* there is none of that id */
  N_THINGS
} Thing;

static const char *const things[] = { "theirs", "a draft", "nothing" };

/* What the paths name, all of one member; and a draft that staff do not see */
typedef struct
{
  ServerWorld *server;
  char *tokens[N_WHO];
  char *application;
  char *draft;
  char *upload;
  char *order;
  char *certificate;
  char *session;
  char *installation;
  char *phone;
  char *batch;
} World;

static char *
staff_login (ServerWorld *server, const char *name)
{
  g_autoptr (ChStaffLogin) request = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session = NULL;

  request->name = g_strdup (name);
  request->password = ch_secret_new ("Ein langes Kennwort", strlen ("Ein langes Kennwort"));
  session = server_call (server, NULL, &ch_route_staff_login, NULL, request, &error);
  g_assert_no_error (error);
  return server_take_token (session);
}

/* One of each role, named like it */
static void
add_staff (World *world)
{
  g_autoptr (ChSecret) password = ch_secret_new ("Ein langes Kennwort", strlen ("Ein langes Kennwort"));
  g_autoptr (GError) error = NULL;

  for (Who who = 0; who < N_WHO; who++)
    if (rows[who].is_staff)
      {
        g_assert_cmpuint (ch_staff_role_from_id (rows[who].name), ==, rows[who].principal);
        ch_staff_add (world->server->service, rows[who].name, rows[who].principal, password, NULL, &error);
        g_assert_no_error (error);
        world->tokens[who] = staff_login (world->server, rows[who].name);
      }
}

static char *
begin_upload (World *world)
{
  g_autoptr (ChUploadNew) request = ch_wire_new (&ChUploadNew_wire);
  g_autoptr (ChUpload) upload = NULL;
  g_autoptr (GError) error = NULL;

  request->document = g_strdup ("licence");
  request->name = g_strdup ("licence.jpg");
  request->size = 1000;
  request->sha256 = g_bytes_new (world, 32);
  upload
      = server_call (world->server, world->tokens[OWN], &ch_route_upload_new, world->draft, request, &error);
  g_assert_no_error (error);
  return g_strdup (upload->id);
}

/* One more application of the member, up to its certificate; logs in by it */
static char *
become_holder (World *world, char **certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autofree char *id = server_bring_to_approval (world->server, world->tokens[OWN]);
  g_autoptr (ChCertificate) issued = server_issue (world->server, world->tokens[OWN], id, key, &error);
  g_autoptr (ChSession) session = NULL;

  g_assert_no_error (error);
  session = server_holder_login (world->server, issued->der, key, &error);
  g_assert_no_error (error);
  if (certificate != NULL)
    *certificate = g_strdup (issued->serial);
  return server_take_token (session);
}

static gpointer
write_ended (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run_one (tx, "UPDATE certificate SET not_after = $2 WHERE serial = $1",
                        CH_BIND (CH_TEXT (data), CH_INT (ch_clock_now () - 86400)), error)
             ? CH_DB_DONE
             : NULL;
}

static void
set_grace (ChProfile *profile, const char *value)
{
  profile->limits->grace_days = atoi (value);
}

/* Staff make a code for the application; whoever has it holds a ticket */
static char *
redeem (World *world)
{
  g_autoptr (ChDownloadCodeNew) wanted = ch_wire_new (&ChDownloadCodeNew_wire);
  g_autoptr (ChDownloadRequest) request = ch_wire_new (&ChDownloadRequest_wire);
  g_autoptr (ChDownloadCode) code = NULL;
  g_autoptr (ChInstallTicket) download = NULL;
  g_autoptr (GError) error = NULL;
  ChSession session = { 0 };

  wanted->what = g_strdup (world->application);
  code = server_call (world->server, world->tokens[SUPPORT], &ch_route_staff_download_code, NULL, wanted,
                      &error);
  g_assert_no_error (error);
  request->code = ch_secret_ref (code->code);
  download = server_call (world->server, NULL, &ch_route_download_ticket, NULL, request, &error);
  g_assert_no_error (error);
  session.token = download->token;
  return server_take_token (&session);
}

/* The handler of one more application shows the code for its medium */
static char *
begin_unlocking (World *world)
{
  g_autoptr (ServerMedium) medium = server_medium_new (world->server, world->tokens[OWN], "DECC0000001");

  return server_take_unlock_ticket (world->server, medium->serial, SERVER_UNLOCK_MOBILE);
}

/* A code for the application, or for nothing; returns the PC’s ticket, @phone is that of who has read it */
static char *
scan (World *world, const ChRoute *route, const char *arg, ChScanPurpose purpose, char **phone)
{
  g_autoptr (ChScanNew) wanted = ch_wire_new (&ChScanNew_wire);
  g_autoptr (ChScanTake) take = ch_wire_new (&ChScanTake_wire);
  g_autoptr (ChScanStarted) started = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (GError) error = NULL;
  ChSession session = { 0 };
  const char *code;

  wanted->purpose = purpose;
  started = server_call (world->server, world->tokens[OWN], route, arg, wanted, &error);
  g_assert_no_error (error);
  code = strchr (started->code->address, '#') + 1;
  take->code = ch_secret_new (code, strlen (code));
  task = server_call (world->server, NULL, &ch_route_phone_take, NULL, take, &error);
  g_assert_no_error (error);
  session.token = task->ticket;
  *phone = server_take_token (&session);
  session.token = started->ticket;
  return server_take_token (&session);
}

static gpointer
write_phone (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO phone (id, account, name, key, salt, verifier, n_wrong, created, used) "
                    "SELECT 'phone-1', id, 'a phone', x'01', x'02', x'03', 0, 0, 0 FROM account "
                    "WHERE mobile = '13811110001'",
                    NULL, error)
             ? CH_DB_DONE
             : NULL;
}

static void
add_phones (World *world)
{
  g_autofree char *installing = NULL, *photographing = NULL, *pairing = NULL, *read = NULL;

  g_assert_nonnull (ch_db_write (ch_service_get_db (world->server->service), write_phone, NULL, NULL, NULL));
  world->phone = g_strdup ("phone-1");
  /* what one side ends is not the other’s here */
  world->tokens[SCAN] = scan (world, &ch_route_scan_pair, NULL, CH_SCAN_PAIR, &read);
  pairing = scan (world, &ch_route_scan_pair, NULL, CH_SCAN_PAIR, &world->tokens[PHONE]);
  installing = scan (world, &ch_route_scan_application, world->application, CH_SCAN_INSTALL,
                     &world->tokens[PHONE_INSTALL]);
  photographing = scan (world, &ch_route_scan_application, world->application, CH_SCAN_PAPERS,
                        &world->tokens[PHONE_PAPERS]);
}

static gpointer
write_making (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, data);
  return ch_ticket_start (tx, CH_PRINCIPAL_MAKING_TICKET, data, ids, error);
}

/* As staff get one for what is made here, which this application is not */
static char *
begin_making (World *world)
{
  g_autoptr (ChTicket) ticket = ch_db_write (ch_service_get_db (world->server->service), write_making,
                                             world->application, (GDestroyNotify) ch_ticket_free, NULL);
  ChSession session = { 0 };

  g_assert_nonnull (ticket);
  session.token = ticket->token;
  return server_take_token (&session);
}

static void
find_places (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCare) care
      = server_call (world->server, world->tokens[OWN], &ch_route_care, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (care->installations->len, ==, 1);
  for (guint i = 0; i < care->sessions->len; i++)
    {
      const ChSessionInfo *place = care->sessions->pdata[i];

      /* not the one that calls: it is ended */
      if (g_strcmp0 (place->name, "a PC of the test") == 0)
        world->session = g_strdup (place->id);
    }
  world->installation = g_strdup (((ChSessionInfo *) care->installations->pdata[0])->id);
}

/* How one is confirmed is not of access */
static gpointer
write_batch (ChDbTx *tx, gpointer application, GError **error)
{
  return ch_db_run_one (tx,
                        "INSERT INTO batch (id, account, name, flow, project, digest, digests, n_rows, "
                        "certificate, nonce, signature, created) SELECT 'batch-of-own', account, '', flow, "
                        "project, '', '', 1, '', '', '', 0 FROM application WHERE id = $1",
                        CH_BIND (CH_TEXT (application)), error)
             ? CH_DB_DONE
             : NULL;
}

static void
set_up (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChApplication) application = NULL;
  g_autoptr (ChApplication) draft = NULL;
  g_autoptr (ChCertificate) certificate = NULL;
  g_autofree char *first = NULL, *late = NULL;
  g_autoptr (ChSession) session = NULL;

  server_world_change_profile (set_grace, "30");
  world->server = server_world_new ();
  world->tokens[EXPIRED] = server_register (world->server, "13811110003");
  ch_clock_set_offset (ch_clock_get_offset () + 901);
  g_free (world->server->reviewer);
  world->server->reviewer = staff_login (world->server, "anna");
  add_staff (world);
  world->tokens[FORGED] = g_base64_encode ((const guchar *) "no session has ever begun so ...", 32);
  world->tokens[OTHER] = server_register (world->server, "13811110002");
  first = server_register (world->server, "13811110004");
  world->tokens[FRESH] = server_forget_password (world->server, "13811110004");
  world->tokens[OWN] = server_register (world->server, "13811110001");

  world->application = server_bring_to_approval (world->server, world->tokens[OWN]);
  certificate = server_issue (world->server, world->tokens[OWN], world->application, key, &error);
  g_assert_no_error (error);
  world->certificate = g_strdup (certificate->serial);
  application = server_get (world->server, world->tokens[OWN], world->application);
  world->order = g_strdup (application->order);
  session = server_holder_login (world->server, certificate->der, key, &error);
  g_assert_no_error (error);
  world->tokens[HOLDER] = server_take_token (session);
  world->tokens[OTHER_HOLDER] = become_holder (world, NULL);
  world->tokens[LATE_HOLDER] = become_holder (world, &late);
  g_assert_nonnull (ch_db_write (ch_service_get_db (world->server->service), write_ended, late, NULL, NULL));
  draft = server_apply (world->server, world->tokens[OWN], "self-pay");
  world->draft = g_strdup (draft->id);
  world->upload = begin_upload (world);
  g_assert_nonnull (
      ch_db_write (ch_service_get_db (world->server->service), write_batch, world->draft, NULL, NULL));
  world->batch = g_strdup ("batch-of-own");
  g_free (first);
  world->tokens[DOWNLOAD] = redeem (world);
  world->tokens[UNLOCK] = begin_unlocking (world);
  world->tokens[MAKING] = begin_making (world);
  world->tokens[LOOKUP] = server_take_ticket (world->server, "13800000000", "120106199102021315");
  first = server_login_from (world->server, "13811110001", "a PC of the test");
  find_places (world);
  add_phones (world);
}

static void
tear_down (World *world)
{
  for (Who who = 0; who < N_WHO; who++)
    g_free (world->tokens[who]);
  g_free (world->application);
  g_free (world->draft);
  g_free (world->upload);
  g_free (world->order);
  g_free (world->certificate);
  g_free (world->session);
  g_free (world->installation);
  g_free (world->phone);
  g_free (world->batch);
  server_world_free (world->server);
}

/* The path to a thing. A new kind of ownership wants its id here. */
static char *
format_path (World *world, const ChRoute *route, Thing thing)
{
  const char *first[] = {
    [CH_OWNED_NONE] = "rsa.crl",
    [CH_OWNED_APPLICATION] = thing == THING_DRAFT ? world->draft : world->application,
    [CH_OWNED_UPLOAD] = world->upload,
    [CH_OWNED_ORDER] = world->order,
    [CH_OWNED_CERTIFICATE] = world->certificate,
    [CH_OWNED_SESSION] = world->session,
    [CH_OWNED_INSTALLATION] = world->installation,
    [CH_OWNED_PHONE] = world->phone,
    [CH_OWNED_BATCH] = world->batch,
  };
  const char *args[] = { NULL, "licence", NULL };

  g_assert_cmpuint (route->owned, <, G_N_ELEMENTS (first));
  g_assert_nonnull (first[route->owned]);
  args[0] = thing == THING_NOTHING ? "nothing-of-that-id" : first[route->owned];
  return ch_route_format_path (route, args);
}

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer answer)
{
  g_autoptr (GError) error = NULL;

  *(GBytes **) answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

/* Calls with an empty object. Returns the status; @failure is what is said, where it is one. */
static guint
call (World *world, const ChRoute *route, const char *path, const char *token, char **failure)
{
  g_autofree char *url = g_strconcat (world->server->url, path, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (route->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  /* libsoup takes a new connection for each POST otherwise */
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  if (token != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Idempotency-Key", key);
  if (!g_str_equal (route->method, "GET"))
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_and_read_async (world->server->session, message, G_PRIORITY_DEFAULT, NULL, on_answer_cb,
                                    &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  /* only now the connection is idle, and the next call takes it */
  while (g_main_context_iteration (NULL, FALSE))
    ;

  *failure = NULL;
  if (soup_message_get_status (message) != 200)
    {
      error = ch_failure_decode_error (answer);
      *failure = g_strdup (ch_error_get_info (error)->id);
    }
  return soup_message_get_status (message);
}

/* The status that the row of the route asks for; 0: it gets through to the handler */
static guint
expect (const ChRoute *route, Who who, Thing thing)
{
  if ((route->principals & (rows[who].principal | CH_PRINCIPAL_ANYBODY)) == 0)
    return rows[who].principal == CH_PRINCIPAL_ANYBODY ? 401 : 403;
  if (route->owned == CH_OWNED_NONE)
    return 0;
  if (thing == THING_NOTHING)
    return 404;
  if (who == OWN || (rows[who].is_staff && thing == THING_OWN && route->owned == CH_OWNED_APPLICATION))
    return 0;
  /* the upload is one of the draft’s, which is not what the certificate was issued on */
  if (thing == THING_OWN && route->owned != CH_OWNED_UPLOAD
      && (who == DOWNLOAD || who == PHONE_INSTALL || who == PHONE_PAPERS || who == MAKING
          || (who == HOLDER && (route->flags & CH_ROUTE_CHANGES) == 0)))
    return 0;
  return 404;
}

/* The application is there, and what hangs on it is not yet: its owner is told so too */
static gboolean
is_not_there_yet (const ChRoute *route)
{
  return route == &ch_route_invoice_file || route == &ch_route_delivery
         || route == &ch_route_delivery_received;
}

static void
check (World *world, const ChRoute *route, Who who, Thing thing)
{
  g_autofree char *path = format_path (world, route, thing);
  g_autofree char *failure = NULL;
  guint status = call (world, route, path, world->tokens[who], &failure);
  guint expected = expect (route, who, thing);
  gboolean is_wrong;

  /* what handlers say by themselves is not of access, but for their own logging in */
  if (expected == 0)
    is_wrong = (g_strcmp0 (failure, "not-logged-in") == 0 && route != &ch_route_sms)
               || g_strcmp0 (failure, "forbidden") == 0
               || (route->owned != CH_OWNED_NONE && status == 404 && thing != THING_DRAFT
                   && !is_not_there_yet (route));
  else
    is_wrong = status != expected;

  if (is_wrong || status >= 500)
    {
      g_test_message ("%s by %s, %s: %u %s, expected %u", route->id, rows[who].name, things[thing], status,
                      failure != NULL ? failure : "", expected);
      g_test_fail ();
    }
}

/* Last, because all but the last end what the others need */
static const ChRoute *const endings[]
    = { &ch_route_phone_forget, &ch_route_session_end, &ch_route_installation_forget, &ch_route_sessions_end,
        &ch_route_logout };

static gboolean
is_ending (const ChRoute *route)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (endings[i] == route)
      return TRUE;
  return FALSE;
}

static guint
check_all (World *world, const ChRoute *route, Who who)
{
  guint n = 1;

  if (route->owned == CH_OWNED_APPLICATION && who != OWN)
    {
      check (world, route, who, THING_DRAFT);
      n++;
    }
  if (route->owned != CH_OWNED_NONE)
    {
      check (world, route, who, THING_NOTHING);
      n++;
    }
  check (world, route, who, THING_OWN);
  return n;
}

/* Each route × each caller × whose thing it is: what the table says is what happens. It grows by itself with
 * the table of routes. */
static void
test_matrix (void)
{
  World world = { 0 };
  const ChRoute *const *routes;
  guint n_routes, n_cases = 0;

  set_up (&world);
  routes = ch_routes_get (&n_routes);
  for (Who who = 0; who < N_WHO; who++)
    {
      for (guint i = 0; i < n_routes; i++)
        if (!is_ending (routes[i]))
          n_cases += check_all (&world, routes[i], who);
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        n_cases += check_all (&world, endings[i], who);
    }

  g_print ("# %u cases of %u routes and %u callers\n", n_cases, n_routes, (guint) N_WHO);
  g_assert_cmpuint (n_cases, >=, n_routes * N_WHO);
  tear_down (&world);
}

/* No principal that a route names is missing among the callers. */
static void
test_principals (void)
{
  guint n_routes, known = 0;
  const ChRoute *const *routes = ch_routes_get (&n_routes);

  for (Who who = 0; who < N_WHO; who++)
    known |= rows[who].principal;
  for (guint i = 0; i < n_routes; i++)
    if ((routes[i]->principals & ~known) != 0)
      {
        g_test_message ("%s may be called by somebody the matrix does not know", routes[i]->id);
        g_test_fail ();
      }
}

static gboolean
has_secret (const ChWireType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind == CH_WIRE_SECRET)
      return TRUE;
  return FALSE;
}

/* Every route is answered; no answer with a secret is kept for repetition. */
static void
test_table (void)
{
  guint n_routes;
  const ChRoute *const *routes = ch_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      const ChHandlerRow *row = ch_handlers_find (routes[i]);

      g_test_message ("%s", routes[i]->id);
      g_assert_nonnull (row);
      g_assert_true (row->func != NULL);
      if ((routes[i]->flags & CH_ROUTE_CHANGES) != 0)
        {
          g_assert_false (has_secret (routes[i]->answer));
          g_assert_cmpint (row->place, ==, CH_HANDLER_WORKER);
        }
      for (guint j = 0; j < i; j++)
        g_assert_false (g_str_equal (routes[i]->path, routes[j]->path)
                        && g_str_equal (routes[i]->method, routes[j]->method));
    }
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/access/table", test_table);
  g_test_add_func ("/server/access/principals", test_principals);
  g_test_add_func ("/server/access/matrix", test_matrix);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
