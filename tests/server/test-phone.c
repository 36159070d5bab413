#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-key.h"
#include "pki/ch-statement.h"
#include "server-world.h"
#include "wire/messages-certificate.h"
#include "wire/messages-holder.h"
#include "wire/messages-phone.h"

#define MOBILE       "13811110001"
#define OTHER        "13811110002"
#define INSTALLATION "0123456789abcdef0123456789abcdef"
#define PC           "Accounts, second floor"
#define TRIES        6

/* A browser on a phone, as the page has it */
typedef struct
{
  ServerWorld *server;
  ChKey *key;
  GBytes *verifier; /* derived from the right PIN */
  char *id;         /* (nullable): not paired yet */
  char *share;
  char *ticket; /* (nullable): of the task */
} Phone;

static void
phone_init (Phone *self, ServerWorld *server)
{
  self->server = server;
  self->key = ch_key_generate (CH_KEY_P256, NULL);
  self->verifier = g_bytes_new ("the verifier of the right PIN...", 32);
}

static void
phone_clear (Phone *self)
{
  ch_key_unref (self->key);
  g_bytes_unref (self->verifier);
  g_free (self->id);
  g_free (self->share);
  g_free (self->ticket);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Phone, phone_clear)

static gboolean
copy_text (const guint8 *data, gsize len, gpointer text)
{
  *(char **) text = g_strndup ((const char *) data, len);
  return TRUE;
}

static char *
reveal (ChSecret *secret)
{
  char *text = NULL;

  g_assert_true (ch_secret_with (secret, copy_text, &text));
  return text;
}

static void
pass (gint64 seconds)
{
  ch_clock_set_offset (ch_clock_get_offset () + seconds);
}

/* -- The PC -- */

/* Returns the code; @ticket is what the PC waits with */
static char *
show (ServerWorld *server,
      const char *token,
      const ChRoute *route,
      const char *arg,
      ChScanPurpose purpose,
      char **ticket)
{
  g_autoptr (ChScanNew) wanted = ch_wire_new (&ChScanNew_wire);
  g_autoptr (ChScanStarted) started = NULL;
  g_autoptr (GError) error = NULL;

  wanted->installation_name = g_strdup (PC);
  wanted->purpose = purpose;
  started = server_call (server, token, route, arg, wanted, &error);
  g_assert_no_error (error);
  *ticket = reveal (started->ticket);
  g_assert_nonnull (strstr (started->code->address, "/phone/#"));
  g_assert_cmpint (started->code->turns, <=, ch_clock_now () + 60);
  return g_strdup (strchr (started->code->address, '#') + 1);
}

static ChScanState
get_state (ServerWorld *server, const char *ticket)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChScanWaiting) waiting
      = server_call (server, ticket, &ch_route_scan_waiting, NULL, NULL, &error);

  g_assert_no_error (error);
  return waiting->state;
}

static ChSession *
claim (ServerWorld *server, const char *ticket, const char *installation, const char *code, GError **error)
{
  g_autoptr (ChScanSession) wanted = ch_wire_new (&ChScanSession_wire);
  g_autoptr (ChLogin) login = server_make_login (server, "", "", NULL);

  wanted->consents = g_steal_pointer (&login->consents);
  wanted->installation = ch_secret_new (installation, strlen (installation));
  wanted->sms_code = code != NULL ? ch_secret_new (code, strlen (code)) : NULL;
  return server_call (server, ticket, &ch_route_scan_session, NULL, wanted, error);
}

/* -- The phone -- */

static ChScanTask *
take (Phone *self, const char *code, GError **error)
{
  g_autoptr (ChScanTake) wanted = ch_wire_new (&ChScanTake_wire);
  g_autoptr (GStrvBuilder) phones = g_strv_builder_new ();
  ChScanTask *task;

  if (self->id != NULL)
    g_strv_builder_add (phones, self->id);
  wanted->phones = g_strv_builder_end (phones);
  wanted->code = ch_secret_new (code, strlen (code));
  task = server_call (self->server, NULL, &ch_route_phone_take, NULL, wanted, error);
  if (task != NULL)
    {
      g_free (self->ticket);
      self->ticket = reveal (task->ticket);
    }
  return task;
}

