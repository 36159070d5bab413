#include "config.h"

#include "base/ch-error.h"
#include "pki/ch-csr.h"
#include "server/ch-issuing.h"
#include "server-world.h"
#include "wire/messages-certificate.h"

typedef struct
{
  ServerWorld *world;
  char *token;
  char *id; /* of an application that is approved */
} Approved;

static void
approved_init (Approved *self, const char *mobile)
{
  self->world = server_world_new ();
  self->token = server_register (self->world, mobile);
  self->id = server_bring_to_approval (self->world, self->token);
}

static void
approved_clear (Approved *self)
{
  server_world_free (self->world);
  g_free (self->token);
  g_free (self->id);
}

static GBytes *
make_csr (ChKey *key)
{
  g_autoptr (ChSubject) name = ch_subject_new ();

  ch_subject_add (name, "CN", "x", NULL);
  return ch_csr_make (key, name, NULL, NULL);
}

static void
refuse (Approved *self, GBytes *csr, ChErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChCsrMessage) message = ch_wire_new (&ChCsrMessage_wire);

  message->csr = g_bytes_ref (csr);
  g_assert_null (server_call (self->world, self->token, &ch_route_issue, self->id, message, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

/* A request whose signature is of something else */
static GBytes *
spoil (GBytes *csr)
{
  gsize len;
  guint8 *copy = g_memdup2 (g_bytes_get_data (csr, &len), g_bytes_get_size (csr));

  copy[len - 1] ^= 1;
  return g_bytes_new_take (copy, len);
}

static void
test_requests (void)
{
  static const ChKeySpec wrong_kinds[] = { CH_KEY_SM2 };
  Approved approved;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChKey) other = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (GBytes) csr = make_csr (key);
  g_autoptr (GBytes) spoilt = spoil (csr);
  g_autoptr (GBytes) nonsense = g_bytes_new_static ("nonsense", 8);
  g_autoptr (GBytes) other_csr = make_csr (other);
  g_autoptr (ChCertificate) first = NULL;
  g_autoptr (ChCertificate) again = NULL;
  g_autofree char *second = NULL;

  approved_init (&approved, "13800000011");
  refuse (&approved, nonsense, CH_ERROR_CSR_REFUSED);
  refuse (&approved, spoilt, CH_ERROR_CSR_REFUSED);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_kinds); i++)
    {
      g_autoptr (ChKey) wrong = ch_key_generate (wrong_kinds[i], &error);
      g_autoptr (GBytes) wrong_csr = make_csr (wrong);

      refuse (&approved, wrong_csr, CH_ERROR_CSR_REFUSED);
    }

  /* The same key again, as after an answer that got lost, is the same certificate */
  first = server_issue (approved.world, approved.token, approved.id, key, &error);
  g_assert_no_error (error);
  again = server_issue (approved.world, approved.token, approved.id, key, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (first->der, again->der));
  refuse (&approved, other_csr, CH_ERROR_WRONG_STATE);

  /* A key that is in one certificate gets into no other, whoever asks */
  second = server_bring_to_approval (approved.world, approved.token);
  g_free (approved.id);
  approved.id = g_steal_pointer (&second);
  refuse (&approved, csr, CH_ERROR_KEY_KNOWN);
  approved_clear (&approved);
}

static void
test_not_approved (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000012");
  g_autofree char *stranger = server_register (world, "13800000013");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));

  g_assert_null (server_issue (world, token, draft->id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_APPROVED);
  g_clear_error (&error);
  g_assert_null (server_issue (world, stranger, draft->id, key, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static gpointer
count_unsigned (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_query_int (tx, "SELECT COUNT (*) FROM certificate WHERE der IS NULL", NULL, data, error)
             ? CH_DB_DONE
             : NULL;
}

/* The process dies between writing down what is to be signed and signing it */
static void
test_recovery (void)
{
  Approved approved;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (GBytes) csr = make_csr (key);
  g_autoptr (ChCertificateRecord) record = NULL;
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (ChApplication) before = NULL;
  g_autoptr (ChApplication) after = NULL;
  gint64 n = 0;

  approved_init (&approved, "13800000014");
  record = ch_issuing_record (approved.world->service, approved.id, csr, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (record->der);
  before = server_get (approved.world, approved.token, approved.id);
  g_assert_cmpint (before->state, ==, CH_APPLICATION_APPROVED);
  g_assert_nonnull (ch_db_read (ch_service_get_db (approved.world->service), count_unsigned, &n, &error));
  g_assert_cmpint (n, ==, 1);

  server_world_restart (approved.world);
  g_assert_nonnull (ch_db_read (ch_service_get_db (approved.world->service), count_unsigned, &n, &error));
  g_assert_cmpint (n, ==, 0);
  after = server_get (approved.world, approved.token, approved.id);
  g_assert_cmpint (after->state, ==, CH_APPLICATION_ISSUED);
  g_assert_cmpstr (after->certificate, ==, record->serial);

  /* The client, who knows nothing of it, asks again */
  certificate = server_issue (approved.world, approved.token, approved.id, key, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (certificate->serial, ==, record->serial);
  approved_clear (&approved);
}

static gpointer
count_certificates (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_query_int (tx, "SELECT COUNT (*) FROM certificate", NULL, data, error) ? CH_DB_DONE : NULL;
}

/* As of a colleague who takes the medium in hand right after it was looked at */
static gboolean
hold_once (ChDbTx *tx, gpointer user_data, GError **error)
{
  guint *n_asked = user_data;

  if ((*n_asked)++ == 0)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_MAKING_TAKEN, "somebody came in between");
  return FALSE;
}

/* What held when it was looked at must hold when it is written, too */
static void
test_in_between (void)
{
  Approved approved;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (GBytes) csr = make_csr (key);
  guint n_asked = 0;
  gint64 n = -1;

  approved_init (&approved, "13800000015");
  g_assert_null (ch_issuing_record (approved.world->service, approved.id, csr, hold_once, &n_asked, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_MAKING_TAKEN);
  g_assert_cmpuint (n_asked, ==, 2);
  g_clear_error (&error);
  g_assert_nonnull (ch_db_read (ch_service_get_db (approved.world->service), count_certificates, &n, &error));
  g_assert_cmpint (n, ==, 0);
  approved_clear (&approved);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/server/issuing/requests", test_requests);
  g_test_add_func ("/server/issuing/not-approved", test_not_approved);
  g_test_add_func ("/server/issuing/recovery", test_recovery);
  g_test_add_func ("/server/issuing/in-between", test_in_between);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
