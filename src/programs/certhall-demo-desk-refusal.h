#pragma once

#include <adwaita.h>

#include "wire/messages-application.h"

G_BEGIN_DECLS

/* Tells what is to be corrected: @reasons (element-type ChFieldReason) */
typedef void (*ChDeskRefusalFunc) (const char *application, GPtrArray *reasons, gpointer user_data);

void ch_desk_refusal_ask (GtkWindow *parent,
                          const ChApplication *application,
                          ChDeskRefusalFunc func,
                          gpointer user_data);

G_END_DECLS
