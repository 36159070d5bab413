#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-statement.h"
#include "server/ch-nonce.h"

#define NONCE_SECONDS     120
#define CHALLENGE_SECONDS 300
#define CHALLENGE_BITS    16

/* A ticket: when it ends (8 bytes), random, then half of the HMAC over both. Whoever asks for a million of
 * them costs no room: only what was used is stored, until it would have ended anyway. */
#define MAC_SIZE       16
#define NONCE_OPEN     16
#define CHALLENGE_OPEN 24

static const char *const labels[] = { CH_STATEMENT_LOGIN, CH_STATEMENT_CONFIRM, CH_STATEMENT_POSSESSION };

static void
seal (ChService *service, const char *purpose, guint8 *ticket, gsize n_open)
{
  g_autoptr (GBytes) mac = ch_service_make_mac (service, purpose, ticket, n_open);

  memcpy (ticket + n_open, g_bytes_get_data (mac, NULL), MAC_SIZE);
}

static gint64
make_ticket (ChService *service, const char *purpose, gint64 seconds, guint8 *ticket, gsize n_open)
{
  gint64 ends = ch_clock_now () + seconds;
  guint64 big = GUINT64_TO_BE ((guint64) ends);

  memcpy (ticket, &big, sizeof big);
  ch_random_fill (ticket + sizeof big, n_open - sizeof big);
  seal (service, purpose, ticket, n_open);
  return ends;
}

/* Whether it is ours, for this purpose, not too old and used for the first time; it is then used. */
static gboolean
spend_ticket (ChDbTx *tx,
              ChService *service,
              const char *purpose,
              GBytes *ticket,
              gsize n_open,
              GError **error)
{
  g_autoptr (GError) local = NULL;
  guint8 expected[CHALLENGE_OPEN + MAC_SIZE];
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (ticket, &size);
  guint64 big;
  gint64 ends;

  if (size != n_open + MAC_SIZE)
    return FALSE;
  memcpy (expected, data, n_open);
  seal (service, purpose, expected, n_open);
  if (!ch_equal_in_constant_time (expected, data, size))
    return FALSE;

  memcpy (&big, data, sizeof big);
  ends = (gint64) GUINT64_FROM_BE (big);
  if (ends < ch_clock_now ())
    return FALSE;

  if (ch_db_run (tx, "INSERT INTO spent (token, expires) VALUES ($1, $2)",
                 CH_BIND (CH_BYTES (ticket), CH_INT (ends)), &local))
    return TRUE;
  if (!g_error_matches (local, CH_ERROR, CH_ERROR_CONFLICT))
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
is_label (const char *label)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_strcmp0 (labels[i], label) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ch_nonce_make:
 * @label: one of `CH_STATEMENT_*`
 * @error: %CH_ERROR_BAD_ANSWER for any other
 *
 * Returns: (transfer full): a number to be signed once within 120 seconds under @label
 */
ChNonce *
ch_nonce_make (ChService *service, const char *label, GError **error)
{
  guint8 ticket[NONCE_OPEN + MAC_SIZE];
  ChNonce *nonce;

  G_STATIC_ASSERT (sizeof ticket == CH_STATEMENT_NONCE_SIZE);

  if (!is_label (label))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "there is no such label");
      return NULL;
    }

  nonce = ch_wire_new (&ChNonce_wire);
  nonce->expires = make_ticket (service, label, NONCE_SECONDS, ticket, NONCE_OPEN);
  nonce->nonce = g_bytes_new (ticket, sizeof ticket);
  return nonce;
}

/**
 * ch_nonce_spend:
 * @tx: a transaction to write in
 * @label: what was signed
 * @nonce: from outside
 * @error: %CH_ERROR_NONCE_SPENT when it is not ours, for another label, too old or used before
 *
 * Uses a nonce up.
 */
gboolean
ch_nonce_spend (ChDbTx *tx, ChService *service, const char *label, GBytes *nonce, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (is_label (label) && spend_ticket (tx, service, label, nonce, NONCE_OPEN, &local))
    return TRUE;

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, CH_ERROR, CH_ERROR_NONCE_SPENT, "the nonce is not ours, too old or was used before");
  return FALSE;
}

/**
 * ch_challenge_make:
 *
 * Returns: (transfer full): work for a program: it costs it a moment and a flood of requests a fortune
 */
ChChallenge *
ch_challenge_make (ChService *service)
{
  guint8 ticket[CHALLENGE_OPEN + MAC_SIZE];
  ChChallenge *challenge = ch_wire_new (&ChChallenge_wire);

  challenge->expires = make_ticket (service, "challenge", CHALLENGE_SECONDS, ticket, CHALLENGE_OPEN);
  challenge->id = g_base64_encode (ticket, sizeof ticket);
  challenge->nonce = g_bytes_new (ticket, CHALLENGE_OPEN);
  challenge->bits = CHALLENGE_BITS;
  return challenge;
}

static gboolean
is_work_done (const guint8 *nonce, const char *work)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (sum, nonce, CHALLENGE_OPEN);
  g_checksum_update (sum, (const guint8 *) work, strlen (work));
  g_checksum_get_digest (sum, digest, &size);
  for (guint i = 0; i < CHALLENGE_BITS; i++)
    if ((digest[i / 8] & (0x80 >> (i % 8))) != 0)
      return FALSE;
  return TRUE;
}

/**
 * ch_challenge_spend:
 * @tx: a transaction to write in
 * @id: (nullable): of the challenge
 * @work: (nullable): what was found
 * @error: %CH_ERROR_WORK_WRONG when anything is wrong with it
 *
 * Uses a challenge up.
 */
gboolean
ch_challenge_spend (ChDbTx *tx, ChService *service, const char *id, const char *work, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) ticket = NULL;
  gsize size = 0;
  guchar *data;

  if (id != NULL && work != NULL && *work != 0 && strspn (work, "0123456789") == strlen (work))
    {
      data = g_base64_decode (id, &size);
      ticket = g_bytes_new_take (data, size);
      if (size == CHALLENGE_OPEN + MAC_SIZE && is_work_done (data, work)
          && spend_ticket (tx, service, "challenge", ticket, CHALLENGE_OPEN, &local))
        return TRUE;
    }

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, CH_ERROR, CH_ERROR_WORK_WRONG, "the work was not done, too late or used before");
  return FALSE;
}
