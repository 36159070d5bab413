#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "server-world.h"
#include "wire/messages-order.h"
#include "wire/messages-receipt.h"

/* What another program reads of the receipt */
static char *
read_text (ServerWorld *world, const ChReceipt *receipt)
{
  g_autofree char *path = g_build_filename (world->dir, "receipt.pdf", NULL);
  const char *const argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  int status = -1;
  gsize size;
  const char *bytes = g_bytes_get_data (receipt->bytes, &size);

  g_assert_cmpuint (size, >, 1000);
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  ch_file_write_durably (path, bytes, size, 0600, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return text;
}

static void
assert_says (const char *text, const char *what)
{
  if (strstr (text, what) == NULL)
    {
      g_test_message ("%s is not in %s", what, text);
      g_test_fail ();
    }
}

static void
test_paid (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000051");
  g_autofree char *other = server_register (world, "13800000052");
  g_autoptr (ChApplication) fresh = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) complete = NULL, paid = NULL, submitted = NULL, approved = NULL;
  g_autoptr (ChReceipt) receipt = NULL, again = NULL, staff = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *later = NULL;

  /* Nothing was handed in yet: its owner is told so, staff know nothing of it */
  g_assert_null (server_call (world, token, &ch_route_application_receipt, fresh->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SUBMITTED);
  g_clear_error (&error);
  g_assert_null (
      server_call (world, world->reviewer, &ch_route_application_receipt, fresh->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  complete = server_upload_all (world, token, fresh->id);
  paid = server_pay (world, token, complete);
  submitted = server_submit (world, token, paid, &error);
  g_assert_no_error (error);

  receipt = server_call (world, token, &ch_route_application_receipt, fresh->id, NULL, &error);
  g_assert_no_error (error);
  text = read_text (world, receipt);
  assert_says (text, fresh->id);
  assert_says (text, "天津市滨海测试单位");
  assert_says (text, "91110108722619411A");
  assert_says (text, "受理回执");
  assert_says (text, "审核中");
  assert_says (text, "300.00 元");
  assert_says (text, "营业执照（副本）");
  assert_says (text, world->profile->name->zh);
  assert_says (text, world->profile->hotline);
  assert_says (text, "机构证书");
  /* Nobody takes what a demonstration gave for a paper of the CA */
  assert_says (text, "演示 DEMO");
  assert_says (text, receipt->check_code);
  /* Neither of the numbers of persons, but so much that they are known again */
  g_assert_nonnull (strchr (text, '*'));
  g_assert_null (strstr (text, g_hash_table_lookup (fresh->answers, "handler-document-number")));
  g_assert_null (strstr (text, g_hash_table_lookup (fresh->answers, "handler-mobile")));

  g_assert_null (server_call (world, other, &ch_route_application_receipt, fresh->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Another state, the same hand-in: the code by which staff know it is the same */
  approved = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  again = server_call (world, token, &ch_route_application_receipt, fresh->id, NULL, &error);
  g_assert_no_error (error);
  staff = server_call (world, world->reviewer, &ch_route_application_receipt, fresh->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->check_code, ==, receipt->check_code);
  g_assert_cmpstr (staff->check_code, ==, receipt->check_code);
  later = read_text (world, again);
  assert_says (later, "审核通过");
}

/* What the enterprise settles says so and names no amount */
static void
test_settled (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000053");
  g_autoptr (ChApplication) filled
      = server_fill_in (world, token, server_apply (world, token, "enterprise-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, filled->id);
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChOrder) order = NULL;
  g_autoptr (ChApplication) settled = NULL, submitted = NULL;
  g_autoptr (ChReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  version->version = whole->version;
  order = server_call (world, token, &ch_route_order_new, whole->id, version, &error);
  g_assert_no_error (error);
  settled = server_get (world, token, whole->id);
  submitted = server_submit (world, token, settled, &error);
  g_assert_no_error (error);
  receipt = server_call (world, token, &ch_route_application_receipt, filled->id, NULL, &error);
  g_assert_no_error (error);
  text = read_text (world, receipt);
  assert_says (text, "大客户统一结算");
  g_assert_null (strstr (text, "300.00"));
}

/* Another hand-in has another code, and a person’s number is masked there too */
static void
test_person (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000054");
  g_autofree char *first = server_bring_to_approval (world, token);
  g_autofree char *second = server_bring_to_approval_for (world, token, "person");
  g_autoptr (ChReceipt) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  one = server_call (world, token, &ch_route_application_receipt, first, NULL, &error);
  g_assert_no_error (error);
  two = server_call (world, token, &ch_route_application_receipt, second, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (one->check_code, !=, two->check_code);
  text = read_text (world, two);
  assert_says (text, "个人证书");
  assert_says (text, "王五");
  g_assert_null (strstr (text, "11010519491231002X"));
}

int
main (int argc, char *argv[])
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/server/receipt/paid", test_paid);
  g_test_add_func ("/server/receipt/settled", test_settled);
  g_test_add_func ("/server/receipt/person", test_person);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
