#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ch_sentences_join (const char *first, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
