#pragma once

#include "server/ch-service.h"
#include "wire/messages-unlock.h"

G_BEGIN_DECLS

/* The PINs of the security officer of every medium this CA has made: what a locked PIN is unlocked with. Kept
 * sealed; told only to be used on the medium, and changed with each use. */

/* How often one medium may be opened in a day, and how often without anybody saying that it worked */
#define CH_ESCROW_PER_DAY  2
#define CH_ESCROW_MAX_RUNS 3

typedef struct
{
  char *serial;
  ChEscrowState state;
  gint64 runs;       /* releases since it was last confirmed */
  gboolean is_first; /* nobody has ever confirmed one */
  gboolean is_open;  /* it may have next already */
  char *application; /* (nullable): for which the medium was made */
  gint64 created;
  gint64 updated;
} ChEscrow;

/* What a run tries: only current the first time; next, then current, where an earlier run may have come so
 * far */
typedef struct
{
  ChSecret *current;
  ChSecret *next;
  gboolean is_again;
} ChEscrowPins;

/* @who is what ch_caller_get_id() says */

ChSecret *ch_escrow_begin (ChDbTx *tx,
                           ChService *service,
                           const char *serial,
                           const char *application,
                           const char *who,
                           GError **error);
gboolean ch_escrow_bind (ChDbTx *tx, const char *application, const char *who, GError **error);
gboolean ch_escrow_take (ChDbTx *tx,
                         ChService *service,
                         const char *serial,
                         const char *application,
                         ChSecret *so_pin,
                         const char *who,
                         GError **error);

GPtrArray *ch_escrow_list_history (ChDbTx *tx, const char *serial, GError **error);
ChEscrow *ch_escrow_load (ChDbTx *tx, const char *serial, GError **error);
gboolean ch_escrow_find_mobile (ChDbTx *tx, const char *serial, char **mobile, GError **error);
GBytes *ch_escrow_find_certificate (ChDbTx *tx, const char *serial, const char *certificate, GError **error);
ChEscrowPins *
ch_escrow_release (ChDbTx *tx, ChService *service, const char *serial, const char *who, GError **error);
gboolean ch_escrow_confirm (ChDbTx *tx, const char *serial, const char *who, GError **error);
gboolean ch_escrow_allow (ChDbTx *tx, const char *serial, const char *who, GError **error);

void ch_escrow_free (ChEscrow *self);
void ch_escrow_pins_free (ChEscrowPins *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChEscrow, ch_escrow_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChEscrowPins, ch_escrow_pins_free)

G_END_DECLS
