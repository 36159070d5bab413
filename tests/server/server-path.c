#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/ch-clock.h"
#include "pki/ch-csr.h"
#include "pki/ch-statement.h"
#include "server/ch-store-certificates.h"
#include "server-world.h"
#include "wire/ch-field.h"
#include "wire/messages-account.h"
#include "wire/messages-certificate.h"
#include "wire/messages-order.h"
#include "wire/messages-ticket.h"

#define PASSWORD "Ein langes Kennwort"

static const char *const good_answers[][2] = {
  { "unit-name", "天津市滨海测试单位" },
  { "unit-code", "91110108722619411A" },
  { "legal-person-name", "李四" },
  { "legal-person-document-kind", "passport" },
  { "legal-person-document-number", "E12345678" },
  { "person-name", "王五" },
  { "person-document-kind", "resident-id" },
  { "person-document-number", "11010519491231002X" },
  { "person-mobile", "13800000003" },
  { "person-unit", "星星科技" },
  { "term", "one-year" },
  { "province", "天津市" },
  { "city", "东丽区" },
  { "handler-name", "张三" },
  { "handler-document-kind", "resident-id" },
  { "handler-document-number", "120106199102021315" },
  { "handler-mobile", "13800000000" },
  { "handler-email", "zhang@example.com" },
};

static char *
find_work (GBytes *nonce, guint bits)
{
  for (guint64 i = 0;; i++)
    {
      g_autofree char *work = g_strdup_printf ("%" G_GUINT64_FORMAT, i);
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
      guint8 digest[32];
      gsize size = sizeof digest;
      guint zeros = 0;

      g_checksum_update (sum, g_bytes_get_data (nonce, NULL), g_bytes_get_size (nonce));
      g_checksum_update (sum, (const guchar *) work, -1);
      g_checksum_get_digest (sum, digest, &size);
      while (zeros < bits && (digest[zeros / 8] & (0x80 >> zeros % 8)) == 0)
        zeros++;
      if (zeros == bits)
        return g_steal_pointer (&work);
    }
}

static gboolean
copy_text (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static void
add_consents (ServerWorld *self, GPtrArray *list, const char *where)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (self->profile, where);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      ChConsent *consent = ch_wire_new (&ChConsent_wire);

      consent->id = g_strdup (text->id);
      consent->version = g_strdup (text->version);
      g_ptr_array_add (list, consent);
    }
}

/* @medium: (nullable): number of the one the code is for */
ChSmsSent *
server_ask_code_for (ServerWorld *self,
                     const char *mobile,
                     ChSmsPurpose purpose,
                     const char *medium,
                     GError **error)
{
  g_autoptr (ChChallenge) challenge = server_call (self, NULL, &ch_route_challenge, NULL, NULL, NULL);
  g_autoptr (ChSmsRequest) request = ch_wire_new (&ChSmsRequest_wire);

  request->mobile = g_strdup (mobile);
  request->purpose = purpose;
  request->token_serial = g_strdup (medium);
  request->challenge = g_strdup (challenge->id);
  request->work = find_work (challenge->nonce, challenge->bits);
  test_phone_clear (self->phone, mobile);
  return server_call (self, NULL, &ch_route_sms, NULL, request, error);
}

void
server_ask_code (ServerWorld *self, const char *mobile, ChSmsPurpose purpose)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSmsSent) sent = server_ask_code_for (self, mobile, purpose, NULL, &error);

  g_assert_no_error (error);
}

/* With the password @text, from a PC that is remembered when it has a name */
ChLogin *
server_make_login (ServerWorld *self, const char *user, const char *text, const char *pc)
{
  ChLogin *login = ch_wire_new (&ChLogin_wire);

  login->user_name = g_strdup (user);
  login->password = ch_secret_new (text, strlen (text));
  login->consents = ch_wire_list_new (&ChConsent_wire);
  add_consents (self, login->consents, "login");
  if (pc != NULL)
    {
      login->installation = ch_secret_new (pc, strlen (pc));
      login->installation_name = g_strdup (pc);
    }
  return login;
}

/* Returns the session’s token */
char *
server_login_from (ServerWorld *self, const char *user, const char *pc)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChLogin) login = server_make_login (self, user, PASSWORD, pc);
  g_autoptr (ChSession) session = server_call (self, NULL, &ch_route_login, NULL, login, &error);

  g_assert_no_error (error);
  return server_take_token (session);
}

/* The message to a mobile that begins so and is sent by somebody else, some time; what follows it */
char *
server_await_text (ServerWorld *self, const char *mobile, const char *beginning)
{
  char *text = test_phone_dup_text (self->phone, mobile);

  while (text == NULL || !g_str_has_prefix (text, beginning))
    {
      g_free (text);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
      text = test_phone_dup_text (self->phone, mobile);
    }
  memmove (text, text + strlen (beginning), strlen (text + strlen (beginning)) + 1);
  return text;
}

