#include "config.h"

#include <stdio.h>

#include "pki/ch-chain-store.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-signed-private.h"
#include "unit/pki-world.h"

/* Verifies many certificates of one CA with its CRLs, as somebody does who checks all that partners sent,
 * against nothing but the signatures: EVP_DigestVerify() over the same bytes with a key that is loaded
 * already. */

#define N_CERTS   10000
#define N_KEYS    8
#define N_REVOKED 500

typedef struct
{
  PkiWorld *world;
  GPtrArray *certs; /* (element-type GBytes) */
  GBytes *crl;
  GBytes *root_crl;
} Pile;

static GBytes *
make_crl (ChIssuer *issuer, GPtrArray *certs, gint64 now)
{
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  GBytes *crl;

  for (guint i = 0; certs != NULL && i < N_REVOKED; i++)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (certs->pdata[i * (N_CERTS / N_REVOKED)], NULL);

      g_assert_true (ch_crl_builder_add (builder, info->serial, now, CH_REVOCATION_SUPERSEDED, &error));
    }
  crl = ch_crl_builder_sign (builder, issuer, 1, now, now + 86400, &error);
  g_assert_no_error (error);
  return crl;
}

static void
make_pile (Pile *pile, ChKeySpec spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChIssuer) root = NULL;
  ChKey *keys[N_KEYS];

  pile->world = pki_world_new (spec);
  pile->certs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < N_KEYS; i++)
    keys[i] = ch_key_generate (spec, &error);
  for (guint i = 0; i < N_CERTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("天津某某有限公司 %u", i);

      g_ptr_array_add (pile->certs, pki_issue (pile->world, ch_key_get_spki (keys[i % N_KEYS]), name));
    }
  for (guint i = 0; i < N_KEYS; i++)
    ch_key_unref (keys[i]);

  root = ch_issuer_new (pile->world->root_key, pile->world->root, NULL, NULL, &error);
  g_assert_no_error (error);
  pile->crl = make_crl (pile->world->issuer, pile->certs, pile->world->now);
  pile->root_crl = make_crl (root, NULL, pile->world->now);
}

static double
verify_signatures (Pile *pile)
{
  g_autoptr (ChCertInfo) ca = ch_cert_info_new (pile->world->ca, NULL);
  g_autoptr (EVP_PKEY) pkey = ch_spki_load (ca->spki, NULL);
  const EVP_MD *md = EVP_PKEY_is_a (pkey, "SM2") ? EVP_sm3 () : EVP_sha256 ();
  g_autofree ChSigned *parts = g_new (ChSigned, N_CERTS);
  gint64 start;

  for (guint i = 0; i < N_CERTS; i++)
    {
      ChDerSpan in = ch_der_span (pile->certs->pdata[i]);

      g_assert_true (ch_signed_split (&in, &parts[i], NULL));
    }

  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_CERTS; i++)
    g_assert_true (ch_pkey_verify (pkey, md, &parts[i].tbs, &parts[i].signature, NULL));
  return (g_get_monotonic_time () - start) / 1e6;
}

static double
verify_certs (Pile *pile)
{
  g_autoptr (ChChainStore) store = ch_chain_store_new (NULL);
  gint64 start = g_get_monotonic_time ();
  guint n_revoked = 0;

  ch_chain_store_add_anchor (store, pile->world->root);
  ch_chain_store_add_ca (store, pile->world->ca);
  g_assert_true (ch_chain_store_add_crl (store, pile->crl, NULL));
  g_assert_true (ch_chain_store_add_crl (store, pile->root_crl, NULL));
  for (guint i = 0; i < N_CERTS; i++)
    {
      g_autoptr (ChChainResult) result
          = ch_chain_store_verify (store, pile->certs->pdata[i], pile->world->now, TRUE);

      g_assert_true (result->reason == CH_CHAIN_OK || result->reason == CH_CHAIN_REVOKED);
      n_revoked += result->reason == CH_CHAIN_REVOKED;
    }
  g_assert_cmpuint (n_revoked, ==, N_REVOKED);
  return (g_get_monotonic_time () - start) / 1e6;
}

int
main (void)
{
  static const ChKeySpec specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      Pile pile;
      double bare = G_MAXDOUBLE, ours = G_MAXDOUBLE;

      make_pile (&pile, specs[i]);
      /* In turn, the better of three each: what else runs here disturbs both alike */
      for (guint k = 0; k < 3; k++)
        {
          bare = MIN (bare, verify_signatures (&pile));
          ours = MIN (ours, verify_certs (&pile));
        }
      printf ("ratio verify-%s %.2f >= 0.8 %.0f certificates/s with chain and CRLs against %.0f bare "
              "signatures/s\n",
              ch_key_spec_get_id (specs[i]), bare / ours, N_CERTS / ours, N_CERTS / bare);
      pki_world_free (pile.world);
      g_ptr_array_unref (pile.certs);
      g_bytes_unref (pile.crl);
      g_bytes_unref (pile.root_crl);
    }
  return 0;
}
