#include "config.h"

#include "base/ch-error.h"
#include "front/ch-verifier.h"
#include "pki/ch-authority.h"
#include "pki/ch-crl-builder.h"
#include "pki/ch-ocsp-responder.h"
#include "unit/pki-world.h"

#define DAY (24 * 3600)

/* What lies at the addresses in certificates: the CA’s list, and its answers; either may be out of reach */
#define TEST_TYPE_FETCHER (test_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (TestFetcher, test_fetcher, TEST, FETCHER, GObject)

struct _TestFetcher
{
  GObject parent_instance;

  ChOcspResponder *responder; /* (unowned) (nullable) */
  ChOcspStatus status;        /* what it says of everybody */
  GBytes *list;               /* (unowned) (nullable) */
};

static gboolean
look_up (const char *serial, ChOcspState *state, gpointer user_data)
{
  state->status = ((TestFetcher *) user_data)->status;
  state->revoked_at = g_get_real_time () / G_USEC_PER_SEC - 60;
  return TRUE;
}

static GBytes *
fetch (ChFetcher *fetcher,
       const char *url,
       const char *content_type,
       GBytes *body,
       gsize max,
       GCancellable *cancellable,
       GError **error)
{
  TestFetcher *self = (TestFetcher *) fetcher;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (body != NULL && self->responder != NULL)
    return ch_ocsp_responder_answer (self->responder, body, now, now + 3600, look_up, self);
  if (body == NULL && self->list != NULL && g_str_has_suffix (url, ".crl"))
    return g_bytes_ref (self->list);

  g_set_error (error, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE, "%s is out of reach", url);
  return NULL;
}

static void
fetcher_init (ChFetcherInterface *iface)
{
  iface->fetch = fetch;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestFetcher,
                               test_fetcher,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_FETCHER, fetcher_init))

static void
test_fetcher_class_init (TestFetcherClass *klass)
{
}

static void
test_fetcher_init (TestFetcher *self)
{
}

/* -- Cases -------------------------------------------------------------------------------------------------
 */

typedef struct
{
  PkiWorld *world;
  GBytes *cert;
  GBytes *list;      /* of the issuing CA */
  GBytes *root_list; /* of the root */
  ChIssuer *signer;
  ChOcspResponder *responder;
} Desk;

static GBytes *
make_list (Desk *desk, ChIssuer *issuer)
{
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  GBytes *list
      = ch_crl_builder_sign (builder, issuer, 1, desk->world->now - 60, desk->world->now + DAY, &error);

  g_assert_no_error (error);
  return list;
}

static void
set_up (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_SM2, &error);
  g_autoptr (ChSubject) name = pki_subject ("状态应答");
  g_autoptr (ChIssuer) root = NULL;
  g_autoptr (GBytes) signer_cert = NULL;

  desk->world = pki_world_new (CH_KEY_SM2);
  desk->cert = pki_issue (desk->world, ch_key_get_spki (key), "甲单位");
  root = ch_issuer_new (desk->world->root_key, desk->world->root, NULL, NULL, &error);
  desk->list = make_list (desk, desk->world->issuer);
  desk->root_list = make_list (desk, root);
  signer_cert = ch_authority_make_ocsp_signer (desk->world->issuer, ch_key_get_spki (key), name,
                                               desk->world->now - 60, desk->world->now + DAY, &error);
  desk->signer = ch_issuer_new (key, signer_cert, NULL, NULL, &error);
  desk->responder = ch_ocsp_responder_new (desk->world->ca, desk->signer, &error);
  g_assert_no_error (error);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  ch_ocsp_responder_free (desk->responder);
  ch_issuer_unref (desk->signer);
  g_bytes_unref (desk->cert);
  g_bytes_unref (desk->list);
  g_bytes_unref (desk->root_list);
  pki_world_free (desk->world);
}

static ChVerifyOutcome
get_outcome (const ChVerifyReport *report, const char *id)
{
  for (guint i = 0; i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];

      if (g_str_equal (check->id, id))
        return check->outcome;
    }
  g_error ("there is no check of %s", id);
}

/* A row of what is to be had, and what follows from it for the certificate */
typedef struct
{
  gboolean has_list;
  gboolean has_answer;
  ChOcspStatus status;
  gboolean has_root_list;
  const char *reason;
} Row;