/* Logs in with a one-time password; returns the token of a session that may do nothing but choose another */
char *
server_forget_password (ServerWorld *self, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChReset) request = ch_wire_new (&ChReset_wire);
  g_autoptr (ChResetDone) done = NULL;
  g_autoptr (ChLogin) login = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autofree char *code = NULL, *once = NULL;

  server_ask_code (self, mobile, CH_SMS_RESET);
  code = server_await_text (self, mobile, "code ");
  request->mobile = g_strdup (mobile);
  request->document_number = g_strdup ("120106199102021315");
  request->code = ch_secret_new (code, 6);
  done = server_call (self, NULL, &ch_route_password_reset, NULL, request, &error);
  g_assert_no_error (error);
  once = server_await_text (self, mobile, "once ");
  once[strcspn (once, " ")] = 0;
  login = server_make_login (self, mobile, once, NULL);
  session = server_call (self, NULL, &ch_route_login, NULL, login, &error);
  g_assert_no_error (error);
  g_assert_true (session->must_change);
  return server_take_token (session);
}

/* Looks applications up without an account; returns the token of the ticket */
char *
server_take_ticket (ServerWorld *self, const char *mobile, const char *document_number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChLookupRequest) request = ch_wire_new (&ChLookupRequest_wire);
  g_autoptr (ChTicket) ticket = NULL;
  g_autofree char *code = NULL;
  char *token = NULL;

  server_ask_code (self, mobile, CH_SMS_LOOKUP);
  code = server_await_text (self, mobile, "code ");
  request->mobile = g_strdup (mobile);
  request->document_number = g_strdup (document_number);
  request->code = ch_secret_new (code, 6);
  ticket = server_call (self, NULL, &ch_route_lookup_ticket, NULL, request, &error);
  g_assert_no_error (error);
  g_assert_true (ch_secret_with (ticket->token, copy_text, &token));
  return token;
}

/* Registers and logs in; returns the session’s token, NULL if a server that may die never sent the code */
char *
server_register (ServerWorld *self, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChRegister) request = ch_wire_new (&ChRegister_wire);
  g_autoptr (ChAccount) account = NULL;
  const char *text, *code;

  server_ask_code (self, mobile, CH_SMS_REGISTER);
  text = test_phone_get_text (self->phone, mobile);
  /* it died between writing the code down and sending it: a person asks again after a minute */
  if (text == NULL && self->lost != NULL)
    return NULL;
  code = strchr (text, ' ') + 1;
  request->answers = ch_wire_map_new ();
  g_hash_table_insert (request->answers, g_strdup ("user-name"), g_strdup (mobile));
  g_hash_table_insert (request->answers, g_strdup ("handler-name"), g_strdup ("张三"));
  g_hash_table_insert (request->answers, g_strdup ("handler-document-kind"), g_strdup ("resident-id"));
  g_hash_table_insert (request->answers, g_strdup ("handler-document-number"),
                       g_strdup ("120106199102021315"));
  g_hash_table_insert (request->answers, g_strdup ("handler-mobile"), g_strdup (mobile));
  request->password = ch_secret_new (PASSWORD, strlen (PASSWORD));
  request->code = ch_secret_new (code, strlen (code));
  request->consents = ch_wire_list_new (&ChConsent_wire);
  add_consents (self, request->consents, "register");
  account = server_call (self, NULL, &ch_route_register, NULL, request, &error);
  g_assert_no_error (error);
  return server_login_from (self, mobile, NULL);
}

ChApplication *
server_apply (ServerWorld *self, const char *token, const char *settlement)
{
  return server_apply_for (self, token, "enterprise", settlement);
}

ChApplication *
server_apply_for (ServerWorld *self, const char *token, const char *subject, const char *settlement)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplicationNew) request = ch_wire_new (&ChApplicationNew_wire);
  ChApplication *application;

  request->flow = g_strdup_printf ("apply.%s.soft.%s", subject, settlement);
  request->project = g_strdup (g_str_equal (settlement, "self-pay") ? "ra-test" : "ra-test-key-account");
  application = server_call (self, token, &ch_route_application_new, NULL, request, &error);
  g_assert_no_error (error);
  return application;
}

ChApplication *
server_get (ServerWorld *self, const char *token, const char *application)
{
  g_autoptr (GError) error = NULL;
  ChApplication *found = server_call (self, token, &ch_route_application, application, NULL, &error);

  g_assert_no_error (error);
  return found;
}

ChApplication *
server_save (ServerWorld *self,
             const char *token,
             const ChApplication *application,
             const char *field,
             const char *value,
             GError **error)
{
  g_autoptr (ChAnswers) request = ch_wire_new (&ChAnswers_wire);

  request->version = application->version;
  request->answers = ch_wire_map_new ();
  g_hash_table_insert (request->answers, g_strdup (field), g_strdup (value));
  return server_call (self, token, &ch_route_application_answers, application->id, request, error);
}

