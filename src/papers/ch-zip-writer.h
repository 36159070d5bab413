#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file for the archive */
typedef struct
{
  char *name;    /* (owned): made harmless and unlike the others by the writer */
  GBytes *bytes; /* (owned) */
} ChZipMember;

GBytes *ch_zip_write (const ChZipMember *members, gsize n_members, gboolean packed, GError **error);

G_END_DECLS
