#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "envcheck/checks.h"

/* Documents are kept until they are sent: a few pictures must fit. Below the first nothing works for long. */
#define BYTES_NEEDED  (32 * 1024 * 1024)
#define BYTES_WANTED  (256 * 1024 * 1024)
#define BYTES_WRITTEN 65536

/* The folder itself comes into being with the first thing kept there */
static char *
find_existing (const char *dir)
{
  g_autofree char *path = g_strdup (dir);

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (path);

      g_free (path);
      path = parent;
    }
  return g_steal_pointer (&path);
}

/* 0, or why nothing can be written there: really written, as permissions are not all that hinders */
static int
try_writing (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, ".certhall-check-XXXXXX", NULL);
  g_autofree char *data = g_malloc0 (BYTES_WRITTEN);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  int wrong = 0;

  if (fd < 0)
    return errno;
  errno = 0;
  if (write (fd, data, BYTES_WRITTEN) != BYTES_WRITTEN || fsync (fd) != 0)
    wrong = errno != 0 ? errno : ENOSPC;
  close (fd);
  g_unlink (path);
  return wrong;
}

/* A quota, or a limit of the process, is a full disk too */
static gboolean
is_full (int wrong)
{
  return wrong == ENOSPC || wrong == EDQUOT || wrong == EFBIG;
}

/* -- Space --------------------------------------------------------------------------------------------- */

static ChCheckResult *
judge_space (guint64 bytes, gboolean is_known, const char *dir)
{
  g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_DEFAULT);
  /* Translators: %s is an amount, e.g. “38 GB” */
  g_autofree char *summary = g_strdup_printf (_ ("%s free"), size);
  ChCheckResult *result;

  if (!is_known)
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("The system does not tell"));
  if (bytes >= BYTES_WANTED)
    result = ch_check_result_new (CH_CHECK_PASSED, summary);
  else
    {
      result = ch_check_result_new_found (bytes >= BYTES_NEEDED ? CH_FINDING_DISK_LOW : CH_FINDING_DISK_FULL,
                                          summary);
      ch_check_result_set_subject (result, dir);
    }
  return result;
}

static ChCheckResult *
run_disk (const ChCheckTask *task)
{
  g_autofree char *dir = find_existing (task->context->places[0]);
  struct statvfs space = { 0 };
  gboolean is_known = statvfs (dir, &space) == 0;
  guint64 bytes = is_known && !is_full (try_writing (dir)) ? (guint64) space.f_bavail * space.f_frsize : 0;
  ChCheckResult *result = judge_space (bytes, is_known, dir);

  ch_check_result_set_detail (result, "%s", task->context->places[0]);
  return result;
}

/* -- Permissions --------------------------------------------------------------------------------------- */

/* A folder that cannot be looked into is not writable, whatever stands above it */
static int
try_place (const char *place, char **tried)
{
  *tried = find_existing (place);
  return try_writing (*tried);
}

static ChCheckResult *
run_places (const ChCheckTask *task)
{
  GStrv places = task->context->places;
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autofree char *worst = NULL;
  ChCheckResult *result;

  for (guint i = 0; places[i] != NULL; i++)
    {
      g_autofree char *tried = NULL;
      int wrong = try_place (places[i], &tried);

      if (is_full (wrong))
        wrong = 0;
      g_string_append_printf (detail, "%s%s: %s", i > 0 ? "\n" : "", places[i],
                              wrong != 0 ? g_strerror (wrong) : "writable");
      if (wrong != 0 && worst == NULL)
        worst = g_steal_pointer (&tried);
    }

  if (worst == NULL)
    result = ch_check_result_new (CH_CHECK_PASSED, _ ("All can be written to"));
  else
    {
      result = ch_check_result_new_found (CH_FINDING_PLACE_UNWRITABLE, NULL);
      ch_check_result_set_subject (result, worst);
    }
  ch_check_result_set_detail (result, "%s", detail->str);
  return result;
}

const ChCheck ch_check_disk = {
  .id = "disk",
  .title = N_ ("Disk space"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_disk,
};

const ChCheck ch_check_places = {
  .id = "places",
  .title = N_ ("Folders of the program"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_places,
};
