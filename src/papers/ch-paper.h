#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One page or file as the user gave it: where it is, and how often it is turned. Notifies `turns`. */
#define CH_TYPE_PAPER (ch_paper_get_type ())
G_DECLARE_FINAL_TYPE (ChPaper, ch_paper, CH, PAPER, GObject)

/* A file larger than this is not read at all: photographs are shrunk, but no film is loaded */
#define CH_PAPER_MAX_BYTES (64 * 1024 * 1024)

ChPaper *ch_paper_new (GFile *file);
ChPaper *ch_paper_new_for_bytes (GBytes *bytes, const char *name);
ChPaper *ch_paper_copy (ChPaper *self);
const char *ch_paper_get_name (ChPaper *self);
GFile *ch_paper_get_file (ChPaper *self);
guint ch_paper_get_turns (ChPaper *self);
void ch_paper_turn (ChPaper *self);
GBytes *ch_paper_load (ChPaper *self, GError **error);

G_END_DECLS
