#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-escrow.h"

/* Cards whose officer’s PIN is eight bytes want them as hexadecimal digits, and others take those too */
#define PIN_BYTES 8

#define SECONDS_A_DAY 86400

/* Whose holder a medium is: the number that stays when a certificate is replaced */
#define HOLDER                                                                                               \
  "SELECT COALESCE (r.holder_id, r.trust_id) FROM escrow AS e JOIN application AS r ON r.id = "              \
  "e.application "                                                                                           \
  "WHERE e.serial = $1"

/* What a PIN is sealed with: it is worth nothing in the row of another medium */
static char *
name_pin (const char *serial)
{
  return g_strconcat ("certhall-so-pin/1 ", serial, NULL);
}

static ChSecret *
draw_pin (void)
{
  guint8 bits[PIN_BYTES];
  char *text = g_malloc (2 * PIN_BYTES + 1);

  ch_random_fill (bits, sizeof bits);
  for (gsize i = 0; i < PIN_BYTES; i++)
    g_snprintf (text + 2 * i, 3, "%02X", bits[i]);
  ch_secret_wipe (bits, sizeof bits);
  return ch_secret_take_text (text);
}

static gboolean
add_history (ChDbTx *tx, const char *serial, const char *what, const char *who, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO escrow_history (serial, n, at, what, who) SELECT $1, "
                    "1 + COALESCE (MAX (n), 0), $2, $3, $4 FROM escrow_history WHERE serial = $1",
                    CH_BIND (CH_TEXT (serial), CH_INT (ch_clock_now ()), CH_TEXT (what), CH_TEXT (who)),
                    error);
}

static ChSecret *
open_pin (ChService *service, const char *serial, ChStmt *row, int column, GError **error)
{
  g_autofree char *about = name_pin (serial);
  g_autoptr (GBytes) sealed = ch_stmt_dup_bytes (row, column);

  return ch_service_unseal (service, about, sealed, error);
}

static GBytes *
seal_pin (ChService *service, const char *serial, ChSecret *pin, GError **error)
{
  g_autofree char *about = name_pin (serial);

  return ch_service_seal (service, about, pin, error);
}

/* -- Making -- */

static ChSecret *
keep_new (ChDbTx *tx, ChService *service, const char *serial, const char *who, GError **error)
{
  g_autoptr (ChSecret) pin = draw_pin ();
  g_autoptr (GBytes) sealed = seal_pin (service, serial, pin, error);
  gint64 now = ch_clock_now ();

  return sealed != NULL
                 && ch_db_run (tx,
                               "INSERT INTO escrow (serial, current, state, runs, created, updated) "
                               "VALUES ($1, $2, 'kept', 0, $3, $3)",
                               CH_BIND (CH_TEXT (serial), CH_BYTES (sealed), CH_INT (now)), error)
                 && add_history (tx, serial, "kept", who, error)
             ? g_steal_pointer (&pin)
             : NULL;
}

/**
 * ch_escrow_begin:
 * @serial: of a medium that is about to be initialised
 * @application: for which it is being made
 * @who: of the staff
 *
 * Keeps what the medium is to be initialised with, which must not begin before this is on the disk. A medium
 * that was here before, or whose making broke off, keeps what it may have already. Until ch_escrow_bind() it
 * is whose it was.
 *
 * Returns: (transfer full): the PIN of the security officer
 */
ChSecret *
ch_escrow_begin (ChDbTx *tx,
                 ChService *service,
                 const char *serial,
                 const char *application,
                 const char *who,
                 GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query (tx, "SELECT current FROM escrow WHERE serial = $1", CH_BIND (CH_TEXT (serial)), error);
  ChStep step = row != NULL ? ch_stmt_step (row, error) : CH_STEP_FAILED;
  g_autoptr (ChSecret) pin = NULL;

  if (step == CH_STEP_FAILED)
    return NULL;
  pin = step == CH_STEP_ROW ? open_pin (service, serial, row, 0, error)
                            : keep_new (tx, service, serial, who, error);
  g_clear_pointer (&row, ch_stmt_free);
  /* The one taken in hand last is the one it is made on; what is made already gets another PIN only */
  return pin != NULL
                 && ch_db_run (tx, "UPDATE escrow SET making = NULL WHERE making = $1 AND serial <> $2",
                               CH_BIND (CH_TEXT (application), CH_TEXT (serial)), error)
                 && ch_db_run_one (
                     tx,
                     "UPDATE escrow SET making = CASE WHEN application = $2 THEN NULL ELSE $2 END, "
                     "updated = $3 WHERE serial = $1",
                     CH_BIND (CH_TEXT (serial), CH_TEXT (application), CH_INT (ch_clock_now ())), error)
                 && add_history (tx, serial, "making", who, error)
             ? g_steal_pointer (&pin)
             : NULL;
}

