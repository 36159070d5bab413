#pragma once

#include "server/ch-service.h"
#include "wire/messages-phone.h"

G_BEGIN_DECLS

/* Seconds a code is good before another takes its place */
#define CH_SCAN_CODE_SECONDS 60

/* A code on the screen of a PC, and what became of it */
typedef struct
{
  char *id;
  ChScanPurpose purpose;
  ChScanState state;
  gint64 turns;
  char *account;           /* (nullable): whose PC it is; of a login, not known before somebody has signed */
  char *application;       /* (nullable) */
  char *certificate;       /* (nullable): serial of the one that has let the PC in */
  char *installation_name; /* (nullable) */
  char *address;           /* of the PC */
  gint64 created;
} ChScan;

/* What a new one is for; everything is borrowed */
typedef struct
{
  ChScanPurpose purpose;
  const char *account;           /* (nullable) */
  const char *application;       /* (nullable) */
  const char *installation_name; /* (nullable) */
  const char *address;
} ChScanDraft;

ChScanStarted *ch_scan_start (ChDbTx *tx, ChService *service, const ChScanDraft *draft, GError **error);
ChScan *ch_scan_load (ChDbTx *tx, const char *ticket, GError **error);
void ch_scan_free (ChScan *self);
ChScanCode *ch_scan_turn (ChDbTx *tx, ChService *service, const ChScan *self, GError **error);
ChScan *ch_scan_take (ChDbTx *tx, ChService *service, ChSecret *code, GError **error);
gboolean ch_scan_set_state (ChDbTx *tx,
                            const ChScan *self,
                            ChScanState state,
                            const char *certificate,
                            GError **error);
gboolean ch_scan_end (ChDbTx *tx, const ChScan *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChScan, ch_scan_free)

G_END_DECLS
