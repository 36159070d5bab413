#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "token/ch-p11-module.h"

#define MAX_PIN 255

/* What PKCS#11 returns and what it means to people. What is not named here is a fault of the medium. */
static const struct
{
  CK_RV status;
  ChErrorCode code;
} meanings[] = {
  { CKR_PIN_INCORRECT, CH_ERROR_PIN_WRONG },
  { CKR_PIN_LOCKED, CH_ERROR_PIN_LOCKED },
  { CKR_PIN_EXPIRED, CH_ERROR_PIN_LOCKED },
  { CKR_PIN_LEN_RANGE, CH_ERROR_PIN_UNFIT },
  { CKR_PIN_INVALID, CH_ERROR_PIN_UNFIT },
  { CKR_PIN_TOO_WEAK, CH_ERROR_PIN_UNFIT },
  { CKR_USER_PIN_NOT_INITIALIZED, CH_ERROR_TOKEN_BLANK },
  { CKR_USER_NOT_LOGGED_IN, CH_ERROR_PIN_WRONG },
  { CKR_TOKEN_NOT_PRESENT, CH_ERROR_TOKEN_GONE },
  { CKR_TOKEN_NOT_RECOGNIZED, CH_ERROR_TOKEN_GONE },
  { CKR_DEVICE_REMOVED, CH_ERROR_TOKEN_GONE },
  { CKR_SLOT_ID_INVALID, CH_ERROR_TOKEN_GONE },
  { CKR_SESSION_HANDLE_INVALID, CH_ERROR_TOKEN_GONE },
  { CKR_SESSION_CLOSED, CH_ERROR_TOKEN_GONE },
  { CKR_DEVICE_MEMORY, CH_ERROR_TOKEN_FULL },
  { CKR_FUNCTION_CANCELED, CH_ERROR_CANCELLED },
  { CKR_CANCEL, CH_ERROR_CANCELLED },
  { CKR_FUNCTION_NOT_SUPPORTED, CH_ERROR_TOKEN_UNABLE },
  { CKR_MECHANISM_INVALID, CH_ERROR_TOKEN_UNABLE },
  { CKR_TOKEN_WRITE_PROTECTED, CH_ERROR_TOKEN_UNABLE },
  { CKR_SESSION_READ_ONLY, CH_ERROR_TOKEN_UNABLE },
  { CKR_KEY_FUNCTION_NOT_PERMITTED, CH_ERROR_TOKEN_UNABLE },
  { CKR_KEY_HANDLE_INVALID, CH_ERROR_KEY_MISSING },
  { CKR_OBJECT_HANDLE_INVALID, CH_ERROR_KEY_MISSING },
};

/**
 * ch_p11_fail:
 * @status: what the module returned
 * @what: e.g. `C_Sign`
 *
 * Sets @error to what @status means, with @status as its detail `pkcs11` for support.
 *
 * Returns: %FALSE
 */
gboolean
ch_p11_fail (GError **error, CK_RV status, const char *what)
{
  g_autofree char *detail = g_strdup_printf ("%s: 0x%lx", what, status);
  ChErrorCode code = CH_ERROR_TOKEN_FAILED;
  GError *local;

  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].status == status)
      code = meanings[i].code;
  local = g_error_new_literal (CH_ERROR, (int) code, detail);
  ch_error_set_detail (local, "pkcs11", detail);
  g_propagate_error (error, local);
  return FALSE;
}

void
ch_p11_token_info_free (ChP11TokenInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->label);
  g_free (self->manufacturer);
  g_free (self->model);
  g_free (self->serial);
  g_free (self);
}

static GByteArray *
begin (ChP11Call call)
{
  GByteArray *request = ch_p11_frame_new ();

  ch_p11_frame_add_number (request, call);
  return request;
}

static GByteArray *
begin_in (ChP11Call call, ChP11Session *session)
{
  GByteArray *request = begin (call);

  ch_p11_frame_add_number (request, session->handle);
  return request;
}

static gboolean
add_pin_bytes (const guint8 *data, gsize len, gpointer frame)
{
  ch_p11_frame_add_bytes (frame, data, len);
  return TRUE;
}

/* NULL: it is typed at the medium */
static void
add_pin (GByteArray *request, ChSecret *pin)
{
  if (pin != NULL)
    ch_secret_with (pin, add_pin_bytes, request);
  else
    ch_p11_frame_add_bytes (request, NULL, 0);
}