static ChScanTask *
take_well (Phone *self, const char *code)
{
  g_autoptr (GError) error = NULL;
  ChScanTask *task = take (self, code, &error);

  g_assert_no_error (error);
  return task;
}

static GBytes *
ask_nonce (Phone *self, const char *label)
{
  g_autoptr (ChNonceRequest) wanted = ch_wire_new (&ChNonceRequest_wire);
  g_autoptr (ChNonce) nonce = NULL;
  g_autoptr (GError) error = NULL;

  wanted->label = g_strdup (label);
  nonce = server_call (self->server, NULL, &ch_route_nonce, NULL, wanted, &error);
  g_assert_no_error (error);
  return g_bytes_ref (nonce->nonce);
}

static GBytes *
sign (Phone *self, const char *label, GBytes *own, GBytes *nonce)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) statement = ch_statement_build (
      label, ch_service_get_tls_certificate (self->server->service), own, nonce, NULL, &error);
  GBytes *signature;

  g_assert_no_error (error);
  signature = ch_key_sign (self->key, statement, NULL, &error);
  g_assert_no_error (error);
  return signature;
}

static char *
ask_code (Phone *self, const char *mobile)
{
  g_autoptr (ChPhoneSms) wanted = ch_wire_new (&ChPhoneSms_wire);
  g_autoptr (ChSmsSent) sent = NULL;
  g_autoptr (GError) error = NULL;
  char *code;

  wanted->phone = g_strdup (self->id);
  test_phone_clear (self->server->phone, mobile);
  sent = server_call (self->server, self->ticket, &ch_route_phone_sms, NULL, wanted, &error);
  g_assert_no_error (error);
  code = server_await_text (self->server, mobile, "code ");
  code[6] = 0;
  return code;
}

static ChPhoneNew *
make_new (Phone *self, const char *code)
{
  ChPhoneNew *wanted = ch_wire_new (&ChPhoneNew_wire);

  wanted->name = g_strdup ("a phone of the test");
  wanted->key = g_bytes_ref (ch_key_get_spki (self->key));
  wanted->verifier = g_bytes_ref (self->verifier);
  wanted->nonce = ask_nonce (self, CH_STATEMENT_POSSESSION);
  wanted->signature = sign (self, CH_STATEMENT_POSSESSION, wanted->key, wanted->nonce);
  wanted->sms_code = ch_secret_new (code, strlen (code));
  return wanted;
}

static void
take_share (Phone *self, ChPhoneShare *share)
{
  g_free (self->id);
  g_free (self->share);
  self->id = g_strdup (share->phone);
  self->share = reveal (share->share);
}

/* Adds the phone to the account of the session */
static void
pair (Phone *self, const char *token, const char *mobile)
{
  g_autofree char *ticket = NULL;
  g_autofree char *code = show (self->server, token, &ch_route_scan_pair, NULL, CH_SCAN_PAIR, &ticket);
  g_autoptr (ChScanTask) task = take_well (self, code);
  g_autofree char *sms = ask_code (self, mobile);
  g_autoptr (ChPhoneNew) wanted = make_new (self, sms);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChPhoneShare) share
      = server_call (self->server, self->ticket, &ch_route_phone_new, NULL, wanted, &error);

  g_assert_no_error (error);
  take_share (self, share);
  g_assert_cmpint (get_state (self->server, ticket), ==, CH_SCAN_DONE);
}

