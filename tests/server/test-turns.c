#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "server/ch-application-turns.h"
#include "server/ch-store-certificates.h"
#include "server-world.h"
#include "wire/messages-certificate.h"
#include "wire/messages-order.h"

/* What sends an application another way than forward: withdrawn, deleted, another project, made again; and
 * two who write at once */

static gpointer
call_with_version (ServerWorld *world,
                   const char *token,
                   const ChRoute *route,
                   const ChApplication *application,
                   GError **error)
{
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);

  version->version = application->version;
  return server_call (world, token, route, application->id, version, error);
}

static ChApplication *
bring_to_submission (ServerWorld *world, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, draft->id);
  g_autoptr (ChApplication) paid = server_pay (world, token, whole);
  ChApplication *submitted = server_submit (world, token, paid, &error);

  g_assert_no_error (error);
  return submitted;
}

/* What goes back stands in the application and in every list; of the people of the CA it says nothing */
static void
check_refund_is_told (ServerWorld *world, const char *token, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) seen = server_call (world, token, &ch_route_application, id, NULL, &error);
  g_autoptr (ChApplicationList) list
      = server_call (world, token, &ch_route_application_list, NULL, NULL, &error);
  g_autoptr (ChOrderList) orders = server_call (world, token, &ch_route_order_list, NULL, NULL, &error);
  GPtrArray *told[] = { seen->refunds, ((ChApplication *) list->items->pdata[0])->refunds,
                        ((ChOrder *) orders->items->pdata[0])->refunds };

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    {
      const ChRefund *refund = told[i]->len == 1 ? told[i]->pdata[0] : NULL;

      g_assert_nonnull (refund);
      g_assert_cmpint (refund->fen, ==, 30000);
      g_assert_cmpint (refund->state, ==, CH_REFUND_DUE);
      g_assert_null (refund->asked_by);
      g_assert_null (refund->note);
    }
}