/**
 * ch_escrow_bind:
 * @application: whose certificate was just proved to work
 *
 * From now on the medium that was made for @application is opened by its handler; nothing where none was.
 */
gboolean
ch_escrow_bind (ChDbTx *tx, const char *application, const char *who, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query (tx, "SELECT serial FROM escrow WHERE making = $1",
                                        CH_BIND (CH_TEXT (application)), error);
  ChStep step = row != NULL ? ch_stmt_step (row, error) : CH_STEP_FAILED;
  g_autofree char *serial = NULL;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  serial = ch_stmt_dup_text (row, 0);
  g_clear_pointer (&row, ch_stmt_free);
  /* It was initialised with current, whatever it had before */
  return ch_db_run_one (tx,
                        "UPDATE escrow SET application = making, making = NULL, next = NULL, state = 'kept', "
                        "runs = 0, updated = $2 WHERE serial = $1",
                        CH_BIND (CH_TEXT (serial), CH_INT (ch_clock_now ())), error)
         && add_history (tx, serial, "made", who, error);
}

/**
 * ch_escrow_take:
 * @application: on which the certificate on the medium was issued
 * @so_pin: what it has
 * @who: by whom it is handed over
 * @error: %CH_ERROR_NOT_FOUND when there is no such application, %CH_ERROR_WRONG_STATE when the medium is
 * known already: what is kept of it is never overwritten
 *
 * Takes over a medium that was made elsewhere.
 */
gboolean
ch_escrow_take (ChDbTx *tx,
                ChService *service,
                const char *serial,
                const char *application,
                ChSecret *so_pin,
                const char *who,
                GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  gint64 n_media = 0, n_applications = 0;

  if (!ch_db_query_int (tx, "SELECT COUNT (*) FROM escrow WHERE serial = $1", CH_BIND (CH_TEXT (serial)),
                        &n_media, error)
      || !ch_db_query_int (tx, "SELECT COUNT (*) FROM application WHERE id = $1",
                           CH_BIND (CH_TEXT (application)), &n_applications, error))
    return FALSE;
  if (n_media > 0 || n_applications == 0)
    {
      g_set_error (error, CH_ERROR, n_media > 0 ? CH_ERROR_WRONG_STATE : CH_ERROR_NOT_FOUND,
                   n_media > 0 ? "the medium is known already" : "there is no such application");
      return FALSE;
    }

  sealed = seal_pin (service, serial, so_pin, error);
  return sealed != NULL
         && ch_db_run (
             tx,
             "INSERT INTO escrow (serial, current, state, runs, application, created, updated) "
             "VALUES ($1, $2, 'kept', 0, $3, $4, $4)",
             CH_BIND (CH_TEXT (serial), CH_BYTES (sealed), CH_TEXT (application), CH_INT (ch_clock_now ())),
             error)
         && add_history (tx, serial, "taken", who, error);
}

/* -- Opening -- */

/**
 * ch_escrow_load:
 * @error: %CH_ERROR_NOT_FOUND when this CA has not made it
 *
 * Returns: (transfer full): how it stands with a medium
 */
ChEscrow *
ch_escrow_load (ChDbTx *tx, const char *serial, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT state, runs, application, created, updated, next IS NOT NULL, NOT EXISTS (SELECT 1 FROM "
      "escrow_history AS h WHERE h.serial = escrow.serial AND h.what = 'confirmed' AND h.n > COALESCE ("
      "(SELECT MAX (n) FROM escrow_history AS m WHERE m.serial = escrow.serial AND m.what = 'made'), 0)) "
      "FROM escrow WHERE serial = $1",
      CH_BIND (CH_TEXT (serial)), error);
  ChEscrow *self;

  if (row == NULL)
    return NULL;

  self = g_new0 (ChEscrow, 1);
  self->serial = g_strdup (serial);
  self->runs = ch_stmt_get_int (row, 1);
  self->state = g_strcmp0 (ch_stmt_get_text (row, 0), "kept") == 0 ? CH_ESCROW_KEPT
                : self->runs >= CH_ESCROW_MAX_RUNS                 ? CH_ESCROW_STOPPED
                                                                   : CH_ESCROW_RELEASED;
  self->application = ch_stmt_dup_text (row, 2);
  self->created = ch_stmt_get_int (row, 3);
  self->updated = ch_stmt_get_int (row, 4);
  self->is_open = ch_stmt_get_int (row, 5) != 0;
  self->is_first = ch_stmt_get_int (row, 6) != 0;
  return self;
}

