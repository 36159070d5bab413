#include "config.h"

#include "base/ch-error.h"
#include "pki-world.h"
#include "pki/ch-authority.h"
#include "pki/ch-chain.h"
#include "pki/ch-crl-builder.h"

#define DAY (24 * 3600)

static const ChKeySpec all_specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

static GPtrArray *
list_of (GBytes *bytes)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (bytes != NULL)
    g_ptr_array_add (list, g_bytes_ref (bytes));
  return list;
}

static ChChainReason
ask (PkiWorld *world, GBytes *cert, gint64 when, GPtrArray *crls)
{
  g_autoptr (GPtrArray) intermediates = list_of (world->ca);
  g_autoptr (GPtrArray) anchors = list_of (world->root);
  g_autoptr (ChChainResult) result = ch_chain_verify (cert, intermediates, anchors, when, crls, NULL);

  return result->reason;
}

static GBytes *
flip (GBytes *bytes, gsize from_end)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  guint8 *copy = g_memdup2 (data, len);

  copy[len - from_end] ^= 1;
  return g_bytes_new_take (copy, len);
}

static void
test_verify (gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (PkiWorld) world = pki_world_new (spec);
  g_autoptr (PkiWorld) other = pki_world_new (CH_KEY_P256);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (spec, &error);
  g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (key), "某单位");
  g_autoptr (GBytes) altered = flip (cert, 3);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (GPtrArray) none = list_of (NULL);
  g_autoptr (GPtrArray) anchors = list_of (world->root);
  g_autoptr (GPtrArray) intermediates = list_of (world->ca);
  g_autoptr (ChChainResult) result = NULL;

  result = ch_chain_verify (cert, intermediates, anchors, world->now, NULL, NULL);
  g_assert_cmpint (result->reason, ==, CH_CHAIN_OK);
  g_assert_cmpuint (result->path->len, ==, 3);
  g_assert_true (g_bytes_equal (g_ptr_array_index (result->path, 0), cert));
  g_assert_true (g_bytes_equal (g_ptr_array_index (result->path, 2), world->root));

  g_assert_cmpint (ask (world, altered, world->now, NULL), ==, CH_CHAIN_BAD_SIGNATURE);
  g_assert_cmpint (ask (world, junk, world->now, NULL), ==, CH_CHAIN_DAMAGED);
  g_assert_cmpint (ask (world, cert, world->now - 3600, NULL), ==, CH_CHAIN_NOT_YET_VALID);
  g_assert_cmpint (ask (world, cert, world->now + 366 * DAY, NULL), ==, CH_CHAIN_EXPIRED);
  g_assert_cmpint (ask (other, cert, world->now, NULL), ==, CH_CHAIN_UNKNOWN_ISSUER);
  g_clear_pointer (&result, ch_chain_result_free);
  result = ch_chain_verify (cert, NULL, none, world->now, NULL, NULL);
  g_assert_cmpint (result->reason, ==, CH_CHAIN_UNKNOWN_ISSUER);
}

static void
test_sm2_id (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_SM2);
  g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (world->root_key), "某单位");
  g_autoptr (GPtrArray) intermediates = list_of (world->ca);
  g_autoptr (GPtrArray) anchors = list_of (world->root);
  g_autoptr (ChChainResult) result
      = ch_chain_verify (cert, intermediates, anchors, world->now, NULL, "another id");

  g_assert_cmpint (result->reason, ==, CH_CHAIN_BAD_SIGNATURE);
}

static void
test_ca_not_allowed (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) holder_key = ch_key_generate (CH_KEY_P256, &error);
  g_autoptr (GBytes) holder = pki_issue (world, ch_key_get_spki (holder_key), "某单位");
  g_autoptr (ChIssuer) as_ca = ch_issuer_new (holder_key, holder, NULL, NULL, &error);
  g_autoptr (ChBuilder) builder = pki_holder (world, ch_key_get_spki (world->ca_key), "冒名");
  g_autoptr (GBytes) forged = ch_builder_issue (builder, as_ca, &error);
  g_autoptr (GPtrArray) intermediates = list_of (world->ca);
  g_autoptr (GPtrArray) anchors = list_of (world->root);
  g_autoptr (ChChainResult) result = NULL;

  /* A customer’s certificate issues none */
  g_ptr_array_add (intermediates, g_bytes_ref (holder));
  result = ch_chain_verify (forged, intermediates, anchors, world->now, NULL, NULL);
  g_assert_cmpint (result->reason, ==, CH_CHAIN_CA_NOT_ALLOWED);
  g_assert_cmpuint (result->depth, ==, 1);
}

static void
test_path_length (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) sub_key = ch_key_generate (CH_KEY_P256, &error);
  g_autoptr (ChSubject) sub_name = pki_subject ("下级");
  g_autoptr (GBytes) sub = ch_authority_make_issuing_ca (world->issuer, ch_key_get_spki (sub_key), sub_name,
                                                         world->now - 60, world->now + DAY, &error);
  g_autoptr (ChIssuer) sub_issuer = ch_issuer_new (sub_key, sub, NULL, NULL, &error);
  g_autoptr (ChBuilder) builder = pki_holder (world, ch_key_get_spki (world->ca_key), "冒名");
  g_autoptr (GBytes) cert = ch_builder_issue (builder, sub_issuer, &error);
  g_autoptr (GPtrArray) intermediates = list_of (world->ca);
  g_autoptr (GPtrArray) anchors = list_of (world->root);
  g_autoptr (ChChainResult) result = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (intermediates, g_bytes_ref (sub));
  result = ch_chain_verify (cert, intermediates, anchors, world->now, NULL, NULL);
  g_assert_cmpint (result->reason, ==, CH_CHAIN_CA_NOT_ALLOWED);
}

