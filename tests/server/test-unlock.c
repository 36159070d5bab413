#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-unlock.h"
#include "server/ch-escrow.h"
#include "wire/messages-account.h"

#define MOBILE SERVER_UNLOCK_MOBILE
#define OTHER  "13900000077"
#define SERIAL "DECC0000001"
#define DAY    86400

typedef struct
{
  ServerWorld *server;
  char *member;
  ServerMedium *medium;
} World;

static void
set_up (World *world, gconstpointer data)
{
  world->server = server_world_new ();
  world->member = server_register (world->server, "13811110001");
  world->medium = server_medium_new (world->server, world->member, SERIAL);
}

static void
tear_down (World *world, gconstpointer data)
{
  server_medium_free (world->medium);
  g_free (world->member);
  server_world_free (world->server);
}

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

static char *
take_ticket (World *world)
{
  return server_take_unlock_ticket (world->server, SERIAL, MOBILE);
}

static ServerRun *
open_medium (World *world, const char *ticket)
{
  g_autoptr (GError) error = NULL;
  ServerRun *run = server_run_new (world->server, ticket, SERIAL, &error);

  g_assert_no_error (error);
  return run;
}

static void
assert_shut (World *world, const char *ticket, const char *serial, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerRun) run = server_run_new (world->server, ticket, serial, &error);

  g_assert_null (run);
  g_assert_error (error, CH_ERROR, code);
}

static void
assert_not_confirmed (World *world, const char *ticket, ChUnlockConfirm *request, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (server_confirm (world->server, ticket, request, &error));
  g_assert_error (error, CH_ERROR, code);
}

static void
confirm (World *world, const char *ticket)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChUnlockConfirm) request = server_make_confirmation (world->medium, SERIAL, NULL);

  server_confirm (world->server, ticket, request, &error);
  g_assert_no_error (error);
}

/* From the code to the confirmation; the handler is told */
static void
test_unlock (World *world, gconstpointer data)
{
  g_autofree char *ticket = take_ticket (world);
  g_autoptr (ServerRun) run = open_medium (world, ticket);
  g_autofree char *told = server_await_text (world->server, MOBILE, "unlocking ");
  g_autoptr (ServerRun) later = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpstr (told, ==, "0001");
  g_assert_true (ch_secret_equal (run->current, world->medium->so_pin));
  g_assert_false (ch_secret_equal (run->current, run->next));
  g_assert_false (run->answer->again);
  confirm (world, ticket);

  pass (61);
  second = take_ticket (world);
  later = open_medium (world, second);
  g_assert_true (ch_secret_equal (later->current, run->next));
  g_assert_false (later->answer->again);
}

/* What was released is not forgotten, nor made anew, while nobody has said that it worked */
static void
test_again (World *world, gconstpointer data)
{
  g_autofree char *ticket = take_ticket (world);
  g_autoptr (ServerRun) first = open_medium (world, ticket);
  g_autoptr (ServerRun) second = open_medium (world, ticket);

  g_assert_true (second->answer->again);
  g_assert_true (ch_secret_equal (second->current, first->current));
  g_assert_true (ch_secret_equal (second->next, first->next));
  /* each run has a key of its own, and only it opens what it was told */
  g_assert_false (g_bytes_equal (second->answer->current, first->answer->current));
  assert_shut (world, ticket, SERIAL, CH_ERROR_UNLOCK_OFTEN);
}