static gboolean
open_with (Phone *self, const char *pin, const char *sms, GError **error)
{
  g_autoptr (ChPhoneOpen) wanted = ch_wire_new (&ChPhoneOpen_wire);
  g_autoptr (ChPhoneShare) share = NULL;
  g_autofree char *text = NULL;

  wanted->phone = g_strdup (self->id);
  wanted->verifier = pin != NULL ? g_bytes_new (pin, 32) : g_bytes_ref (self->verifier);
  wanted->sms_code = sms != NULL ? ch_secret_new (sms, strlen (sms)) : NULL;
  share = server_call (self->server, self->ticket, &ch_route_phone_open, NULL, wanted, error);
  if (share == NULL)
    return FALSE;
  text = reveal (share->share);
  g_assert_cmpstr (text, ==, self->share);
  return TRUE;
}

static gboolean
let_in (Phone *self, GBytes *certificate, GError **error)
{
  g_autoptr (ChPhoneSigned) wanted = ch_wire_new (&ChPhoneSigned_wire);
  g_autofree ChNothing *done = NULL;

  wanted->certificate = g_bytes_ref (certificate);
  wanted->nonce = ask_nonce (self, CH_STATEMENT_LOGIN);
  wanted->signature = sign (self, CH_STATEMENT_LOGIN, certificate, wanted->nonce);
  done = server_call (self->server, self->ticket, &ch_route_phone_log_in, NULL, wanted, error);
  return done != NULL;
}

/* A member with a phone, and on it a certificate */
typedef struct
{
  ServerWorld *server;
  char *member;
  Phone phone;
  char *application;
  ChCertificate *certificate;
} World;

static void
world_init (World *self)
{
  self->server = server_world_new ();
  self->member = server_register (self->server, MOBILE);
  phone_init (&self->phone, self->server);
  pair (&self->phone, self->member, MOBILE);
}

/* By a code for the application, as the page does it */
static void
install (World *self)
{
  g_autofree char *ticket = NULL, *code = NULL;
  g_autoptr (ChPossession) proof = ch_wire_new (&ChPossession_wire);
  g_autoptr (ChApplication) installed = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autofree ChNothing *done = NULL;
  g_autoptr (GError) error = NULL;

  self->application = server_bring_to_approval (self->server, self->member);
  code = show (self->server, self->member, &ch_route_scan_application, self->application, CH_SCAN_INSTALL,
               &ticket);
  task = take_well (&self->phone, code);
  g_assert_cmpstr (task->application, ==, self->application);
  g_assert_cmpstr (task->name, ==, "天津市滨海测试单位");
  g_assert_cmpstr (task->phone, ==, self->phone.id);

  self->certificate
      = server_issue (self->server, self->phone.ticket, self->application, self->phone.key, &error);
  g_assert_no_error (error);
  proof->nonce = ask_nonce (&self->phone, CH_STATEMENT_POSSESSION);
  proof->signature = sign (&self->phone, CH_STATEMENT_POSSESSION, self->certificate->der, proof->nonce);
  installed
      = server_call (self->server, self->phone.ticket, &ch_route_installed, self->application, proof, &error);
  g_assert_no_error (error);
  g_assert_cmpint (installed->state, ==, CH_APPLICATION_DONE);
  done = server_call (self->server, self->phone.ticket, &ch_route_phone_finish, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (self->server, ticket), ==, CH_SCAN_DONE);
}

