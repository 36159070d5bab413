#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-world.h"
#include "wire/messages-account.h"
#include "wire/messages-certificate.h"
#include "wire/messages-error.h"

typedef enum
{
  NONE,
  EXPIRED,
  OTHER,
  STAFF,
  HOLDER,       /* of the certificate */
  OTHER_HOLDER, /* of another one of the same member */
  LATE_HOLDER,  /* of one that has ended, of the same member */
  OWN,          /* last: it may change what the others are to find */
  N_WHO,
} Who;

static const char *const names[]
    = { "none", "expired", "another", "staff", "holder", "other holder", "late holder", "own" };

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
} World;

static char *
staff_login (ServerWorld *server)
{
  g_autoptr (ChStaffLogin) request = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSession) session = NULL;

  request->name = g_strdup ("anna");
  request->password = ch_secret_new ("Ein langes Kennwort", strlen ("Ein langes Kennwort"));
  session = server_call (server, NULL, &ch_route_staff_login, NULL, request, &error);
  g_assert_no_error (error);
  return server_take_token (session);
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

static void
set_up (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChApplication) application = NULL;
  g_autoptr (ChApplication) draft = NULL;
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autofree char *late = NULL;

  server_world_change_profile (set_grace, "30");
  world->server = server_world_new ();
  world->tokens[EXPIRED] = server_register (world->server, "13811110003");
  ch_clock_set_offset (ch_clock_get_offset () + 901);
  g_free (world->server->reviewer);
  world->server->reviewer = staff_login (world->server);
  world->tokens[STAFF] = g_strdup (world->server->reviewer);
  world->tokens[OTHER] = server_register (world->server, "13811110002");
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
  server_world_free (world->server);
}

/* The path to what is the member’s own; @application is the one that is named */
static char *
format_path (World *world, const ChRoute *route, const char *application)
{
  const char *first[] = {
    [CH_OWNED_NONE] = "rsa.crl",
    [CH_OWNED_APPLICATION] = application,
    [CH_OWNED_UPLOAD] = world->upload,
    [CH_OWNED_ORDER] = world->order,
    [CH_OWNED_CERTIFICATE] = world->certificate,
  };
  const char *args[] = { first[route->owned], "licence", NULL };

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

  if (token != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Idempotency-Key", key);
  if (!g_str_equal (route->method, "GET"))
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_and_read_async (world->server->session, message, G_PRIORITY_DEFAULT, NULL, on_answer_cb,
                                    &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);

  *failure = NULL;
  if (soup_message_get_status (message) != 200)
    {
      error = ch_failure_decode_error (answer);
      *failure = g_strdup (ch_error_get_info (error)->id);
    }
  return soup_message_get_status (message);
}

static ChPrincipals
principals_of (Who who)
{
  switch (who)
    {
    case OTHER:
    case OWN:
      return CH_PRINCIPAL_ANYBODY | CH_PRINCIPAL_MEMBER;
    case STAFF:
      return CH_PRINCIPAL_ANYBODY | CH_PRINCIPAL_REVIEWER;
    case HOLDER:
    case OTHER_HOLDER:
      return CH_PRINCIPAL_ANYBODY | CH_PRINCIPAL_HOLDER;
    case LATE_HOLDER:
      return CH_PRINCIPAL_ANYBODY | CH_PRINCIPAL_LATE_HOLDER;
    default:
      return CH_PRINCIPAL_ANYBODY;
    }
}

/* The status that the row of the route asks for; 0: it gets through to the handler */
static guint
expect (const ChRoute *route, Who who, gboolean is_draft)
{
  if ((route->principals & principals_of (who)) == 0)
    return who == NONE || who == EXPIRED ? 401 : 403;
  if (route->owned == CH_OWNED_NONE || who == OWN)
    return 0;
  if (who == STAFF && route->owned == CH_OWNED_APPLICATION && !is_draft)
    return 0;
  /* the upload is one of the draft’s, which is not what the certificate was issued on */
  if (who == HOLDER && route->owned != CH_OWNED_UPLOAD && !is_draft)
    return 0;
  return 404;
}

static guint
check (World *world, const ChRoute *route, Who who, gboolean is_draft)
{
  g_autofree char *path = format_path (world, route, is_draft ? world->draft : world->application);
  g_autofree char *failure = NULL;
  guint status = call (world, route, path, world->tokens[who], &failure);
  guint expected = expect (route, who, is_draft);
  gboolean is_wrong;

  /* what handlers say by themselves is not of access, but for their own logging in */
  if (expected == 0)
    is_wrong = g_strcmp0 (failure, "not-logged-in") == 0 || g_strcmp0 (failure, "forbidden") == 0
               || (route->owned != CH_OWNED_NONE && status == 404 && !is_draft);
  else
    is_wrong = status != expected;

  if (is_wrong || status >= 500)
    {
      g_test_message ("%s by %s%s: %u %s, expected %u", route->id, names[who], is_draft ? " (draft)" : "",
                      status, failure != NULL ? failure : "", expected);
      g_test_fail ();
    }
  return 1;
}

/* Each route × each caller × whose thing it is: what the table says is what happens. */
static void
test_sweep (void)
{
  World world = { 0 };
  const ChRoute *const *routes;
  guint n_routes, n_calls = 0;

  set_up (&world);
  routes = ch_routes_get (&n_routes);
  for (Who who = 0; who < N_WHO; who++)
    {
      for (guint i = 0; i < n_routes; i++)
        {
          if (routes[i] == &ch_route_logout)
            continue;
          n_calls += check (&world, routes[i], who, FALSE);
          if (routes[i]->owned == CH_OWNED_APPLICATION && who != OWN)
            n_calls += check (&world, routes[i], who, TRUE);
        }
      n_calls += check (&world, &ch_route_logout, who, FALSE); /* ends the session: last */
    }

  g_print ("# %u calls of %u routes\n", n_calls, n_routes);
  g_assert_cmpuint (n_calls, >=, n_routes * N_WHO);
  tear_down (&world);
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
  g_test_add_func ("/server/access/sweep", test_sweep);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
