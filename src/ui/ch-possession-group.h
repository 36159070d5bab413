#pragma once

#include "front/ch-front.h"
#include "front/ch-verify-item.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* The offer to have the key of a certificate sign, which lies on a token here */
#define CH_TYPE_POSSESSION_GROUP (ch_possession_group_get_type ())
G_DECLARE_FINAL_TYPE (ChPossessionGroup, ch_possession_group, CH, POSSESSION_GROUP, AdwPreferencesGroup)

GtkWidget *ch_possession_group_new (ChFront *front, ChVerifyItem *item, GCancellable *cancellable);

G_END_DECLS