static void
world_clear (World *self)
{
  phone_clear (&self->phone);
  g_free (self->member);
  g_free (self->application);
  g_clear_pointer (&self->certificate, ch_certificate_free);
  server_world_free (self->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

/* -- Tests -- */

/* What the owner decides by is shown; only a code of a message adds a phone; it is listed and can be
 * forgotten */
static void
test_pair (void)
{
  g_auto (World) world = { 0 };
  g_auto (Phone) second = { 0 };
  g_autofree char *ticket = NULL, *code = NULL, *sms = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChPhoneNew) wrong = NULL;
  g_autoptr (ChPhoneShare) share = NULL;
  g_autoptr (ChPhoneList) list = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  phone_init (&second, world.server);
  code = show (world.server, world.member, &ch_route_scan_pair, NULL, CH_SCAN_PAIR, &ticket);
  task = take_well (&second, code);
  g_assert_cmpint (task->purpose, ==, CH_SCAN_PAIR);
  g_assert_cmpstr (task->installation_name, ==, PC);
  g_assert_cmpstr (task->mobile, ==, "138****0001");
  g_assert_true (task->is_near);
  g_assert_null (task->phone);
  g_assert_cmpint (get_state (world.server, ticket), ==, CH_SCAN_TAKEN);

  pass (61);
  sms = ask_code (&second, MOBILE);
  wrong = make_new (&second, g_str_equal (sms, "111111") ? "222222" : "111111");
  share = server_call (world.server, second.ticket, &ch_route_phone_new, NULL, wrong, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);

  list = server_call (world.server, world.member, &ch_route_phones, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 1);
  g_assert_cmpstr (((ChPhone *) list->items->pdata[0])->name, ==, "a phone of the test");
  g_clear_pointer (&list, ch_phone_list_free);
  list = server_call (world.server, world.member, &ch_route_phone_forget, world.phone.id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 0);
}

/* A key whose signature is another’s is none */
static void
test_proof (void)
{
  g_auto (World) world = { 0 };
  g_auto (Phone) second = { 0 };
  g_autofree char *ticket = NULL, *code = NULL, *sms = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChPhoneNew) wanted = NULL;
  g_autoptr (ChPhoneShare) share = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  phone_init (&second, world.server);
  pass (61);
  code = show (world.server, world.member, &ch_route_scan_pair, NULL, CH_SCAN_PAIR, &ticket);
  task = take_well (&second, code);
  sms = ask_code (&second, MOBILE);
  wanted = make_new (&second, sms);
  g_bytes_unref (wanted->signature);
  wanted->signature = sign (&world.phone, CH_STATEMENT_POSSESSION, wanted->key, wanted->nonce);
  share = server_call (world.server, second.ticket, &ch_route_phone_new, NULL, wanted, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_PHONE_PROOF_WRONG);
}

/* The PC becomes a holder. A new PC needs the code of a message besides, the second time none. */
static void
test_login (void)
{
  g_auto (World) world = { 0 };
  g_autoptr (ChHolder) holder = NULL;
  g_autofree char *sms = NULL, *token = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  install (&world);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *ticket = NULL;
      g_autofree char *code = show (world.server, NULL, &ch_route_scan_login, NULL, CH_SCAN_LOGIN, &ticket);
      g_autoptr (ChScanTask) task = take_well (&world.phone, code);
      g_autoptr (ChSession) session = NULL;

      g_assert_cmpint (task->purpose, ==, CH_SCAN_LOGIN);
      g_assert_cmpstr (task->phone, ==, world.phone.id);
      session = claim (world.server, ticket, INSTALLATION, NULL, &error);
      g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_TAKEN);
      g_clear_error (&error);
      g_assert_true (open_with (&world.phone, NULL, NULL, &error));
      g_assert_true (let_in (&world.phone, world.certificate->der, &error));
      g_assert_no_error (error);
      g_assert_cmpint (get_state (world.server, ticket), ==, CH_SCAN_SIGNED);

      test_phone_clear (world.server->phone, MOBILE);
      session = claim (world.server, ticket, INSTALLATION, NULL, &error);
      if (i == 0)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_PLACE_UNKNOWN);
          g_assert_cmpstr (ch_error_get_detail (error, "mobile"), ==, "138****0001");
          g_clear_error (&error);
          sms = server_await_text (world.server, MOBILE, "code ");
          sms[6] = 0;
          session = claim (world.server, ticket, INSTALLATION,
                           g_str_equal (sms, "111111") ? "222222" : "111111", &error);
          g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
          g_clear_error (&error);
          session = claim (world.server, ticket, INSTALLATION, sms, &error);
        }
      g_assert_no_error (error);
      g_assert_cmpstr (session->principal, ==, "holder");
      g_free (token);
      token = server_take_token (session);

      /* it is fetched once */
      g_clear_pointer (&session, ch_session_free);
      session = claim (world.server, ticket, INSTALLATION, NULL, &error);
      g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_TAKEN);
      g_clear_error (&error);
    }

  holder = server_call (world.server, token, &ch_route_holder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (holder->certificate, ==, world.certificate->serial);
}

