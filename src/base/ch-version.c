#include "config.h"

#include "base/ch-version.h"

/**
 * ch_version_is_valid:
 *
 * Returns: whether @version is numbers with points between
 */
gboolean
ch_version_is_valid (const char *version)
{
  g_auto (GStrv) parts = g_strsplit (version, ".", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (!g_ascii_string_to_unsigned (parts[i], 10, 0, G_MAXUINT32, NULL, NULL))
      return FALSE;
  return parts[0] != NULL;
}

/**
 * ch_version_is_older:
 * @version: numbers with points between, each compared as one
 * @than: another
 *
 * Returns: whether @version comes before @than; what is missing counts as 0
 */
gboolean
ch_version_is_older (const char *version, const char *than)
{
  g_auto (GStrv) a = g_strsplit (version, ".", -1);
  g_auto (GStrv) b = g_strsplit (than, ".", -1);

  for (guint i = 0; b[i] != NULL; i++)
    {
      guint64 ours = a[i] != NULL ? g_ascii_strtoull (a[i], NULL, 10) : 0;
      guint64 theirs = g_ascii_strtoull (b[i], NULL, 10);

      if (ours != theirs)
        return ours < theirs;
      if (a[i] == NULL)
        break;
    }
  return FALSE;
}
