#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server-world.h"

static void
assert_field (const GError *error, const char *field, ChReason reason)
{
  GPtrArray *fields = ch_error_get_fields (error);

  g_assert_nonnull (fields);
  for (guint i = 0; i < fields->len; i++)
    {
      const ChFieldError *row = fields->pdata[i];

      if (g_str_equal (row->field, field))
        {
          g_assert_cmpstr (ch_reason_get_id (row->reason), ==, ch_reason_get_id (reason));
          return;
        }
    }
  g_test_message ("%s is not named", field);
  g_test_fail ();
}

static void
test_answers (void)
{
  static const struct
  {
    const char *field, *value, *kept; /* kept NULL: refused with reason */
    ChReason reason;
  } cases[] = {
    { "unit-code", " 91110108722619411a ", "91110108722619411A", CH_REASON_OK },
    { "unit-code", "91110108722619411B", NULL, CH_REASON_USCC_CHECK },
    { "unit-name", "天津\xe2\x80\xae市", NULL, CH_REASON_INVISIBLE },
    { "unit-name", "", "", CH_REASON_OK },
    { "term", "for-ever", NULL, CH_REASON_CHOICE },
    { "project", "ra-test-key-account", NULL, CH_REASON_CHOICE },
    { "password", "secret", NULL, CH_REASON_CHOICE },
    { "no-such-field", "x", NULL, CH_REASON_CHOICE },
  };
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000021");
  g_autoptr (ChApplication) now = server_apply (world, token, "self-pay");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) stale = ch_wire_copy (&ChApplication_wire, now);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChApplication *saved = server_save (world, token, now, cases[i].field, cases[i].value, &error);

      if (cases[i].kept == NULL)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
          assert_field (error, cases[i].field, cases[i].reason);
          g_clear_error (&error);
          continue;
        }
      g_assert_no_error (error);
      if (*cases[i].kept != 0)
        g_assert_cmpstr (g_hash_table_lookup (saved->answers, cases[i].field), ==, cases[i].kept);
      else
        g_assert_false (g_hash_table_contains (saved->answers, cases[i].field));
      ch_application_free (now);
      now = saved;
    }

  /* Another window, which has not seen the newest state */
  g_assert_null (server_save (world, token, stale, "handler-name", "李四", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_assert_cmpint (g_ascii_strtoll (ch_error_get_detail (error, "version"), NULL, 10), ==, now->version);
  /* created, and one change: what changed nothing left nothing */
  g_assert_cmpuint (now->history->len, ==, 2);
}

static void
test_refused_then_corrected (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000022");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) early = NULL, refused = NULL, again = NULL, corrected = NULL;
  g_autoptr (ChApplication) draft = server_fill_in (world, token, server_apply (world, token, "self-pay"));
  g_autoptr (ChApplication) whole = NULL, paid = NULL, submitted = NULL, approved = NULL;
  g_autoptr (GBytes) licence = g_bytes_new_static ("%PDF-1.7 a better one\n%%EOF", 27);

  early = server_submit (world, token, draft, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  assert_field (error, "licence", CH_REASON_FILE_MISSING);
  g_clear_error (&error);
  whole = server_upload_all (world, token, draft->id);
  early = server_submit (world, token, whole, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_PAID);
  g_clear_error (&error);

  paid = server_pay (world, token, whole);
  submitted = server_submit (world, token, paid, &error);
  g_assert_no_error (error);
  g_assert_null (server_save (world, token, submitted, "unit-name", "另一个单位", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  refused = server_review (world, submitted, "licence", &error);
  g_assert_no_error (error);
  g_assert_cmpint (refused->state, ==, CH_APPLICATION_REFUSED);
  g_assert_nonnull (strstr (test_phone_get_text (world->phone, "13800000000"), "refused"));
  g_assert_false (server_has_fact (refused, CH_FACT_DOCUMENTS));
  g_assert_true (server_has_fact (refused, CH_FACT_SUBJECT));
  again = server_submit (world, token, refused, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  assert_field (error, "licence", CH_REASON_REVIEW);
  g_clear_error (&error);
  /* What was paid for stays */
  g_assert_null (server_save (world, token, refused, "term", "two-years", &error));
  assert_field (error, "term", CH_REASON_CHOICE);
  g_clear_error (&error);

  corrected = server_upload (world, token, refused->id, "licence", licence, &error);
  g_assert_no_error (error);
  g_clear_pointer (&submitted, ch_application_free);
  submitted = server_submit (world, token, corrected, &error);
  g_assert_no_error (error);
  approved = server_review (world, submitted, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (approved->state, ==, CH_APPLICATION_APPROVED);
}

/* Two clients hand in the same application, each seeing the same version: one does it, the other is told */
static void
test_two_clients (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000023");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft
      = server_fill_in (world, token, server_apply (world, token, "enterprise-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (world, token, draft->id);
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (ChApplication) first = NULL, repeated = NULL;

  version->version = whole->version;
  first = server_call_with_key (world, token, &ch_route_application_submit,
                                (const char *[]){ whole->id, NULL }, version, key, &error);
  g_assert_no_error (error);
  g_assert_null (server_submit (world, token, whole, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_clear_error (&error);
  /* The same call again is no second one */
  repeated = server_call_with_key (world, token, &ch_route_application_submit,
                                   (const char *[]){ whole->id, NULL }, version, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (repeated->version, ==, first->version);
  g_assert_cmpuint (repeated->history->len, ==, first->history->len);
}

static void
test_uploads (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000024");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft = server_apply (world, token, "self-pay");
  g_autofree char *big = g_strnfill (CH_PIECE_SIZE + 1000, 'x');
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) program = g_bytes_new_static ("MZ a program", 12);
  g_autoptr (ChUploadNew) request = ch_wire_new (&ChUploadNew_wire);
  g_autoptr (ChPiece) piece = ch_wire_new (&ChPiece_wire);
  g_autoptr (ChUpload) begun = NULL, one = NULL, again = NULL, resumed = NULL;
  g_autoptr (ChApplication) finished = NULL;
  g_autoptr (ChDocumentContent) content = NULL;

  memcpy (big, "%PDF-", 5);
  memcpy (big + CH_PIECE_SIZE + 990, "%%EOF", 5);
  bytes = g_bytes_new (big, CH_PIECE_SIZE + 1000);
  request->document = g_strdup ("licence");
  request->name = g_strdup ("执照.pdf");
  request->size = g_bytes_get_size (bytes);
  request->sha256 = ch_sha256 (big, request->size);
  begun = server_call (world, token, &ch_route_upload_new, draft->id, request, &error);
  g_assert_no_error (error);

  piece->bytes = g_bytes_new (big, CH_PIECE_SIZE);
  one = server_call (world, token, &ch_route_upload_piece, begun->id, piece, &error);
  g_assert_cmpint (one->offset, ==, CH_PIECE_SIZE);
  /* The answer got lost: the same piece again is no second one */
  again = server_call (world, token, &ch_route_upload_piece, begun->id, piece, &error);
  g_assert_cmpint (again->offset, ==, CH_PIECE_SIZE);
  g_assert_null (server_call (world, token, &ch_route_upload_finish, begun->id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_BROKEN);
  g_clear_error (&error);

  /* Begun anew on another PC it goes on where it stood */
  resumed = server_call (world, token, &ch_route_upload_new, draft->id, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (resumed->id, ==, begun->id);
  g_assert_cmpint (resumed->offset, ==, CH_PIECE_SIZE);
  finished = server_upload (world, token, draft->id, "licence", bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((ChDocument *) finished->documents->pdata[0])->name, ==, "执照.pdf");

  content = server_call_with_key (world, token, &ch_route_document,
                                  (const char *[]){ draft->id, "licence", NULL }, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (content->bytes, bytes));

  g_assert_null (server_upload (world, token, draft->id, "handler-id", program, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE);
  assert_field (error, "handler-id", CH_REASON_FILE_TEXT);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  g_test_add_func ("/server/applications/answers", test_answers);
  g_test_add_func ("/server/applications/refused-then-corrected", test_refused_then_corrected);
  g_test_add_func ("/server/applications/two-clients", test_two_clients);
  g_test_add_func ("/server/applications/uploads", test_uploads);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
