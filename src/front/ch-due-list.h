#pragma once

#include "front/ch-application-model.h"
#include "front/ch-cert-list.h"

G_BEGIN_DECLS

/* Something that waits for the user: a certificate that ends, or an application whose turn is theirs, or
 * whose old key is still to be put away. */
#define CH_TYPE_DUE_ITEM (ch_due_item_get_type ())
G_DECLARE_FINAL_TYPE (ChDueItem, ch_due_item, CH, DUE_ITEM, GObject)

const char *ch_due_item_get_title (ChDueItem *self);
const char *ch_due_item_get_detail (ChDueItem *self);
const char *ch_due_item_get_deed (ChDueItem *self);
ChTone ch_due_item_get_tone (ChDueItem *self);
gboolean ch_due_item_is_unfinished (ChDueItem *self);
ChCertItem *ch_due_item_get_cert (ChDueItem *self);
ChApplicationItem *ch_due_item_get_application (ChDueItem *self);

/* What is due, the most urgent first: a GListModel of ChDueItem that follows the two lists it comes of. */
#define CH_TYPE_DUE_LIST (ch_due_list_get_type ())
G_DECLARE_FINAL_TYPE (ChDueList, ch_due_list, CH, DUE_LIST, GObject)

ChDueList *ch_due_list_new (ChCertList *certs, ChApplicationModel *applications);
gboolean ch_due_is_reminded (ChCertItem *cert, int reminder_days);
void ch_due_list_set_reminder_days (ChDueList *self, int days);

G_END_DECLS
