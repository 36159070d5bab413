#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-random.h"
#include "server/ch-scan.h"
#include "server/ch-ticket.h"

/* 26 of 32 letters: 130 bits, in capitals, which make a QR code small */
#define CODE_LENGTH 26

static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

static GBytes *
mac_of (ChService *service, const char *code, gsize len)
{
  return ch_service_make_mac (service, "scan-code", code, len);
}

typedef struct
{
  ChService *service;
  GBytes *mac; /* (owned) */
} Mac;

static gboolean
make_mac (const guint8 *data, gsize len, gpointer user_data)
{
  Mac *mac = user_data;

  mac->mac = mac_of (mac->service, (const char *) data, len);
  return TRUE;
}

/* A new code takes the place of the old one, on the screen and here */
static ChScanCode *
put_code (ChDbTx *tx, ChService *service, const char *id, GError **error)
{
  g_autoptr (ChScanCode) code = ch_wire_new (&ChScanCode_wire);
  g_autoptr (GBytes) mac = NULL;
  char text[CODE_LENGTH + 1] = { 0 };

  ch_random_fill (text, CODE_LENGTH);
  for (gsize i = 0; i < CODE_LENGTH; i++)
    text[i] = alphabet[(guint8) text[i] % (sizeof alphabet - 1)];
  mac = mac_of (service, text, CODE_LENGTH);
  code->turns = ch_clock_now () + CH_SCAN_CODE_SECONDS;
  /* behind the #: no server and no log sees it on the way */
  code->address = g_strdup_printf ("%s/phone/#%s", ch_service_get_entry (service), text);
  ch_secret_wipe (text, sizeof text);

  return ch_db_run_one (tx, "UPDATE scan SET code = $2, turns = $3, state = 'shown' WHERE id = $1",
                        CH_BIND (CH_TEXT (id), CH_BYTES (mac), CH_INT (code->turns)), error)
             ? g_steal_pointer (&code)
             : NULL;
}

/**
 * ch_scan_start:
 * @draft: what it is for
 *
 * Makes a code for a PC to show.
 *
 * Returns: (transfer full): the code, and the ticket with which the PC waits
 */
ChScanStarted *
ch_scan_start (ChDbTx *tx, ChService *service, const ChScanDraft *draft, GError **error)
{
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (ChTicket) ticket = NULL;
  g_autoptr (ChScanStarted) started = ch_wire_new (&ChScanStarted_wire);

  if (!ch_db_run (
          tx,
          "INSERT INTO scan (id, purpose, state, turns, account, application, installation_name, address, "
          "created) VALUES ($1, $2, 'shown', 0, $3, $4, $5, $6, $7)",
          CH_BIND (CH_TEXT (id), CH_TEXT (ch_wire_enum_get_id (&ChScanPurpose_enum, draft->purpose)),
                   CH_TEXT (draft->account), CH_TEXT (draft->application), CH_TEXT (draft->installation_name),
                   CH_TEXT (draft->address), CH_INT (ch_clock_now ())),
          error))
    return NULL;

  ticket = ch_ticket_start (tx, CH_PRINCIPAL_SCAN_TICKET, id, none, error);
  started->code = ticket != NULL ? put_code (tx, service, id, error) : NULL;
  if (started->code == NULL)
    return NULL;
  started->ticket = ch_secret_ref (ticket->token);
  started->ends = ticket->ends;
  return g_steal_pointer (&started);
}

static ChScan *
read_row (ChStmt *stmt)
{
  ChScan *self = g_new0 (ChScan, 1);
  int purpose = CH_SCAN_LOGIN, state = CH_SCAN_REFUSED;

  ch_wire_enum_from_id (&ChScanPurpose_enum, ch_stmt_get_text (stmt, 1), &purpose);
  ch_wire_enum_from_id (&ChScanState_enum, ch_stmt_get_text (stmt, 2), &state);
  self->id = ch_stmt_dup_text (stmt, 0);
  self->purpose = purpose;
  self->state = state;
  self->turns = ch_stmt_get_int (stmt, 3);
  self->account = ch_stmt_dup_text (stmt, 4);
  self->application = ch_stmt_dup_text (stmt, 5);
  self->certificate = ch_stmt_dup_text (stmt, 6);
  self->installation_name = ch_stmt_dup_text (stmt, 7);
  self->address = ch_stmt_dup_text (stmt, 8);
  self->created = ch_stmt_get_int (stmt, 9);
  return self;
}

