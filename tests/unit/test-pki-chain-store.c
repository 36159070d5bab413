#include "config.h"

#include "pki-world.h"
#include "pki/ch-authority.h"
#include "pki/ch-chain-store.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-plain-cert-private.h"

#define DAY (24 * 3600)

static const ChKeySpec all_specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

static GBytes *
make_cert (PkiWorld *world, ChKeySpec spec, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (spec, &error);

  g_assert_no_error (error);
  return pki_issue (world, ch_key_get_spki (key), name);
}

static ChChainStore *
make_store (PkiWorld *world)
{
  ChChainStore *store = ch_chain_store_new (NULL);

  g_assert_true (ch_chain_store_add_anchor (store, world->root));
  g_assert_true (ch_chain_store_add_ca (store, world->ca));
  return store;
}

static ChChainReason
ask (ChChainStore *store, GBytes *cert, gint64 when, gboolean with_crls)
{
  g_autoptr (ChChainResult) result = ch_chain_store_verify (store, cert, when, with_crls);

  if (result->reason == CH_CHAIN_OK)
    {
      g_assert_cmpuint (result->path->len, ==, 3);
      g_assert_true (g_bytes_equal (result->path->pdata[0], cert));
    }
  return result->reason;
}

static gboolean
is_plain (GBytes *cert)
{
  ChDerSpan in = ch_der_span (cert);
  ChPlainCert plain;

  return ch_plain_cert_read (&in, &plain);
}

/* Sisters are judged as the first one was, whatever is the matter with them */
static void
test_sisters (gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (PkiWorld) world = pki_world_new (spec);
  g_autoptr (PkiWorld) other = pki_world_new (spec);
  g_autoptr (GBytes) first = make_cert (world, spec, "甲单位");
  g_autoptr (GBytes) second = make_cert (world, spec, "乙单位");
  g_autoptr (GBytes) foreign = make_cert (other, spec, "乙单位");
  g_autoptr (ChChainStore) store = make_store (world);

  g_assert_true (is_plain (first));
  g_assert_true (is_plain (second));
  g_assert_false (is_plain (world->ca));
  g_assert_false (is_plain (world->root));

  g_assert_cmpint (ask (store, first, world->now, FALSE), ==, CH_CHAIN_OK);
  g_assert_cmpint (ask (store, second, world->now, FALSE), ==, CH_CHAIN_OK);
  g_assert_cmpint (ask (store, second, world->now - 3600, FALSE), ==, CH_CHAIN_NOT_YET_VALID);
  g_assert_cmpint (ask (store, second, world->now + 366 * DAY, FALSE), ==, CH_CHAIN_EXPIRED);
  g_assert_cmpint (ask (store, second, world->now + 365 * DAY - 1, FALSE), ==, CH_CHAIN_OK);
  g_assert_cmpint (ask (store, second, world->now + 365 * DAY, FALSE), ==, CH_CHAIN_EXPIRED);
  /* Of the same name, of another key */
  g_assert_cmpint (ask (store, foreign, world->now, FALSE), !=, CH_CHAIN_OK);
}