static void
add_template (GByteArray *request, const CK_ATTRIBUTE *template, guint n)
{
  ch_p11_frame_add_number (request, n);
  for (guint i = 0; i < n; i++)
    {
      ch_p11_frame_add_number (request, template[i].type);
      ch_p11_frame_add_bytes (request, template[i].pValue, template[i].ulValueLen);
    }
}

/* Makes a call and sees that it went well. Takes @request. */
static GByteArray *
call (ChP11Host *host,
      ChP11Session *session,
      GByteArray *request,
      ChP11Cost cost,
      const char *what,
      ChP11Reader *in,
      GError **error)
{
  gulong status = CKR_OK;
  GByteArray *answer = ch_p11_host_call (host, request, cost, session != NULL ? &session->generation : NULL,
                                         in, &status, error);

  if (answer == NULL || (!in->is_bad && status == CKR_OK))
    return answer;
  ch_p11_frame_free (answer);
  ch_p11_fail (error, status != CKR_OK ? status : CKR_DEVICE_ERROR, what);
  return NULL;
}

/* A call of which only matters that it went well. Takes @request. */
static gboolean
call_plainly (ChP11Host *host,
              ChP11Session *session,
              GByteArray *request,
              ChP11Cost cost,
              const char *what,
              GError **error)
{
  ChP11Reader in;
  GByteArray *answer = call (host, session, request, cost, what, &in, error);

  ch_p11_frame_free (answer);
  return answer != NULL;
}

/* The end of each call that has results. Takes @answer. */
static gboolean
finish (GByteArray *answer, const ChP11Reader *in, const char *what, GError **error)
{
  gboolean is_done = ch_p11_reader_is_done (in);

  ch_p11_frame_free (answer);
  return is_done || ch_p11_fail (error, CKR_DEVICE_ERROR, what);
}

static GArray *
read_numbers (GByteArray *answer, ChP11Reader *in, guint max, const char *what, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gulong));
  guint n = ch_p11_read_number (in, max);

  for (guint i = 0; i < n && !in->is_bad; i++)
    {
      gulong number = ch_p11_read_number (in, G_MAXULONG);

      g_array_append_val (numbers, number);
    }
  return finish (answer, in, what, error) ? g_steal_pointer (&numbers) : NULL;
}

/**
 * ch_p11_get_slots:
 *
 * Returns: (transfer full) (element-type gulong): slots in which there is something
 */
GArray *
ch_p11_get_slots (ChP11Host *host, GError **error)
{
  ChP11Reader in;
  GByteArray *answer
      = call (host, NULL, begin (CH_P11_CALL_SLOTS), CH_P11_COST_USUAL, "C_GetSlotList", &in, error);

  return answer != NULL ? read_numbers (answer, &in, CH_P11_MAX_SLOTS, "C_GetSlotList", error) : NULL;
}

/* Texts are filled up with blanks, or end at a NUL where a module knows no better; what cannot be shown is
 * left out */
static char *
read_text (ChP11Reader *in)
{
  gsize len = 0;
  const guint8 *data = ch_p11_read_bytes (in, 64, &len);
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", len);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) shown = g_string_new (NULL);

  for (const char *p = valid; *p != 0; p = g_utf8_next_char (p))
    if (g_unichar_isprint (g_utf8_get_char (p)))
      g_string_append_unichar (shown, g_utf8_get_char (p));
  return g_strdup (g_strstrip (shown->str));
}

static guint
read_length (ChP11Reader *in)
{
  guint64 length = ch_p11_read_number (in, G_MAXULONG);

  return MIN (length, MAX_PIN);
}

/**
 * ch_p11_get_token_info:
 *
 * Returns: (transfer full): what is in @slot
 */
