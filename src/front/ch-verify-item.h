#pragma once

#include "front/ch-property.h"
#include "front/ch-verifier.h"

G_BEGIN_DECLS

/* A certificate that is to be looked at, or a file in which there is none. Property: `report` (pointer), NULL
 * until it was looked at. */
#define CH_TYPE_VERIFY_ITEM (ch_verify_item_get_type ())
G_DECLARE_FINAL_TYPE (ChVerifyItem, ch_verify_item, CH, VERIFY_ITEM, GObject)

ChVerifyItem *ch_verify_item_new (const char *source, GBytes *der);
ChVerifyItem *ch_verify_item_new_error (const char *source, GError *error);
const char *ch_verify_item_get_source (ChVerifyItem *self);
const char *ch_verify_item_get_title (ChVerifyItem *self);
GBytes *ch_verify_item_get_der (ChVerifyItem *self);
const GError *ch_verify_item_get_error (ChVerifyItem *self);
const ChVerifyReport *ch_verify_item_get_report (ChVerifyItem *self);
void ch_verify_item_take_report (ChVerifyItem *self, ChVerifyReport *report);
void ch_verify_item_add_check (ChVerifyItem *self,
                               const char *id,
                               const char *label,
                               ChVerifyOutcome outcome,
                               char *text,
                               const char *reason,
                               const char *sentence);
ChVerifyOutcome ch_verify_item_get_verdict (ChVerifyItem *self);
const char *ch_verify_item_get_sentence (ChVerifyItem *self);
GPtrArray *ch_verify_item_list_properties (ChVerifyItem *self);

G_END_DECLS