static GBytes *
make_crl (ChIssuer *issuer, const char *serial, ChRevocation reason, gint64 this_update)
{
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  GBytes *crl;

  if (serial != NULL)
    ch_crl_builder_add (builder, serial, this_update, reason, &error);
  g_assert_no_error (error);
  crl = ch_crl_builder_sign (builder, issuer, 1, this_update, this_update + DAY, &error);
  g_assert_no_error (error);
  return crl;
}

static void
test_revoked (gconstpointer data)
{
  ChKeySpec spec = *(const ChKeySpec *) data;
  g_autoptr (PkiWorld) world = pki_world_new (spec);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (spec, &error);
  g_autoptr (GBytes) cert = pki_issue (world, ch_key_get_spki (key), "某单位");
  g_autoptr (ChCertInfo) info = ch_cert_info_new (cert, &error);
  g_autoptr (ChCertInfo) ca_info = ch_cert_info_new (world->ca, &error);
  g_autoptr (ChIssuer) root = ch_issuer_new (world->root_key, world->root, NULL, NULL, &error);
  g_autoptr (GBytes) root_crl = make_crl (root, NULL, 0, world->now);
  g_autoptr (GBytes) root_revokes = make_crl (root, ca_info->serial, CH_REVOCATION_CA_COMPROMISE, world->now);
  g_autoptr (GBytes) empty = make_crl (world->issuer, NULL, 0, world->now);
  g_autoptr (GBytes) old = make_crl (world->issuer, NULL, 0, world->now - 3 * DAY);
  g_autoptr (GBytes) old_lists
      = make_crl (world->issuer, info->serial, CH_REVOCATION_SUPERSEDED, world->now - 3 * DAY);
  g_autoptr (GBytes) old_holds
      = make_crl (world->issuer, info->serial, CH_REVOCATION_HOLD, world->now - 3 * DAY);
  g_autoptr (GBytes) lists = make_crl (world->issuer, info->serial, CH_REVOCATION_KEY_COMPROMISE, world->now);
  g_autoptr (GBytes) holds = make_crl (world->issuer, info->serial, CH_REVOCATION_HOLD, world->now);
  g_autoptr (GBytes) altered = flip (lists, 3);
  const struct
  {
    GBytes *crls[3];
    ChChainReason reason;
  } cases[] = {
    { { root_crl, empty }, CH_CHAIN_OK },
    { { root_crl, lists }, CH_CHAIN_REVOKED },
    { { empty, lists, root_crl }, CH_CHAIN_REVOKED },
    { { lists }, CH_CHAIN_REVOKED },
    { { root_crl, holds }, CH_CHAIN_ON_HOLD },
    { { root_crl, old }, CH_CHAIN_CRL_EXPIRED },
    { { root_crl, old, empty }, CH_CHAIN_OK },
    { { root_crl, empty, old }, CH_CHAIN_OK },
    { { root_crl, old_lists }, CH_CHAIN_REVOKED },
    { { root_crl, old_holds, empty }, CH_CHAIN_OK },
    { { root_crl, altered }, CH_CHAIN_CRL_WRONG },
    { { root_crl }, CH_CHAIN_CRL_MISSING },
    { { empty }, CH_CHAIN_CRL_MISSING },
    { { NULL }, CH_CHAIN_CRL_MISSING },
    { { root_revokes, empty }, CH_CHAIN_REVOKED },
  };

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) crls = list_of (NULL);

      for (guint k = 0; k < 3 && cases[i].crls[k] != NULL; k++)
        g_ptr_array_add (crls, g_bytes_ref (cases[i].crls[k]));
      g_test_message ("case %u", i);
      g_assert_cmpint (ask (world, cert, world->now, crls), ==, cases[i].reason);
    }
}

static void
test_reasons (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < CH_N_CHAIN_REASONS; i++)
    {
      g_assert_true (g_hash_table_add (ids, (gpointer) ch_chain_reason_get_id (i)));
      g_assert_cmpuint (strlen (ch_chain_reason_get_text (i)), >, 10);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all_specs); i++)
    {
      const char *id = ch_key_spec_get_id (all_specs[i]);
      g_autofree char *verify = g_strconcat ("/pki/chain/verify/", id, NULL);
      g_autofree char *revoked = g_strconcat ("/pki/chain/revoked/", id, NULL);

      g_test_add_data_func (verify, &all_specs[i], test_verify);
      g_test_add_data_func (revoked, &all_specs[i], test_revoked);
    }
  g_test_add_func ("/pki/chain/sm2-id", test_sm2_id);
  g_test_add_func ("/pki/chain/ca-not-allowed", test_ca_not_allowed);
  g_test_add_func ("/pki/chain/path-length", test_path_length);
  g_test_add_func ("/pki/chain/reasons", test_reasons);

  return g_test_run ();
}