/* Three runs, then support; who lets it go on is on record */
static void
test_stopped (World *world, gconstpointer data)
{
  const char *const path[] = { SERIAL, NULL };
  g_autoptr (ChSecret) password = ch_secret_new ("Ein langes Kennwort", strlen ("Ein langes Kennwort"));
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChMediumAllow) allow = ch_wire_new (&ChMediumAllow_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (ChMediumStatus) status = NULL;
  g_autoptr (ChMediumStatus) after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *support = NULL;
  g_autofree char *last = NULL;

  for (guint i = 0; i < CH_ESCROW_MAX_RUNS; i++)
    {
      g_autofree char *ticket = take_ticket (world);
      g_autoptr (ServerRun) run = open_medium (world, ticket);

      pass (DAY);
    }
  last = take_ticket (world);
  assert_shut (world, last, SERIAL, CH_ERROR_UNLOCK_STOPPED);

  ch_staff_add (world->server->service, "sue", CH_PRINCIPAL_SUPPORT, password, NULL, &error);
  login->name = g_strdup ("sue");
  login->password = ch_secret_ref (password);
  session = server_call (world->server, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  support = server_take_token (session);
  status = server_call (world->server, support, &ch_route_staff_medium, path[0], NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, CH_ESCROW_STOPPED);
  g_assert_cmpint (status->runs, ==, CH_ESCROW_MAX_RUNS);
  g_assert_cmpstr (status->application, ==, world->medium->application);
  g_assert_cmpstr (((ChMediumEvent *) status->history->pdata[0])->what, ==, "released");

  allow->token_serial = g_strdup (SERIAL);
  after = server_call (world->server, support, &ch_route_staff_medium_allow, NULL, allow, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->state, ==, CH_ESCROW_RELEASED);
  g_assert_cmpstr (((ChMediumEvent *) after->history->pdata[0])->what, ==, "allowed");
  g_assert_cmpstr (((ChMediumEvent *) after->history->pdata[0])->who, ==, "staff:sue");
  {
    g_autoptr (ServerRun) run = open_medium (world, last);

    g_assert_true (run->answer->again);
  }
}

/* What is said to who shows the code they guessed, whatever is wrong */
static char *
describe_refusal (World *world, const char *serial, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) asked = NULL;
  g_autoptr (ChUnlockTicket) ticket = NULL;

  server_ask_unlock_code (world->server, serial, mobile, &asked);
  g_assert_no_error (asked);
  ticket = server_show_unlock_code (world->server, serial, mobile, "000000", &error);
  g_assert_null (ticket);
  pass (61);
  return g_strdup_printf ("%s: %s", ch_error_get_info (error)->id, error->message);
}

/* A medium that is not known, one that is another’s, and a wrong code for one’s own cannot be told apart: but
 * only the handler’s phone rings */
static void
test_alike (World *world, gconstpointer data)
{
  g_autofree char *own = describe_refusal (world, SERIAL, MOBILE);
  g_autofree char *unknown = describe_refusal (world, "DECC0009999", MOBILE);
  g_autofree char *another = describe_refusal (world, SERIAL, OTHER);
  g_autofree char *nothing = describe_refusal (world, "DECC0009999", OTHER);
  g_autofree char *text = NULL;

  g_assert_cmpstr (own, ==, unknown);
  g_assert_cmpstr (own, ==, another);
  g_assert_cmpstr (own, ==, nothing);
  /* the messenger sends in order: what comes now is the first that was sent after all these */
  text = take_ticket (world);
  g_assert_null (test_phone_get_text (world->server->phone, OTHER));
}

