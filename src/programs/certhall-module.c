#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "programs/certhall-module.h"

/* The child in which a PKCS#11 module lives: it may crash, hang and forget to wipe PINs without harm to the
 * program that started it. It does what it is told on one socket until that closes, one call at a time, and
 * says on a pipe when something was plugged in or out. It decides nothing. */

/* Seconds a module gets to end itself once nobody is there any more */
#define END_TIME 5
/* A module that reports events without end is not listened to more often */
#define EVENT_PAUSE_US 50000

CK_FUNCTION_LIST *module;
static volatile gboolean is_waiting; /* a thread of ours waits in the module for events */

static void
end_on_alarm (int number)
{
  _exit (0);
}

/* A call that never returns would keep the process for ever: when nobody is there any more it ends anyway */
static gpointer
watch_thread (gpointer data)
{
  struct pollfd wanted = { .fd = CH_P11_CALL_FD, .events = POLLRDHUP };

  while (poll (&wanted, 1, -1) < 0 && errno == EINTR)
    ;
  g_usleep (END_TIME * G_USEC_PER_SEC);
  _exit (0);
}

static void
tell_event (char event)
{
  /* A full pipe says it already */
  if (write (CH_P11_EVENT_FD, &event, 1) < 0)
    g_debug ("nobody listens");
}

static gpointer
event_thread (gpointer data)
{
  CK_SLOT_ID slot;

  while (module->C_WaitForSlotEvent (0, &slot, NULL) == CKR_OK)
    {
      tell_event (CH_P11_EVENT_SLOTS);
      g_usleep (EVENT_PAUSE_US);
    }
  is_waiting = FALSE;
  tell_event (CH_P11_EVENT_POLL);
  return NULL;
}

static CK_RV
load (const char *path)
{
  void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get_list = NULL;

  if (library == NULL)
    {
      fprintf (stderr, "%s\n", dlerror ());
      return CKR_GENERAL_ERROR;
    }
  *(void **) &get_list = dlsym (library, "C_GetFunctionList");
  if (get_list == NULL || get_list (&module) != CKR_OK || module == NULL)
    return CKR_GENERAL_ERROR;
  return CKR_OK;
}

static CK_RV
start (const char *path, ChP11Reader *in, GByteArray *out)
{
  CK_C_INITIALIZE_ARGS with_locks = { .flags = CKF_OS_LOCKING_OK };
  gboolean may_wait = ch_p11_read_number (in, 1);
  CK_INFO info = { 0 };
  CK_RV status = load (path);

  if (status != CKR_OK)
    return status;
  status = module->C_Initialize (&with_locks);
  is_waiting = may_wait && status == CKR_OK;
  if (status != CKR_OK)
    status = module->C_Initialize (NULL);
  if (status == CKR_OK || status == CKR_CRYPTOKI_ALREADY_INITIALIZED)
    status = module->C_GetInfo (&info);
  if (status != CKR_OK)
    return status;

  ch_p11_frame_add_bytes (out, info.manufacturerID, sizeof info.manufacturerID);
  ch_p11_frame_add_bytes (out, info.libraryDescription, sizeof info.libraryDescription);
  if (is_waiting)
    g_thread_unref (g_thread_new ("events", event_thread, NULL));
  else
    tell_event (CH_P11_EVENT_POLL);
  return CKR_OK;
}

static void
serve (const char *path)
{
  GByteArray *request;

  while (ch_p11_frame_receive (CH_P11_CALL_FD, -1, &request) == CH_P11_PASSED)
    {
      ChP11Reader in = ch_p11_reader (request);
      guint64 call = ch_p11_read_number (&in, CH_P11_N_CALLS - 1);
      GByteArray *results = ch_p11_frame_new ();
      GByteArray *answer = ch_p11_frame_new ();
      ChP11Reader results_in;
      CK_RV status = CKR_ARGUMENTS_BAD;
      ChP11Passage passage;

      if (!in.is_bad && call == CH_P11_CALL_START && module == NULL)
        status = start (path, &in, results);
      else if (!in.is_bad && call != CH_P11_CALL_START && module != NULL)
        status = module_call (call, &in, results);

      results_in = ch_p11_reader (results);
      ch_p11_frame_add_number (answer, status);
      if (status == CKR_OK)
        g_byte_array_append (answer, results_in.data, results_in.len);
      passage = ch_p11_frame_send (answer, CH_P11_CALL_FD, -1);
      ch_p11_frame_free (request);
      ch_p11_frame_free (results);
      ch_p11_frame_free (answer);
      if (passage != CH_P11_PASSED)
        break;
    }
}

/* Logs out and lets go of the cards, if the module can; what it does at the end of a process is not waited
 * for. OpenSC crashes when it is finalised while somebody waits in it. */
static void
end (void)
{
  CK_SLOT_ID slots[CH_P11_MAX_SLOTS];
  CK_ULONG n = CH_P11_MAX_SLOTS;

  alarm (END_TIME);
  if (module != NULL && !is_waiting)
    module->C_Finalize (NULL);
  else if (module != NULL && module->C_GetSlotList (CK_TRUE, slots, &n) == CKR_OK)
    for (CK_ULONG i = 0; i < n && i < CH_P11_MAX_SLOTS; i++)
      module->C_CloseAllSessions (slots[i]);
  _exit (0);
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    {
      fprintf (stderr, "certhall-module FILE\n");
      return 64;
    }

  /* A core would hold the PIN, which modules leave in their memory */
  setrlimit (RLIMIT_CORE, &(struct rlimit){ 0, 0 });
  prctl (PR_SET_DUMPABLE, 0);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGALRM, end_on_alarm);
  /* Ctrl+C is for the program that started this one */
  signal (SIGINT, SIG_IGN);
  fcntl (CH_P11_EVENT_FD, F_SETFL, O_NONBLOCK);
  fcntl (CH_P11_CALL_FD, F_SETFD, FD_CLOEXEC);
  fcntl (CH_P11_EVENT_FD, F_SETFD, FD_CLOEXEC);

  g_thread_unref (g_thread_new ("watch", watch_thread, NULL));
  serve (argv[1]);

  end ();
}
