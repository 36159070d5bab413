#pragma once

#include "base/ch-secret.h"
#include "server/ch-server-types.h"

G_BEGIN_DECLS

/* The commands of certhalld; each takes what follows its name, with the name first, and says whether it
 * worked */
gboolean certhalld_init (int argc, char **argv, GError **error);
gboolean certhalld_staff (int argc, char **argv, GError **error);
gboolean certhalld_medium (int argc, char **argv, GError **error);
gboolean certhalld_serve (int argc, char **argv, GError **error);
gboolean certhalld_backup (int argc, char **argv, GError **error);
gboolean certhalld_restore (int argc, char **argv, GError **error);
gboolean certhalld_secret (int argc, char **argv, GError **error);

gboolean
certhalld_parse (const char *usage, const GOptionEntry *entries, int *argc, char ***argv, GError **error);
gboolean certhalld_make_ca (ChService *service, ChSecret *passphrase, gboolean is_demo, GError **error);
gboolean certhalld_require (gconstpointer value, const char *option, GError **error);
ChSecret *certhalld_read_secret (const char *path, GError **error);
ChSecret *certhalld_make_passphrase (const char *dir, const char *key_file, GError **error);
ChSecret *certhalld_find_passphrase (const char *dir, const char *key_file, GError **error);
gboolean certhalld_check_passphrase_place (const char *dir, const char *key_file, GError **error);

G_END_DECLS
