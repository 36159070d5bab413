#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server-world.h"
#include "wire/messages-account.h"
#include "wire/messages-ticket.h"

/* Of every application of the tests, unless it is changed */
#define MOBILE "13800000000"
#define NUMBER "120106199102021315"
#define UNIT   "91110108722619411A"
#define OTHER  "13900000077"

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

static ChLookupList *
look (ServerWorld *world, const char *token, GError **error)
{
  return server_call (world, token, &ch_route_lookup, NULL, NULL, error);
}

/* What somebody finds who reads the messages to @mobile and says @number */
static ChLookupList *
find (ServerWorld *world, const char *mobile, const char *number)
{
  g_autofree char *token = server_take_ticket (world, mobile, number);
  g_autoptr (GError) error = NULL;
  ChLookupList *list = look (world, token, &error);

  g_assert_no_error (error);
  pass (61); /* for another code */
  return list;
}

static void
assert_finds (ServerWorld *world, const char *mobile, const char *number, const char *application)
{
  g_autoptr (ChLookupList) list = find (world, mobile, number);

  g_assert_cmpuint (list->items->len, ==, application != NULL);
  if (application != NULL)
    g_assert_cmpstr (((ChLookupRow *) list->items->pdata[0])->application->id, ==, application);
}

static const char *
answer_of (const ChLookupRow *row, const char *field)
{
  return g_hash_table_lookup (row->application->answers, field);
}

/* By the number of the handler, and by the code of the unit; what is found can be told apart, and no more */
static void
test_found (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChLookupList) list = find (world, MOBILE, " 1201 0619 9102 021315 ");
  const ChLookupRow *row;

  g_assert_cmpuint (list->items->len, ==, 1);
  row = list->items->pdata[0];
  g_assert_cmpstr (row->application->id, ==, id);
  g_assert_cmpint (row->application->state, ==, CH_APPLICATION_APPROVED);
  g_assert_cmpstr (answer_of (row, "unit-name"), ==, "天津市滨海测试单位");
  g_assert_cmpstr (answer_of (row, "handler-document-number"), ==, "120***********1315");
  g_assert_cmpstr (answer_of (row, "handler-mobile"), ==, "138****0000");
  g_assert_null (answer_of (row, "handler-name"));
  g_assert_null (answer_of (row, "handler-email"));
  g_assert_true (row->application->documents == NULL || row->application->documents->len == 0);
  g_assert_nonnull (row->order);
  g_assert_cmpint (row->order->state, ==, CH_ORDER_PAID);
  g_assert_cmpint (row->order->fen, ==, 30000);
  g_assert_null (row->order->attempt);
  g_assert_null (row->delivery);

  assert_finds (world, MOBILE, UNIT, id);
  assert_finds (world, MOBILE, "91110108722619411a", id);
}

/* A refusal says what is to be corrected */
static void
test_refused (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autoptr (GError) error = NULL;
  ChApplication *application = server_apply (world, token, "enterprise-pay");
  g_autoptr (ChApplication) filled = server_fill_in (world, token, application);
  g_autoptr (ChApplication) uploaded = server_upload_all (world, token, filled->id);
  g_autoptr (ChApplication) submitted = server_submit (world, token, uploaded, &error);
  g_autoptr (ChApplication) refused = NULL;
  g_autoptr (ChLookupList) list = NULL;
  const ChLookupRow *row;

  g_assert_no_error (error);
  refused = server_review (world, submitted, "unit-name", &error);
  g_assert_no_error (error);
  list = find (world, MOBILE, NUMBER);
  g_assert_cmpuint (list->items->len, ==, 1);
  row = list->items->pdata[0];
  g_assert_cmpint (row->application->state, ==, CH_APPLICATION_REFUSED);
  g_assert_cmpuint (row->application->reasons->len, ==, 1);
  g_assert_cmpstr (((ChFieldReason *) row->application->reasons->pdata[0])->field, ==, "unit-name");
  for (guint i = 0; i < row->application->history->len; i++)
    g_assert_null (strstr (((ChHistoryRow *) row->application->history->pdata[i])->who, "anna"));
}

/* Only where mobile and number stand on the same application */
static void
test_others (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autofree char *other = server_register (world, "13811110002");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) theirs = server_apply (world, other, "self-pay");
  g_autoptr (ChApplication) filled = server_fill_in (world, other, g_steal_pointer (&theirs));
  g_autoptr (ChApplication) saved = server_save (world, other, filled, "handler-mobile", OTHER, &error);
  g_autoptr (ChApplication) changed = NULL;

  g_assert_no_error (error);
  changed = server_save (world, other, saved, "handler-document-number", "11010519491231002X", &error);
  g_assert_no_error (error);

  assert_finds (world, MOBILE, NUMBER, id);
  assert_finds (world, OTHER, "11010519491231002x", changed->id);
  assert_finds (world, MOBILE, "11010519491231002X", NULL);
  assert_finds (world, OTHER, NUMBER, NULL);
  /* the same unit has both: each handler sees their own */
  assert_finds (world, OTHER, UNIT, changed->id);
}

static ChTicket *
ask (ServerWorld *world, const char *mobile, const char *number, const char *code, GError **error)
{
  g_autoptr (ChLookupRequest) request = ch_wire_new (&ChLookupRequest_wire);

  request->mobile = g_strdup (mobile);
  request->document_number = g_strdup (number);
  request->code = ch_secret_new (code, strlen (code));
  return server_call (world, NULL, &ch_route_lookup_ticket, NULL, request, error);
}

