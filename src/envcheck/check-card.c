#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <winscard.h>

#include "envcheck/checks.h"

#define SOCKET_DEFAULT "/run/pcscd/pcscd.comm"
#define SANDBOX_MARK   "/.flatpak-info"
#define SYSTEMD_MARK   "/run/systemd/system"

/* Where distributions put it */
static const char *const service_programs[]
    = { "/usr/sbin/pcscd", "/usr/bin/pcscd", "/usr/libexec/pcscd", "/usr/local/sbin/pcscd" };

static const char *
get_socket_path (void)
{
  const char *path = g_getenv ("PCSCLITE_CSOCK_NAME");

  return path != NULL ? path : SOCKET_DEFAULT;
}

/* 0, or why nobody can be reached there: pcsc-lite says “no service” to all of it */
static int
try_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd, wrong;

  if (strlen (path) >= sizeof address.sun_path)
    return ENAMETOOLONG;
  strncpy (address.sun_path, path, sizeof address.sun_path - 1);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return errno;
  wrong = connect (fd, (struct sockaddr *) &address, sizeof address) == 0 ? 0 : errno;
  close (fd);
  return wrong;
}

static gboolean
exists (const ChCheckContext *context, const char *mark)
{
  g_autofree char *path = ch_check_context_find (context, mark);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_installed (const ChCheckContext *context)
{
  for (gsize i = 0; i < G_N_ELEMENTS (service_programs); i++)
    if (exists (context, service_programs[i]))
      return TRUE;
  return FALSE;
}

static ChFindingCode
find_trouble (const ChCheckContext *context, LONG status, int wrong)
{
  if (status == SCARD_W_SECURITY_VIOLATION || status == SCARD_E_NO_ACCESS || wrong == EACCES
      || wrong == EPERM)
    return CH_FINDING_CARD_REFUSED;
  if (exists (context, SANDBOX_MARK))
    return CH_FINDING_CARD_SANDBOX;
  if (wrong == ENOENT || wrong == ECONNREFUSED || wrong == ENOTDIR)
    return is_installed (context) ? CH_FINDING_CARD_STOPPED : CH_FINDING_CARD_ABSENT;
  return CH_FINDING_CARD_BROKEN;
}

static ChCheckResult *
run_card_service (const ChCheckTask *task)
{
  const char *path = get_socket_path ();
  SCARDCONTEXT card = 0;
  LONG status = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &card);
  ChCheckResult *result;
  int wrong = 0;

  if (status == SCARD_S_SUCCESS)
    {
      SCardReleaseContext (card);
      result = ch_check_result_new (CH_CHECK_PASSED, _ ("Running"));
    }
  else
    {
      wrong = try_socket (path);
      result = ch_check_result_new_found (find_trouble (task->context, status, wrong), NULL);
      /* Without systemd there is nobody who could be asked to start it */
      if (result->action == CH_CHECK_ACTION_START_CARD_SERVICE && !exists (task->context, SYSTEMD_MARK))
        {
          result->action = CH_CHECK_ACTION_COPY_COMMAND;
          ch_check_result_set_subject (result, "sudo service pcscd start");
        }
      if (result->finding == CH_FINDING_CARD_STOPPED || result->finding == CH_FINDING_CARD_ABSENT)
        ch_check_soften_for_soft (result, task->context);
    }
  ch_check_result_set_detail (result, "%s: %s%s%s", path, pcsc_stringify_error (status),
                              wrong != 0 ? ", " : "", wrong != 0 ? g_strerror (wrong) : "");
  return result;
}

/* -- Readers ------------------------------------------------------------------------------------------- */

/* Names one after the other, each ended by a NUL, the last by two. Returns: the status of pcsc-lite */
static LONG
list_readers (SCARDCONTEXT card, GPtrArray *readers)
{
  g_autofree char *names = NULL;
  DWORD len = 0;
  LONG status = SCardListReaders (card, NULL, NULL, &len);

  if (status == SCARD_S_SUCCESS)
    {
      names = g_malloc0 (len + 2);
      status = SCardListReaders (card, NULL, names, &len);
    }
  if (status != SCARD_S_SUCCESS)
    return status;
  for (const char *name = names; *name != 0; name += strlen (name) + 1)
    g_ptr_array_add (readers, g_strdup (name));
  return readers->len > 0 ? SCARD_S_SUCCESS : SCARD_E_NO_READERS_AVAILABLE;
}

