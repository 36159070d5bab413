#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-envelope.h"
#include "pki/ch-spki.h"
#include "pki/ch-statement.h"
#include "server/ch-escrow.h"
#include "server/ch-nonce.h"
#include "server/ch-ticket.h"
#include "server/ch-unlock.h"
#include "wire/ch-policy.h"

/* What a ticket is for: medium and mobile, of which nothing is kept that could be read */
static char *
name_object (ChService *service, const char *serial, const char *mobile)
{
  g_autofree char *text = g_strdup_printf ("%s\n%s", serial, mobile);
  g_autoptr (GBytes) mac = ch_service_make_mac (service, "unlock", text, strlen (text));

  return g_base64_encode (g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
}

/* A medium this CA does not know, one of another handler, and one whose handler has changed since look alike
 */
static gboolean
refuse (GError **error)
{
  g_set_error (error, CH_ERROR, CH_ERROR_UNLOCK_REFUSED, "medium and mobile do not belong together");
  return FALSE;
}

/**
 * ch_unlock_knows:
 * @is_known: (out): whether @mobile is that of who may have the medium unlocked
 */
gboolean
ch_unlock_knows (ChDbTx *tx, const char *serial, const char *mobile, gboolean *is_known, GError **error)
{
  g_autofree char *known = NULL;

  if (!ch_escrow_find_mobile (tx, serial, &known, error))
    return FALSE;
  *is_known = g_strcmp0 (known, mobile) == 0;
  return TRUE;
}

static gboolean
wants_proof (ChService *service, const ChEscrow *escrow)
{
  return ch_service_get_profile (service)->unlock_proof && escrow->is_first;
}

/**
 * ch_unlock_start:
 * @mobile: that has just shown a code which was sent for @serial
 * @error: %CH_ERROR_UNLOCK_REFUSED
 *
 * Returns: (transfer full): a ticket for that medium and nothing else
 */
ChUnlockTicket *
ch_unlock_start (ChDbTx *tx, ChService *service, const char *serial, const char *mobile, GError **error)
{
  g_autofree char *object = name_object (service, serial, mobile);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (ChUnlockTicket) answer = ch_wire_new (&ChUnlockTicket_wire);
  g_autoptr (ChEscrow) escrow = NULL;
  g_autoptr (ChTicket) ticket = NULL;
  gboolean is_known = FALSE;

  if (!ch_unlock_knows (tx, serial, mobile, &is_known, error) || !(is_known || refuse (error)))
    return NULL;
  escrow = ch_escrow_load (tx, serial, error);
  ticket = escrow != NULL ? ch_ticket_start (tx, CH_PRINCIPAL_UNLOCK_TICKET, object, nothing, error) : NULL;
  if (ticket == NULL)
    return NULL;

  answer->token = g_steal_pointer (&ticket->token);
  answer->ends = ticket->ends;
  answer->proof = wants_proof (service, escrow);
  return g_steal_pointer (&answer);
}

/* The ticket is for this medium, and its mobile still is the one */
static gboolean
check_ticket (ChDbTx *tx,
              ChService *service,
              const ChCaller *caller,
              const char *serial,
              char **mobile,
              GError **error)
{
  g_autofree char *expected = ch_ticket_get_object (tx, caller->ticket, error);
  g_autofree char *known = NULL;
  g_autofree char *object = NULL;

  if (expected == NULL || !ch_escrow_find_mobile (tx, serial, &known, error))
    return FALSE;
  object = name_object (service, serial, known != NULL ? known : "");
  if (known == NULL || !g_str_equal (object, expected))
    return refuse (error);
  if (mobile != NULL)
    *mobile = g_steal_pointer (&known);
  return TRUE;
}

/* A medium that takes no more of the officer’s PINs is not asked to: each try may be its last */
static gboolean
check_officer_pin (ChOfficerPin state, const ChEscrow *escrow, GError **error)
{
  if (state == CH_OFFICER_PIN_LOCKED)
    g_set_error (error, CH_ERROR, CH_ERROR_SO_PIN_LOCKED, "the officer’s PIN is locked");
  else if (state == CH_OFFICER_PIN_FINAL && escrow->is_open)
    g_set_error (error, CH_ERROR, CH_ERROR_UNLOCK_STOPPED, "one try is left, and there are two PINs");
  else
    return TRUE;
  return FALSE;
}

static GBytes *
seal (const ChUnlockRelease *request, const char *what, ChSecret *pin, GError **error)
{
  g_autofree char *about = g_strconcat (what, request->token_serial, NULL);

  return ch_envelope_seal (request->key, about, pin, error);
}

/**
 * ch_unlock_release:
 * @caller: with a ticket
 * @mobile: (out) (transfer full): is told of it, once it is on the disk
 * @error: %CH_ERROR_UNLOCK_REFUSED, %CH_ERROR_SO_PIN_LOCKED, %CH_ERROR_UNLOCK_STOPPED,
 * %CH_ERROR_UNLOCK_OFTEN, %CH_ERROR_PROOF_MISSING; %CH_ERROR_INVALID_INPUT for a key nothing can be sealed
 * for
 *
 * Opens a medium once, for the key of one run.
 *
 * Returns: (transfer full): what it is opened with
 */
ChUnlockPins *
ch_unlock_release (ChDbTx *tx,
                   ChService *service,
                   const ChCaller *caller,
                   const ChUnlockRelease *request,
                   char **mobile,
                   GError **error)
{
  const char *serial = request->token_serial;
  g_autofree char *who = ch_caller_get_id (caller);
  g_autofree char *known = NULL;
  g_autoptr (ChUnlockPins) answer = ch_wire_new (&ChUnlockPins_wire);
  g_autoptr (ChEscrow) escrow = NULL;
  g_autoptr (ChEscrowPins) pins = NULL;

  if (!check_ticket (tx, service, caller, serial, &known, error))
    return NULL;
  escrow = ch_escrow_load (tx, serial, error);
  if (escrow == NULL || !check_officer_pin (request->officer_pin, escrow, error))
    return NULL;
  if (wants_proof (service, escrow))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PROOF_MISSING, "nobody has proved who they are");
      return NULL;
    }

  pins = ch_escrow_release (tx, service, serial, who, error);
  if (pins == NULL)
    return NULL;
  answer->current = seal (request, CH_OFFICER_CURRENT, pins->current, error);
  answer->next = answer->current != NULL ? seal (request, CH_OFFICER_NEXT, pins->next, error) : NULL;
  if (answer->next == NULL)
    return NULL;
  answer->again = pins->is_again;
  *mobile = g_steal_pointer (&known);
  return g_steal_pointer (&answer);
}

