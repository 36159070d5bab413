#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-chain-store.h"
#include "pki/ch-ocsp.h"

/* Chain, CRLs and OCSP answers signed by SM2 of others: tests/data/sm2 was made with an implementation that
 * has nothing in common with ours (make.js there). Two of them carry the NULL that some CAs write beside the
 * algorithm. */

/* 15 June 2026 12:00:00: within the dates of certificates, lists and answers */
#define WHEN      G_GINT64_CONSTANT (1781524800)
#define DAY       (24 * 3600)
#define ANOTHER   "somebody@example.org"
#define LIST_MADE G_GINT64_CONSTANT (1780272000)

static GBytes *
load (const char *name)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("CERTHALL_SOURCE_ROOT"), "tests", "data", "sm2", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize len = 0;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, len);
}

/* With one bit of the last byte of the signature, or of what is signed, turned */
static GBytes *
turn_bit (GBytes *der, gsize from_end)
{
  gsize len = g_bytes_get_size (der);
  guint8 *copy = g_memdup2 (g_bytes_get_data (der, NULL), len);

  copy[len - from_end] ^= 1;
  return g_bytes_new_take (copy, len);
}

static ChChainStore *
make_store (const char *sm2_id)
{
  ChChainStore *store = ch_chain_store_new (sm2_id);
  g_autoptr (GBytes) root = load ("root.cer");
  g_autoptr (GBytes) ca = load ("ca.cer");
  g_autoptr (GBytes) root_list = load ("root.crl");
  g_autoptr (GBytes) ca_list = load ("ca.crl");

  g_assert_true (ch_chain_store_add_anchor (store, root));
  g_assert_true (ch_chain_store_add_ca (store, ca));
  g_assert_true (ch_chain_store_add_crl (store, root_list, NULL));
  g_assert_true (ch_chain_store_add_crl (store, ca_list, NULL));
  return store;
}

static void
test_chain (void)
{
  g_autoptr (ChChainStore) store = make_store (NULL);
  g_autoptr (GBytes) good = load ("good.cer");
  g_autoptr (GBytes) altered = turn_bit (good, 1);
  g_autoptr (ChChainResult) result = ch_chain_store_verify (store, good, WHEN, TRUE);
  g_autoptr (ChChainResult) bad = NULL;

  g_assert_cmpstr (ch_chain_reason_get_id (result->reason), ==, "ok");
  g_assert_cmpuint (result->path->len, ==, 3);
  g_assert_cmpint (result->list_made, ==, LIST_MADE);
  bad = ch_chain_store_verify (store, altered, WHEN, TRUE);
  g_assert_cmpstr (ch_chain_reason_get_id (bad->reason), ==, "bad-signature");
}

static void
test_lists (void)
{
  g_autoptr (ChChainStore) store = make_store (NULL);
  g_autoptr (GBytes) revoked = load ("revoked.cer");
  g_autoptr (GBytes) good = load ("good.cer");
  g_autoptr (ChChainResult) result = ch_chain_store_verify (store, revoked, WHEN, TRUE);
  g_autoptr (ChChainResult) late = ch_chain_store_verify (store, good, WHEN + 30 * DAY, TRUE);

  g_assert_cmpstr (ch_chain_reason_get_id (result->reason), ==, "revoked");
  g_assert_cmpint (result->revocation, ==, CH_REVOCATION_KEY_COMPROMISE);
  g_assert_cmpstr (ch_chain_reason_get_id (late->reason), ==, "crl-expired");
}

/* A list that was altered counts for none */
static void
test_altered_list (void)
{
  g_autoptr (ChChainStore) store = ch_chain_store_new (NULL);
  g_autoptr (GBytes) root = load ("root.cer");
  g_autoptr (GBytes) ca = load ("ca.cer");
  g_autoptr (GBytes) list = load ("ca.crl");
  g_autoptr (GBytes) altered = turn_bit (list, 1);
  g_autoptr (GBytes) root_list = load ("root.crl");
  g_autoptr (GBytes) good = load ("good.cer");
  g_autoptr (ChChainResult) result = NULL;

  ch_chain_store_add_anchor (store, root);
  ch_chain_store_add_ca (store, ca);
  g_assert_true (ch_chain_store_add_crl (store, altered, NULL));
  g_assert_true (ch_chain_store_add_crl (store, root_list, NULL));
  result = ch_chain_store_verify (store, good, WHEN, TRUE);
  g_assert_cmpstr (ch_chain_reason_get_id (result->reason), ==, "crl-wrong");
}

/* SM2 signs the id of whoever signs, too */
static void
test_other_id (void)
{
  g_autoptr (ChChainStore) store = make_store (ANOTHER);
  g_autoptr (GBytes) good = load ("good.cer");
  g_autoptr (ChChainResult) result = ch_chain_store_verify (store, good, WHEN, TRUE);

  g_assert_cmpstr (ch_chain_reason_get_id (result->reason), ==, "bad-signature");
}

static gboolean
ask (const char *cert_name, GBytes *answer, const char *sm2_id, ChOcspState *state)
{
  g_autoptr (GBytes) cert = load (cert_name);
  g_autoptr (GBytes) ca = load ("ca.cer");
  g_autoptr (ChOcspRequest) question = ch_ocsp_request_new (cert, ca, NULL);

  return ch_ocsp_request_verify (question, answer, WHEN, sm2_id, state, NULL);
}

static void
test_answers (void)
{
  g_autoptr (GBytes) good = load ("good.ocsp");
  g_autoptr (GBytes) revoked = load ("revoked.ocsp");
  g_autoptr (GBytes) altered = turn_bit (good, 1);
  ChOcspState state = { 0 };

  g_assert_true (ask ("good.cer", good, NULL, &state));
  g_assert_cmpint (state.status, ==, CH_OCSP_GOOD);
  g_assert_true (ask ("revoked.cer", revoked, NULL, &state));
  g_assert_cmpint (state.status, ==, CH_OCSP_REVOKED);

  /* About another one, under another id, or with a signer’s certificate that was altered */
  g_assert_false (ask ("revoked.cer", good, NULL, &state));
  g_assert_false (ask ("good.cer", good, ANOTHER, &state));
  g_assert_false (ask ("good.cer", altered, NULL, &state));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pki/sm2/chain", test_chain);
  g_test_add_func ("/pki/sm2/lists", test_lists);
  g_test_add_func ("/pki/sm2/altered-list", test_altered_list);
  g_test_add_func ("/pki/sm2/other-id", test_other_id);
  g_test_add_func ("/pki/sm2/answers", test_answers);

  return g_test_run ();
}
