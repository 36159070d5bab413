#pragma once

#include "ui/ch-ui.h"

#include "front/ch-front.h"

G_BEGIN_DECLS

/* Asks for PINs and passphrases in a dialog of the active window. Lives in the main thread; tokens ask from
 * theirs. */
#define CH_TYPE_ASKER_DIALOG (ch_asker_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChAskerDialog, ch_asker_dialog, CH, ASKER_DIALOG, GTlsInteraction)

GTlsInteraction *ch_asker_dialog_new (GtkApplication *application);
void ch_asker_dialog_set_front (GTlsInteraction *self, ChFront *front);

G_END_DECLS
