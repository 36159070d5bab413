#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-statement.h"
#include "server-world.h"
#include "wire/ch-batch.h"
#include "wire/ch-policy.h"

#define FLOW    "apply.enterprise.soft.enterprise-pay"
#define PROJECT "ra-test-key-account"

/* One server for all of it, and two accounts with a certificate each */
typedef struct
{
  ServerWorld *server;
  char *own, *other; /* sessions */
  ChKey *key, *other_key;
  ChCertificate *certificate, *other_certificate;
} World;

static ChCertificate *
certify (World *world, const char *token, ChKey *key)
{
  g_autofree char *id = server_bring_to_approval (world->server, token);
  g_autoptr (GError) error = NULL;
  ChCertificate *certificate = server_issue (world->server, token, id, key, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
set_up (World *world)
{
  world->server = server_world_new ();
  world->own = server_register (world->server, "13800000051");
  world->other = server_register (world->server, "13800000052");
  world->key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  world->other_key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  world->certificate = certify (world, world->own, world->key);
  world->other_certificate = certify (world, world->other, world->other_key);
}

static void
tear_down (World *world)
{
  g_free (world->own);
  g_free (world->other);
  ch_key_unref (world->key);
  ch_key_unref (world->other_key);
  ch_certificate_free (world->certificate);
  ch_certificate_free (world->other_certificate);
  server_world_free (world->server);
}

/* What an application that is filled in as server_fill_in() does would be signed as */
static GHashTable *
find_answers (World *world)
{
  g_autoptr (ChApplication) like = server_fill_in (
      world->server, world->own, server_apply (world->server, world->own, "enterprise-pay"));
  const ChVersion version = { .version = like->version };
  GHashTable *answers = g_hash_table_ref (like->answers);
  g_autoptr (GError) error = NULL;
  g_autofree gpointer gone = NULL;

  gone = server_call (world->server, world->own, &ch_route_application_discard, like->id, &version, &error);
  g_assert_no_error (error);
  return answers;
}

static GBytes *
digest_rows (GHashTable *answers, guint n)
{
  g_autoptr (GHashTable) files = ch_wire_map_new ();
  GByteArray *digests = g_byte_array_new ();
  ChAxes axes;

  g_assert_true (ch_axes_parse (FLOW, &axes));
  g_hash_table_insert (files, g_strdup ("licence"), g_strdup ("0123"));
  for (guint i = 0; i < n; i++)
    {
      guint8 digest[CH_BATCH_DIGEST_SIZE];

      ch_batch_digest_row (&axes, answers, files, digest);
      g_byte_array_append (digests, digest, sizeof digest);
    }
  return g_byte_array_free_to_bytes (digests);
}

typedef enum
{
  SIGNED_WELL,
  OTHER_LABEL,
  OTHER_DIGEST,
  OTHER_KEY,
  OTHER_ACCOUNT,
  NONCE_TWICE,
  SELF_PAY,
  HALF_A_ROW,
} Signing;

static ChNonce *
ask_nonce (World *world, const char *label)
{
  const ChNonceRequest wanted = { .label = (char *) label };
  g_autoptr (GError) error = NULL;
  ChNonce *nonce = server_call (world->server, NULL, &ch_route_nonce, NULL, &wanted, &error);

  g_assert_no_error (error);
  return nonce;
}

static ChBatch *
confirm (World *world, GBytes *rows, Signing signing, GError **error)
{
  static ChNonce *spent;
  const char *label = signing == OTHER_LABEL ? CH_STATEMENT_LOGIN : CH_STATEMENT_CONFIRM;
  g_autoptr (ChNonce) fresh = ask_nonce (world, label);
  const ChNonce *nonce = signing == NONCE_TWICE ? spent : fresh;
  const ChCertificate *certificate = signing == OTHER_ACCOUNT ? world->other_certificate : world->certificate;
  ChKey *key = signing == OTHER_KEY || signing == OTHER_ACCOUNT ? world->other_key : world->key;
  g_autoptr (GBytes) digests
      = signing == HALF_A_ROW ? g_bytes_new_from_bytes (rows, 0, 40) : g_bytes_ref (rows);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  const char *flow = signing == SELF_PAY ? "apply.enterprise.soft.self-pay" : FLOW;
  g_autoptr (GBytes) digest = ch_batch_digest (flow, PROJECT, signing == OTHER_DIGEST ? nothing : digests);
  g_autoptr (GBytes) statement
      = ch_statement_build (label, ch_service_get_tls_certificate (world->server->service), certificate->der,
                            nonce->nonce, digest, NULL);
  g_autoptr (GBytes) signature = ch_key_sign (key, statement, NULL, NULL);
  const ChBatchNew request = { .flow = (char *) flow,
                               .project = (char *) PROJECT,
                               .name = (char *) "people.csv",
                               .digests = digests,
                               .certificate = certificate->der,
                               .nonce = nonce->nonce,
                               .signature = signature };
  ChBatch *batch = server_call (world->server, world->own, &ch_route_batch_new, NULL, &request, error);

  if (signing == SIGNED_WELL && spent == NULL)
    spent = g_steal_pointer (&fresh);
  if (signing == NONCE_TWICE)
    g_clear_pointer (&spent, ch_nonce_free);
  return batch;
}

/* Only the account’s own key, over this batch, for this server, once */
static void
test_signing (gconstpointer data)
{
  static const struct
  {
    Signing signing;
    ChErrorCode code;
  } wrong[] = {
    { OTHER_LABEL, CH_ERROR_BATCH_SIGNER }, { OTHER_DIGEST, CH_ERROR_BATCH_SIGNER },
    { OTHER_KEY, CH_ERROR_BATCH_SIGNER },   { OTHER_ACCOUNT, CH_ERROR_BATCH_SIGNER },
    { NONCE_TWICE, CH_ERROR_NONCE_SPENT },  { SELF_PAY, CH_ERROR_NOT_OFFERED },
    { HALF_A_ROW, CH_ERROR_BAD_ANSWER },
  };
  World *world = (World *) data;
  g_autoptr (GHashTable) answers = find_answers (world);
  g_autoptr (GBytes) rows = digest_rows (answers, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChBatch) batch = confirm (world, rows, SIGNED_WELL, &error), again = NULL;
  g_autoptr (ChBatchList) list = NULL;
  const ChBatchQuery all = { NULL };

  g_assert_no_error (error);
  g_assert_cmpint (batch->rows, ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (confirm (world, rows, wrong[i].signing, &error));
      g_assert_error (error, CH_ERROR, (int) wrong[i].code);
      g_clear_error (&error);
    }

  /* confirmed once more it is the same batch */
  again = confirm (world, rows, SIGNED_WELL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->id, ==, batch->id);
  list = server_call (world->server, world->own, &ch_route_batch_list, NULL, &all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 1);
}

static ChApplication *
begin_row (World *world, const char *token, const char *batch, gint64 row, const char *sum, GError **error)
{
  g_autoptr (GHashTable) files = ch_wire_map_new ();
  const ChBatchRowNew request = { .row = row, .files = files };

  g_hash_table_insert (files, g_strdup ("licence"), g_strdup (sum));
  return server_call (world->server, token, &ch_route_batch_row_new, batch, &request, error);
}

/* Fills in as it was signed but for one answer, and hands in */
static ChApplication *
hand_in (World *world, ChApplication *application, const char *name, GError **error)
{
  g_autoptr (ChApplication) filled = server_fill_in (world->server, world->own, application), newest = NULL;
  g_autoptr (ChOrder) order = NULL;
  ChVersion version = { 0 };

  if (name != NULL)
    {
      g_autoptr (ChApplication) saved
          = server_save (world->server, world->own, filled, "unit-name", name, error);

      g_assert_no_error (*error);
    }
  newest = server_upload_all (world->server, world->own, filled->id);
  version.version = newest->version;
  order = server_call (world->server, world->own, &ch_route_order_new, newest->id, &version, error);
  g_assert_no_error (*error);
  g_clear_pointer (&newest, ch_application_free);
  newest = server_get (world->server, world->own, filled->id);
  return server_submit (world->server, world->own, newest, error);
}

/* A row is one application, and what is handed in is what was signed */
static void
test_rows (gconstpointer data)
{
  World *world = (World *) data;
  g_autoptr (GHashTable) answers = find_answers (world);
  g_autoptr (GBytes) rows = digest_rows (answers, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChBatch) batch = confirm (world, rows, SIGNED_WELL, &error), after = NULL;
  g_autoptr (ChApplication) first = NULL, same = NULL, second = NULL, third = NULL, submitted = NULL;

  g_assert_no_error (error);
  first = begin_row (world, world->own, batch->id, 1, "0123", &error);
  g_assert_no_error (error);
  same = begin_row (world, world->own, batch->id, 1, "0123", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->id, ==, same->id);

  g_assert_null (begin_row (world, world->own, batch->id, 4, "0123", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (begin_row (world, world->other, batch->id, 2, "0123", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  submitted = hand_in (world, g_steal_pointer (&same), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (submitted->state, ==, CH_APPLICATION_SUBMITTED);

  /* another name, other files */
  second = begin_row (world, world->own, batch->id, 2, "0123", &error);
  g_assert_no_error (error);
  g_assert_null (hand_in (world, g_steal_pointer (&second), "天津市别的单位", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BATCH_CHANGED);
  g_clear_error (&error);
  third = begin_row (world, world->own, batch->id, 3, "4567", &error);
  g_assert_no_error (error);
  g_assert_null (hand_in (world, g_steal_pointer (&third), NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BATCH_CHANGED);
  g_clear_error (&error);

  after = server_call (world->server, world->own, &ch_route_batch, batch->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->begun, ==, 3);
  g_assert_cmpint (after->sent, ==, 1);

  /* what a reviewer wants corrected is the applicant’s own change */
  g_clear_pointer (&first, ch_application_free);
  first = server_review (world->server, submitted, "unit-name", &error);
  g_assert_no_error (error);
  g_clear_pointer (&submitted, ch_application_free);
  submitted = server_get (world->server, world->own, first->id);
  same = server_save (world->server, world->own, submitted, "unit-name", "天津市滨海改正单位", &error);
  g_assert_no_error (error);
  third = server_submit (world->server, world->own, same, &error);
  g_assert_no_error (error);
  g_assert_cmpint (third->state, ==, CH_APPLICATION_SUBMITTED);
}

int
main (int argc, char *argv[])
{
  World world;
  int status;

  server_world_init (&argc, &argv);
  set_up (&world);
  g_test_add_data_func ("/server/batch/signing", &world, test_signing);
  g_test_add_data_func ("/server/batch/rows", &world, test_rows);
  status = g_test_run ();
  tear_down (&world);
  server_world_clean_up ();
  return status;
}
