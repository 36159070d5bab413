#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "programs/certhall-try-module.h"

/* Loads one PKCS#11 module and says what it is, and what is on its tokens, a line each. Vendors’ modules
 * crash, hang and talk: this program may do so without harm to the one that started it. It asks for no PIN
 * and changes nothing. Status: 0 the module came up, 1 it did not. */

#define MAX_SLOTS   32
#define MAX_OBJECTS 64
#define MAX_VALUE   16384
/* Above what modules close and talk to */
#define OUT_FD 100

static CK_FUNCTION_LIST *module;
static int out = -1;

static void
tell (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  vdprintf (out, format, args);
  va_end (args);
}

static void
tell_hex (const unsigned char *data, size_t len)
{
  static const char digits[] = "0123456789abcdef";
  char piece[2 * 256];

  while (len > 0)
    {
      size_t n = len < 256 ? len : 256;

      for (size_t i = 0; i < n; i++)
        {
          piece[2 * i] = digits[data[i] >> 4];
          piece[2 * i + 1] = digits[data[i] & 15];
        }
      if (write (out, piece, 2 * n) < 0)
        return;
      data += n;
      len -= n;
    }
}

static void
tell_needed (const char *name)
{
  tell ("needs %s\n", name);
}

/* Texts of PKCS#11 are filled up with blanks and not ended */
static int
measure (const CK_UTF8CHAR *text, int len)
{
  while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == 0))
    len--;
  return len;
}

static int
fail (const char *what, CK_RV status)
{
  tell ("error %s: 0x%lx\n", what, (unsigned long) status);
  return 1;
}

/* -- What is on a token -------------------------------------------------------------------------------- */

/* Returns: the length; 0 when there is none, or too much */
static CK_ULONG
read_value (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, unsigned char *room)
{
  CK_ATTRIBUTE attribute = { type, NULL, 0 };
  CK_ULONG len;

  if (module->C_GetAttributeValue (session, object, &attribute, 1) != CKR_OK
      || attribute.ulValueLen > MAX_VALUE)
    return 0;
  len = attribute.ulValueLen;
  attribute.pValue = room;
  if (module->C_GetAttributeValue (session, object, &attribute, 1) != CKR_OK || attribute.ulValueLen > len)
    return 0;
  return attribute.ulValueLen;
}

/* A point comes wrapped as an OCTET STRING */
static void
tell_point (const unsigned char *data, CK_ULONG len)
{
  if (len > 3 && data[0] == 4 && data[1] == len - 2)
    tell_hex (data + 2, len - 2);
  else if (len > 4 && data[0] == 4 && data[1] == 0x81 && data[2] == len - 3)
    tell_hex (data + 3, len - 3);
  else
    tell_hex (data, len);
}

static void
tell_object (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_OBJECT_CLASS kind, const char *word)
{
  unsigned char *room = calloc (1, MAX_VALUE);
  CK_ULONG len;

  if (room == NULL)
    return;
  tell ("%s ", word);
  tell_hex (room, read_value (session, object, CKA_ID, room));
  tell (" ");
  if (kind == CKO_CERTIFICATE)
    tell_hex (room, read_value (session, object, CKA_VALUE, room));
  else
    {
      len = read_value (session, object, CKA_MODULUS, room);
      if (len > 0)
        tell_hex (room, len);
      else
        {
          len = read_value (session, object, CKA_EC_POINT, room);
          tell_point (room, len);
        }
    }
  tell ("\n");
  free (room);
}

static void
tell_objects (CK_SESSION_HANDLE session, CK_OBJECT_CLASS kind, const char *word)
{
  CK_BBOOL yes = CK_TRUE;
  CK_ATTRIBUTE wanted[] = { { CKA_CLASS, &kind, sizeof kind }, { CKA_TOKEN, &yes, sizeof yes } };
  CK_OBJECT_HANDLE found[MAX_OBJECTS] = { 0 };
  CK_ULONG n = 0;

  if (module->C_FindObjectsInit (session, wanted, 2) != CKR_OK)
    return;
  if (module->C_FindObjects (session, found, MAX_OBJECTS, &n) != CKR_OK)
    n = 0;
  module->C_FindObjectsFinal (session);
  for (CK_ULONG i = 0; i < n && i < MAX_OBJECTS; i++)
    tell_object (session, found[i], kind, word);
}

