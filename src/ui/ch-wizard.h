#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* Frame of every business: steps at the side (a line above when narrow), page, Back and Next.
 * Signals: `leave` (the user wants home; only emitted when nothing is in the way); `log-in` (the session has
 * ended). */
#define CH_TYPE_WIZARD (ch_wizard_get_type ())
G_DECLARE_FINAL_TYPE (ChWizard, ch_wizard, CH, WIZARD, AdwBin)

GtkWidget *ch_wizard_new (ChRun *run);
ChRun *ch_wizard_get_run (ChWizard *self);
gboolean ch_wizard_get_can_leave (ChWizard *self);
void ch_wizard_add_header (ChWizard *self, GtkWidget *widget);

G_END_DECLS
