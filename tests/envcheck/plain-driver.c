#include <p11-kit/pkcs11.h>
#include <string.h>

/* A PKCS#11 module that can say what it is, and nothing else */

static CK_RV
initialize (void *args)
{
  return CKR_OK;
}

static CK_RV
finalize (void *reserved)
{
  return CKR_OK;
}

static CK_RV
get_info (CK_INFO *info)
{
  memset (info, 0, sizeof *info);
  memset (info->manufacturerID, ' ', sizeof info->manufacturerID);
  memset (info->libraryDescription, ' ', sizeof info->libraryDescription);
  memcpy (info->manufacturerID, "Certhall tests", strlen ("Certhall tests"));
  memcpy (info->libraryDescription, "Plain driver", strlen ("Plain driver"));
  info->cryptokiVersion.major = 2;
  info->cryptokiVersion.minor = 40;
  info->libraryVersion.major = 3;
  return CKR_OK;
}

static CK_FUNCTION_LIST functions = {
  .version = { 2, 40 },
  .C_Initialize = initialize,
  .C_Finalize = finalize,
  .C_GetInfo = get_info,
};

CK_RV C_GetFunctionList (CK_FUNCTION_LIST **list);

CK_RV
C_GetFunctionList (CK_FUNCTION_LIST **list)
{
  *list = &functions;
  return CKR_OK;
}