static void
test_revoked (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChIssuer) root = ch_issuer_new (world->root_key, world->root, NULL, NULL, &error);
  g_autoptr (GBytes) first = make_cert (world, CH_KEY_P256, "甲单位");
  g_autoptr (GBytes) second = make_cert (world, CH_KEY_P256, "乙单位");
  g_autoptr (ChCertInfo) info = ch_cert_info_new (second, &error);
  g_autoptr (ChCrlBuilder) of_root = ch_crl_builder_new ();
  g_autoptr (ChCrlBuilder) of_ca = ch_crl_builder_new ();
  g_autoptr (ChChainStore) store = make_store (world);
  g_autoptr (GBytes) list = NULL;
  g_autoptr (GBytes) root_list = NULL;
  g_autoptr (ChChainResult) result = NULL;

  ch_crl_builder_add (of_ca, info->serial, world->now - 60, CH_REVOCATION_KEY_COMPROMISE, &error);
  list = ch_crl_builder_sign (of_ca, world->issuer, 1, world->now, world->now + DAY, &error);
  root_list = ch_crl_builder_sign (of_root, root, 1, world->now, world->now + DAY, &error);
  g_assert_no_error (error);

  g_assert_cmpint (ask (store, first, world->now, TRUE), ==, CH_CHAIN_CRL_MISSING);
  g_assert_true (ch_chain_store_add_crl (store, list, NULL));
  g_assert_true (ch_chain_store_add_crl (store, root_list, NULL));
  g_assert_cmpint (ask (store, first, world->now, TRUE), ==, CH_CHAIN_OK);
  g_assert_cmpint (ask (store, second, world->now, FALSE), ==, CH_CHAIN_OK);
  result = ch_chain_store_verify (store, second, world->now, TRUE);
  g_assert_cmpint (result->reason, ==, CH_CHAIN_REVOKED);
  g_assert_cmpint (result->revocation, ==, CH_REVOCATION_KEY_COMPROMISE);
  g_assert_cmpint (result->revoked_at, ==, world->now - 60);
  g_assert_cmpint (ask (store, first, world->now + 2 * DAY, TRUE), ==, CH_CHAIN_CRL_EXPIRED);
  g_assert_false (ch_chain_store_add_crl (store, first, NULL));
}

static GBytes *
sign_anew (PkiWorld *world, GBytes *tbs)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = ch_key_sign (world->ca_key, tbs, NULL, &error);

  g_assert_no_error (error);
  return ch_signed_join (tbs, CH_KEY_KIND_P256, signature);
}

/* Every byte of a certificate altered, under a right signature of its CA: whatever the short way calls good
 * OpenSSL calls good as well */
static void
test_never_better (void)
{
  static const guint8 masks[] = { 0x01, 0x20, 0x80 };
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GBytes) cert = make_cert (world, CH_KEY_P256, "甲单位");
  g_autoptr (GPtrArray) anchors = g_ptr_array_new ();
  g_autoptr (GPtrArray) cas = g_ptr_array_new ();
  ChDerSpan in = ch_der_span (cert);
  guint n_good = 0, n_bad = 0;
  ChSigned parts;

  g_ptr_array_add (anchors, world->root);
  g_ptr_array_add (cas, world->ca);
  g_assert_true (ch_signed_split (&in, &parts, NULL));
  for (gsize i = 0; i < parts.tbs.len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (masks); k++)
      {
        /* At length with each mask, else with one of them */
        if (g_getenv ("CERTHALL_LONG") == NULL && i % G_N_ELEMENTS (masks) != k)
          continue;

        g_autofree guint8 *copy = g_memdup2 (parts.tbs.data, parts.tbs.len);
        g_autoptr (GBytes) tbs = NULL;
        g_autoptr (GBytes) altered = NULL;
        g_autoptr (ChChainStore) store = make_store (world);
        g_autoptr (ChChainResult) alone = NULL;

        copy[i] ^= masks[k];
        tbs = g_bytes_new (copy, parts.tbs.len);
        altered = sign_anew (world, tbs);
        alone = ch_chain_verify (altered, cas, anchors, world->now, NULL, NULL);
        g_assert_cmpint (ask (store, cert, world->now, FALSE), ==, CH_CHAIN_OK);
        g_test_message ("byte %zu mask %02x: %s", i, masks[k], ch_chain_reason_get_id (alone->reason));
        g_assert_cmpint (ask (store, altered, world->now, FALSE), ==, alone->reason);
        if (alone->reason == CH_CHAIN_OK)
          n_good++;
        else
          n_bad++;
      }

  /* Both happen, else nothing was compared */
  g_assert_cmpuint (n_good, >, 100);
  g_assert_cmpuint (n_bad, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      g_autofree char *path
          = g_strconcat ("/pki/chain-store/sisters/", ch_key_spec_get_id (all_specs[i]), NULL);

      g_test_add_data_func (path, &all_specs[i], test_sisters);
    }
  g_test_add_func ("/pki/chain-store/revoked", test_revoked);
  g_test_add_func ("/pki/chain-store/never-better", test_never_better);

  return g_test_run ();
}