static void
tell_token (CK_SLOT_ID slot)
{
  CK_SESSION_HANDLE session = 0;
  CK_TOKEN_INFO info;

  memset (&info, 0, sizeof info);
  if (module->C_GetTokenInfo (slot, &info) != CKR_OK)
    return;
  tell ("token %lx ", (unsigned long) info.flags);
  tell_hex (info.serialNumber, measure (info.serialNumber, sizeof info.serialNumber));
  tell (" ");
  tell_hex (info.label, measure (info.label, sizeof info.label));
  tell ("\n");

  if ((info.flags & CKF_TOKEN_INITIALIZED) == 0
      || module->C_OpenSession (slot, CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK)
    return;
  tell_objects (session, CKO_CERTIFICATE, "cert");
  tell_objects (session, CKO_PUBLIC_KEY, "public");
  tell_objects (session, CKO_PRIVATE_KEY, "private");
  module->C_CloseSession (session);
}

/* -- The module ---------------------------------------------------------------------------------------- */

/* Some leave functions out that everybody must have */
static int
is_complete (void)
{
  return module->C_Initialize != NULL && module->C_GetInfo != NULL && module->C_GetSlotList != NULL
         && module->C_GetTokenInfo != NULL && module->C_OpenSession != NULL && module->C_CloseSession != NULL
         && module->C_FindObjectsInit != NULL && module->C_FindObjects != NULL
         && module->C_FindObjectsFinal != NULL && module->C_GetAttributeValue != NULL;
}

static int
load (const char *path)
{
  void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get_list = NULL;
  CK_RV status;

  if (library == NULL)
    {
      tell ("error %s\n", dlerror ());
      try_libraries (path, tell_needed);
      return 1;
    }
  *(void **) &get_list = dlsym (library, "C_GetFunctionList");
  if (get_list == NULL)
    return fail ("no C_GetFunctionList", CKR_FUNCTION_NOT_SUPPORTED);
  status = get_list (&module);
  if (status != CKR_OK || module == NULL)
    return fail ("C_GetFunctionList", status);
  return is_complete () ? 0 : fail ("functions are missing", CKR_FUNCTION_NOT_SUPPORTED);
}

static int
start (void)
{
  CK_C_INITIALIZE_ARGS with_locks = { .flags = CKF_OS_LOCKING_OK };
  CK_INFO info;
  CK_RV status = module->C_Initialize (&with_locks);

  if (status != CKR_OK && status != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    status = module->C_Initialize (NULL);
  if (status != CKR_OK && status != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return fail ("C_Initialize", status);

  memset (&info, 0, sizeof info);
  status = module->C_GetInfo (&info);
  if (status != CKR_OK)
    return fail ("C_GetInfo", status);
  tell ("module %.*s, %.*s %d.%d\n", measure (info.manufacturerID, sizeof info.manufacturerID),
        info.manufacturerID, measure (info.libraryDescription, sizeof info.libraryDescription),
        info.libraryDescription, info.libraryVersion.major, info.libraryVersion.minor);
  return 0;
}

/* What a module says on the standard outputs is not what we say */
static void
take_output (void)
{
  int nowhere = open ("/dev/null", O_RDWR | O_CLOEXEC);

  out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, OUT_FD);
  if (nowhere < 0)
    return;
  dup2 (nowhere, STDOUT_FILENO);
  dup2 (nowhere, STDERR_FILENO);
}

int
main (int argc, char **argv)
{
  CK_SLOT_ID slots[MAX_SLOTS] = { 0 };
  CK_ULONG n = MAX_SLOTS;
  CK_RV status;

  if (argc != 2)
    {
      fprintf (stderr, "certhall-try-module FILE\n");
      return 64;
    }

  setrlimit (RLIMIT_CORE, &(struct rlimit){ 0, 0 });
  prctl (PR_SET_DUMPABLE, 0);
  /* With whoever started it */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  /* A crash is to look like one, also to sanitizers */
  signal (SIGSEGV, SIG_DFL);
  signal (SIGBUS, SIG_DFL);
  take_output ();

  tell ("stage loading\n");
  if (load (argv[1]) != 0)
    return 1;
  tell ("stage initialising\n");
  if (start () != 0)
    return 1;
  tell ("stage looking at tokens\n");
  status = module->C_GetSlotList (CK_TRUE, slots, &n);
  if (status != CKR_OK)
    return fail ("C_GetSlotList", status);
  for (CK_ULONG i = 0; i < n && i < MAX_SLOTS; i++)
    tell_token (slots[i]);
  tell ("stage done\n");

  /* What it does at its end is not waited for: all is said */
  _exit (0);
}
