#pragma once

#include "envcheck/ch-check.h"

G_BEGIN_DECLS

/* A check in a list: what it is, how it stands, what came out. Property: `state`. Lives in the main thread.
 */
#define CH_TYPE_CHECK_ITEM (ch_check_item_get_type ())
G_DECLARE_FINAL_TYPE (ChCheckItem, ch_check_item, CH, CHECK_ITEM, GObject)

ChCheckItem *ch_check_item_new (const ChCheck *check, const ChCheckEntry *entry, const ChDriver *driver);
const ChCheck *ch_check_item_get_check (ChCheckItem *self);
const ChCheckEntry *ch_check_item_get_entry (ChCheckItem *self);
const ChDriver *ch_check_item_get_driver (ChCheckItem *self);
const char *ch_check_item_get_id (ChCheckItem *self);
const char *ch_check_item_get_title (ChCheckItem *self);
ChCheckState ch_check_item_get_state (ChCheckItem *self);
ChCheckResult *ch_check_item_get_result (ChCheckItem *self);
void ch_check_item_set_running (ChCheckItem *self, gboolean is_running);
void ch_check_item_take_result (ChCheckItem *self, ChCheckResult *result);

G_END_DECLS
