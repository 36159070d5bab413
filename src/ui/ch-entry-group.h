#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* Through which entry the program reaches the CA: how quickly each answers, and which one is wanted. */
#define CH_TYPE_ENTRY_GROUP (ch_entry_group_get_type ())
G_DECLARE_FINAL_TYPE (ChEntryGroup, ch_entry_group, CH, ENTRY_GROUP, AdwPreferencesGroup)

GtkWidget *ch_entry_group_new (ChFront *front);

G_END_DECLS
