#include "config.h"

#include <string.h>

#include "programs/certhall-module.h"

/* Each call of the child: reads its arguments, calls the module, writes the results. What the module returns
 * is bounded here, so that one that answers nonsense gets no further than this process. */

#define FIND_AT_ONCE 64

typedef CK_RV (*CallFunc) (ChP11Reader *in, GByteArray *out);

typedef struct
{
  CK_ATTRIBUTE attributes[CH_P11_MAX_ATTRIBUTES];
  CK_ULONG n;
} Template;

static gboolean
read_template (ChP11Reader *in, Template *template)
{
  template->n = ch_p11_read_number (in, CH_P11_MAX_ATTRIBUTES);
  for (CK_ULONG i = 0; i < template->n; i++)
    {
      CK_ATTRIBUTE *attribute = &template->attributes[i];
      gsize len;

      attribute->type = ch_p11_read_number (in, G_MAXULONG);
      attribute->pValue = (void *) ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &len);
      attribute->ulValueLen = len;
    }
  return !in->is_bad;
}

static CK_RV
get_slots (ChP11Reader *in, GByteArray *out)
{
  CK_SLOT_ID slots[CH_P11_MAX_SLOTS] = { 0 };
  CK_ULONG n = CH_P11_MAX_SLOTS;
  CK_RV status;

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_GetSlotList (CK_TRUE, slots, &n);
  if (status != CKR_OK)
    return status;

  n = MIN (n, CH_P11_MAX_SLOTS);
  ch_p11_frame_add_number (out, n);
  for (CK_ULONG i = 0; i < n; i++)
    ch_p11_frame_add_number (out, slots[i]);
  return CKR_OK;
}

static CK_RV
get_token (ChP11Reader *in, GByteArray *out)
{
  CK_SLOT_ID slot = ch_p11_read_number (in, G_MAXULONG);
  CK_TOKEN_INFO info;
  CK_RV status;

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  memset (&info, 0, sizeof info);
  status = module->C_GetTokenInfo (slot, &info);
  if (status != CKR_OK)
    return status;

  ch_p11_frame_add_bytes (out, info.label, sizeof info.label);
  ch_p11_frame_add_bytes (out, info.manufacturerID, sizeof info.manufacturerID);
  ch_p11_frame_add_bytes (out, info.model, sizeof info.model);
  ch_p11_frame_add_bytes (out, info.serialNumber, sizeof info.serialNumber);
  ch_p11_frame_add_number (out, info.flags);
  ch_p11_frame_add_number (out, info.ulMinPinLen);
  ch_p11_frame_add_number (out, info.ulMaxPinLen);
  return CKR_OK;
}

static CK_RV
get_mechanisms (ChP11Reader *in, GByteArray *out)
{
  CK_SLOT_ID slot = ch_p11_read_number (in, G_MAXULONG);
  CK_MECHANISM_TYPE types[CH_P11_MAX_MECHANISMS] = { 0 };
  CK_ULONG n = CH_P11_MAX_MECHANISMS;
  CK_RV status;

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_GetMechanismList (slot, types, &n);
  if (status != CKR_OK)
    return status;

  n = MIN (n, CH_P11_MAX_MECHANISMS);
  ch_p11_frame_add_number (out, n);
  for (CK_ULONG i = 0; i < n; i++)
    {
      CK_MECHANISM_INFO info = { 0 };

      if (module->C_GetMechanismInfo (slot, types[i], &info) != CKR_OK)
        memset (&info, 0, sizeof info);
      ch_p11_frame_add_number (out, types[i]);
      ch_p11_frame_add_number (out, info.ulMinKeySize);
      ch_p11_frame_add_number (out, info.ulMaxKeySize);
      ch_p11_frame_add_number (out, info.flags);
    }
  return CKR_OK;
}

static CK_RV
open_session (ChP11Reader *in, GByteArray *out)
{
  CK_SLOT_ID slot = ch_p11_read_number (in, G_MAXULONG);
  gboolean is_writing = ch_p11_read_number (in, 1);
  CK_FLAGS flags = CKF_SERIAL_SESSION | (is_writing ? CKF_RW_SESSION : 0);
  CK_SESSION_HANDLE session = 0;
  CK_RV status;

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_OpenSession (slot, flags, NULL, NULL, &session);
  ch_p11_frame_add_number (out, session);
  return status;
}

