#pragma once

#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* One business on the home page: glyph, name, a few words. */
#define CH_TYPE_TILE (ch_tile_get_type ())
G_DECLARE_FINAL_TYPE (ChTile, ch_tile, CH, TILE, GtkFlowBoxChild)

GtkWidget *ch_tile_new (const char *glyph, const char *title, const char *subtitle);
void ch_tile_set_action (ChTile *self, const char *action_name, const char *target);

void ch_tile_set_help (ChTile *self, const char *label, const char *action_name, const char *target);

G_END_DECLS