static ChCheckResult *
judge_readers (LONG status, GPtrArray *readers)
{
  g_autofree char *summary = NULL;
  g_autofree char *names = NULL;
  ChCheckResult *result;

  if (status != SCARD_S_SUCCESS)
    {
      result = ch_check_result_new_found (
          status == SCARD_E_NO_READERS_AVAILABLE ? CH_FINDING_NO_READER : CH_FINDING_READERS_UNREADABLE,
          NULL);
      result->is_usable = FALSE;
      ch_check_result_set_detail (result, "%s", pcsc_stringify_error (status));
      return result;
    }

  summary = readers->len == 1
                ? g_strdup (readers->pdata[0])
                : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u found", "%u found", readers->len),
                                   readers->len);
  g_ptr_array_add (readers, NULL);
  names = g_strjoinv ("\n", (char **) readers->pdata);
  result = ch_check_result_new (CH_CHECK_PASSED, summary);
  ch_check_result_set_detail (result, "%s", names);
  return result;
}

static ChCheckResult *
run_readers (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) readers = g_ptr_array_new_with_free_func (g_free);
  SCARDCONTEXT card = 0;
  LONG status = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &card);

  if (status == SCARD_S_SUCCESS)
    {
      status = list_readers (card, readers);
      SCardReleaseContext (card);
    }
  return judge_readers (status, readers);
}

/* -- What is in them ----------------------------------------------------------------------------------- */

static void
describe_card (const SCARD_READERSTATE *state, GString *detail)
{
  g_string_append_printf (detail, "%s%s: ", detail->len > 0 ? "\n" : "", state->szReader);
  if ((state->dwEventState & SCARD_STATE_PRESENT) == 0)
    g_string_append (detail, "empty");
  else if ((state->dwEventState & SCARD_STATE_MUTE) != 0)
    g_string_append (detail, "mute");
  else
    {
      g_string_append (detail, "ATR");
      for (DWORD i = 0; i < state->cbAtr && i < sizeof state->rgbAtr; i++)
        g_string_append_printf (detail, " %02X", state->rgbAtr[i]);
    }
}

/* One card that answers is enough: what else is plugged in may be for something else */
static ChCheckResult *
judge_cards (const SCARD_READERSTATE *states, guint n)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  guint n_good = 0, n_mute = 0;
  ChCheckResult *result;

  for (guint i = 0; i < n; i++)
    {
      gboolean is_there = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
      gboolean is_mute = (states[i].dwEventState & SCARD_STATE_MUTE) != 0;

      describe_card (&states[i], detail);
      n_good += is_there && !is_mute;
      n_mute += is_there && is_mute;
    }

  if (n_good > 0)
    result = ch_check_result_new (CH_CHECK_PASSED, _ ("Plugged in, and it answers"));
  else
    {
      result = ch_check_result_new_found (n_mute > 0 ? CH_FINDING_CARD_MUTE : CH_FINDING_NO_CARD, NULL);
      result->is_usable = FALSE;
    }
  ch_check_result_set_detail (result, "%s", detail->str);
  return result;
}

static ChCheckResult *
run_card (const ChCheckTask *task)
{
  g_autoptr (GPtrArray) readers = g_ptr_array_new_with_free_func (g_free);
  g_autofree SCARD_READERSTATE *states = NULL;
  SCARDCONTEXT card = 0;
  LONG status = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &card);
  ChCheckResult *result;

  if (status != SCARD_S_SUCCESS)
    return judge_readers (status, readers);
  status = list_readers (card, readers);
  states = g_new0 (SCARD_READERSTATE, MAX (readers->len, 1));
  for (guint i = 0; i < readers->len; i++)
    states[i].szReader = readers->pdata[i];
  if (status == SCARD_S_SUCCESS)
    status = SCardGetStatusChange (card, 0, states, readers->len);
  SCardReleaseContext (card);

  /* Nothing has changed since nothing was known: that is how a timeout of none is told */
  if (status == SCARD_S_SUCCESS || status == SCARD_E_TIMEOUT)
    return judge_cards (states, readers->len);
  result = judge_readers (status, readers);
  return result;
}

const ChCheck ch_check_card_service = {
  .id = "card-service",
  .title = N_ ("Smart-card service"),
  .group = CH_CHECK_GROUP_UKEY,
  .is_for_ukey = TRUE,
  .limit = 2000,
  .late = CH_FINDING_CARD_HANGS,
  .run = run_card_service,
};

const ChCheck ch_check_readers = {
  .id = "readers",
  .title = N_ ("USB key or card reader"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "card-service" },
  .is_for_ukey = TRUE,
  .run = run_readers,
};

const ChCheck ch_check_card = {
  .id = "card",
  .title = N_ ("Chip of the key"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = { "card-service", "readers" },
  .is_for_ukey = TRUE,
  .run = run_card,
};
