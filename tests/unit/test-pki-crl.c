#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-crl.h"

static const ChKeySpec all_specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

static void
test_round_trip (gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (PkiWorld) world = pki_world_new (spec);
  g_autoptr (PkiWorld) other = pki_world_new (spec);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GBytes) der = NULL;
  g_autoptr (ChCrl) crl = NULL;
  g_autofree char *dir = pki_write_chain (world);
  g_autofree char *file = NULL;
  g_autofree char *output = NULL;
  ChRevocation reason;
  gint64 revoked_at;

  g_assert_true (ch_crl_builder_add (builder, "F0000000000000000000000000000001", world->now - 5,
                                     CH_REVOCATION_KEY_COMPROMISE, &error));
  g_assert_true (ch_crl_builder_add (builder, "7F02", world->now - 4, CH_REVOCATION_UNSPECIFIED, &error));
  g_assert_true (ch_crl_builder_add (builder, "0A", world->now - 3, CH_REVOCATION_HOLD, &error));
  g_assert_false (ch_crl_builder_add (builder, "", world->now, CH_REVOCATION_HOLD, NULL));
  g_assert_false (ch_crl_builder_add (builder, "XY", world->now, CH_REVOCATION_HOLD, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  der = ch_crl_builder_sign (builder, world->issuer, 300, world->now, world->now + 3600, &error);
  g_assert_no_error (error);

  crl = ch_crl_new (der, &error);
  g_assert_no_error (error);
  g_assert_true (ch_crl_verify (crl, world->ca, NULL, &error));
  g_assert_no_error (error);
  /* Same name, other key */
  g_assert_false (ch_crl_verify (crl, other->ca, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_clear_error (&error);
  if (spec == CH_KEY_SM2)
    g_assert_false (ch_crl_verify (crl, world->ca, "another id", NULL));

  g_assert_cmpuint (ch_crl_get_n_revoked (crl), ==, 3);
  g_assert_cmpuint (ch_crl_get_number (crl), ==, 300);
  g_assert_cmpint (ch_crl_get_this_update (crl), ==, world->now);
  g_assert_cmpint (ch_crl_get_next_update (crl), ==, world->now + 3600);
  g_assert_true (ch_crl_find (crl, "F0000000000000000000000000000001", &reason, &revoked_at));
  g_assert_cmpint (reason, ==, CH_REVOCATION_KEY_COMPROMISE);
  g_assert_cmpint (revoked_at, ==, world->now - 5);
  g_assert_true (ch_crl_find (crl, "0A", &reason, NULL));
  g_assert_cmpint (reason, ==, CH_REVOCATION_HOLD);
  g_assert_true (ch_crl_find (crl, "7F02", &reason, NULL));
  g_assert_cmpint (reason, ==, CH_REVOCATION_UNSPECIFIED);
  g_assert_false (ch_crl_find (crl, "0B", NULL, NULL));
  g_assert_false (ch_crl_find (crl, "", NULL, NULL));

  if (spec == CH_KEY_SM2)
    return;
  file = pki_write (world, "ca.crl", der);
  output = pki_openssl (world, 0, "crl -inform DER -in ca.crl -CAfile ca.pem -noout -text");
  g_assert_nonnull (strstr (output, "verify OK"));
  g_assert_nonnull (strstr (output, "Serial Number: F0000000000000000000000000000001"));
  g_assert_nonnull (strstr (output, "Key Compromise"));
  g_assert_nonnull (strstr (output, "Certificate Hold"));
}

static void
test_openssl_check (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_RSA_2048);
  g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, &error);
  g_autofree char *dir = pki_write_chain (world);
  g_autofree char *leaf = pki_write_pem (world, "leaf.pem", cert);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
      g_autoptr (GBytes) der = NULL;
      g_autofree char *file = NULL;
      g_autofree char *output = NULL;
      g_autofree char *converted = NULL;

      if (i == 1)
        ch_crl_builder_add (builder, info->serial, world->now, CH_REVOCATION_SUPERSEDED, &error);
      der = ch_crl_builder_sign (builder, world->issuer, i + 1, world->now, world->now + 3600, &error);
      g_assert_no_error (error);
      file = pki_write (world, "ca.crl", der);
      converted = pki_openssl (world, 0, "crl -inform DER -in ca.crl -out crl.pem");
      output = pki_openssl (world, i == 0 ? 0 : 2,
                            "verify -crl_check -CAfile root.pem -untrusted ca.pem -CRLfile crl.pem leaf.pem");
      if (i == 1)
        g_assert_nonnull (strstr (output, "certificate revoked"));
    }
}

static void
test_large (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = NULL;
  g_autoptr (ChCrl) crl = NULL;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *serial = g_strdup_printf ("%08X", 0x10000000 + i * 7919);

      g_assert_true (ch_crl_builder_add (builder, serial, world->now, CH_REVOCATION_SUPERSEDED, &error));
    }
  der = ch_crl_builder_sign (builder, world->issuer, 1, world->now, world->now + 3600, &error);
  g_assert_no_error (error);
  crl = ch_crl_new (der, &error);
  g_assert_no_error (error);
  g_assert_true (ch_crl_verify (crl, world->ca, NULL, &error));
  g_assert_cmpuint (ch_crl_get_n_revoked (crl), ==, 20000);
  g_assert_true (ch_crl_find (crl, "10000000", NULL, NULL));
  g_assert_false (ch_crl_find (crl, "10000001", NULL, NULL));
}

static void
test_damaged (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = NULL;
  gsize len = 0;
  const guint8 *data;

  ch_crl_builder_add (builder, "0A", world->now, CH_REVOCATION_HOLD, &error);
  der = ch_crl_builder_sign (builder, world->issuer, 1, world->now, world->now + 3600, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (der, &len);

  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (ChCrl) crl = NULL;

      g_assert_null (ch_crl_new (cut, NULL));
      copy[i] ^= 1 << (i % 8);
      flipped = g_bytes_new (copy, len);
      crl = ch_crl_new (flipped, NULL);
      g_assert_true (crl == NULL || !ch_crl_verify (crl, world->ca, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      g_autofree char *name = g_strconcat ("/pki/crl/round-trip/", ch_key_spec_get_id (all_specs[i]), NULL);

      g_test_add_data_func (name, &all_specs[i], test_round_trip);
    }
  g_test_add_func ("/pki/crl/openssl-check", test_openssl_check);
  g_test_add_func ("/pki/crl/large", test_large);
  g_test_add_func ("/pki/crl/damaged", test_damaged);

  return g_test_run ();
}