static CK_RV
get_state (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_SESSION_INFO info = { 0 };
  CK_RV status;

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_GetSessionInfo (session, &info);
  ch_p11_frame_add_number (out, info.slotID);
  ch_p11_frame_add_number (out, info.state);
  return status;
}

static CK_RV
close_session (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);

  return ch_p11_reader_is_done (in) ? module->C_CloseSession (session) : CKR_ARGUMENTS_BAD;
}

static CK_RV
log_in (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_USER_TYPE user = ch_p11_read_number (in, G_MAXULONG);
  gsize len;
  const guint8 *pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &len);

  return ch_p11_reader_is_done (in) ? module->C_Login (session, user, (CK_UTF8CHAR *) pin, len)
                                    : CKR_ARGUMENTS_BAD;
}

static CK_RV
log_out (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);

  return ch_p11_reader_is_done (in) ? module->C_Logout (session) : CKR_ARGUMENTS_BAD;
}

static CK_RV
find_objects (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_OBJECT_HANDLE found[CH_P11_MAX_OBJECTS + FIND_AT_ONCE] = { 0 };
  Template template;
  CK_ULONG n = 0, more = 0;
  CK_RV status;

  if (!read_template (in, &template) || !ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_FindObjectsInit (session, template.attributes, template.n);
  if (status != CKR_OK)
    return status;
  do
    {
      more = 0;
      status = module->C_FindObjects (session, found + n, FIND_AT_ONCE, &more);
      n += MIN (more, FIND_AT_ONCE);
    }
  while (status == CKR_OK && more > 0 && n < CH_P11_MAX_OBJECTS);
  module->C_FindObjectsFinal (session);
  if (status != CKR_OK)
    return status;

  n = MIN (n, CH_P11_MAX_OBJECTS);
  ch_p11_frame_add_number (out, n);
  for (CK_ULONG i = 0; i < n; i++)
    ch_p11_frame_add_number (out, found[i]);
  return CKR_OK;
}

/* One attribute at a time: several modules refuse all when one of them is not there */
static void
read_attribute (CK_SESSION_HANDLE session,
                CK_OBJECT_HANDLE object,
                CK_ATTRIBUTE_TYPE type,
                guint8 *room,
                GByteArray *out)
{
  CK_ATTRIBUTE attribute = { type, NULL, 0 };
  gsize len;

  if (module->C_GetAttributeValue (session, object, &attribute, 1) != CKR_OK
      || attribute.ulValueLen > CH_P11_MAX_VALUE)
    {
      ch_p11_frame_add_bytes (out, NULL, 0);
      return;
    }
  len = attribute.ulValueLen;
  attribute.pValue = room;
  if (module->C_GetAttributeValue (session, object, &attribute, 1) != CKR_OK || attribute.ulValueLen > len)
    ch_p11_frame_add_bytes (out, NULL, 0);
  else
    ch_p11_frame_add_bytes (out, room, attribute.ulValueLen);
}

static CK_RV
read_object (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_OBJECT_HANDLE object = ch_p11_read_number (in, G_MAXULONG);
  CK_ULONG n = ch_p11_read_number (in, CH_P11_MAX_ATTRIBUTES);
  g_autofree guint8 *room = g_malloc0 (CH_P11_MAX_VALUE);

  for (CK_ULONG i = 0; i < n && !in->is_bad; i++)
    read_attribute (session, object, ch_p11_read_number (in, G_MAXULONG), room, out);
  return ch_p11_reader_is_done (in) ? CKR_OK : CKR_ARGUMENTS_BAD;
}

static CK_RV
sign (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_MECHANISM mechanism = { ch_p11_read_number (in, G_MAXULONG), NULL, 0 };
  CK_OBJECT_HANDLE key = ch_p11_read_number (in, G_MAXULONG);
  gsize data_len, pin_len;
  const guint8 *data = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &data_len);
  gboolean has_own_pin = ch_p11_read_number (in, 1);
  const guint8 *pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &pin_len);
  guint8 signature[1024] = { 0 };
  CK_ULONG len = sizeof signature;
  CK_RV status;

  if (!ch_p11_reader_is_done (in) || data == NULL)
    return CKR_ARGUMENTS_BAD;
  status = module->C_SignInit (session, &mechanism, key);
  if (status == CKR_OK && has_own_pin)
    status = module->C_Login (session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR *) pin, pin_len);
  if (status == CKR_OK)
    status = module->C_Sign (session, (CK_BYTE *) data, data_len, signature, &len);
  if (status == CKR_OK && len > sizeof signature)
    status = CKR_DEVICE_ERROR;
  if (status == CKR_OK)
    ch_p11_frame_add_bytes (out, signature, len);
  return status;
}