/**
 * ch_escrow_list_history:
 *
 * Returns: (transfer full) (element-type ChMediumEvent): what happened to a medium, the newest first
 */
GPtrArray *
ch_escrow_list_history (ChDbTx *tx, const char *serial, GError **error)
{
  g_autoptr (GPtrArray) list = ch_wire_list_new (&ChMediumEvent_wire);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT at, what, who FROM escrow_history WHERE serial = $1 ORDER BY n DESC LIMIT $2",
      CH_BIND (CH_TEXT (serial), CH_INT (CH_MEDIUM_MAX_EVENTS)), error);
  ChStep step;

  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      ChMediumEvent *event;

      if (step == CH_STEP_FAILED)
        return NULL;
      event = ch_wire_new (&ChMediumEvent_wire);
      event->at = ch_stmt_get_int (stmt, 0);
      event->what = ch_stmt_dup_text (stmt, 1);
      event->who = ch_stmt_dup_text (stmt, 2);
      g_ptr_array_add (list, event);
    }
  return stmt != NULL ? g_steal_pointer (&list) : NULL;
}

/**
 * ch_escrow_find_mobile:
 * @mobile: (out) (transfer full) (nullable): of who may have the medium unlocked: the handler named last by
 * its holder; %NULL also for a medium that is not known
 */
gboolean
ch_escrow_find_mobile (ChDbTx *tx, const char *serial, char **mobile, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query (tx,
                                        "SELECT n.value FROM application AS a JOIN answer AS n "
                                        "ON n.application = a.id AND n.field = 'handler-mobile' "
                                        "WHERE a.id IN (SELECT id FROM application WHERE trust_id = (" HOLDER
                                        ") UNION SELECT id FROM application WHERE holder_id = (" HOLDER ")) "
                                        "AND a.state = 'done' ORDER BY a.created DESC, a.id DESC LIMIT 1",
                                        CH_BIND (CH_TEXT (serial)), error);
  ChStep step = row != NULL ? ch_stmt_step (row, error) : CH_STEP_FAILED;

  *mobile = step == CH_STEP_ROW ? ch_stmt_dup_text (row, 0) : NULL;
  return step != CH_STEP_FAILED;
}

/**
 * ch_escrow_find_certificate:
 * @certificate: a serial number
 * @error: %CH_ERROR_NOT_FOUND when it is none of the medium’s holder
 *
 * Returns: (transfer full): the certificate in DER, which may be on the medium
 */
GBytes *
ch_escrow_find_certificate (ChDbTx *tx, const char *serial, const char *certificate, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (
      tx,
      "SELECT c.der FROM certificate AS c JOIN application AS a ON a.id = c.application "
      "WHERE c.serial = $2 AND c.der IS NOT NULL AND COALESCE (a.holder_id, a.trust_id) = (" HOLDER ")",
      CH_BIND (CH_TEXT (serial), CH_TEXT (certificate)), error);

  return row != NULL ? ch_stmt_dup_bytes (row, 0) : NULL;
}

/* Not more often than by hand; each may cost a try */
static gboolean
check_pace (ChDbTx *tx, const char *serial, GError **error)
{
  gint64 now = ch_clock_now (), n = 0, first = 0;
  GError *local;

  if (!ch_db_query_int (tx,
                        "SELECT COUNT (*) FROM escrow_history WHERE serial = $1 AND what = 'released' "
                        "AND at > $2",
                        CH_BIND (CH_TEXT (serial), CH_INT (now - SECONDS_A_DAY)), &n, error))
    return FALSE;
  if (n < CH_ESCROW_PER_DAY)
    return TRUE;

  if (!ch_db_query_int (tx,
                        "SELECT MIN (at) FROM (SELECT at FROM escrow_history WHERE serial = $1 "
                        "AND what = 'released' ORDER BY at DESC LIMIT $2)",
                        CH_BIND (CH_TEXT (serial), CH_INT (CH_ESCROW_PER_DAY)), &first, error))
    return FALSE;
  local = g_error_new (CH_ERROR, CH_ERROR_UNLOCK_OFTEN, "it was opened %d times within a day",
                       CH_ESCROW_PER_DAY);
  ch_error_set_retry_after (local, first + SECONDS_A_DAY - now);
  g_propagate_error (error, local);
  return FALSE;
}

/* What the medium is being changed to stays the same until somebody says that it was: an earlier run may have
 * come so far */