/* Whoever refuses has refused: the PC is told, and nothing can be signed for it any more */
static void
test_refused (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *ticket = NULL, *code = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autofree ChNothing *done = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  install (&world);
  code = show (world.server, NULL, &ch_route_scan_login, NULL, CH_SCAN_LOGIN, &ticket);
  task = take_well (&world.phone, code);
  done = server_call (world.server, world.phone.ticket, &ch_route_phone_refuse, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (world.server, ticket), ==, CH_SCAN_REFUSED);
  session = claim (world.server, ticket, INSTALLATION, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_REFUSED);
  g_clear_error (&error);
  g_assert_false (let_in (&world.phone, world.certificate->der, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG);
}

/* Good for a minute, for one phone, until the PC shows another or stops showing */
static void
test_codes (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *ticket = NULL, *code = NULL, *fresh = NULL, *held = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChScanCode) turned = NULL;
  g_autofree ChNothing *done = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  code = show (world.server, NULL, &ch_route_scan_login, NULL, CH_SCAN_LOGIN, &ticket);
  pass (61);
  task = take (&world.phone, code, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG);
  g_clear_error (&error);

  turned = server_call (world.server, ticket, &ch_route_scan_turn, NULL, NULL, &error);
  g_assert_no_error (error);
  fresh = g_strdup (strchr (turned->address, '#') + 1);
  task = take (&world.phone, code, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG);
  g_clear_error (&error);
  task = take_well (&world.phone, fresh);
  held = g_strdup (world.phone.ticket);
  g_clear_pointer (&task, ch_scan_task_free);
  task = take (&world.phone, fresh, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG);
  g_clear_error (&error);

  /* another code is shown: who had read this one is passed over */
  g_clear_pointer (&turned, ch_scan_code_free);
  turned = server_call (world.server, ticket, &ch_route_scan_turn, NULL, NULL, &error);
  g_assert_no_error (error);
  done = server_call (world.server, held, &ch_route_phone_refuse, NULL, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN);
  g_clear_error (&error);

  done = server_call (world.server, ticket, &ch_route_scan_cancel, NULL, NULL, &error);
  g_assert_no_error (error);
  task = take (&world.phone, strchr (turned->address, '#') + 1, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_SCAN_CODE_WRONG);
}

