#include "config.h"

#include "envcheck/ch-driver-list.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Where p11-kit takes a module from that is named without a folder */
#ifndef CH_P11_MODULE_DIR
#error "CH_P11_MODULE_DIR comes from the build"
#endif
#define CONFIG_LIMIT 65536

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

/* NULL when the file names no module for keys: one behind a program of its own, or a list of trusted CAs */
static ChDriver *
read_driver (const char *dir, const char *file)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autofree char *text = NULL;
  g_autofree char *module = NULL;
  g_autofree char *trust = NULL;
  g_auto (GStrv) lines = NULL;
  ChDriver *driver;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, NULL) || len > CONFIG_LIMIT)
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  module = find_value (lines, "module");
  trust = find_value (lines, "trust-policy");
  if (module == NULL || *module == 0 || g_strcmp0 (trust, "yes") == 0)
    return NULL;

  driver = g_new0 (ChDriver, 1);
  driver->name = g_strndup (file, strlen (file) - strlen (".module"));
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
 * ch_driver_list_read:
 * @dirs: folders with *.module files; the same name in a later one wins
 *
 * Reads which PKCS#11 modules p11-kit is told to load.
 *
 * Returns: (transfer full) (element-type ChDriver): the modules by name
 */
GPtrArray *
ch_driver_list_read (const char *const *dirs)
{
  GPtrArray *drivers = g_ptr_array_new_with_free_func (driver_free);

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (dirs[i], 0, NULL);
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        {
          ChDriver *driver;

          if (!g_str_has_suffix (file, ".module"))
            continue;
          driver = read_driver (dirs[i], file);
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