ChP11TokenInfo *
ch_p11_get_token_info (ChP11Host *host, CK_SLOT_ID slot, GError **error)
{
  GByteArray *request = begin (CH_P11_CALL_TOKEN);
  g_autoptr (ChP11TokenInfo) info = NULL;
  GByteArray *answer;
  ChP11Reader in;

  ch_p11_frame_add_number (request, slot);
  answer = call (host, NULL, request, CH_P11_COST_USUAL, "C_GetTokenInfo", &in, error);
  if (answer == NULL)
    return NULL;

  info = g_new0 (ChP11TokenInfo, 1);
  info->slot = slot;
  info->stamp = in.stamp;
  info->label = read_text (&in);
  info->manufacturer = read_text (&in);
  info->model = read_text (&in);
  info->serial = read_text (&in);
  info->flags = ch_p11_read_number (&in, G_MAXULONG);
  info->pin_min = read_length (&in);
  info->pin_max = read_length (&in);
  return finish (answer, &in, "C_GetTokenInfo", error) ? g_steal_pointer (&info) : NULL;
}

/**
 * ch_p11_get_mechanisms:
 *
 * Returns: (transfer full) (element-type ChP11Mechanism): what the token in @slot can do
 */
GArray *
ch_p11_get_mechanisms (ChP11Host *host, CK_SLOT_ID slot, GError **error)
{
  g_autoptr (GArray) mechanisms = g_array_new (FALSE, FALSE, sizeof (ChP11Mechanism));
  GByteArray *request = begin (CH_P11_CALL_MECHANISMS);
  GByteArray *answer;
  ChP11Reader in;
  guint n;

  ch_p11_frame_add_number (request, slot);
  answer = call (host, NULL, request, CH_P11_COST_USUAL, "C_GetMechanismList", &in, error);
  if (answer == NULL)
    return NULL;

  n = ch_p11_read_number (&in, CH_P11_MAX_MECHANISMS);
  for (guint i = 0; i < n && !in.is_bad; i++)
    {
      ChP11Mechanism mechanism;

      mechanism.type = ch_p11_read_number (&in, G_MAXULONG);
      mechanism.min_size = ch_p11_read_number (&in, G_MAXULONG);
      mechanism.max_size = ch_p11_read_number (&in, G_MAXULONG);
      mechanism.flags = ch_p11_read_number (&in, G_MAXULONG);
      g_array_append_val (mechanisms, mechanism);
    }
  return finish (answer, &in, "C_GetMechanismList", error) ? g_steal_pointer (&mechanisms) : NULL;
}

static gboolean
open_as (ChP11Host *host, CK_SLOT_ID slot, gboolean is_writing, ChP11Session *session, GError **error)
{
  GByteArray *request = begin (CH_P11_CALL_OPEN);
  GByteArray *answer;
  ChP11Reader in;

  ch_p11_frame_add_number (request, slot);
  ch_p11_frame_add_number (request, is_writing);
  session->generation = 0;
  answer = call (host, session, request, CH_P11_COST_USUAL, "C_OpenSession", &in, error);
  if (answer == NULL)
    return FALSE;
  session->handle = ch_p11_read_number (&in, G_MAXULONG);
  return finish (answer, &in, "C_OpenSession", error);
}

/**
 * ch_p11_open_session:
 * @session: (out): for writing, unless the token is protected against it
 */