#define COLUMNS                                                                                              \
  "s.id, s.purpose, s.state, s.turns, s.account, s.application, s.certificate, s.installation_name, "        \
  "s.address, "                                                                                              \
  "s.created"

/**
 * ch_scan_load:
 * @ticket: id of the ticket that either side holds
 *
 * Returns: (transfer full): what it is about
 */
ChScan *
ch_scan_load (ChDbTx *tx, const char *ticket, GError **error)
{
  g_autoptr (ChStmt) stmt = ch_db_query_row (
      tx, "SELECT " COLUMNS " FROM ticket AS t JOIN scan AS s ON s.id = t.object WHERE t.id = $1",
      CH_BIND (CH_TEXT (ticket)), error);

  return stmt != NULL ? read_row (stmt) : NULL;
}

void
ch_scan_free (ChScan *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->account);
  g_free (self->application);
  g_free (self->certificate);
  g_free (self->installation_name);
  g_free (self->address);
  g_free (self);
}

/* The phone that has read a code holds nothing more */
static gboolean
end_phone (ChDbTx *tx, const ChScan *self, GError **error)
{
  return ch_db_run (tx, "DELETE FROM ticket WHERE object = $1 AND purpose <> 'scan'",
                    CH_BIND (CH_TEXT (self->id)), error);
}

/**
 * ch_scan_turn:
 * @error: %CH_ERROR_WRONG_STATE when it is over
 *
 * Puts another code in the place of the one that is shown; a phone that has read an older one is passed over.
 *
 * Returns: (transfer full): the code
 */
ChScanCode *
ch_scan_turn (ChDbTx *tx, ChService *service, const ChScan *self, GError **error)
{
  if (self->state == CH_SCAN_SIGNED || self->state == CH_SCAN_DONE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the phone has done what was asked");
      return NULL;
    }
  return end_phone (tx, self, error) ? put_code (tx, service, self->id, error) : NULL;
}

/**
 * ch_scan_take:
 * @code: that a phone has read
 * @error: %CH_ERROR_SCAN_CODE_WRONG when it is unknown, too old or was read before
 *
 * Uses a code up.
 *
 * Returns: (transfer full): what it is about
 */
ChScan *
ch_scan_take (ChDbTx *tx, ChService *service, ChSecret *code, GError **error)
{
  Mac mac = { service, NULL };
  g_autoptr (GBytes) digest = NULL;
  g_autoptr (ChStmt) stmt = NULL;
  g_autoptr (ChScan) scan = NULL;
  ChStep step;

  ch_secret_with (code, make_mac, &mac);
  digest = mac.mac;
  stmt = ch_db_query (
      tx, "SELECT " COLUMNS " FROM scan AS s WHERE s.code = $1 AND s.turns >= $2 AND s.state = 'shown'",
      CH_BIND (CH_BYTES (digest), CH_INT (ch_clock_now ())), error);
  step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  if (step == CH_STEP_DONE)
    g_set_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG,
                 "the code is unknown, too old or was read before");
  if (step != CH_STEP_ROW)
    return NULL;

  scan = read_row (stmt);
  g_clear_pointer (&stmt, ch_stmt_free);
  return ch_scan_set_state (tx, scan, CH_SCAN_TAKEN, NULL, error) ? g_steal_pointer (&scan) : NULL;
}

/**
 * ch_scan_set_state:
 * @certificate: (nullable): serial of the one that lets the PC in
 *
 * Says how far it has got; a code that was shown is good no longer.
 */
gboolean
ch_scan_set_state (ChDbTx *tx, const ChScan *self, ChScanState state, const char *certificate, GError **error)
{
  return ch_db_run_one (
      tx, "UPDATE scan SET state = $2, code = NULL, certificate = COALESCE ($3, certificate) WHERE id = $1",
      CH_BIND (CH_TEXT (self->id), CH_TEXT (ch_wire_enum_get_id (&ChScanState_enum, state)),
               CH_TEXT (certificate)),
      error);
}

/**
 * ch_scan_end:
 *
 * Forgets it: the PC does not wait any more, and the phone can do nothing.
 */
gboolean
ch_scan_end (ChDbTx *tx, const ChScan *self, GError **error)
{
  return end_phone (tx, self, error)
         && ch_db_run (tx, "DELETE FROM scan WHERE id = $1", CH_BIND (CH_TEXT (self->id)), error);
}
