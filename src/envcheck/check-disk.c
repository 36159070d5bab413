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

static ChCheckResult *
new_unwritable (void)
{
  ChCheckResult *result
      = ch_check_result_new_failed (CH_ERROR_FILE, _ ("Nothing can be written to the data folder"));

  ch_check_result_explain (
      result, _ ("Software tokens and drafts cannot be kept on this PC."),
      _ ("Make the folder named below writable for you, or ask who looks after this PC."));
  return result;
}

static ChCheckResult *
judge_space (guint64 bytes)
{
  g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_DEFAULT);
  /* Translators: %s is an amount, e.g. “38 GB” */
  g_autofree char *summary = g_strdup_printf (_ ("%s free"), size);
  ChCheckResult *result;

  if (bytes >= BYTES_WANTED)
    return ch_check_result_new (CH_CHECK_PASSED, summary);
  result = bytes >= BYTES_NEEDED ? ch_check_result_new (CH_CHECK_WARNING, summary)
                                 : ch_check_result_new_failed (CH_ERROR_NO_SPACE, summary);
  ch_check_result_explain (result, _ ("Documents and drafts may not fit any more."),
                           _ ("Free some space on the disk, then check again."));
  return result;
}

static ChCheckResult *
run_disk (const ChCheckTask *task)
{
  g_autofree char *dir = find_existing (task->context->data_dir);
  struct statvfs space = { 0 };
  ChCheckResult *result;
  int wrong = try_writing (dir);

  if (wrong == 0 && statvfs (dir, &space) != 0)
    wrong = errno;
  /* a quota, or a limit of the process, is a full disk too */
  if (wrong != 0 && wrong != ENOSPC && wrong != EDQUOT && wrong != EFBIG)
    {
      result = new_unwritable ();
      ch_check_result_set_detail (result, "%s: %s", dir, g_strerror (wrong));
      return result;
    }

  result = judge_space (wrong == 0 ? (guint64) space.f_bavail * space.f_frsize : 0);
  ch_check_result_set_detail (result, "%s", task->context->data_dir);
  return result;
}

const ChCheck ch_check_disk = {
  .id = "disk",
  .title = N_ ("Disk space"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_disk,
};
