#pragma once

#include "base/ch-reason.h"
#include "papers/ch-prepare.h"

G_BEGIN_DECLS

/* A folder with pictures made by ImageMagick, and rules to try them with */
typedef struct
{
  char *dir;
} PapersWorld;

PapersWorld *papers_world_new (void);
void papers_world_free (PapersWorld *self);
ChPaper *papers_world_make (PapersWorld *self, const char *name, const char *arguments);
ChPaper *papers_world_write (PapersWorld *self, const char *name, gconstpointer data, gsize len);
char *papers_world_run (PapersWorld *self, const char *command);
char *papers_world_save (PapersWorld *self, const char *name, GBytes *bytes);

ChDocumentRule *papers_make_rule (const char *formats, gint64 max_bytes);
ChPrepared *papers_prepare (const ChDocumentRule *rule, ChPaper *first, ...) G_GNUC_NULL_TERMINATED;
ChReason papers_refuse (const ChDocumentRule *rule, char **name, ChPaper *first, ...) G_GNUC_NULL_TERMINATED;
GBytes *papers_add_exif (GBytes *jpeg, guint orientation);
guint32 papers_get_dot (const ChPictureOutput *shown, double x, double y);
ChPictureOutput *papers_show (GBytes *bytes, guint turns, guint edge);
gboolean papers_contains (GBytes *bytes, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PapersWorld, papers_world_free)

G_END_DECLS