/* A code for one medium is worth nothing for another of the same handler, nor is a ticket */
static void
test_other_medium (World *world, gconstpointer data)
{
  g_autoptr (ServerMedium) other = server_medium_new (world->server, world->member, "DECC0000002");
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;
  g_autofree char *ticket = NULL;
  g_autoptr (ChUnlockTicket) wrong = NULL;
  g_autoptr (ServerRun) run = NULL;
  g_autoptr (ChUnlockConfirm) request = NULL;

  server_ask_unlock_code (world->server, SERIAL, MOBILE, &error);
  code = server_await_text (world->server, MOBILE, "code ");
  code[6] = 0;
  wrong = server_show_unlock_code (world->server, other->serial, MOBILE, code, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  pass (61);

  ticket = take_ticket (world);
  assert_shut (world, ticket, other->serial, CH_ERROR_UNLOCK_REFUSED);
  assert_shut (world, ticket, "DECC0009999", CH_ERROR_UNLOCK_REFUSED);
  run = open_medium (world, ticket);
  request = server_make_confirmation (other, other->serial, NULL);
  assert_not_confirmed (world, ticket, request, CH_ERROR_UNLOCK_REFUSED);
}

/* Only the key on the medium makes it count, once, and about this medium */
static void
test_confirmation (World *world, gconstpointer data)
{
  g_autoptr (ServerMedium) other = server_medium_new (world->server, world->member, "DECC0000002");
  g_autofree char *ticket = take_ticket (world);
  g_autoptr (ChKey) stranger = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChUnlockConfirm) early = server_make_confirmation (world->medium, SERIAL, NULL);
  g_autoptr (ChUnlockConfirm) forged = NULL;
  g_autoptr (ChUnlockConfirm) about_other = NULL;
  g_autoptr (ChUnlockConfirm) by_other = NULL;
  g_autoptr (ChUnlockConfirm) good = NULL;
  g_autoptr (ChUnlockConfirm) old = NULL;
  g_autoptr (ServerRun) run = NULL;
  g_autoptr (GError) error = NULL;

  assert_not_confirmed (world, ticket, early, CH_ERROR_WRONG_STATE);
  run = open_medium (world, ticket);

  forged = server_make_confirmation (world->medium, SERIAL, stranger);
  assert_not_confirmed (world, ticket, forged, CH_ERROR_CERTIFICATE_WRONG);
  about_other = server_make_confirmation (world->medium, "DECC0000002", NULL);
  g_free (about_other->token_serial);
  about_other->token_serial = g_strdup (SERIAL);
  assert_not_confirmed (world, ticket, about_other, CH_ERROR_CERTIFICATE_WRONG);
  by_other = server_make_confirmation (other, SERIAL, NULL);
  assert_not_confirmed (world, ticket, by_other, CH_ERROR_UNLOCK_REFUSED);
  old = server_make_confirmation (world->medium, SERIAL, NULL);
  pass (121);
  assert_not_confirmed (world, ticket, old, CH_ERROR_NONCE_SPENT);

  good = server_make_confirmation (world->medium, SERIAL, NULL);
  g_assert_true (server_confirm (world->server, ticket, good, &error));
  g_assert_no_error (error);
  assert_not_confirmed (world, ticket, good, CH_ERROR_NONCE_SPENT);
}

/* The same call sent again is answered alike, and counts once; the handler is told once */
static void
test_repeated (World *world, gconstpointer data)
{
  g_autofree char *ticket = take_ticket (world);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChUnlockRelease) request = ch_wire_new (&ChUnlockRelease_wire);
  const char *const nothing[] = { NULL };
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerRun) run = NULL;

  request->token_serial = g_strdup (SERIAL);
  request->officer_pin = CH_OFFICER_PIN_GOOD;
  request->key = g_bytes_ref (ch_key_get_spki (key));
  {
    g_autoptr (ChUnlockPins) first = server_call_with_key (world->server, ticket, &ch_route_unlock_release,
                                                           nothing, request, uuid, &error);
    g_autoptr (ChUnlockPins) again = server_call_with_key (world->server, ticket, &ch_route_unlock_release,
                                                           nothing, request, uuid, &error);

    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (first->next, again->next));
    g_assert_false (again->again);
  }
  run = open_medium (world, ticket);
  assert_shut (world, ticket, SERIAL, CH_ERROR_UNLOCK_OFTEN);
}

