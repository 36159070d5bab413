#include "config.h"

#include "envcheck/ch-driver-list.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/ch-paths.h"

/* Where p11-kit takes a module from that is named without a folder */
#ifndef CH_P11_MODULE_DIR
#error "CH_P11_MODULE_DIR comes from the build"
#endif
#define CONFIG_LIMIT 65536
/* Below our own folders of settings: *.module files as p11-kit’s */
#define OWN_DIR "modules"

/* Where p11-kit looks, least important first */
static const char *const system_dirs[]
    = { "/usr/share/p11-kit/modules", "/etc/pkcs11/modules", CH_P11_CONFIG_DIR };

static const char *const state_ids[] = {
  [CH_DRIVER_GOOD] = "good",
  [CH_DRIVER_MISSING] = "missing",
  [CH_DRIVER_NO_ACCESS] = "no access",
  [CH_DRIVER_NO_LIBRARY] = "no library",
  [CH_DRIVER_OTHER_PC] = "for another kind of PC",
};

static void
driver_free (gpointer data)
{
  ChDriver *driver = data;

  g_free (driver->name);
  g_free (driver->title);
  g_free (driver->path);
  g_free (driver);
}

/* The beginning that all ELF files of 32 and 64 bit share */
static gboolean
read_head (int fd, Elf32_Ehdr *head)
{
  return read (fd, head, sizeof *head) == sizeof *head && memcmp (head->e_ident, ELFMAG, SELFMAG) == 0;
}

static gboolean
read_own_head (Elf32_Ehdr *head)
{
  int fd = open ("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && read_head (fd, head);

  if (fd >= 0)
    close (fd);
  return ok;
}

static char *
find_value (char **lines, const char *key)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');
      g_autofree char *name = NULL;

      if (lines[i][0] == '#' || colon == NULL)
        continue;
      name = g_strndup (lines[i], colon - lines[i]);
      if (g_str_equal (g_strstrip (name), key))
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

/* Whether a list of programs, with blanks or commas between, names ours */
static gboolean
names_us (const char *list)
{
  g_auto (GStrv) words = g_strsplit_set (list, " \t,", -1);

  return g_strv_contains ((const char *const *) words, "certhall")
         || g_strv_contains ((const char *const *) words, "certhallctl");
}

/* As p11-kit: a module may be for some programs only, or for all but some */
static gboolean
is_for_us (char **lines)
{
  g_autofree char *only = find_value (lines, "enable-in");
  g_autofree char *but = find_value (lines, "disable-in");

  return (only == NULL || names_us (only)) && (but == NULL || !names_us (but));
}

/* NULL when the file names no module for keys: one behind a program of its own, or a list of trusted CAs.
 * *is_bad: it says nothing that can be understood. */
static ChDriver *
read_driver (const char *dir, const char *file, gboolean *is_bad)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autofree char *text = NULL;
  g_autofree char *module = NULL;
  g_autofree char *trust = NULL, *remote = NULL;
  g_auto (GStrv) lines = NULL;
  ChDriver *driver;
  gsize len;

  *is_bad = !g_file_get_contents (path, &text, &len, NULL) || len > CONFIG_LIMIT;
  if (*is_bad)
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  module = find_value (lines, "module");
  trust = find_value (lines, "trust-policy");
  remote = find_value (lines, "remote");
  *is_bad = (module == NULL || *module == 0) && remote == NULL && is_for_us (lines);
  if (module == NULL || *module == 0 || g_strcmp0 (trust, "yes") == 0 || !is_for_us (lines))
    return NULL;

  driver = g_new0 (ChDriver, 1);
  driver->name = g_strndup (file, strlen (file) - strlen (".module"));
  /* Translators: %s is the name of a driver for USB keys, e.g. “opensc” */
  driver->title = g_strdup_printf (_ ("Driver %s"), driver->name);
  driver->path
      = g_path_is_absolute (module) ? g_strdup (module) : g_build_filename (CH_P11_MODULE_DIR, module, NULL);
  driver->state = ch_driver_look (driver->path);
  return driver;
}

static void
remove_named (GPtrArray *drivers, const char *file)
{
  for (guint i = 0; i < drivers->len; i++)
    {
      const ChDriver *driver = drivers->pdata[i];

      if (g_str_has_prefix (file, driver->name) && g_str_equal (file + strlen (driver->name), ".module"))
        {
          g_ptr_array_remove_index (drivers, i);
          return;
        }
    }
}

