#include "config.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <string.h>

/* Loads one PKCS#11 module and says what it is. Vendors' modules crash and hang: this program may do so
 * without harm to the one that started it. Status: 0 the module came up, 1 it did not. */

/* Texts of PKCS#11 are filled up with blanks and not ended */
static int
measure (const CK_UTF8CHAR *text, int len)
{
  while (len > 0 && text[len - 1] == ' ')
    len--;
  return len;
}

static int
tell_wrong (const char *what, CK_RV status)
{
  const char *said = p11_kit_message ();

  printf ("%s: %s\n", what, said != NULL ? said : p11_kit_strerror (status));
  return 1;
}

int
main (int argc, char **argv)
{
  CK_FUNCTION_LIST *module;
  CK_INFO info = { 0 };
  CK_RV status;

  if (argc != 2)
    {
      fprintf (stderr, "certhall-try-module FILE\n");
      return 64;
    }

  p11_kit_be_quiet ();
  module = p11_kit_module_load (argv[1], 0);
  if (module == NULL)
    return tell_wrong ("cannot be loaded", CKR_GENERAL_ERROR);
  status = p11_kit_module_initialize (module);
  if (status != CKR_OK)
    return tell_wrong ("does not start", status);
  status = module->C_GetInfo (&info);
  if (status != CKR_OK)
    return tell_wrong ("does not say what it is", status);

  printf ("%.*s, %.*s %d.%d\n", measure (info.manufacturerID, sizeof info.manufacturerID),
          info.manufacturerID, measure (info.libraryDescription, sizeof info.libraryDescription),
          info.libraryDescription, info.libraryVersion.major, info.libraryVersion.minor);
  p11_kit_module_finalize (module);
  p11_kit_module_release (module);
  return 0;
}