/* Takes @application and returns it as it is then */
ChApplication *
server_fill_in (ServerWorld *self, const char *token, ChApplication *application)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChAnswers) request = ch_wire_new (&ChAnswers_wire);
  ChApplication *filled;
  ChAxes axes;

  g_assert_true (ch_axes_parse (application->flow, &axes));
  request->version = application->version;
  request->answers = ch_wire_map_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (good_answers); i++)
    if (ch_forms_find_field (&axes, good_answers[i][0]) != NULL)
      g_hash_table_insert (request->answers, g_strdup (good_answers[i][0]), g_strdup (good_answers[i][1]));
  filled = server_call (self, token, &ch_route_application_answers, application->id, request, &error);
  g_assert_no_error (error);
  ch_application_free (application);
  return filled;
}

static GBytes *
make_zip (void)
{
  gsize room = 65536, used = 0;
  guint8 *memory = g_malloc (room);
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();

  archive_write_set_format_zip (archive);
  archive_write_open_memory (archive, memory, room, &used);
  archive_entry_set_pathname (entry, "agreement.pdf");
  archive_entry_set_size (entry, 8);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_write_header (archive, entry);
  archive_write_data (archive, "%PDF-1.7", 8);
  archive_entry_free (entry);
  archive_write_close (archive);
  archive_write_free (archive);
  return g_bytes_new_take (memory, used);
}

GBytes *
server_make_document (const char *document)
{
  if (g_str_equal (document, "bundle"))
    return make_zip ();
  return g_bytes_new_static ("%PDF-1.7 a document\n%%EOF", 25);
}

ChApplication *
server_upload (ServerWorld *self,
               const char *token,
               const char *application,
               const char *document,
               GBytes *bytes,
               GError **error)
{
  g_autoptr (ChUploadNew) request = ch_wire_new (&ChUploadNew_wire);
  g_autoptr (ChUpload) upload = NULL;

  request->document = g_strdup (document);
  request->name = g_strdup_printf ("../%s.pdf", document);
  request->size = g_bytes_get_size (bytes);
  request->sha256 = ch_sha256 (g_bytes_get_data (bytes, NULL), request->size);
  upload = server_call (self, token, &ch_route_upload_new, application, request, error);
  if (upload == NULL)
    return NULL;

  while (upload->offset < upload->size)
    {
      g_autoptr (ChPiece) piece = ch_wire_new (&ChPiece_wire);
      ChUpload *next;

      piece->offset = upload->offset;
      piece->bytes = g_bytes_new_from_bytes (bytes, upload->offset,
                                             MIN (CH_PIECE_SIZE, upload->size - upload->offset));
      next = server_call (self, token, &ch_route_upload_piece, upload->id, piece, error);
      if (next == NULL)
        return NULL;
      ch_upload_free (upload);
      upload = next;
    }

  return server_call (self, token, &ch_route_upload_finish, upload->id, NULL, error);
}

ChApplication *
server_upload_all (ServerWorld *self, const char *token, const char *application)
{
  g_autoptr (GError) error = NULL;
  ChApplication *newest = server_get (self, token, application);
  g_autoptr (GPtrArray) rules = NULL;
  ChAxes axes;

  g_assert_true (ch_axes_parse (newest->flow, &axes));
  rules = ch_profile_list_documents (self->profile, &axes);
  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];
      g_autoptr (GBytes) bytes = server_make_document (rule->id);

      g_clear_pointer (&newest, ch_application_free);
      newest = server_upload (self, token, application, rule->id, bytes, &error);
      g_assert_no_error (error);
    }

  return newest;
}

ChApplication *
server_pay (ServerWorld *self, const char *token, const ChApplication *application)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);
  g_autoptr (ChAttemptNew) way = ch_wire_new (&ChAttemptNew_wire);
  g_autoptr (ChOrder) order = NULL;
  g_autoptr (ChOrder) open = NULL;
  g_autoptr (ChOrder) paid = NULL;

  version->version = application->version;
  order = server_call (self, token, &ch_route_order_new, application->id, version, &error);
  g_assert_no_error (error);
  way->channel = g_strdup ("wechat");
  open = server_call (self, token, &ch_route_attempt_new, order->id, way, &error);
  g_assert_no_error (error);
  test_gateway_pay (self->gateway, open->attempt->trade_no);
  paid = server_call (self, token, &ch_route_order_query, order->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (paid->state, ==, CH_ORDER_PAID);
  return server_get (self, token, application->id);
}

