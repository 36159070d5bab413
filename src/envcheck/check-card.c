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

/* Why the service cannot be used */
typedef enum
{
  TROUBLE_NOT_INSTALLED,
  TROUBLE_NOT_RUNNING,
  TROUBLE_NO_PERMISSION,
  TROUBLE_SANDBOX,
  TROUBLE_OTHER,
  N_TROUBLES
} Trouble;

#define MEANS_NO_KEY                                                                                         \
  N_ ("The program sees no USB key: logging in, renewing and installing with one do not work.")

/* clang-format off */
static const struct
{
  const char *summary; /* untranslated */
  const char *todo;
  gboolean can_start;
} troubles[] = {
  [TROUBLE_NOT_INSTALLED] = { N_("Not installed"), N_("Install the smart-card service, on Debian the package pcscd."), FALSE },
  [TROUBLE_NOT_RUNNING]   = { N_("Not running"), N_("Start the smart-card service; this asks for the password of an administrator. Restarting this PC usually helps too."), TRUE },
  [TROUBLE_NO_PERMISSION] = { N_("No permission to use it"), N_("Log in at this PC itself, not from afar, or ask who looks after it to allow you the smart-card service."), FALSE },
  [TROUBLE_SANDBOX]       = { N_("Not reachable from the sandbox"), N_("The program runs in a sandbox: start the smart-card service of this PC, and allow the program access to smart cards."), FALSE },
  [TROUBLE_OTHER]         = { N_("Does not work"), N_("Restart this PC. If it stays like this, ask the CA’s hotline; the details below help."), FALSE },
};
/* clang-format on */

G_STATIC_ASSERT (G_N_ELEMENTS (troubles) == N_TROUBLES);

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
is_installed (void)
{
  g_autofree char *path = g_find_program_in_path ("pcscd");

  return path != NULL || g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_IS_EXECUTABLE);
}

static Trouble
find_trouble (LONG status, int wrong)
{
  if (status == SCARD_W_SECURITY_VIOLATION || status == SCARD_E_NO_ACCESS || wrong == EACCES
      || wrong == EPERM)
    return TROUBLE_NO_PERMISSION;
  if (g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS))
    return TROUBLE_SANDBOX;
  if (wrong == ENOENT || wrong == ECONNREFUSED || wrong == ENOTDIR)
    return is_installed () ? TROUBLE_NOT_RUNNING : TROUBLE_NOT_INSTALLED;
  return TROUBLE_OTHER;
}

/* Who only has software tokens needs no service: that it is missing is then no news */
static ChCheckResult *
new_trouble (const ChCheckTask *task, Trouble trouble)
{
  g_autofree char *summary = NULL;
  ChCheckResult *result;

  if (!task->context->wants_ukey)
    {
      /* Translators: %s is e.g. “Not running” */
      summary = g_strdup_printf (_ ("%s; software tokens do not need it"), _ (troubles[trouble].summary));
      return ch_check_result_new (CH_CHECK_NOT_APPLICABLE, summary);
    }

  result = ch_check_result_new_failed (CH_ERROR_CARD_SERVICE, _ (troubles[trouble].summary));
  ch_check_result_explain (result, _ (MEANS_NO_KEY), _ (troubles[trouble].todo));
  if (troubles[trouble].can_start && g_file_test (SYSTEMD_MARK, G_FILE_TEST_IS_DIR))
    result->action = CH_CHECK_ACTION_START_CARD_SERVICE;
  return result;
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
      result = new_trouble (task, find_trouble (status, wrong));
    }
  ch_check_result_set_detail (result, "%s: %s%s%s", path, pcsc_stringify_error (status),
                              wrong != 0 ? ", " : "", wrong != 0 ? g_strerror (wrong) : "");
  return result;
}

static ChCheckResult *
new_no_reader (const ChCheckTask *task)
{
  ChCheckResult *result;

  if (!task->context->wants_ukey)
    return ch_check_result_new (CH_CHECK_NOT_APPLICABLE,
                                _ ("None plugged in; software tokens do not need one"));

  result = ch_check_result_new (CH_CHECK_WARNING, _ ("None is plugged in"));
  ch_check_result_explain (
      result, _ (MEANS_NO_KEY),
      _ ("Plug in the USB key. If it is plugged in, try another socket, without a hub in between."));
  return result;
}

/* Names one after the other, each ended by a NUL, the last by two */
static ChCheckResult *
list_readers (const ChCheckTask *task, SCARDCONTEXT card)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autofree char *summary = NULL;
  g_autofree char *names = NULL;
  ChCheckResult *result;
  DWORD len = 0;
  LONG status = SCardListReaders (card, NULL, NULL, &len);
  guint n = 0;

  if (status == SCARD_S_SUCCESS)
    {
      names = g_malloc0 (len + 2);
      status = SCardListReaders (card, NULL, names, &len);
    }
  if (status == SCARD_E_NO_READERS_AVAILABLE)
    return new_no_reader (task);
  if (status != SCARD_S_SUCCESS)
    {
      result = ch_check_result_new (CH_CHECK_WARNING, _ ("The readers cannot be listed"));
      ch_check_result_set_detail (result, "%s", pcsc_stringify_error (status));
      return result;
    }

  for (const char *name = names; *name != 0; name += strlen (name) + 1, n++)
    g_string_append_printf (detail, "%s%s", n > 0 ? "\n" : "", name);
  if (n == 0)
    return new_no_reader (task);

  summary = n == 1 ? g_strdup (names)
                   : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u found", "%u found", n), n);
  result = ch_check_result_new (CH_CHECK_PASSED, summary);
  ch_check_result_set_detail (result, "%s", detail->str);
  return result;
}

static ChCheckResult *
run_readers (const ChCheckTask *task)
{
  SCARDCONTEXT card = 0;
  LONG status = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &card);
  ChCheckResult *result;

  if (status != SCARD_S_SUCCESS)
    {
      result = ch_check_result_new (CH_CHECK_WARNING, _ ("The readers cannot be listed"));
      ch_check_result_set_detail (result, "%s", pcsc_stringify_error (status));
      return result;
    }
  result = list_readers (task, card);
  SCardReleaseContext (card);
  return result;
}

const ChCheck ch_check_card_service = {
  .id = "card-service",
  .title = N_ ("Smart-card service"),
  .group = CH_CHECK_GROUP_UKEY,
  .run = run_card_service,
};

const ChCheck ch_check_readers = {
  .id = "readers",
  .title = N_ ("USB key or card reader"),
  .group = CH_CHECK_GROUP_UKEY,
  .depends = "card-service",
  .run = run_readers,
};
