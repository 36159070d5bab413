#include "config.h"

#include "base/ch-error.h"
#include "front/ch-verify-list.h"
#include "pki/ch-cert.h"
#include "pki/ch-crl-builder.h"
#include "unit/pki-world.h"

#define DAY (24 * 3600)

typedef struct
{
  PkiWorld *world;
  GBytes *good;
  GBytes *revoked;
  GAsyncResult *result;
} Desk;

static GBytes *
issue (PkiWorld *world, const char *name)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);

  return pki_issue (world, ch_key_get_spki (key), name);
}

static void
write_crl (Desk *desk, const char *name, ChIssuer *issuer, GBytes *listed)
{
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) crl = NULL;
  g_autofree char *path = NULL;

  if (listed != NULL)
    {
      g_autoptr (ChCertInfo) info = ch_cert_info_new (listed, &error);

      ch_crl_builder_add (builder, info->serial, desk->world->now - 60, CH_REVOCATION_SUPERSEDED, &error);
    }
  crl = ch_crl_builder_sign (builder, issuer, 1, desk->world->now - 60, desk->world->now + DAY, &error);
  g_assert_no_error (error);
  path = pki_write (desk->world, name, crl);
}

static void
set_up (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChIssuer) root = NULL;

  desk->world = pki_world_new (CH_KEY_P256);
  desk->good = issue (desk->world, "甲单位");
  desk->revoked = issue (desk->world, "乙单位");
  root = ch_issuer_new (desk->world->root_key, desk->world->root, NULL, NULL, &error);
  g_assert_no_error (error);
  write_crl (desk, "issuing.crl", desk->world->issuer, desk->revoked);
  write_crl (desk, "root.crl", root, NULL);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  g_bytes_unref (desk->good);
  g_bytes_unref (desk->revoked);
  pki_world_free (desk->world);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Desk *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Desk *desk)
{
  while (desk->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&desk->result);
}

static void
add_paths (Desk *desk, ChVerifyList *list, const char *const *paths)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ch_verify_list_add_paths_async (list, paths, NULL, on_result_cb, desk);
  g_assert_true (ch_verify_list_is_busy (list));
  result = wait_for (desk);
  g_assert_true (ch_verify_list_add_paths_finish (list, result, &error));
  g_assert_no_error (error);
}

static void
look (Desk *desk, ChVerifyList *list)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ch_verify_list_check_async (list, NULL, on_result_cb, desk);
  result = wait_for (desk);
  g_assert_true (ch_verify_list_check_finish (list, result, &error));
  g_assert_no_error (error);
  g_assert_false (ch_verify_list_is_busy (list));
}

/* Returns: (transfer full): the item of that file */
static ChVerifyItem *
find (ChVerifyList *list, const char *source)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      if (g_str_equal (ch_verify_item_get_source (item), source))
        return g_steal_pointer (&item);
    }
  g_test_message ("no %s", source);
  return NULL;
}

static const char *
reason_of (ChVerifyList *list, const char *source)
{
  g_autoptr (ChVerifyItem) item = find (list, source);
  const GError *error;

  g_assert_nonnull (item);
  error = ch_verify_item_get_error (item);
  g_assert_cmpstr (ch_verify_item_get_sentence (item), !=, "");
  return error != NULL ? ch_error_get_info (error)->id : ch_verify_item_get_report (item)->reason;
}

static ChVerifyList *
make_list (Desk *desk)
{
  g_autoptr (ChVerifier) verifier = ch_verifier_new (NULL);

  ch_verifier_add_trusted (verifier, desk->world->root);
  return ch_verify_list_new (verifier);
}

/* A folder as somebody collects it: everything in it gets its verdict, and nothing in it is trusted by itself
 */
