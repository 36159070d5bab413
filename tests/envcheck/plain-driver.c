#include <p11-kit/pkcs11.h>
#include <string.h>

/* A PKCS#11 module that can say what it is, and that no key is plugged in */

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

static CK_RV
get_slot_list (CK_BBOOL token_present, CK_SLOT_ID *list, CK_ULONG *count)
{
  *count = 0;
  return CKR_OK;
}

static CK_RV
get_token_info (CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
  return CKR_SLOT_ID_INVALID;
}

static CK_RV
open_session (CK_SLOT_ID slot, CK_FLAGS flags, void *data, CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
  return CKR_SLOT_ID_INVALID;
}

static CK_RV
close_session (CK_SESSION_HANDLE session)
{
  return CKR_SESSION_HANDLE_INVALID;
}

static CK_RV
find_init (CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, CK_ULONG n)
{
  return CKR_SESSION_HANDLE_INVALID;
}

static CK_RV
find (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, CK_ULONG max, CK_ULONG *n)
{
  return CKR_SESSION_HANDLE_INVALID;
}

static CK_RV
get_value (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *values, CK_ULONG n)
{
  return CKR_SESSION_HANDLE_INVALID;
}

static CK_FUNCTION_LIST functions = {
  .version = { 2, 40 },
  .C_Initialize = initialize,
  .C_Finalize = finalize,
  .C_GetInfo = get_info,
  .C_GetSlotList = get_slot_list,
  .C_GetTokenInfo = get_token_info,
  .C_OpenSession = open_session,
  .C_CloseSession = close_session,
  .C_FindObjectsInit = find_init,
  .C_FindObjects = find,
  .C_FindObjectsFinal = close_session,
  .C_GetAttributeValue = get_value,
};

CK_RV C_GetFunctionList (CK_FUNCTION_LIST **list);

CK_RV
C_GetFunctionList (CK_FUNCTION_LIST **list)
{
  *list = &functions;
  return CKR_OK;
}
