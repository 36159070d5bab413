#pragma once

#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* How far a code on this screen has got, as its owner sees it */
typedef enum
{
  CH_SCAN_STANDING_STARTING,
  CH_SCAN_STANDING_SHOWN,         /* there is a code to be scanned */
  CH_SCAN_STANDING_TAKEN,         /* a phone has read it */
  CH_SCAN_STANDING_PLACE_UNKNOWN, /* this PC is new to the account: the code of a message is wanted */
  CH_SCAN_STANDING_DONE,
  CH_SCAN_STANDING_EXPIRED, /* nobody has scanned or finished it in time: start again */
  CH_SCAN_STANDING_FAILED,  /* refused on the phone too: ch_scan_desk_get_error() says it */
} ChScanStanding;

/* Shows a code to a phone and waits for what it does. Emits `changed`. */
#define CH_TYPE_SCAN_DESK (ch_scan_desk_get_type ())
G_DECLARE_FINAL_TYPE (ChScanDesk, ch_scan_desk, CH, SCAN_DESK, GObject)

ChScanDesk *ch_scan_desk_new (ChPorts *ports, ChScanPurpose purpose, const char *application);
void ch_scan_desk_start (ChScanDesk *self);
void ch_scan_desk_cancel (ChScanDesk *self);
void ch_scan_desk_give_code (ChScanDesk *self, ChSecret *code);
ChScanStanding ch_scan_desk_get_standing (ChScanDesk *self);
const char *ch_scan_desk_get_address (ChScanDesk *self);
gint64 ch_scan_desk_get_turns (ChScanDesk *self);
gboolean ch_scan_desk_is_cut_off (ChScanDesk *self);
const char *ch_scan_desk_get_mobile (ChScanDesk *self);
const GError *ch_scan_desk_get_error (ChScanDesk *self);

G_END_DECLS
