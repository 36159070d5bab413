#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-world.h"
#include "server/ch-escrow.h"
#include "server/ch-making.h"

#define SERIAL "DECC0000001"
#define OTHER  "DECC0000002"
#define DAY    86400

/* One thing done with the store, in a transaction of its own */
typedef struct
{
  ServerWorld *server;
  const char *serial;
  const char *application;
  const char *who;
  char *text;
} Deed;

static gpointer
write_begun (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_begin (tx, deed->server->service, deed->serial, deed->application, deed->who, error);
}

static ChSecret *
begin_by (ServerWorld *server, const char *serial, const char *application, const char *who)
{
  Deed deed = { server, serial, application, who };
  g_autoptr (GError) error = NULL;
  ChSecret *pin = ch_db_write (ch_service_get_db (server->service), write_begun, &deed,
                               (GDestroyNotify) ch_secret_unref, &error);

  g_assert_no_error (error);
  return pin;
}

static ChSecret *
begin (ServerWorld *server, const char *serial, const char *application)
{
  return begin_by (server, serial, application, "staff:max");
}

static gpointer
read_in_hand (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_making_check_in_hand (tx, deed->application, deed->who, error) ? CH_DB_DONE : NULL;
}

static void
assert_in_hand (ServerWorld *server, const char *application, const char *who, gboolean is_theirs)
{
  Deed deed = { server, NULL, application, who };
  g_autoptr (GError) error = NULL;
  gpointer done = ch_db_read (ch_service_get_db (server->service), read_in_hand, &deed, &error);

  g_assert_true ((done != NULL) == is_theirs);
  if (!is_theirs)
    g_assert_error (error, CH_ERROR, CH_ERROR_MAKING_TAKEN);
}

static gpointer
write_bound (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_bind (tx, deed->application, "staff:max", error) ? CH_DB_DONE : NULL;
}

static void
bind_to (ServerWorld *server, const char *application)
{
  Deed deed = { server, NULL, application };
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (server->service), write_bound, &deed, NULL, &error);
  g_assert_no_error (error);
}

static gpointer
write_released (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_release (tx, deed->server->service, deed->serial, "ticket:1", error);
}

static ChEscrowPins *
release (ServerWorld *server, const char *serial, GError **error)
{
  Deed deed = { server, serial };

  return ch_db_write (ch_service_get_db (server->service), write_released, &deed,
                      (GDestroyNotify) ch_escrow_pins_free, error);
}

static void
assert_refused (ServerWorld *server, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChEscrowPins) pins = release (server, SERIAL, &error);

  g_assert_null (pins);
  g_assert_error (error, CH_ERROR, code);
}

static gpointer
write_confirmed (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_confirm (tx, deed->serial, "ticket:1", error) ? CH_DB_DONE : NULL;
}

static gboolean
confirm (ServerWorld *server, const char *serial, GError **error)
{
  Deed deed = { server, serial };

  return ch_db_write (ch_service_get_db (server->service), write_confirmed, &deed, NULL, error) != NULL;
}

static gpointer
write_allowed (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_allow (tx, deed->serial, "staff:sue", error) ? CH_DB_DONE : NULL;
}

static gboolean
allow (ServerWorld *server, const char *serial, GError **error)
{
  Deed deed = { server, serial };

  return ch_db_write (ch_service_get_db (server->service), write_allowed, &deed, NULL, error) != NULL;
}

static gpointer
read_escrow (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  return ch_escrow_load (tx, deed->serial, error);
}

static void
assert_state (ServerWorld *server, ChEscrowState state, gint64 runs)
{
  Deed deed = { server, SERIAL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChEscrow) escrow = ch_db_read (ch_service_get_db (server->service), read_escrow, &deed, &error);

  g_assert_no_error (error);
  g_assert_cmpint (escrow->state, ==, state);
  g_assert_cmpint (escrow->runs, ==, runs);
}

static gpointer
read_history (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT what FROM escrow_history WHERE serial = $1 ORDER BY n",
                                         CH_BIND (CH_TEXT (deed->serial)), error);
  GString *text = g_string_new (NULL);

  while (ch_stmt_step (stmt, error) == CH_STEP_ROW)
    g_string_append_printf (text, "%s ", ch_stmt_get_text (stmt, 0));
  deed->text = g_string_free (text, FALSE);
  return CH_DB_DONE;
}