/**
 * ch_unlock_confirm:
 * @request: signed by the key of a certificate of the medium’s holder
 * @error: %CH_ERROR_UNLOCK_REFUSED, %CH_ERROR_NONCE_SPENT, %CH_ERROR_CERTIFICATE_WRONG, %CH_ERROR_WRONG_STATE
 *
 * What the medium was to be changed to is what it has: somebody who knows its PIN says so by its key.
 */
gboolean
ch_unlock_confirm (ChDbTx *tx,
                   ChService *service,
                   const ChCaller *caller,
                   const ChUnlockConfirm *request,
                   GError **error)
{
  const char *sm2_id = ch_profile_get_sm2_id (ch_service_get_profile (service));
  g_autofree char *who = ch_caller_get_id (caller);
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (GBytes) digest = ch_statement_digest_unlock (request->token_serial);
  g_autoptr (GBytes) statement = NULL;
  g_autoptr (GBytes) spki = NULL;

  if (!check_ticket (tx, service, caller, request->token_serial, NULL, error))
    return FALSE;
  certificate = ch_escrow_find_certificate (tx, request->token_serial, request->certificate, NULL);
  if (certificate == NULL)
    return refuse (error);

  statement = ch_statement_build (CH_STATEMENT_CONFIRM, ch_service_get_tls_certificate (service), certificate,
                                  request->nonce, digest, error);
  spki = statement != NULL ? ch_cert_get_spki (certificate, error) : NULL;
  return spki != NULL && ch_spki_verify (spki, statement, request->signature, sm2_id, error)
         && ch_nonce_spend (tx, service, CH_STATEMENT_CONFIRM, request->nonce, error)
         && ch_escrow_confirm (tx, request->token_serial, who, error);
}