static void
assert_refused (ServerWorld *world,
                const char *mobile,
                const char *number,
                const char *code,
                ChErrorCode expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (world, mobile, number, code, &error));
  g_assert_error (error, CH_ERROR, (int) expected);
}

/* Whether somebody is known here is told by nothing: not by sending, not by a wrong code. */
static void
test_unknown (void)
{
  static const char *const mobiles[] = { MOBILE, "13911111119" };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autofree char *id = server_bring_to_approval (world, token);

  for (guint i = 0; i < G_N_ELEMENTS (mobiles); i++)
    {
      g_autofree char *text = NULL;

      server_ask_code (world, mobiles[i], CH_SMS_LOOKUP);
      if (i == 0)
        text = server_await_text (world, mobiles[i], "code ");
      assert_refused (world, mobiles[i], NUMBER, "00000x", CH_ERROR_CODE_WRONG);
    }
  g_assert_null (test_phone_get_text (world->phone, mobiles[1]));
  assert_refused (world, "abc", NUMBER, "000000", CH_ERROR_INVALID_INPUT);
  assert_refused (world, MOBILE, "1", "000000", CH_ERROR_INVALID_INPUT);
}

/* A code serves once, for this purpose alone, and is not guessed at */
static void
test_code (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, MOBILE);
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autofree char *code = NULL, *reset = NULL, *guessed = NULL;
  g_autoptr (ChTicket) ticket = NULL;
  g_autoptr (GError) error = NULL;

  server_ask_code (world, MOBILE, CH_SMS_RESET);
  reset = server_await_text (world, MOBILE, "code ");
  reset[6] = 0;
  assert_refused (world, MOBILE, NUMBER, reset, CH_ERROR_CODE_WRONG);

  server_ask_code (world, MOBILE, CH_SMS_LOOKUP);
  code = server_await_text (world, MOBILE, "code ");
  code[6] = 0;
  ticket = ask (world, MOBILE, NUMBER, code, &error);
  g_assert_no_error (error);
  assert_refused (world, MOBILE, NUMBER, code, CH_ERROR_CODE_WRONG);

  pass (61);
  server_ask_code (world, MOBILE, CH_SMS_LOOKUP);
  guessed = server_await_text (world, MOBILE, "code ");
  guessed[6] = 0;
  for (guint i = 0; i < 5; i++)
    assert_refused (world, MOBILE, NUMBER, "00000x", CH_ERROR_CODE_WRONG);
  assert_refused (world, MOBILE, NUMBER, guessed, CH_ERROR_CODE_WRONG);
}

/* A quarter of an hour in all; using it makes it no longer */
static void
test_end (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autofree char *ticket = server_take_ticket (world, MOBILE, NUMBER);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (ChLookupList) list = NULL;

      pass (110);
      list = look (world, ticket, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (list->items->len, ==, 1);
    }
  pass (30);
  g_assert_null (look (world, ticket, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TICKET_ENDED);
}

static gpointer
count_tickets (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_db_query_int (
             tx, "SELECT (SELECT COUNT (*) FROM ticket) + (SELECT COUNT (*) FROM ticket_application)", NULL,
             data, error)
             ? CH_DB_DONE
             : NULL;
}

/* What has ended is forgotten, and with it whose it was */
static void
test_forgotten (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13811110001");
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autofree char *ticket = server_take_ticket (world, MOBILE, NUMBER);
  ChDb *db = ch_service_get_db (world->service);
  gint64 n = 0;

  g_assert_nonnull (ch_db_read (db, count_tickets, &n, NULL));
  g_assert_cmpint (n, ==, 2);
  pass (901);
  ch_service_clean_up (world->service);
  /* there is one writer: this comes after it */
  g_assert_nonnull (ch_db_write (db, count_tickets, &n, NULL, NULL));
  g_assert_cmpint (n, ==, 0);
}

static void
switch_off (ChProfile *profile, const char *value)
{
  profile->order_lookup = FALSE;
}

/* A CA whose profile does not have it sends no code for it either */
static void
test_off (void)
{
  g_autoptr (ServerWorld) world = NULL;
  g_autoptr (ChSmsRequest) request = ch_wire_new (&ChSmsRequest_wire);
  g_autoptr (GError) error = NULL;

  server_world_change_profile (switch_off, NULL);
  world = server_world_new ();
  request->mobile = g_strdup (MOBILE);
  request->purpose = CH_SMS_LOOKUP;
  g_assert_null (server_call (world, NULL, &ch_route_sms, NULL, request, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED);
  assert_refused (world, MOBILE, NUMBER, "000000", CH_ERROR_NOT_OFFERED);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  g_test_add_func ("/server/ticket/found", test_found);
  g_test_add_func ("/server/ticket/refused", test_refused);
  g_test_add_func ("/server/ticket/others", test_others);
  g_test_add_func ("/server/ticket/unknown", test_unknown);
  g_test_add_func ("/server/ticket/code", test_code);
  g_test_add_func ("/server/ticket/end", test_end);
  g_test_add_func ("/server/ticket/forgotten", test_forgotten);
  g_test_add_func ("/server/ticket/off", test_off);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