static void
assert_history (ServerWorld *server, const char *expected)
{
  Deed deed = { server, SERIAL };
  g_autofree char *text = NULL;

  ch_db_read (ch_service_get_db (server->service), read_history, &deed, NULL);
  text = deed.text;
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
is_hexadecimal (const guint8 *data, gsize len, gpointer user_data)
{
  for (gsize i = 0; i < len; i++)
    if (strchr ("0123456789ABCDEF", data[i]) == NULL)
      return FALSE;
  return len == 16;
}

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

/* What a medium is to be initialised with stays the same, however often its making is begun */
static void
test_begun (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (ChSecret) first = begin (server, SERIAL, "a1");
  g_autoptr (ChSecret) again = begin (server, SERIAL, "a1");
  g_autoptr (ChSecret) other = begin (server, OTHER, "a2");
  g_autoptr (ChSecret) restarted = NULL;

  g_assert_true (ch_secret_with (first, is_hexadecimal, NULL));
  g_assert_true (ch_secret_equal (first, again));
  g_assert_false (ch_secret_equal (first, other));
  assert_state (server, CH_ESCROW_KEPT, 0);

  server_world_restart (server);
  restarted = begin (server, SERIAL, "a3");
  g_assert_true (ch_secret_equal (first, restarted));
  bind_to (server, "a3");
  assert_history (server, "kept making making making made ");
  /* Nobody makes it any more, so nothing is bound */
  bind_to (server, "a3");
  bind_to (server, "a1");
  assert_history (server, "kept making making making made ");
}

/* The one that was taken in hand last is the one that was made */
static void
test_other_medium (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (ChSecret) broken = begin (server, SERIAL, "a1");
  g_autoptr (ChSecret) good = begin (server, OTHER, "a1");

  bind_to (server, "a1");
  assert_history (server, "kept making ");
}

/* Of two who make the same, whoever took a medium in hand last is the one to go on, and nobody once it is
 * made */
static void
test_in_hand (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (ChSecret) first = begin_by (server, SERIAL, "a1", "staff:max");
  g_autoptr (ChSecret) second = NULL;

  assert_in_hand (server, "a1", "staff:max", TRUE);
  assert_in_hand (server, "a1", "staff:moritz", FALSE);
  assert_in_hand (server, "a2", "staff:max", FALSE);
  second = begin_by (server, OTHER, "a1", "staff:moritz");
  assert_in_hand (server, "a1", "staff:max", FALSE);
  assert_in_hand (server, "a1", "staff:moritz", TRUE);
  bind_to (server, "a1");
  assert_in_hand (server, "a1", "staff:moritz", FALSE);
}

static gpointer
read_sealed (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (tx, "SELECT current FROM escrow WHERE serial = $1",
                                            CH_BIND (CH_TEXT ((const char *) data)), error);

  return ch_stmt_dup_bytes (row, 0);
}

static gpointer
write_moved (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_run (tx,
                    "UPDATE escrow SET current = (SELECT current FROM escrow WHERE serial = $2) "
                    "WHERE serial = $1",
                    CH_BIND (CH_TEXT (SERIAL), CH_TEXT (OTHER)), error)
             ? CH_DB_DONE
             : NULL;
}

static gboolean
assert_not_in (const guint8 *data, gsize len, gpointer sealed)
{
  return memmem (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), data, len) == NULL;
}

/* What lies in the store tells nothing, and is worth nothing in another place of it */
static void
test_sealed (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  ChDb *db = ch_service_get_db (server->service);
  g_autoptr (ChSecret) pin = begin (server, SERIAL, "a1");
  g_autoptr (ChSecret) other = begin (server, OTHER, "a2");
  g_autoptr (GBytes) sealed = ch_db_read (db, read_sealed, SERIAL, NULL);

  g_assert_cmpuint (g_bytes_get_size (sealed), ==, 12 + 16 + 16);
  g_assert_true (ch_secret_with (pin, assert_not_in, sealed));
  ch_db_write (db, write_moved, NULL, NULL, NULL);
  assert_refused (server, CH_ERROR_FORBIDDEN);
}