ChApplication *
server_submit (ServerWorld *self, const char *token, const ChApplication *application, GError **error)
{
  g_autoptr (ChVersion) version = ch_wire_new (&ChVersion_wire);

  version->version = application->version;
  return server_call (self, token, &ch_route_application_submit, application->id, version, error);
}

/* Approves, or refuses because of @field */
ChApplication *
server_review (ServerWorld *self, const ChApplication *application, const char *field, GError **error)
{
  g_autoptr (ChReview) review = ch_wire_new (&ChReview_wire);

  review->version = application->version;
  review->approve = field == NULL;
  if (field != NULL)
    {
      ChFieldReason *reason = ch_wire_new (&ChFieldReason_wire);

      reason->field = g_strdup (field);
      reason->reason = g_strdup ("review");
      reason->remark = g_strdup ("看不清");
      review->reasons = ch_wire_list_new (&ChFieldReason_wire);
      g_ptr_array_add (review->reasons, reason);
    }
  return server_call (self, self->reviewer, &ch_route_staff_review, application->id, review, error);
}

/* Everything up to where the key is made; returns the application’s id */
char *
server_bring_to_approval (ServerWorld *self, const char *token)
{
  return server_bring_to_approval_for (self, token, "enterprise");
}

char *
server_bring_to_approval_for (ServerWorld *self, const char *token, const char *subject)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApplication) draft
      = server_fill_in (self, token, server_apply_for (self, token, subject, "self-pay"));
  g_autoptr (ChApplication) whole = server_upload_all (self, token, draft->id);
  g_autoptr (ChApplication) paid = server_pay (self, token, whole);
  g_autoptr (ChApplication) submitted = server_submit (self, token, paid, &error);
  g_autoptr (ChApplication) approved = NULL;

  g_assert_no_error (error);
  approved = server_review (self, submitted, NULL, &error);
  g_assert_no_error (error);
  return g_strdup (approved->id);
}

gpointer
server_issue (ServerWorld *self, const char *token, const char *application, ChKey *key, GError **error)
{
  g_autoptr (ChSubject) name = ch_subject_new ();
  g_autoptr (ChCsrMessage) message = ch_wire_new (&ChCsrMessage_wire);

  /* What the request asks for is not what it gets */
  ch_subject_add (name, "CN", "Somebody else", NULL);
  message->csr = ch_csr_make (key, name, NULL, NULL);
  g_assert_nonnull (message->csr);
  return server_call (self, token, &ch_route_issue, application, message, error);
}

/* What is sent to log in, with a nonce just made and everything right */
ChHolderLogin *
server_sign_in (ServerWorld *self, GBytes *certificate, ChKey *key, const char *sm2_id)
{
  ChHolderLogin *request = ch_wire_new (&ChHolderLogin_wire);
  g_autoptr (ChNonceRequest) wanted = ch_wire_new (&ChNonceRequest_wire);
  g_autoptr (ChNonce) nonce = NULL;
  g_autoptr (GBytes) statement = NULL;
  g_autoptr (GError) error = NULL;

  wanted->label = g_strdup (CH_STATEMENT_LOGIN);
  nonce = server_call (self, NULL, &ch_route_nonce, NULL, wanted, &error);
  g_assert_no_error (error);
  statement = ch_statement_build (CH_STATEMENT_LOGIN, ch_service_get_tls_certificate (self->service),
                                  certificate, nonce->nonce, NULL, &error);
  g_assert_no_error (error);
  request->certificate = g_bytes_ref (certificate);
  request->nonce = g_bytes_ref (nonce->nonce);
  request->signature = ch_key_sign (key, statement, sm2_id, &error);
  g_assert_no_error (error);
  request->consents = ch_wire_list_new (&ChConsent_wire);
  add_consents (self, request->consents, "login");
  return request;
}

ChSession *
server_holder_login (ServerWorld *self, GBytes *certificate, ChKey *key, GError **error)
{
  g_autoptr (ChHolderLogin) request = server_sign_in (self, certificate, key, NULL);

  return server_call (self, NULL, &ch_route_holder_login, NULL, request, error);
}

typedef struct
{
  const char *serial;
  ChRevocation reason;
} Revocation;

static gpointer
write_revoked (ChDbTx *tx, gpointer data, GError **error)
{
  const Revocation *what = data;

  return ch_certificates_revoke (tx, what->serial, what->reason, ch_clock_now (), error) ? CH_DB_DONE : NULL;
}

/* What the businesses that revoke come to in the end */
gboolean
server_revoke (ServerWorld *self, const char *serial, ChRevocation reason)
{
  Revocation what = { serial, reason };

  return ch_db_write (ch_service_get_db (self->service), write_revoked, &what, NULL, NULL) != NULL;
}

gboolean
server_has_fact (const ChApplication *application, ChFact fact)
{
  return (ch_facts_parse ((const char *const *) application->facts) & fact) != 0;
}
