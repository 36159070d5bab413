#include "config.h"

#include <stdio.h>

#include "pki-world.h"
#include "pki/ch-authority.h"
#include "pki/ch-cert.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-ocsp.h"

/* Prints what is signed by SM2 here, a line each, for sm2-oracle.py: name, key of who must have signed, all
 * of it */

static void
print (const char *name, GBytes *signer_spki, GBytes *der)
{
  g_autofree char *key = ch_bytes_to_hex (signer_spki);
  g_autofree char *hex = ch_bytes_to_hex (der);

  printf ("%s %s %s\n", name, key, hex);
}

static gboolean
look_up (const char *serial, ChOcspState *state, gpointer user_data)
{
  state->status = CH_OCSP_GOOD;
  return TRUE;
}

static void
print_answer (PkiWorld *world, GBytes *cert)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_SM2, &error);
  g_autoptr (ChSubject) name = pki_subject ("状态应答");
  g_autoptr (GBytes) signer_cert = ch_authority_make_ocsp_signer (
      world->issuer, ch_key_get_spki (key), name, world->now - 60, world->now + 86400, &error);
  g_autoptr (ChIssuer) signer = ch_issuer_new (key, signer_cert, NULL, NULL, &error);
  g_autoptr (ChOcspResponder) responder = ch_ocsp_responder_new (world->ca, signer, &error);
  g_autoptr (ChOcspRequest) question = ch_ocsp_request_new (cert, world->ca, &error);
  g_autoptr (GBytes) answer = NULL;

  g_assert_no_error (error);
  answer = ch_ocsp_responder_answer (responder, ch_ocsp_request_get_der (question), world->now,
                                     world->now + 3600, look_up, NULL);
  print ("ocsp-signer", ch_key_get_spki (world->ca_key), signer_cert);
  print ("ocsp-answer", ch_key_get_spki (key), answer);
}

int
main (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_SM2);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_SM2, &error);
  g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (key), "甲单位");
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, &error);
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GBytes) list = NULL;

  ch_crl_builder_add (builder, info->serial, world->now - 60, CH_REVOCATION_SUPERSEDED, &error);
  list = ch_crl_builder_sign (builder, world->issuer, 1, world->now, world->now + 3600, &error);
  g_assert_no_error (error);

  print ("root", ch_key_get_spki (world->root_key), world->root);
  print ("ca", ch_key_get_spki (world->root_key), world->ca);
  print ("cert", ch_key_get_spki (world->ca_key), cert);
  print ("crl", ch_key_get_spki (world->ca_key), list);
  print_answer (world, cert);
  return 0;
}
