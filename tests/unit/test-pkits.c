#include "config.h"

#include <string.h>

#include "pki/ch-chain-store.h"

/* NIST’s Public Key Interoperability Test Suite: every case by its number with NIST’s expected result. The
 * table is tests/data/pkits.tsv, certificates and CRLs are those of Debian’s python3-cryptography-vectors. */

#define VECTORS "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data"
/* 15 June 2020: within the dates of everything that is not there for its dates */
#define WHEN G_GINT64_CONSTANT (1592179200)

/* Cases in which the result differs from NIST’s, and why. None may be added without both. */
static const struct
{
  const char *number;
  ChChainReason reason;
  const char *nist;
  const char *why;
} exceptions[] = {
  { "4.1.4", CH_CHAIN_WEAK, "The path should validate successfully.",
    "The keys are DSA of 1024 bits and sign SHA-1: not to be relied on any more (NIST SP 800-131A)." },
  { "4.1.5", CH_CHAIN_WEAK, "The path should validate successfully.",
    "As 4.1.4; and one of the keys takes its parameters from its issuer’s." },
};

typedef struct
{
  char **cells;
} Case;

enum
{
  NUMBER,
  NAME,
  EXPECTED,
  WORD,
  ASKED,
  CERT,
  PATH,
  CRLS,
  N_CELLS
};

static GBytes *
load (const char *folder, const char *name, const char *ending)
{
  g_autofree char *base = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (VECTORS, folder, base, NULL);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize len = 0;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, len);
}

static char **
split (const char *cell)
{
  return g_str_equal (cell, "-") ? g_new0 (char *, 1) : g_strsplit (cell, " ", -1);
}

/* P1 … P6, explicit, inhibit-mapping, inhibit-any-policy */
static void
set_policy (ChChainStore *store, const char *asked)
{
  g_auto (GStrv) words = split (asked);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) policies = NULL;
  g_autoptr (GError) error = NULL;
  ChChainPolicy policy = { 0 };

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == 'P')
      {
        g_autofree char *oid = g_strconcat ("2.16.840.1.101.3.2.1.48.", words[i] + 1, NULL);

        g_strv_builder_add (builder, oid);
      }
  policies = g_strv_builder_end (builder);
  policy.policies = (const char *const *) policies;
  policy.is_explicit = g_strv_contains ((const char *const *) words, "explicit");
  policy.inhibits_mapping = g_strv_contains ((const char *const *) words, "inhibit-mapping");
  policy.inhibits_any = g_strv_contains ((const char *const *) words, "inhibit-any-policy");
  ch_chain_store_set_policy (store, &policy, &error);
  g_assert_no_error (error);
}

static ChChainReason
verify (const Case *row)
{
  g_autoptr (ChChainStore) store = ch_chain_store_new (NULL);
  g_autoptr (GBytes) anchor = load ("certs", "TrustAnchorRootCertificate", ".crt");
  g_autoptr (GBytes) cert = load ("certs", row->cells[CERT], ".crt");
  g_auto (GStrv) path = split (row->cells[PATH]);
  g_auto (GStrv) crls = split (row->cells[CRLS]);
  g_autoptr (ChChainResult) result = NULL;

  g_assert_true (ch_chain_store_add_anchor (store, anchor));
  for (guint i = 0; path[i] != NULL; i++)
    {
      g_autoptr (GBytes) ca = load ("certs", path[i], ".crt");

      g_assert_true (ch_chain_store_add_ca (store, ca));
    }
  /* One that is not understood is left out, as if it were not there */
  for (guint i = 0; crls[i] != NULL; i++)
    {
      g_autoptr (GBytes) crl = load ("crls", crls[i], ".crl");

      ch_chain_store_add_crl (store, crl, NULL);
    }
  set_policy (store, row->cells[ASKED]);

  result = ch_chain_store_verify (store, cert, WHEN, TRUE);
  return result->reason;
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  ChChainReason reason = verify (row);

  g_test_message ("%s: %s", row->cells[NAME], ch_chain_reason_get_id (reason));
  g_assert_cmpint (g_str_equal (row->cells[EXPECTED], "valid"), ==, g_str_equal (row->cells[WORD], "ok"));
  for (guint i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (g_str_equal (exceptions[i].number, row->cells[NUMBER]))
      {
        g_test_message ("NIST: %s Certhall: %s", exceptions[i].nist, exceptions[i].why);
        g_assert_cmpint (reason, ==, exceptions[i].reason);
        return;
      }
  g_assert_cmpstr (ch_chain_reason_get_id (reason), ==, row->cells[WORD]);
}

static void
case_free (gpointer data)
{
  Case *row = data;

  g_strfreev (row->cells);
  g_free (row);
}

int
main (int argc, char **argv)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("CERTHALL_SOURCE_ROOT"), "tests", "data", "pkits.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_test_init (&argc, &argv, NULL);
  /* Each case is told, whatever became of those before it */
  g_test_set_nonfatal_assertions ();

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("there is no %s", path);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      Case *row;

      if (lines[i][0] == '#' || lines[i][0] == 0)
        continue;
      row = g_new0 (Case, 1);
      row->cells = g_strsplit (lines[i], "\t", -1);
      if (g_strv_length (row->cells) != N_CELLS)
        g_error ("line %u of %s has too many or few cells", i + 1, path);
      name = g_strconcat ("/pki/pkits/", row->cells[NUMBER], NULL);
      g_test_add_data_func_full (name, row, test_case, case_free);
    }

  return g_test_run ();
}
