#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-counter.h"
#include "server/ch-nonce.h"
#include "server/ch-picture-draw.h"
#include "server/ch-picture.h"

#define PICTURE_SECONDS 300
#define MAX_TRIES       3

/* Each costs a row: who asks for more from one address waits */
static const ChCounterLimit per_address = { "picture-address", 120, 600 };

typedef struct
{
  ChService *service;
  const char *address;
  const char *id;
  GBytes *code; /* HMAC */
} Make;

typedef struct
{
  ChService *service;
  const ChProof *proof;
  gboolean is_right;
} Check;

/* Small letters are as good as capital ones */
static GBytes *
make_mac (ChService *service, const char *id, const char *code)
{
  g_autofree char *upper = g_ascii_strup (code, -1);
  g_autofree char *text = g_strdup_printf ("%s\n%s", id, g_strstrip (upper));

  return ch_service_make_mac (service, "picture", text, strlen (text));
}

static gpointer
write_picture (ChDbTx *tx, gpointer data, GError **error)
{
  const Make *make = data;

  return ch_counter_take (tx, make->service, &per_address, make->address, error)
                 && ch_db_run (tx, "INSERT INTO picture (id, code, expires, tries) VALUES ($1, $2, $3, 0)",
                               CH_BIND (CH_TEXT (make->id), CH_BYTES (make->code),
                                        CH_INT (ch_clock_now () + PICTURE_SECONDS)),
                               error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_picture_make:
 * @address: where the request came from
 * @error: %CH_ERROR_TOO_OFTEN with `retry-after`
 *
 * Draws a picture whose characters are to be typed. Blocks.
 *
 * Returns: (transfer full): the picture; of the characters only the HMAC is stored
 */
ChPicture *
ch_picture_make (ChService *service, const char *address, GError **error)
{
  char code[CH_PICTURE_LENGTH + 1];
  g_autofree char *id = ch_random_new_id ();
  g_autoptr (GBytes) mac = NULL;
  Make make = { service, address, id, NULL };
  ChPicture *picture;

  ch_picture_choose (code);
  make.code = mac = make_mac (service, id, code);
  if (ch_db_write (ch_service_get_db (service), write_picture, &make, NULL, error) == NULL)
    return NULL;

  picture = ch_wire_new (&ChPicture_wire);
  picture->id = g_steal_pointer (&id);
  picture->image = ch_picture_draw (code);
  picture->expires = ch_clock_now () + PICTURE_SECONDS;
  ch_secret_wipe (code, sizeof code);
  return picture;
}

/**
 * ch_proof_is_given:
 *
 * Returns: whether there is anything to be looked at
 */
gboolean
ch_proof_is_given (const ChProof *proof)
{
  return (proof->picture != NULL && proof->picture_code != NULL)
         || (proof->challenge != NULL && proof->work != NULL);
}

/* A wrong try counts though the call fails: that is why this succeeds in any case. */
static gpointer
write_try (ChDbTx *tx, gpointer data, GError **error)
{
  Check *check = data;
  const char *id = check->proof->picture;
  g_autoptr (GBytes) mac = make_mac (check->service, id, check->proof->picture_code);
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (ChStmt) stmt = ch_db_query (tx, "SELECT code, expires, tries FROM picture WHERE id = $1",
                                         CH_BIND (CH_TEXT (id)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  gboolean is_over;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE ? CH_DB_DONE : NULL;

  expected = ch_stmt_dup_bytes (stmt, 0);
  is_over = ch_stmt_get_int (stmt, 1) < ch_clock_now ();
  check->is_right = !is_over && g_bytes_get_size (expected) == g_bytes_get_size (mac)
                    && ch_equal_in_constant_time (g_bytes_get_data (expected, NULL),
                                                  g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
  return ch_db_run (tx,
                    check->is_right || is_over || ch_stmt_get_int (stmt, 2) + 1 >= MAX_TRIES
                        ? "DELETE FROM picture WHERE id = $1"
                        : "UPDATE picture SET tries = tries + 1 WHERE id = $1",
                    CH_BIND (CH_TEXT (id)), error)
             ? CH_DB_DONE
             : NULL;
}

static gpointer
write_work (ChDbTx *tx, gpointer data, GError **error)
{
  const Check *check = data;

  return ch_challenge_spend (tx, check->service, check->proof->challenge, check->proof->work, error)
             ? CH_DB_DONE
             : NULL;
}

/**
 * ch_proof_spend:
 * @proof: what was given
 * @error: %CH_ERROR_PICTURE_NEEDED when nothing was; %CH_ERROR_PICTURE_WRONG or %CH_ERROR_WORK_WRONG
 *
 * Looks at the characters of a picture, or else at a proof of work, which a screen reader’s user has the
 * program find. Either serves once. Has a transaction of its own: a failed call must not undo the counting.
 */
gboolean
ch_proof_spend (ChService *service, const ChProof *proof, GError **error)
{
  Check check = { service, proof, FALSE };
  gboolean has_picture = proof->picture != NULL && proof->picture_code != NULL;

  if (!ch_proof_is_given (proof))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_PICTURE_NEEDED, "a picture’s code or a proof of work is needed");
      return FALSE;
    }

  if (ch_db_write (ch_service_get_db (service), has_picture ? write_try : write_work, &check, NULL, error)
      == NULL)
    return FALSE;
  if (!has_picture || check.is_right)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_PICTURE_WRONG,
               "the code is not the picture’s, or the picture is over");
  return FALSE;
}
