#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "fuzz/fuzz.h"
#include "pki/ch-spki-make.h"
#include "token/ch-p11-token-private.h"

/* What the child in which a module lives may answer: a module that writes where it should not can make it say
 * anything. The input is the answers in their order, each a length of two bytes and what follows the head of
 * the frame; whatever they are, each call of PKCS#11 ends with a result that can be used or an error of our
 * table. */

#define MAX_CALLS 64

static struct
{
  const uint8_t *data;
  size_t size;
} answers;

GByteArray *__wrap_ch_p11_host_call (ChP11Host *self,
                                     GByteArray *request,
                                     ChP11Cost cost,
                                     guint *generation,
                                     ChP11Reader *in,
                                     gulong *status,
                                     GError **error);

/* Stands for the process boundary alone: the frame is read by the code that reads it in the program */
GByteArray *
__wrap_ch_p11_host_call (ChP11Host *self,
                         GByteArray *request,
                         ChP11Cost cost,
                         guint *generation,
                         ChP11Reader *in,
                         gulong *status,
                         GError **error)
{
  GByteArray *answer;
  size_t len;

  ch_p11_frame_free (request);
  if (answers.size < 2)
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_TOKEN_GONE, "the child has ended");
      return NULL;
    }
  len = MIN ((size_t) answers.data[0] << 8 | answers.data[1], answers.size - 2);
  answer = ch_p11_frame_new ();
  g_byte_array_append (answer, answers.data + 2, len);
  answers.data += 2 + len;
  answers.size -= 2 + len;

  if (generation != NULL)
    *generation = 1;
  *in = ch_p11_reader (answer);
  *status = ch_p11_read_number (in, G_MAXULONG);
  return answer;
}

static void
check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != 0; p = g_utf8_next_char (p))
    g_assert_true (g_unichar_isprint (g_utf8_get_char (p)));
}

static void
list_slots (ChP11Session *session, GError **error)
{
  g_autoptr (GArray) slots = ch_p11_get_slots (NULL, error);

  g_assert_true (slots == NULL || slots->len <= CH_P11_MAX_SLOTS);
}

static void
look_at_token (ChP11Session *session, GError **error)
{
  g_autoptr (ChP11TokenInfo) info = ch_p11_get_token_info (NULL, 1, error);
  g_autoptr (GArray) mechanisms = info != NULL ? ch_p11_get_mechanisms (NULL, 1, error) : NULL;
  g_autoptr (ChTokenInfo) own = NULL;

  if (mechanisms == NULL)
    return;
  own = ch_p11_make_info (info, mechanisms);
  check_text (own->serial);
  check_text (own->label);
  check_text (own->model);
  g_assert_true (*own->serial != 0);
}

static void
find (ChP11Session *session, GError **error)
{
  g_autoptr (GArray) objects = ch_p11_find (NULL, session, NULL, 0, error);

  g_assert_true (objects == NULL || objects->len <= CH_P11_MAX_OBJECTS);
}

static void
read_object (ChP11Session *session, GError **error)
{
  static const CK_ATTRIBUTE_TYPE types[] = { CKA_ID, CKA_LABEL, CKA_VALUE, CKA_KEY_TYPE };
  g_autoptr (GPtrArray) values = ch_p11_read (NULL, session, 1, types, G_N_ELEMENTS (types), error);

  g_assert_true (values == NULL || values->len == G_N_ELEMENTS (types));
}

static void
sign (ChP11Session *session, GError **error)
{
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr (GBytes) raw = ch_p11_sign (NULL, session, CKM_ECDSA, 1, data, FALSE, NULL, error);
  g_autoptr (GBytes) signature = raw != NULL ? ch_spki_join_signature (raw) : NULL;

  g_assert_true (raw == NULL || g_bytes_get_size (raw) <= CH_P11_MAX_VALUE);
}

static void
generate (ChP11Session *session, GError **error)
{
  CK_OBJECT_HANDLE public_key, private_key;

  ch_p11_generate (NULL, session, CKM_EC_KEY_PAIR_GEN, NULL, 0, NULL, 0, &public_key, &private_key, error);
}

static void
create (ChP11Session *session, GError **error)
{
  CK_OBJECT_HANDLE object;

  ch_p11_create (NULL, session, NULL, 0, &object, error);
}

static void
open_and_ask (ChP11Session *session, GError **error)
{
  CK_STATE state;

  if (ch_p11_open_session (NULL, 1, session, error))
    ch_p11_get_state (NULL, session, &state, error);
}

static void
log_in (ChP11Session *session, GError **error)
{
  ch_p11_login (NULL, session, CKU_USER, NULL, error);
}

static void (*const calls[]) (ChP11Session *session, GError **error) = {
  list_slots, look_at_token, find, read_object, sign, generate, create, open_and_ask, log_in,
};

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  ChP11Session session = { 1, 1 };

  answers.data = data;
  answers.size = size;
  for (guint i = 0; answers.size > 0 && i < MAX_CALLS; i++)
    {
      g_autoptr (GError) error = NULL;
      guint call = *answers.data++;

      answers.size--;
      calls[call % G_N_ELEMENTS (calls)](&session, &error);
      g_assert_true (error == NULL || error->domain == CH_ERROR);
    }
  return 0;
}
