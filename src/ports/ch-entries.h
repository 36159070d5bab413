#pragma once

#include <gio/gio.h>

#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* How an entry answered when it was last asked */
#define CH_ENTRY_STATES(X)                                                                                   \
  X (UNKNOWN, "unknown")                                                                                     \
  X (ANSWERS, "answers")                                                                                     \
  X (SILENT, "silent")

#define X(code, id) CH_ENTRY_##code,
typedef enum
{
  CH_ENTRY_STATES (X) CH_N_ENTRY_STATES
} ChEntryState;
#undef X

extern const ChWireEnum ChEntryState_enum;

/* One address of the CA’s service */
typedef struct
{
  char *id;     /* of the profile’s entry; “server”, “server-2” … where the profile names none */
  ChText *name; /* (nullable): of the profile’s entry */
  char *url;    /* in one spelling */
  ChEntryState state;
  guint milliseconds; /* with ANSWERS: how long it took; 0 when it was not measured */
} ChEntryRow;

/* What is kept of them on this PC, so that the next start knows the others when one of them is out of order
 */
#define CH_KEPT_ENTRIES_FIELDS(F, S)                                                                         \
  F (S, entries, LIST, "entries", REQUIRED, 16, ChEntry)                                                     \
  F (S, current, STRING, "current", OPTIONAL, 256, _)                                                        \
  F (S, chosen, STRING, "chosen", OPTIONAL, 32, _)
CH_WIRE_DECLARE (ChKeptEntries, ch_kept_entries, CH_KEPT_ENTRIES_FIELDS)

/* The addresses under which one CA’s service answers, and which of them is in use. All lead to the same
 * accounts: a session begun at one holds at the others. Signals: `changed` (what it says may be another);
 * `moved` (const ChEntryRow *): the one in use did not answer, this one did. Lives in the main thread. */
#define CH_TYPE_ENTRIES (ch_entries_get_type ())
G_DECLARE_FINAL_TYPE (ChEntries, ch_entries, CH, ENTRIES, GObject)

ChEntries *ch_entries_new (const char *addresses, GError **error);
const char *ch_entries_get_home (ChEntries *self);
guint ch_entries_get_n (ChEntries *self);
const ChEntryRow *ch_entries_get (ChEntries *self, guint index);
const ChEntryRow *ch_entries_get_current (ChEntries *self);
const ChEntryRow *ch_entries_find (ChEntries *self, const char *id);
const char *ch_entries_get_chosen (ChEntries *self);
const char *ch_entry_row_get_title (const ChEntryRow *row);

gboolean ch_entries_take_profile (ChEntries *self, const ChProfile *profile);
gboolean ch_entries_choose (ChEntries *self, const char *id);
ChKeptEntries *ch_entries_keep (ChEntries *self);
void ch_entries_restore (ChEntries *self, const ChKeptEntries *kept);

/* For those who implement a server */
void ch_entries_set_answered (ChEntries *self, const char *url, guint milliseconds);
void ch_entries_set_silent (ChEntries *self, const char *url);
void ch_entries_settle (ChEntries *self);
void ch_entries_move (ChEntries *self, const char *url);
const char *ch_entries_find_next (ChEntries *self, GPtrArray *tried);

G_END_DECLS
