#pragma once

#include "wire/messages-profile.h"

G_BEGIN_DECLS

gint64 ch_office_days_after (const ChProfile *profile, gint64 start, guint n_days);

G_END_DECLS