static CK_RV
generate_pair (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_MECHANISM mechanism = { ch_p11_read_number (in, G_MAXULONG), NULL, 0 };
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  Template public_template, private_template;
  CK_RV status;

  if (!read_template (in, &public_template) || !read_template (in, &private_template)
      || !ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_GenerateKeyPair (session, &mechanism, public_template.attributes, public_template.n,
                                      private_template.attributes, private_template.n, &public_key,
                                      &private_key);
  ch_p11_frame_add_number (out, public_key);
  ch_p11_frame_add_number (out, private_key);
  return status;
}

static CK_RV
create_object (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_OBJECT_HANDLE object = 0;
  Template template;
  CK_RV status;

  if (!read_template (in, &template) || !ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  status = module->C_CreateObject (session, template.attributes, template.n, &object);
  ch_p11_frame_add_number (out, object);
  return status;
}

static CK_RV
write_object (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_OBJECT_HANDLE object = ch_p11_read_number (in, G_MAXULONG);
  Template template;

  if (!read_template (in, &template) || !ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  return module->C_SetAttributeValue (session, object, template.attributes, template.n);
}

static CK_RV
destroy_object (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  CK_OBJECT_HANDLE object = ch_p11_read_number (in, G_MAXULONG);

  return ch_p11_reader_is_done (in) ? module->C_DestroyObject (session, object) : CKR_ARGUMENTS_BAD;
}

static CK_RV
set_pin (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  gsize old_len, new_len;
  const guint8 *old_pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &old_len);
  const guint8 *new_pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &new_len);

  if (!ch_p11_reader_is_done (in))
    return CKR_ARGUMENTS_BAD;
  return module->C_SetPIN (session, (CK_UTF8CHAR *) old_pin, old_len, (CK_UTF8CHAR *) new_pin, new_len);
}

static CK_RV
init_pin (ChP11Reader *in, GByteArray *out)
{
  CK_SESSION_HANDLE session = ch_p11_read_number (in, G_MAXULONG);
  gsize len;
  const guint8 *pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &len);

  return ch_p11_reader_is_done (in) ? module->C_InitPIN (session, (CK_UTF8CHAR *) pin, len)
                                    : CKR_ARGUMENTS_BAD;
}

static CK_RV
init_token (ChP11Reader *in, GByteArray *out)
{
  CK_SLOT_ID slot = ch_p11_read_number (in, G_MAXULONG);
  gsize pin_len, label_len;
  const guint8 *pin = ch_p11_read_bytes (in, CH_P11_MAX_VALUE, &pin_len);
  const guint8 *label = ch_p11_read_bytes (in, 32, &label_len);
  CK_UTF8CHAR padded[32];

  if (!ch_p11_reader_is_done (in) || label == NULL)
    return CKR_ARGUMENTS_BAD;
  memset (padded, ' ', sizeof padded);
  memcpy (padded, label, label_len);
  return module->C_InitToken (slot, (CK_UTF8CHAR *) pin, pin_len, padded);
}

static const CallFunc calls[] = {
  [CH_P11_CALL_SLOTS] = get_slots,
  [CH_P11_CALL_TOKEN] = get_token,
  [CH_P11_CALL_MECHANISMS] = get_mechanisms,
  [CH_P11_CALL_OPEN] = open_session,
  [CH_P11_CALL_STATE] = get_state,
  [CH_P11_CALL_CLOSE] = close_session,
  [CH_P11_CALL_LOGIN] = log_in,
  [CH_P11_CALL_LOGOUT] = log_out,
  [CH_P11_CALL_FIND] = find_objects,
  [CH_P11_CALL_READ] = read_object,
  [CH_P11_CALL_SIGN] = sign,
  [CH_P11_CALL_GENERATE] = generate_pair,
  [CH_P11_CALL_CREATE] = create_object,
  [CH_P11_CALL_WRITE] = write_object,
  [CH_P11_CALL_DESTROY] = destroy_object,
  [CH_P11_CALL_SET_PIN] = set_pin,
  [CH_P11_CALL_INIT_PIN] = init_pin,
  [CH_P11_CALL_INIT_TOKEN] = init_token,
};

G_STATIC_ASSERT (G_N_ELEMENTS (calls) == CH_P11_N_CALLS);

CK_RV
module_call (ChP11Call call, ChP11Reader *in, GByteArray *out)
{
  return calls[call](in, out);
}