/* What it is changed to becomes what it has by the confirmation, and by nothing else */
static void
test_released (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) kept = begin (server, SERIAL, "a1");
  g_autoptr (ChEscrowPins) first = NULL;
  g_autoptr (ChEscrowPins) again = NULL;
  g_autoptr (ChEscrowPins) later = NULL;

  bind_to (server, "a1");
  g_assert_false (confirm (server, SERIAL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  first = release (server, SERIAL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (first->current, kept));
  g_assert_false (ch_secret_equal (first->next, kept));
  g_assert_true (ch_secret_with (first->next, is_hexadecimal, NULL));
  g_assert_false (first->is_again);
  assert_state (server, CH_ESCROW_RELEASED, 1);

  again = release (server, SERIAL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (again->current, kept));
  g_assert_true (ch_secret_equal (again->next, first->next));
  g_assert_true (again->is_again);

  g_assert_true (confirm (server, SERIAL, &error));
  assert_state (server, CH_ESCROW_KEPT, 0);
  g_assert_false (confirm (server, SERIAL, &error));
  g_clear_error (&error);
  pass (DAY + 1);
  later = release (server, SERIAL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (later->current, first->next));
  g_assert_false (ch_secret_equal (later->next, first->next));
  g_assert_false (later->is_again);
  assert_history (server, "kept making made released released confirmed released ");
}

static int
get_wait (GError *error)
{
  return atoi (ch_error_get_detail (error, "retry-after"));
}

/* Twice within a day, whichever day that is; confirmed or not */
static void
test_per_day (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) kept = begin (server, SERIAL, "a1");
  g_autoptr (ChEscrowPins) first = release (server, SERIAL, &error);
  g_autoptr (ChEscrowPins) second = NULL;
  g_autoptr (ChEscrowPins) third = NULL;

  g_assert_no_error (error);
  g_assert_true (confirm (server, SERIAL, &error));
  pass (DAY / 2);
  second = release (server, SERIAL, &error);
  g_assert_no_error (error);
  g_assert_true (confirm (server, SERIAL, &error));

  g_assert_null (release (server, SERIAL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNLOCK_OFTEN);
  g_assert_cmpint (get_wait (error), >, DAY / 2 - 60);
  g_assert_cmpint (get_wait (error), <=, DAY / 2);
  g_clear_error (&error);
  pass (DAY / 2);
  third = release (server, SERIAL, &error);
  g_assert_no_error (error);
  assert_refused (server, CH_ERROR_UNLOCK_OFTEN);
}

/* Three that nobody confirmed, then nothing until somebody of the staff has looked; nothing is forgotten */
static void
test_stopped (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) kept = begin (server, SERIAL, "a1");
  g_autoptr (ChEscrowPins) pins = NULL;

  for (guint i = 1; i <= CH_ESCROW_MAX_RUNS; i++)
    {
      g_autoptr (ChEscrowPins) run = release (server, SERIAL, &error);

      g_assert_no_error (error);
      pins = pins != NULL ? pins : g_steal_pointer (&run);
      pass (DAY);
      if (i == CH_ESCROW_MAX_RUNS)
        break;
      assert_state (server, CH_ESCROW_RELEASED, i);
      g_assert_false (allow (server, SERIAL, NULL));
    }
  assert_state (server, CH_ESCROW_STOPPED, CH_ESCROW_MAX_RUNS);
  assert_refused (server, CH_ERROR_UNLOCK_STOPPED);
  pass (30 * DAY);
  assert_refused (server, CH_ERROR_UNLOCK_STOPPED);

  g_assert_true (allow (server, SERIAL, &error));
  {
    g_autoptr (ChEscrowPins) after = release (server, SERIAL, &error);

    g_assert_no_error (error);
    g_assert_true (after->is_again);
    g_assert_true (ch_secret_equal (after->current, kept));
    g_assert_true (ch_secret_equal (after->next, pins->next));
  }
  assert_history (server, "kept making released released released allowed released ");
}

/* A confirmation of the third run still counts: it is late, not wrong */
static void
test_confirmed_late (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) kept = begin (server, SERIAL, "a1");

  for (guint i = 1; i <= CH_ESCROW_MAX_RUNS; i++)
    {
      g_autoptr (ChEscrowPins) run = release (server, SERIAL, &error);

      g_assert_no_error (error);
      pass (DAY);
    }
  g_assert_true (confirm (server, SERIAL, &error));
  assert_state (server, CH_ESCROW_KEPT, 0);
}

static void
test_unknown (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();

  assert_refused (server, CH_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/escrow/begun", test_begun);
  g_test_add_func ("/server/escrow/other-medium", test_other_medium);
  g_test_add_func ("/server/escrow/in-hand", test_in_hand);
  g_test_add_func ("/server/escrow/sealed", test_sealed);
  g_test_add_func ("/server/escrow/released", test_released);
  g_test_add_func ("/server/escrow/per-day", test_per_day);
  g_test_add_func ("/server/escrow/stopped", test_stopped);
  g_test_add_func ("/server/escrow/confirmed-late", test_confirmed_late);
  g_test_add_func ("/server/escrow/unknown", test_unknown);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
