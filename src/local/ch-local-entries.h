#pragma once

#include "ports/ch-entries.h"

G_BEGIN_DECLS

/* Keeps the entries of a CA, and which of them is in use, from one start of the program to the next */
void ch_local_entries_follow (ChEntries *entries, const char *dir);

G_END_DECLS