static int
compare_drivers (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(ChDriver *const *) a)->name, (*(ChDriver *const *) b)->name);
}

/**
 * ch_driver_look:
 * @path: of a library
 *
 * Returns: what kind of file it is; it is not loaded
 */
ChDriverState
ch_driver_look (const char *path)
{
  Elf32_Ehdr head, own;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean is_elf;

  if (fd < 0)
    return errno == ENOENT || errno == ENOTDIR ? CH_DRIVER_MISSING : CH_DRIVER_NO_ACCESS;
  is_elf = read_head (fd, &head);
  close (fd);

  if (!is_elf || head.e_type != ET_DYN)
    return CH_DRIVER_NO_LIBRARY;
  if (read_own_head (&own)
      && (own.e_ident[EI_CLASS] != head.e_ident[EI_CLASS] || own.e_machine != head.e_machine))
    return CH_DRIVER_OTHER_PC;
  return CH_DRIVER_GOOD;
}

/**
 * ch_driver_list_get_dirs:
 *
 * Returns: (transfer full): the folders p11-kit looks into, then our own; the later wins
 */
GStrv
ch_driver_list_get_dirs (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *of_pc = g_build_filename (ch_paths_get_config_dir (), OWN_DIR, NULL);
  g_autofree char *of_user = g_build_filename (g_get_user_config_dir (), "certhall", OWN_DIR, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (system_dirs); i++)
    g_strv_builder_add (builder, system_dirs[i]);
  /* p11-kit heeds no user’s configuration for root */
  if (geteuid () != 0)
    {
      g_autofree char *own = g_build_filename (g_get_user_config_dir (), "pkcs11", "modules", NULL);

      g_strv_builder_add (builder, own);
    }
  g_strv_builder_add (builder, of_pc);
  g_strv_builder_add (builder, of_user);
  return g_strv_builder_end (builder);
}

/**
 * ch_driver_list_find_modules:
 *
 * Looks at `CERTHALL_MODULES` (paths with colons between; empty for none), else at what p11-kit and our own
 * settings name.
 *
 * Returns: (transfer full): the libraries that are to be loaded, each once
 */
GStrv
ch_driver_list_find_modules (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *told = g_getenv ("CERTHALL_MODULES");
  g_autoptr (GPtrArray) drivers = NULL;
  g_auto (GStrv) dirs = NULL;

  if (told != NULL)
    return *told != 0 ? g_strsplit (told, ":", -1) : g_new0 (char *, 1);

  dirs = ch_driver_list_get_dirs ();
  drivers = ch_driver_list_read ((const char *const *) dirs, NULL);
  for (guint i = 0; i < drivers->len; i++)
    {
      const ChDriver *driver = drivers->pdata[i];

      if (driver->state == CH_DRIVER_GOOD
          && g_hash_table_add (known, g_canonicalize_filename (driver->path, "/")))
        g_strv_builder_add (builder, driver->path);
    }
  return g_strv_builder_end (builder);
}

/**
 * ch_driver_list_read:
 * @dirs: folders with *.module files; the same name in a later one wins
 * @unreadable: (nullable) (element-type filename): takes the files that say nothing
 *
 * Reads which PKCS#11 modules p11-kit is told to load.
 *
 * Returns: (transfer full) (element-type ChDriver): the modules by name
 */
GPtrArray *
ch_driver_list_read (const char *const *dirs, GPtrArray *unreadable)
{
  GPtrArray *drivers = g_ptr_array_new_with_free_func (driver_free);

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (dirs[i], 0, NULL);
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        {
          gboolean is_bad = FALSE;
          ChDriver *driver;

          if (!g_str_has_suffix (file, ".module"))
            continue;
          driver = read_driver (dirs[i], file, &is_bad);
          if (is_bad && unreadable != NULL)
            g_ptr_array_add (unreadable, g_build_filename (dirs[i], file, NULL));
          if (driver == NULL)
            continue;
          remove_named (drivers, file);
          g_ptr_array_add (drivers, driver);
        }
    }
  g_ptr_array_sort (drivers, compare_drivers);
  return drivers;
}

/**
 * ch_driver_state_get_id:
 *
 * Returns: in a word, untranslated, for support
 */
const char *
ch_driver_state_get_id (ChDriverState state)
{
  return state_ids[state];
}
