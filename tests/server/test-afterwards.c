#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server-world.h"
#include "server/ch-listing.h"

#define PASSWORD "Ein langes Kennwort"
#define PDF      "%PDF-1.7 an invoice"

static const char *const good[][2] = {
  { "invoice-kind", "plain" },
  { "invoice-title", "天津市滨海测试单位" },
  { "invoice-tax-number", " 91110108722619411a " },
  { "invoice-address", "天津市空港经济区西七道26号" },
  { "invoice-phone", "022-24890000" },
  { "invoice-bank", "中国银行天津分行" },
  { "invoice-account", "2700 1234 5678 9012" },
  { "invoice-email", "zhang@example.com" },
};

static char *
log_in_maker (ServerWorld *world)
{
  g_autoptr (ChSecret) password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (ChStaffLogin) login = ch_wire_new (&ChStaffLogin_wire);
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  ch_staff_add (world->service, "bertha", CH_PRINCIPAL_MAKER, password, NULL, &error);
  g_assert_no_error (error);
  login->name = g_strdup ("bertha");
  login->password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  session = server_call (world, NULL, &ch_route_staff_login, NULL, login, &error);
  g_assert_no_error (error);
  return server_take_token (session);
}

/* What was filled in rightly but for one answer */
static GHashTable *
make_answers (const char *field, const char *value)
{
  GHashTable *answers = ch_wire_map_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_hash_table_insert (answers, g_strdup (good[i][0]), g_strdup (good[i][1]));
  if (field != NULL && value != NULL)
    g_hash_table_replace (answers, g_strdup (field), g_strdup (value));
  else if (field != NULL)
    g_hash_table_remove (answers, field);
  return answers;
}

static ChInvoice *
ask (ServerWorld *world,
     const char *token,
     const char *id,
     const char *field,
     const char *value,
     GError **error)
{
  g_autoptr (GHashTable) answers = make_answers (field, value);
  const ChInvoiceNew request = { .answers = answers };

  return server_call (world, token, &ch_route_invoice_new, id, &request, error);
}

static gint64
count_invoices (ServerWorld *world, const char *token, const ChRoute *route, const char *state)
{
  g_autofree char *copy = g_strdup (state);
  const ChListQuery query = { .state = copy };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChInvoiceList) list = server_call (world, token, route, NULL, &query, &error);

  g_assert_no_error (error);
  g_assert_cmpint (list->total, ==, list->items->len);
  return list->total;
}

