#pragma once

#include "base/ch-secret.h"
#include "wire/messages-profile.h"
#include "wire/messages-unlock.h"

G_BEGIN_DECLS

/* The CA of an UnlockWorld, in the process of the test; by itself, for server and flow are never seen
 * together */
typedef struct _UnlockCa UnlockCa;

void unlock_ca_init (int *argc, char ***argv);
void unlock_ca_clean_up (void);
UnlockCa *unlock_ca_new (void);
void unlock_ca_free (UnlockCa *self);
const char *unlock_ca_get_url (UnlockCa *self);
const char *unlock_ca_get_dir (UnlockCa *self);
const ChProfile *unlock_ca_get_profile (UnlockCa *self);

ChSecret *unlock_ca_begin (UnlockCa *self, const char *serial);
GBytes *unlock_ca_issue (UnlockCa *self, GBytes *csr);
GBytes *unlock_ca_make_statement (UnlockCa *self, GBytes *cert, GBytes **nonce);
void unlock_ca_confirm (UnlockCa *self, GBytes *nonce, GBytes *signature);

void unlock_ca_clear_phone (UnlockCa *self);
ChSecret *unlock_ca_await_code (UnlockCa *self);
void unlock_ca_pass_a_day (UnlockCa *self);
ChEscrowState unlock_ca_get_state (UnlockCa *self, const char *serial, gint64 *runs);

G_END_DECLS
