#pragma once

#include "ports/ch-vault.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* A switch: whether the system looks once a day for certificates that end, also while the program is closed.
 * It shows what the system says, not what was asked of it. */
#define CH_TYPE_DAILY_ROW (ch_daily_row_get_type ())
G_DECLARE_FINAL_TYPE (ChDailyRow, ch_daily_row, CH, DAILY_ROW, AdwActionRow)

GtkWidget *ch_daily_row_new (ChVault *vault);

G_END_DECLS