/* The money is due once, the reviewer can do nothing more with it, and there is no way back */
static void
test_withdraw (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) submitted = bring_to_submission (world, token);
  g_autoptr (ChApplication) withdrawn
      = call_with_version (world, token, &ch_route_application_withdraw, submitted, &error);
  g_autoptr (ChOrder) order = NULL;
  const ChRefund *refund;

  g_assert_no_error (error);
  g_assert_cmpint (withdrawn->state, ==, CH_APPLICATION_WITHDRAWN);
  order = server_call (world, token, &ch_route_order, withdrawn->order, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->state, ==, CH_ORDER_CLOSED);
  g_assert_cmpuint (order->refunds->len, ==, 1);
  refund = order->refunds->pdata[0];
  g_assert_cmpint (refund->fen, ==, 30000);
  g_assert_cmpint (refund->reason, ==, CH_REFUND_REASON_WITHDRAWN);
  check_refund_is_told (world, token, withdrawn->id);

  g_assert_null (call_with_version (world, token, &ch_route_application_withdraw, withdrawn, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_null (server_save (world, token, withdrawn, "unit-email", "a@example.com", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_null (server_review (world, withdrawn, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* Once the certificate is there it is too late; it can be revoked instead */
static void
test_withdraw_too_late (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChCertificate) certificate = server_issue (world, token, id, key, &error);
  g_autoptr (ChApplication) issued = server_get (world, token, id);

  g_assert_no_error (error);
  g_assert_null (call_with_version (world, token, &ch_route_application_withdraw, issued, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* A draft nobody can have paid for is deleted without a trace, every other one is not */
static void
test_discard (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, draft->id);
  gpointer nothing = call_with_version (world, token, &ch_route_application_discard, whole, &error);
  g_autoptr (ChApplication) submitted = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (nothing);
  ch_wire_free (&ChNothing_wire, nothing);
  g_assert_null (server_call (world, token, &ch_route_application, draft->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  submitted = bring_to_submission (world, token);
  g_assert_null (call_with_version (world, token, &ch_route_application_discard, submitted, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

static void
set (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

/* Before paying the project may be another one: what both ask for stays, the price is the new one */
static void
test_change_project (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, draft->id);
  g_autoptr (ChFlowChange) change = ch_wire_new (&ChFlowChange_wire);
  g_autoptr (ChApplication) changed = NULL, paid = NULL;

  change->version = whole->version;
  change->flow = g_strdup ("apply.person.soft.self-pay");
  change->project = g_strdup ("ra-test");
  changed = server_call (world, token, &ch_route_application_flow, draft->id, change, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->flow, ==, "apply.person.soft.self-pay");
  g_assert_cmpstr (g_hash_table_lookup (changed->answers, "certificate-type"), ==, "person");
  g_assert_cmpstr (g_hash_table_lookup (changed->answers, "handler-name"), ==, "张三");
  g_assert_cmpstr (g_hash_table_lookup (changed->answers, "city"), ==, "东丽区");
  g_assert_null (g_hash_table_lookup (changed->answers, "unit-code"));
  g_assert_cmpuint (changed->documents->len, ==, 1); /* the bundle */
  g_assert_false (server_has_fact (changed, CH_FACT_SUBJECT));
  g_assert_true (server_has_fact (changed, CH_FACT_HANDLER));

  /* Not elsewhere, and not after it was paid */
  change->version = changed->version;
  set (&change->project, "ra-test-key-account");
  g_assert_null (server_call (world, token, &ch_route_application_flow, draft->id, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED);
  g_clear_error (&error);
  paid = server_pay (world, token, changed);
  change->version = paid->version;
  set (&change->project, "ra-test");
  set (&change->flow, "apply.enterprise.soft.self-pay");
  g_assert_null (server_call (world, token, &ch_route_application_flow, draft->id, change, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* Who comes too late is told what was changed, when, and on which PC */
static void
test_stale_write (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) name = NULL, email = NULL;

  world->place = "%E8%B4%A2%E5%8A%A1%E5%AE%A4-2";
  name = server_save (world, token, draft, "unit-name", "天津市另一个单位", &error);
  g_assert_no_error (error);
  email = server_save (world, token, name, "unit-email", "office@example.com", &error);
  g_assert_no_error (error);

  world->place = "%E2%80%AE";
  g_assert_null (server_save (world, token, draft, "city", "和平区", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_assert_cmpstr (ch_error_get_detail (error, "changed"), ==, "unit-email unit-name");
  g_assert_cmpstr (ch_error_get_detail (error, "changed-by"), ==, "财务室-2");
  g_assert_nonnull (ch_error_get_detail (error, "changed-at"));
  g_clear_error (&error);

  /* What the first writer knew is not told again to the second */
  g_assert_null (server_save (world, token, name, "city", "和平区", &error));
  g_assert_cmpstr (ch_error_get_detail (error, "changed"), ==, "unit-email");
}

static gpointer
read_reason (ChDbTx *tx, gpointer serial, GError **error)
{
  ChCertificateRecord *record = ch_certificate_record_load (tx, serial, error);

  g_assert_nonnull (record);
  g_assert_cmpint (record->state, ==, CH_CERTIFICATE_REVOKED);
  g_assert_cmpint (record->reason, ==, CH_REVOCATION_SUPERSEDED);
  ch_certificate_record_free (record);
  return CH_DB_DONE;
}

/* The key is out of reach: the certificate is revoked and made again, for nothing, so many times */
static void
test_make_again (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (GError) error = NULL;

  world->place = "PC-1";
  for (guint i = 0; i <= CH_AGAIN_MAX; i++)
    {
      g_autoptr (ChKey) rsa = ch_key_generate (CH_KEY_RSA_2048, NULL);
      g_autoptr (ChCertificate) certificate = server_issue (world, token, id, rsa, &error);
      g_autoptr (ChApplication) issued = server_get (world, token, id);
      g_autoptr (ChApplication) again = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (issued->key_place, ==, "PC-1");
      g_assert_cmpint (issued->key_made, >, 0);
      g_assert_cmpint (issued->again_left, ==, CH_AGAIN_MAX - i);
      again = call_with_version (world, token, &ch_route_application_again, issued, &error);
      if (i == CH_AGAIN_MAX)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_AGAIN_SPENT);
          break;
        }
      g_assert_no_error (error);
      g_assert_cmpint (again->state, ==, CH_APPLICATION_APPROVED);
      g_assert_null (again->certificate);
      g_assert_false (server_has_fact (again, CH_FACT_ISSUED));
      g_assert_nonnull (
          ch_db_read (ch_service_get_db (world->service), read_reason, certificate->serial, NULL));
      /* The same key is not taken again */
      g_assert_null (server_issue (world, token, id, rsa, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_KEY_KNOWN);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/turns/withdraw", test_withdraw);
  g_test_add_func ("/turns/withdraw-too-late", test_withdraw_too_late);
  g_test_add_func ("/turns/discard", test_discard);
  g_test_add_func ("/turns/change-project", test_change_project);
  g_test_add_func ("/turns/stale-write", test_stale_write);
  g_test_add_func ("/turns/make-again", test_make_again);

  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