static ChEscrowPins *
open_both (ChDbTx *tx, ChService *service, const char *serial, GBytes **sealed, GError **error)
{
  g_autoptr (ChStmt) row = ch_db_query_row (tx, "SELECT current, next FROM escrow WHERE serial = $1",
                                            CH_BIND (CH_TEXT (serial)), error);
  g_autoptr (ChEscrowPins) pins = g_new0 (ChEscrowPins, 1);

  if (row == NULL)
    return NULL;
  pins->current = open_pin (service, serial, row, 0, error);
  if (pins->current == NULL)
    return NULL;

  pins->is_again = !ch_stmt_is_null (row, 1);
  pins->next = pins->is_again ? open_pin (service, serial, row, 1, error) : draw_pin ();
  if (pins->next == NULL)
    return NULL;
  *sealed = pins->is_again ? ch_stmt_dup_bytes (row, 1) : seal_pin (service, serial, pins->next, error);
  return *sealed != NULL ? g_steal_pointer (&pins) : NULL;
}

/**
 * ch_escrow_release:
 * @who: asked for it
 * @error: %CH_ERROR_UNLOCK_STOPPED after too many runs that nobody confirmed, %CH_ERROR_UNLOCK_OFTEN with
 * `retry-after`
 *
 * Opens a medium once: what it has, and what it is to be changed to. Whether @who may is the caller’s to
 * know.
 *
 * Returns: (transfer full): both PINs; good once the transaction is on the disk
 */
ChEscrowPins *
ch_escrow_release (ChDbTx *tx, ChService *service, const char *serial, const char *who, GError **error)
{
  g_autoptr (ChEscrow) escrow = ch_escrow_load (tx, serial, error);
  g_autoptr (ChEscrowPins) pins = NULL;
  g_autoptr (GBytes) sealed = NULL;

  if (escrow == NULL)
    return NULL;
  if (escrow->state == CH_ESCROW_STOPPED)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_UNLOCK_STOPPED, "%d runs were not confirmed",
                   (int) escrow->runs);
      return NULL;
    }
  if (!check_pace (tx, serial, error))
    return NULL;

  pins = open_both (tx, service, serial, &sealed, error);
  return pins != NULL
                 && ch_db_run_one (tx,
                                   "UPDATE escrow SET next = $2, state = 'released', runs = runs + 1, "
                                   "updated = $3 WHERE serial = $1",
                                   CH_BIND (CH_TEXT (serial), CH_BYTES (sealed), CH_INT (ch_clock_now ())),
                                   error)
                 && add_history (tx, serial, "released", who, error)
             ? g_steal_pointer (&pins)
             : NULL;
}

/**
 * ch_escrow_confirm:
 * @error: %CH_ERROR_WRONG_STATE when it was not released
 *
 * The medium’s own key has said that it is open: only now is next what it has.
 */
gboolean
ch_escrow_confirm (ChDbTx *tx, const char *serial, const char *who, GError **error)
{
  if (!ch_db_run (tx,
                  "UPDATE escrow SET current = next, next = NULL, state = 'kept', runs = 0, updated = $2 "
                  "WHERE serial = $1 AND state = 'released' AND next IS NOT NULL",
                  CH_BIND (CH_TEXT (serial), CH_INT (ch_clock_now ())), error))
    return FALSE;
  if (ch_db_get_n_changes (tx) == 1)
    return add_history (tx, serial, "confirmed", who, error);
  g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "it was not released");
  return FALSE;
}

/**
 * ch_escrow_allow:
 * @who: of the staff
 * @error: %CH_ERROR_WRONG_STATE when it is not stopped
 *
 * Lets a medium be opened again after somebody has looked into why nobody confirmed. Which PIN it has is as
 * open as before.
 */
gboolean
ch_escrow_allow (ChDbTx *tx, const char *serial, const char *who, GError **error)
{
  g_autoptr (ChEscrow) escrow = ch_escrow_load (tx, serial, error);

  if (escrow == NULL)
    return FALSE;
  if (escrow->state != CH_ESCROW_STOPPED)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "it is not stopped");
      return FALSE;
    }
  return ch_db_run_one (tx, "UPDATE escrow SET runs = 0, updated = $2 WHERE serial = $1",
                        CH_BIND (CH_TEXT (serial), CH_INT (ch_clock_now ())), error)
         && add_history (tx, serial, "allowed", who, error);
}

void
ch_escrow_free (ChEscrow *self)
{
  if (self == NULL)
    return;

  g_free (self->serial);
  g_free (self->application);
  g_free (self);
}

void
ch_escrow_pins_free (ChEscrowPins *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->current, ch_secret_unref);
  g_clear_pointer (&self->next, ch_secret_unref);
  g_free (self);
}
