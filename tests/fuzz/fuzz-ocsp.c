#include "config.h"

#include "fuzz/fuzz.h"
#include "pki/ch-authority.h"
#include "pki/ch-ocsp.h"

typedef struct
{
  GBytes *ca;                 /* (owned) */
  ChOcspResponder *responder; /* (owned) */
  ChOcspRequest *request;     /* (owned) */
} World;

static gboolean
look_up (const char *serial, ChOcspState *state, gpointer user_data)
{
  *state = (ChOcspState){ CH_OCSP_REVOKED, CH_REVOCATION_SUPERSEDED, 1 };
  return TRUE;
}

static const World *
get_world (void)
{
  static World world;
  g_autoptr (ChKey) key = NULL;
  g_autoptr (ChSubject) name = NULL;
  g_autoptr (ChIssuer) issuer = NULL;

  if (world.ca != NULL)
    return &world;

  key = ch_key_generate (CH_KEY_P256, NULL);
  name = ch_subject_new ();
  ch_subject_add (name, "CN", "fuzz", NULL);
  world.ca = ch_authority_make_root (key, name, 0, 4102444800, NULL, NULL);
  issuer = ch_issuer_new (key, world.ca, NULL, NULL, NULL);
  world.responder = ch_ocsp_responder_new (world.ca, issuer, NULL);
  world.request = ch_ocsp_request_new (world.ca, world.ca, NULL);
  return &world;
}

/* Whatever is asked of the responder gets an answer; whatever comes as an answer to us is not believed. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const World *world = get_world ();
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);
  g_autoptr (GBytes) answer = ch_ocsp_responder_answer (world->responder, input, 1000, 2000, look_up, NULL);
  ChOcspState state;

  g_assert_cmpuint (g_bytes_get_size (answer), >=, 5);
  g_assert_false (ch_ocsp_request_verify (world->request, input, 1000, NULL, &state, NULL));
  return 0;
}