static void
test_folder (Desk *desk, gconstpointer data)
{
  g_autoptr (PkiWorld) other = pki_world_new (CH_KEY_P256);
  g_autoptr (GBytes) foreign = issue (other, "丙单位");
  g_autoptr (GBytes) junk = g_bytes_new_static ("=junk", 5);
  g_autoptr (GBytes) damaged = NULL;
  g_autoptr (ChVerifyList) list = make_list (desk);
  g_autoptr (ChVerifyItem) bundled = NULL;
  g_autofree char *foreign_root = pki_write_pem (other, "root.pem", other->root);
  g_autofree char *text = NULL;
  g_autofree char *csv = g_build_filename (desk->world->dir, "out", NULL);
  const char *const paths[] = { desk->world->dir, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (desk->good, NULL), g_bytes_get_size (desk->good));

  copy[g_bytes_get_size (desk->good) - 3] ^= 1;
  damaged = g_bytes_new (copy, g_bytes_get_size (desk->good));
  g_free (pki_write_pem (desk->world, "good.pem", desk->good));
  g_free (pki_write_pem (desk->world, "issuing.pem", desk->world->ca));
  g_free (pki_write (desk->world, "revoked.cer", desk->revoked));
  g_free (pki_write (desk->world, "altered.cer", damaged));
  g_free (pki_write (desk->world, "junk.crt", junk));
  g_free (pki_write (desk->world, "notes.txt", junk));
  /* A foreign certificate with its whole chain in one bag, root and all */
  g_free (pki_write_pem (desk->world, "foreign.pem", foreign));
  g_free (pki_openssl (desk->world, 0,
                       "crl2pkcs7 -nocrl -certfile foreign.pem -certfile %s -outform DER -out foreign.p7b",
                       foreign_root));
  g_free (
      pki_openssl (desk->world, 0, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem"));
  g_free (pki_openssl (desk->world, 0, "req -x509 -new -key key.pem -subj /CN=x -out self.crt"));
  g_free (pki_openssl (desk->world, 0,
                       "pkcs12 -export -inkey key.pem -in self.crt -passout pass:x -out key.p12"));

  add_paths (desk, list, paths);
  look (desk, list);

  g_assert_cmpstr (reason_of (list, "good.pem"), ==, "ok");
  g_assert_cmpstr (reason_of (list, "revoked.cer"), ==, "revoked");
  g_assert_cmpstr (reason_of (list, "altered.cer"), ==, "bad-signature");
  g_assert_cmpstr (reason_of (list, "foreign.p7b"), ==, "unknown-issuer");
  g_assert_cmpstr (reason_of (list, "self.crt"), ==, "unknown-issuer");
  g_assert_cmpstr (reason_of (list, "junk.crt"), ==, "no-certificate");
  g_assert_cmpstr (reason_of (list, "key.pem"), ==, "holds-key");
  g_assert_cmpstr (reason_of (list, "key.p12"), ==, "holds-key");
  g_assert_null (find (list, "notes.txt"));
  g_assert_null (find (list, "issuing.crl"));
  /* A CA by itself is asked for like any other */
  g_assert_cmpstr (reason_of (list, "issuing.pem"), ==, "ok");
  g_assert_cmpuint (ch_verify_list_count (list, CH_VERIFY_PASSED)
                        + ch_verify_list_count (list, CH_VERIFY_FAILED)
                        + ch_verify_list_count (list, CH_VERIFY_UNKNOWN),
                    ==, g_list_model_get_n_items (G_LIST_MODEL (list)));

  g_assert_true (ch_verify_list_save_csv (list, csv, &error));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"good.pem\","));
  g_assert_nonnull (strstr (text, "甲单位"));
  ch_verify_list_clear (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

/* Nobody to ask and no list: not wrong, and not certain either */
static void
test_not_certain (Desk *desk, gconstpointer data)
{
  g_autoptr (ChVerifier) verifier = ch_verifier_new (NULL);
  g_autoptr (ChVerifyReport) report = NULL;
  g_autoptr (GError) error = NULL;

  ch_verifier_add_trusted (verifier, desk->world->root);
  ch_verifier_add_helper (verifier, desk->world->ca);
  report = ch_verifier_check (verifier, desk->good, CH_VERIFY_ASK_CA, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->verdict, ==, CH_VERIFY_UNKNOWN);
  g_assert_cmpstr (report->reason, ==, "crl-missing");
}

/* A root that comes with a certificate is not trusted for that */
static void
test_helper_is_not_trusted (Desk *desk, gconstpointer data)
{
  g_autoptr (ChVerifier) verifier = ch_verifier_new (NULL);
  g_autoptr (ChVerifyReport) report = NULL;

  ch_verifier_add_helper (verifier, desk->world->root);
  ch_verifier_add_helper (verifier, desk->world->ca);
  report = ch_verifier_check (verifier, desk->good, CH_VERIFY_ALONE, NULL, NULL);
  g_assert_cmpint (report->verdict, ==, CH_VERIFY_FAILED);
  g_assert_cmpstr (report->reason, ==, "unknown-issuer");
}

/* What a spreadsheet would take for a formula stays a text */
static void
test_formula (Desk *desk, gconstpointer data)
{
  g_autoptr (GBytes) cert = issue (desk->world, "=HYPERLINK(\"x\")");
  g_autoptr (ChVerifyList) list = make_list (desk);
  g_autofree char *csv = g_build_filename (desk->world->dir, "out", NULL);
  g_autofree char *text = NULL;

  ch_verify_list_add_cert (list, "@file\"", cert);
  look (desk, list);
  g_assert_true (ch_verify_list_save_csv (list, csv, NULL));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"'@file\"\"\""));
  g_assert_null (strstr (text, "\"=HYPERLINK"));
}

/* Many at once, with verdicts on their way while others are still looked at */
static void
test_many (Desk *desk, gconstpointer data)
{
  g_autoptr (ChVerifyList) list = make_list (desk);
  g_autofree char *chain = pki_write_pem (desk->world, "issuing.pem", desk->world->ca);
  const char *const paths[] = { chain, NULL };

  add_paths (desk, list, paths);
  for (guint i = 0; i < 500; i++)
    ch_verify_list_add_cert (list, "x", i % 2 == 0 ? desk->good : desk->revoked);
  look (desk, list);
  g_assert_cmpuint (ch_verify_list_count (list, CH_VERIFY_FAILED), ==, 0);
  g_assert_cmpuint (ch_verify_list_count (list, CH_VERIFY_UNKNOWN), ==, 501);
  for (guint i = 0; i < 501; i++)
    {
      g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_nonnull (ch_verify_item_get_report (item));
      g_assert_cmpuint (ch_verify_item_get_report (item)->checks->len, >=, 4);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/front/verify/folder", Desk, NULL, set_up, test_folder, tear_down);
  g_test_add ("/front/verify/not-certain", Desk, NULL, set_up, test_not_certain, tear_down);
  g_test_add ("/front/verify/helper-is-not-trusted", Desk, NULL, set_up, test_helper_is_not_trusted,
              tear_down);
  g_test_add ("/front/verify/formula", Desk, NULL, set_up, test_formula, tear_down);
  g_test_add ("/front/verify/many", Desk, NULL, set_up, test_many, tear_down);

  return g_test_run ();
}
