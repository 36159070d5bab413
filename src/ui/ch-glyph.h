#pragma once

#include "ui/ch-ui.h"
#include "wire/ch-axes.h"

G_BEGIN_DECLS

/* The icons that stand for media and businesses everywhere */
const char *ch_glyph_of_medium (const char *medium);
const char *ch_glyph_of_business (ChBusiness business);

G_END_DECLS