static void
test_invoice (void)
{
  static const char *const wrong[][2] = {
    { "invoice-tax-number", "91110108722619411B" },
    { "invoice-tax-number", "1234" },
    { "invoice-tax-number", NULL },
    { "invoice-email", "nobody" },
    { "invoice-kind", "golden" },
    { "invoice-account", "abc" },
  };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000041");
  g_autofree char *other = server_register (world, "13800000042");
  g_autofree char *maker = log_in_maker (world);
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autofree char *mail = NULL;
  g_autoptr (GBytes) pdf = g_bytes_new_static (PDF, strlen (PDF));
  g_autoptr (GBytes) text = g_bytes_new_static ("hello", 5);
  char number[] = "26117000000012345678", hostile[] = "../../etc/x";
  ChInvoiceMade made = { .number = number, .file = text };
  g_autoptr (ChInvoice) due = NULL, asked = NULL, done = NULL;
  g_autoptr (ChInvoiceFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (count_invoices (world, token, &ch_route_invoice_list, "due"), ==, 1);
  due = server_call (world, token, &ch_route_invoice, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (due->state, ==, CH_INVOICE_DUE);
  g_assert_cmpint (due->fen, >, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (ask (world, token, id, wrong[i][0], wrong[i][1], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
      g_assert_nonnull (ch_error_get_fields (error));
      g_clear_error (&error);
    }
  g_assert_null (ask (world, other, id, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* not made out before it was asked for */
  made.file = pdf;
  g_assert_null (server_call (world, maker, &ch_route_staff_invoice_made, id, &made, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  asked = ask (world, token, id, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (asked->state, ==, CH_INVOICE_ASKED);
  g_assert_cmpstr (g_hash_table_lookup (asked->answers, "invoice-tax-number"), ==, "91110108722619411A");
  g_assert_null (ask (world, token, id, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_null (server_call (world, token, &ch_route_invoice_file, id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (count_invoices (world, maker, &ch_route_staff_invoice_list, "asked"), ==, 1);
  made.file = text;
  g_assert_null (server_call (world, maker, &ch_route_staff_invoice_made, id, &made, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE);
  g_clear_error (&error);
  made = (ChInvoiceMade){ .number = hostile, .file = pdf };
  g_assert_null (server_call (world, maker, &ch_route_staff_invoice_made, id, &made, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  made.number = number;
  g_assert_null (server_call (world, token, &ch_route_staff_invoice_made, id, &made, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_clear_error (&error);
  done = server_call (world, maker, &ch_route_staff_invoice_made, id, &made, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->state, ==, CH_INVOICE_MADE);
  mail = server_await_text (world, "zhang@example.com", "mail ");
  g_assert_cmpstr (mail, ==, "26117000000012345678 26117000000012345678.pdf");

  file = server_call (world, token, &ch_route_invoice_file, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->name, ==, "26117000000012345678.pdf");
  g_assert_true (g_bytes_equal (file->bytes, pdf));
  g_assert_null (server_call (world, other, &ch_route_invoice_file, id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_assert_cmpint (count_invoices (world, token, &ch_route_invoice_list, "made"), ==, 1);
  g_assert_cmpint (count_invoices (world, other, &ch_route_invoice_list, NULL), ==, 0);
}

/* What the enterprise settles has no invoice of its own, and what is not a thing is not delivered */
static void
test_nothing (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000043");
  g_autofree char *maker = log_in_maker (world);
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChApplication) unpaid = server_apply (world, token, "self-pay");
  char courier[] = "顺丰", number[] = "SF1390026671854";
  const ChDeliverySent sent = { .way = CH_DELIVERY_BY_COURIER, .courier = courier, .number = number };
  g_autoptr (GError) error = NULL;

  g_assert_null (server_call (world, token, &ch_route_invoice, unpaid->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (server_call (world, token, &ch_route_delivery, id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (server_call (world, maker, &ch_route_staff_delivery_sent, id, &sent, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* No CA here offers keys to be sent yet: the application becomes one of a key in the store */
static gpointer
write_key (ChDbTx *tx, gpointer id, GError **error)
{
  return ch_db_run_one (tx, "UPDATE application SET flow = 'apply.enterprise.ukey.self-pay' WHERE id = $1",
                        CH_BIND (CH_TEXT (id)), error)
                 && ch_listing_refresh (tx, id, error)
             ? CH_DB_DONE
             : NULL;
}

static void
test_delivery (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000044");
  g_autofree char *maker = log_in_maker (world);
  g_autofree char *id = server_bring_to_approval (world, token);
  char courier[] = "顺丰", number[] = "SF1390026671854", half[] = "SF", waiting[] = "waiting",
       way[] = "1390026";
  ChDeliverySent sent = { .way = CH_DELIVERY_BY_COURIER, .courier = courier, .number = half };
  ChListQuery query = { .state = waiting };
  g_autoptr (ChDelivery) now = NULL, on_way = NULL, received = NULL, again = NULL;
  g_autoptr (ChDeliveryList) queue = NULL, found = NULL;
  g_autoptr (GError) error = NULL;

  ch_db_write (ch_service_get_db (world->service), write_key, id, NULL, &error);
  g_assert_no_error (error);
  now = server_call (world, token, &ch_route_delivery, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (now->state, ==, CH_DELIVERY_WAITING);
  g_assert_null (server_call (world, token, &ch_route_delivery_received, id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  queue = server_call (world, maker, &ch_route_staff_delivery_list, NULL, &query, &error);
  g_assert_cmpint (queue->total, ==, 1);
  g_assert_null (server_call (world, maker, &ch_route_staff_delivery_sent, id, &sent, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  sent.number = number;
  on_way = server_call (world, maker, &ch_route_staff_delivery_sent, id, &sent, &error);
  g_assert_no_error (error);
  g_assert_cmpint (on_way->state, ==, CH_DELIVERY_SENT);

  /* found by a part of the parcel’s number */
  query = (ChListQuery){ .text = way };
  found = server_call (world, token, &ch_route_delivery_list, NULL, &query, &error);
  g_assert_cmpint (found->total, ==, 1);
  g_assert_cmpstr (((ChDelivery *) found->items->pdata[0])->number, ==, number);

  received = server_call (world, token, &ch_route_delivery_received, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (received->state, ==, CH_DELIVERY_RECEIVED);
  again = server_call (world, token, &ch_route_delivery_received, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->received, ==, received->received);
  g_assert_null (server_call (world, maker, &ch_route_staff_delivery_sent, id, &sent, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

int
main (int argc, char *argv[])
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/afterwards/invoice", test_invoice);
  g_test_add_func ("/server/afterwards/nothing", test_nothing);
  g_test_add_func ("/server/afterwards/delivery", test_delivery);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
