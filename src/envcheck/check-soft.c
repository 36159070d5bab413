#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "envcheck/checks.h"

/* As a software token begins and ends; what is between only its owner can read */
#define FIRST_LINE "Certhall software token 1\n"
#define CHECKSUM   "\nChecksum: "
#define SUFFIX     ".token"
#define FILE_LIMIT (4 * 1024 * 1024)

/* SHA-256 of all before the line of the checksum */
static gboolean
is_whole (const char *text, gsize len)
{
  const char *line = g_strrstr_len (text, len, CHECKSUM);
  g_autofree char *sum = NULL;

  if (!g_str_has_prefix (text, FIRST_LINE) || line == NULL)
    return FALSE;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, line + 1 - text);
  return g_str_has_prefix (line + strlen (CHECKSUM), sum);
}

static gboolean
is_for_others (const char *path)
{
  struct stat about;

  return stat (path, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

static ChFindingCode
judge (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, &error))
    return CH_FINDING_SOFT_UNREADABLE;
  if (len > FILE_LIMIT || !is_whole (text, len))
    return CH_FINDING_SOFT_DAMAGED;
  return is_for_others (path) ? CH_FINDING_SOFT_OPEN : CH_FINDING_NONE;
}

static gboolean
is_worse (ChFindingCode code, ChFindingCode than)
{
  return code != CH_FINDING_NONE
         && (than == CH_FINDING_NONE || ch_finding_get (than)->state == CH_CHECK_WARNING);
}

static ChCheckResult *
new_result (const char *dir, ChFindingCode worst, guint n, const char *detail)
{
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (worst != CH_FINDING_NONE)
    {
      result = ch_check_result_new_found (worst, NULL);
      ch_check_result_set_subject (result, dir);
    }
  else if (n == 0)
    result = ch_check_result_new (CH_CHECK_NOT_APPLICABLE, _ ("There is none on this PC"));
  else
    {
      summary = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u, it can be read", "%u, all can be read", n), n);
      result = ch_check_result_new (CH_CHECK_PASSED, summary);
    }
  ch_check_result_set_detail (result, "%s", detail);
  return result;
}

static gboolean
has_soft_token (const ChCheckContext *context)
{
  g_autoptr (GDir) dir = g_dir_open (context->token_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      return TRUE;
  return FALSE;
}

/* Who works with software tokens, and has no key plugged in, is not hindered by what keys need: it is worth a
 * word, not more */
void
ch_check_soften_for_soft (ChCheckResult *result, const ChCheckContext *context)
{
  if (result->state != CH_CHECK_FAILED || !has_soft_token (context) || ch_check_sees_usb_key (context))
    return;
  result->state = CH_CHECK_WARNING;
  ch_check_result_set_meaning (result,
                               _ ("It is needed for USB keys only. Your software tokens work without it."));
}

static ChCheckResult *
run_soft_tokens (const ChCheckTask *task)
{
  const char *place = task->context->token_dir;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (place, 0, &error);
  g_autoptr (GString) detail = g_string_new (place);
  ChFindingCode worst = CH_FINDING_NONE;
  const char *name;
  guint n = 0;

  if (dir == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return new_result (place, CH_FINDING_SOFT_UNREADABLE, 0, place);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (place, name, NULL);
      ChFindingCode code;

      if (!g_str_has_suffix (name, SUFFIX))
        continue;
      n++;
      code = judge (path);
      if (is_worse (code, worst))
        worst = code;
      /* Not the name of the file, which is the serial number of the token */
      if (code != CH_FINDING_NONE)
        g_string_append_printf (detail, "\n…%s: %s", name + MAX ((gssize) strlen (name) - 10, 0),
                                ch_finding_get (code)->title);
    }
  if (n > 0 && worst == CH_FINDING_NONE && is_for_others (place))
    worst = CH_FINDING_SOFT_OPEN;
  return new_result (place, worst, n, detail->str);
}

const ChCheck ch_check_soft_tokens = {
  .id = "soft-tokens",
  .title = N_ ("Software tokens"),
  .group = CH_CHECK_GROUP_PC,
  .run = run_soft_tokens,
};