gboolean
ch_p11_open_session (ChP11Host *host, CK_SLOT_ID slot, ChP11Session *session, GError **error)
{
  g_autoptr (GError) local = NULL;

  *session = (ChP11Session){ 0 };
  if (open_as (host, slot, TRUE, session, &local))
    return TRUE;
  if (g_error_matches (local, CH_ERROR, CH_ERROR_TOKEN_UNABLE))
    return open_as (host, slot, FALSE, session, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * ch_p11_get_state:
 * @state: (out): who is logged in
 *
 * Returns: whether the session is still there
 */
gboolean
ch_p11_get_state (ChP11Host *host, ChP11Session *session, CK_STATE *state, GError **error)
{
  ChP11Reader in;
  GByteArray *answer = call (host, session, begin_in (CH_P11_CALL_STATE, session), CH_P11_COST_USUAL,
                             "C_GetSessionInfo", &in, error);

  if (answer == NULL)
    return FALSE;
  ch_p11_read_number (&in, G_MAXULONG);
  *state = ch_p11_read_number (&in, G_MAXULONG);
  return finish (answer, &in, "C_GetSessionInfo", error);
}

void
ch_p11_close_session (ChP11Host *host, ChP11Session *session)
{
  if (session->handle != 0)
    call_plainly (host, session, begin_in (CH_P11_CALL_CLOSE, session), CH_P11_COST_USUAL, "C_CloseSession",
                  NULL);
  *session = (ChP11Session){ 0 };
}

/**
 * ch_p11_login:
 * @pin: (nullable): %NULL: it is typed at the medium
 * @error: %CH_ERROR_PIN_WRONG, %CH_ERROR_PIN_LOCKED, …
 */
gboolean
ch_p11_login (ChP11Host *host, ChP11Session *session, CK_USER_TYPE user, ChSecret *pin, GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_LOGIN, session);
  GByteArray *answer;
  ChP11Reader in;
  gulong status = CKR_OK;

  ch_p11_frame_add_number (request, user);
  add_pin (request, pin);
  answer = ch_p11_host_call (host, request, pin != NULL ? CH_P11_COST_CARD : CH_P11_COST_PERSON,
                             &session->generation, &in, &status, error);
  if (answer == NULL)
    return FALSE;
  ch_p11_frame_free (answer);
  /* Another session of this process did it: what is wanted is the case */
  return status == CKR_OK || status == CKR_USER_ALREADY_LOGGED_IN || ch_p11_fail (error, status, "C_Login");
}

void
ch_p11_logout (ChP11Host *host, ChP11Session *session)
{
  call_plainly (host, session, begin_in (CH_P11_CALL_LOGOUT, session), CH_P11_COST_USUAL, "C_Logout", NULL);
}

/**
 * ch_p11_find:
 *
 * Returns: (transfer full) (element-type gulong): the objects that are like @template
 */
GArray *
ch_p11_find (ChP11Host *host,
             ChP11Session *session,
             const CK_ATTRIBUTE *template,
             guint n_attributes,
             GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_FIND, session);
  GByteArray *answer;
  ChP11Reader in;

  add_template (request, template, n_attributes);
  answer = call (host, session, request, CH_P11_COST_CARD, "C_FindObjects", &in, error);
  return answer != NULL ? read_numbers (answer, &in, CH_P11_MAX_OBJECTS, "C_FindObjects", error) : NULL;
}

static void
unref_bytes (gpointer bytes)
{
  if (bytes != NULL)
    g_bytes_unref (bytes);
}

/**
 * ch_p11_read:
 *
 * Returns: (transfer full) (element-type GBytes): the values in the order of @types; %NULL for those that are
 * not there or absurd
 */
GPtrArray *
ch_p11_read (ChP11Host *host,
             ChP11Session *session,
             CK_OBJECT_HANDLE object,
             const CK_ATTRIBUTE_TYPE *types,
             guint n_types,
             GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (unref_bytes);
  GByteArray *request = begin_in (CH_P11_CALL_READ, session);
  GByteArray *answer;
  ChP11Reader in;

  ch_p11_frame_add_number (request, object);
  ch_p11_frame_add_number (request, n_types);
  for (guint i = 0; i < n_types; i++)
    ch_p11_frame_add_number (request, types[i]);
  answer = call (host, session, request, CH_P11_COST_CARD, "C_GetAttributeValue", &in, error);
  if (answer == NULL)
    return NULL;

  for (guint i = 0; i < n_types; i++)
    {
      gsize len;
      const guint8 *data = ch_p11_read_bytes (&in, CH_P11_MAX_VALUE, &len);

      g_ptr_array_add (values, data != NULL ? g_bytes_new (data, len) : NULL);
    }
  return finish (answer, &in, "C_GetAttributeValue", error) ? g_steal_pointer (&values) : NULL;
}

/**
 * ch_p11_sign:
 * @has_own_pin: whether the key asks for a PIN with each signature
 * @own_pin: (nullable): that; %NULL: typed at the medium
 *
 * Returns: (transfer full): what the token calls a signature
 */
GBytes *
ch_p11_sign (ChP11Host *host,
             ChP11Session *session,
             CK_MECHANISM_TYPE mechanism,
             CK_OBJECT_HANDLE key,
             GBytes *data,
             gboolean has_own_pin,
             ChSecret *own_pin,
             GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_SIGN, session);
  g_autoptr (GBytes) signature = NULL;
  GByteArray *answer;
  ChP11Reader in;
  gsize len;
  const guint8 *bytes;

  ch_p11_frame_add_number (request, mechanism);
  ch_p11_frame_add_number (request, key);
  ch_p11_frame_add_bytes (request, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  ch_p11_frame_add_number (request, has_own_pin);
  add_pin (request, own_pin);
  answer = call (host, session, request, CH_P11_COST_PERSON, "C_Sign", &in, error);
  if (answer == NULL)
    return NULL;
  bytes = ch_p11_read_bytes (&in, CH_P11_MAX_VALUE, &len);
  signature = g_bytes_new (bytes, len);
  return finish (answer, &in, "C_Sign", error) ? g_steal_pointer (&signature) : NULL;
}