/* Nothing is released to a medium that would be killed by it, and nothing is counted then */
static void
test_officer_pin (World *world, gconstpointer data)
{
  g_autofree char *ticket = take_ticket (world);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChUnlockRelease) request = ch_wire_new (&ChUnlockRelease_wire);
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerRun) run = NULL;

  request->token_serial = g_strdup (SERIAL);
  request->key = g_bytes_ref (ch_key_get_spki (key));
  request->officer_pin = CH_OFFICER_PIN_LOCKED;
  g_assert_null (server_call (world->server, ticket, &ch_route_unlock_release, NULL, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_SO_PIN_LOCKED);
  g_clear_error (&error);
  run = open_medium (world, ticket);
  request->officer_pin = CH_OFFICER_PIN_FINAL;
  g_assert_null (server_call (world->server, ticket, &ch_route_unlock_release, NULL, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNLOCK_STOPPED);
  g_clear_error (&error);

  g_bytes_unref (request->key);
  request->key = g_bytes_new ("nonsense", 8);
  request->officer_pin = CH_OFFICER_PIN_GOOD;
  g_assert_null (server_call (world->server, ticket, &ch_route_unlock_release, NULL, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  {
    g_autoptr (ServerRun) second = open_medium (world, ticket);
  }
}

typedef struct
{
  const char *application;
  const char *mobile;
} Change;

static gpointer
write_handler (ChDbTx *tx, gpointer data, GError **error)
{
  const Change *change = data;

  return ch_db_run_one (tx,
                        "UPDATE answer SET value = $2 WHERE application = $1 AND field = 'handler-mobile'",
                        CH_BIND (CH_TEXT (change->application), CH_TEXT (change->mobile)), error)
             ? CH_DB_DONE
             : NULL;
}

/* The handler changes while a ticket is out: the old one opens nothing any more */
static void
test_other_handler (World *world, gconstpointer data)
{
  Change change = { world->medium->application, OTHER };
  g_autofree char *ticket = take_ticket (world);
  g_autofree char *theirs = NULL;

  g_assert_nonnull (
      ch_db_write (ch_service_get_db (world->server->service), write_handler, &change, NULL, NULL));
  assert_shut (world, ticket, SERIAL, CH_ERROR_UNLOCK_REFUSED);
  theirs = server_take_unlock_ticket (world->server, SERIAL, OTHER);
  {
    g_autoptr (ServerRun) run = open_medium (world, theirs);
  }
}

/* A quarter of an hour, then it opens nothing */
static void
test_end (World *world, gconstpointer data)
{
  g_autofree char *ticket = take_ticket (world);

  pass (901);
  assert_shut (world, ticket, SERIAL, CH_ERROR_TICKET_ENDED);
}

static void
set_proof (ChProfile *profile, const char *value)
{
  profile->unlock_proof = value != NULL;
}

/* Where the CA wants to know first who it is, nothing is opened the first time by a code alone */
static void
test_proof (void)
{
  World world = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChUnlockTicket) answer = NULL;
  g_autofree char *code = NULL;
  g_autofree char *ticket = NULL;
  ChSession session = { 0 };

  server_world_change_profile (set_proof, "yes");
  set_up (&world, NULL);
  server_world_change_profile (set_proof, NULL);
  server_ask_unlock_code (world.server, SERIAL, MOBILE, &error);
  code = server_await_text (world.server, MOBILE, "code ");
  code[6] = 0;
  answer = server_show_unlock_code (world.server, SERIAL, MOBILE, code, &error);
  g_assert_no_error (error);
  g_assert_true (answer->proof);
  session.token = answer->token;
  ticket = server_take_token (&session);
  assert_shut (&world, ticket, SERIAL, CH_ERROR_PROOF_MISSING);
  tear_down (&world, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add ("/server/unlock/unlock", World, NULL, set_up, test_unlock, tear_down);
  g_test_add ("/server/unlock/again", World, NULL, set_up, test_again, tear_down);
  g_test_add ("/server/unlock/stopped", World, NULL, set_up, test_stopped, tear_down);
  g_test_add ("/server/unlock/alike", World, NULL, set_up, test_alike, tear_down);
  g_test_add ("/server/unlock/other-medium", World, NULL, set_up, test_other_medium, tear_down);
  g_test_add ("/server/unlock/confirmation", World, NULL, set_up, test_confirmation, tear_down);
  g_test_add ("/server/unlock/repeated", World, NULL, set_up, test_repeated, tear_down);
  g_test_add ("/server/unlock/officer-pin", World, NULL, set_up, test_officer_pin, tear_down);
  g_test_add ("/server/unlock/other-handler", World, NULL, set_up, test_other_handler, tear_down);
  g_test_add ("/server/unlock/end", World, NULL, set_up, test_end, tear_down);
  g_test_add_func ("/server/unlock/proof", test_proof);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