static void
test_what_is_enough (Desk *desk, gconstpointer data)
{
  static const Row rows[] = {
    { TRUE, TRUE, CH_OCSP_GOOD, TRUE, "ok" },
    /* A current list or an answer is enough for the certificate itself */
    { TRUE, FALSE, CH_OCSP_GOOD, TRUE, "ok" },
    { FALSE, TRUE, CH_OCSP_GOOD, TRUE, "ok" },
    { FALSE, FALSE, CH_OCSP_GOOD, TRUE, "crl-missing" },
    /* Of the CA above nobody has told */
    { TRUE, TRUE, CH_OCSP_GOOD, FALSE, "crl-missing" },
    { FALSE, TRUE, CH_OCSP_GOOD, FALSE, "crl-missing" },
    /* The answer is of this moment, the list of an hour ago */
    { TRUE, TRUE, CH_OCSP_REVOKED, TRUE, "revoked" },
    { FALSE, TRUE, CH_OCSP_REVOKED, TRUE, "revoked" },
    /* A CA that does not know it has not said that it is good */
    { FALSE, TRUE, CH_OCSP_UNKNOWN, TRUE, "crl-missing" },
    { TRUE, TRUE, CH_OCSP_UNKNOWN, TRUE, "crl-missing" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TestFetcher) fetcher = g_object_new (TEST_TYPE_FETCHER, NULL);
      g_autoptr (ChVerifier) verifier = ch_verifier_new (CH_FETCHER (fetcher));
      g_autoptr (ChVerifyReport) report = NULL;
      g_autoptr (GError) error = NULL;

      fetcher->list = rows[i].has_list ? desk->list : NULL;
      fetcher->responder = rows[i].has_answer ? desk->responder : NULL;
      fetcher->status = rows[i].status;
      ch_verifier_add_trusted (verifier, desk->world->root);
      ch_verifier_add_helper (verifier, desk->world->ca);
      if (rows[i].has_root_list)
        g_assert_true (ch_verifier_add_crl (verifier, desk->root_list, NULL));

      report = ch_verifier_check (verifier, desk->cert, CH_VERIFY_ASK_CA, NULL, &error);
      g_assert_no_error (error);
      g_test_message ("row %u: %s", i, report->reason);
      g_assert_cmpstr (report->reason, ==, rows[i].reason);
      /* What was not to be had is told all the same */
      g_assert_cmpint (get_outcome (report, "crl"), ==,
                       rows[i].has_list ? CH_VERIFY_PASSED : CH_VERIFY_UNKNOWN);
      if (!rows[i].has_answer)
        g_assert_cmpint (get_outcome (report, "ocsp"), ==, CH_VERIFY_UNKNOWN);
    }
}

/* The CA answers for this moment, so it is not asked about another one */
static void
test_other_time (Desk *desk, gconstpointer data)
{
  g_autoptr (TestFetcher) fetcher = g_object_new (TEST_TYPE_FETCHER, NULL);
  g_autoptr (ChVerifier) verifier = ch_verifier_new (CH_FETCHER (fetcher));
  g_autoptr (ChVerifyReport) report = NULL;

  fetcher->responder = desk->responder;
  fetcher->status = CH_OCSP_REVOKED;
  fetcher->list = desk->list;
  ch_verifier_add_trusted (verifier, desk->world->root);
  ch_verifier_add_helper (verifier, desk->world->ca);
  ch_verifier_add_crl (verifier, desk->root_list, NULL);
  ch_verifier_set_time (verifier, desk->world->now + 3600);
  report = ch_verifier_check (verifier, desk->cert, CH_VERIFY_ASK_CA, NULL, NULL);
  g_assert_cmpstr (report->reason, ==, "ok");
  for (guint i = 0; i < report->checks->len; i++)
    g_assert_cmpstr (((ChVerifyCheck *) report->checks->pdata[i])->id, !=, "ocsp");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/front/revocation/what-is-enough", Desk, NULL, set_up, test_what_is_enough, tear_down);
  g_test_add ("/front/revocation/other-time", Desk, NULL, set_up, test_other_time, tear_down);

  return g_test_run ();
}