/**
 * ch_p11_generate:
 * @public_key: (out): the new objects
 * @private_key: (out): the new objects
 */
gboolean
ch_p11_generate (ChP11Host *host,
                 ChP11Session *session,
                 CK_MECHANISM_TYPE mechanism,
                 const CK_ATTRIBUTE *public_template,
                 guint n_public,
                 const CK_ATTRIBUTE *private_template,
                 guint n_private,
                 CK_OBJECT_HANDLE *public_key,
                 CK_OBJECT_HANDLE *private_key,
                 GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_GENERATE, session);
  GByteArray *answer;
  ChP11Reader in;

  ch_p11_frame_add_number (request, mechanism);
  add_template (request, public_template, n_public);
  add_template (request, private_template, n_private);
  answer = call (host, session, request, CH_P11_COST_KEY_PAIR, "C_GenerateKeyPair", &in, error);
  if (answer == NULL)
    return FALSE;
  *public_key = ch_p11_read_number (&in, G_MAXULONG);
  *private_key = ch_p11_read_number (&in, G_MAXULONG);
  return finish (answer, &in, "C_GenerateKeyPair", error);
}

gboolean
ch_p11_create (ChP11Host *host,
               ChP11Session *session,
               const CK_ATTRIBUTE *template,
               guint n_attributes,
               CK_OBJECT_HANDLE *object,
               GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_CREATE, session);
  GByteArray *answer;
  ChP11Reader in;

  add_template (request, template, n_attributes);
  answer = call (host, session, request, CH_P11_COST_PERSON, "C_CreateObject", &in, error);
  if (answer == NULL)
    return FALSE;
  *object = ch_p11_read_number (&in, G_MAXULONG);
  return finish (answer, &in, "C_CreateObject", error);
}

gboolean
ch_p11_write (ChP11Host *host,
              ChP11Session *session,
              CK_OBJECT_HANDLE object,
              const CK_ATTRIBUTE *template,
              guint n_attributes,
              GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_WRITE, session);

  ch_p11_frame_add_number (request, object);
  add_template (request, template, n_attributes);
  return call_plainly (host, session, request, CH_P11_COST_CARD, "C_SetAttributeValue", error);
}

gboolean
ch_p11_destroy (ChP11Host *host, ChP11Session *session, CK_OBJECT_HANDLE object, GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_DESTROY, session);

  ch_p11_frame_add_number (request, object);
  return call_plainly (host, session, request, CH_P11_COST_CARD, "C_DestroyObject", error);
}

/**
 * ch_p11_set_pin:
 * @old_pin: (nullable): %NULL for both: they are typed at the medium
 */
gboolean
ch_p11_set_pin (ChP11Host *host, ChP11Session *session, ChSecret *old_pin, ChSecret *new_pin, GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_SET_PIN, session);

  add_pin (request, old_pin);
  add_pin (request, new_pin);
  return call_plainly (host, session, request, CH_P11_COST_PERSON, "C_SetPIN", error);
}

gboolean
ch_p11_init_pin (ChP11Host *host, ChP11Session *session, ChSecret *pin, GError **error)
{
  GByteArray *request = begin_in (CH_P11_CALL_INIT_PIN, session);

  add_pin (request, pin);
  return call_plainly (host, session, request, CH_P11_COST_PERSON, "C_InitPIN", error);
}

gboolean
ch_p11_init_token (ChP11Host *host, CK_SLOT_ID slot, ChSecret *so_pin, const char *label, GError **error)
{
  GByteArray *request = begin (CH_P11_CALL_INIT_TOKEN);

  ch_p11_frame_add_number (request, slot);
  add_pin (request, so_pin);
  ch_p11_frame_add_bytes (request, label, MIN (strlen (label), 32));
  return call_plainly (host, NULL, request, CH_P11_COST_KEY_PAIR, "C_InitToken", error);
}