/* Six tries in a row, counted here; then not even the right PIN without a message’s code */
static void
test_pin (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *ticket = NULL, *code = NULL, *sms = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  code = show (world.server, NULL, &ch_route_scan_login, NULL, CH_SCAN_LOGIN, &ticket);
  task = take_well (&world.phone, code);
  for (int left = TRIES - 1; left >= 0; left--)
    {
      g_autofree char *text = g_strdup_printf ("%d", left);

      g_assert_false (open_with (&world.phone, "the verifier of another PIN.....", NULL, &error));
      g_assert_error (error, CH_ERROR, (left > 0 ? CH_ERROR_PHONE_PIN_WRONG : CH_ERROR_PHONE_LOCKED));
      g_assert_cmpstr (ch_error_get_detail (error, "tries-left"), ==, text);
      g_clear_error (&error);
    }
  g_assert_false (open_with (&world.phone, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PHONE_LOCKED);
  g_clear_error (&error);

  sms = ask_code (&world.phone, MOBILE);
  g_assert_false (open_with (&world.phone, NULL, g_str_equal (sms, "111111") ? "222222" : "111111", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CODE_WRONG);
  g_clear_error (&error);
  g_assert_true (open_with (&world.phone, NULL, sms, &error));
  g_assert_no_error (error);

  /* the right one forgets the wrong ones before it */
  g_assert_false (open_with (&world.phone, "the verifier of another PIN.....", NULL, &error));
  g_clear_error (&error);
  g_assert_true (open_with (&world.phone, NULL, NULL, &error));
  g_assert_false (open_with (&world.phone, "the verifier of another PIN.....", NULL, &error));
  g_assert_cmpstr (ch_error_get_detail (error, "tries-left"), ==, "5");
}

/* By a code of one account, another’s phone is as good as none; so is another’s application */
static void
test_others (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *other = NULL, *ticket = NULL, *code = NULL, *id = NULL, *foreign = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  other = server_register (world.server, OTHER);
  id = server_bring_to_approval (world.server, other);
  foreign = server_bring_to_approval (world.server, world.member);
  code = show (world.server, other, &ch_route_scan_application, id, CH_SCAN_INSTALL, &ticket);
  task = take_well (&world.phone, code);
  g_assert_null (task->phone);
  g_assert_false (open_with (&world.phone, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PHONE_UNKNOWN);
  g_clear_error (&error);
  certificate = server_issue (world.server, world.phone.ticket, foreign, key, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* A revoked certificate lets nobody in, though the phone has signed */
static void
test_revoked (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *ticket = NULL, *code = NULL;
  g_autoptr (ChScanTask) task = NULL;
  g_autoptr (ChSession) session = NULL;
  g_autoptr (GError) error = NULL;

  world_init (&world);
  install (&world);
  code = show (world.server, NULL, &ch_route_scan_login, NULL, CH_SCAN_LOGIN, &ticket);
  task = take_well (&world.phone, code);
  g_assert_true (let_in (&world.phone, world.certificate->der, &error));
  g_assert_true (server_revoke (world.server, world.certificate->serial, CH_REVOCATION_KEY_COMPROMISE));
  session = claim (world.server, ticket, INSTALLATION, NULL, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_HOLDER_REVOKED);
}

static char *
fetch (ServerWorld *server, const char *path)
{
  guint status = 0;
  g_autoptr (GBytes) body = server_fetch (server, "GET", path, NULL, &status);

  g_assert_cmpuint (status, ==, 200);
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

/* Every file the page names is served, nothing of it is inline, and nothing else can be had */
static void
test_page (void)
{
  g_autoptr (ServerWorld) server = server_world_new ();
  g_autofree char *html = fetch (server, "/phone/");
  g_autoptr (GRegex) inside = g_regex_new (
      "<script(?![^>]*\\bsrc=)|<style|\\sstyle=|\\son[a-z]+=|javascript:", G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GRegex) names = g_regex_new ("(?:src|href)=\"([^\"]+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) found = NULL;
  guint n = 0, status = 0;
  g_autoptr (GBytes) none
      = server_fetch (server, "GET", "/phone/../migrations/001-accounts.sql", NULL, &status);

  g_assert_cmpuint (status, ==, 404);
  g_assert_false (g_regex_match (inside, html, 0, NULL));
  g_regex_match (names, html, 0, &found);
  while (g_match_info_matches (found))
    {
      g_autofree char *name = g_match_info_fetch (found, 1);
      g_autofree char *path = g_strconcat ("/phone/", name, NULL);
      g_autofree char *text = fetch (server, path);

      g_assert_null (strstr (text, "eval("));
      g_assert_null (strstr (text, "innerHTML"));
      n++;
      g_match_info_next (found, NULL);
    }
  g_assert_cmpuint (n, ==, 2);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);
  server_world_set_keys ("rsa-2048 p256");
  g_test_add_func ("/server/phone/pair", test_pair);
  g_test_add_func ("/server/phone/proof", test_proof);
  g_test_add_func ("/server/phone/login", test_login);
  g_test_add_func ("/server/phone/refused", test_refused);
  g_test_add_func ("/server/phone/codes", test_codes);
  g_test_add_func ("/server/phone/pin", test_pin);
  g_test_add_func ("/server/phone/others", test_others);
  g_test_add_func ("/server/phone/revoked", test_revoked);
  g_test_add_func ("/server/phone/page", test_page);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
