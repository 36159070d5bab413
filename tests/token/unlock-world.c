#include "config.h"

#include "api/ch-api-server.h"
#include "fetch/ch-curl-fetcher.h"
#include "local/ch-local-vault.h"
#include "pki/ch-csr.h"
#include "pki/ch-spki.h"
#include "steps/ch-catalog.h"
#include "token/token-asker.h"
#include "token/token-world.h"
#include "token/unlock-world.h"

#define LIMIT_MS 20000

ChToken *
unlock_world_get_token (UnlockWorld *self)
{
  return g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
}

void
unlock_world_wait_for_tokens (UnlockWorld *self, guint n)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) != n)
    g_main_context_iteration (NULL, TRUE);
}

static GTlsInteraction *
make_asker (const char *pin)
{
  const char *const answers[] = { pin, NULL };

  return token_asker_new (answers);
}

/* With the card in its reader already: nothing comes or goes while it is worked with */
static void
open_hub (UnlockWorld *self)
{
  g_autofree char *module = card_world_get_module ();

  self->hub = token_world_open_module (card_world_get_dir (self->cards), module, LIMIT_MS);
  token_world_settle (self->hub);
  unlock_world_wait_for_tokens (self, 1);
}

/* As a key is made: what opens it is kept first, then it is initialised with that */
static void
initialise (UnlockWorld *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
  g_autoptr (ChToken) token = NULL;
  g_autoptr (ChSecret) so_pin = NULL;

  open_hub (self);
  token = unlock_world_get_token (self);
  self->serial = g_strdup (ch_token_get_info (token)->serial);
  so_pin = unlock_ca_begin (self->ca, self->serial);
  token_initialise (token, TOKEN_WORLD_LABEL, so_pin, NULL, asker, &error);
  g_assert_no_error (error);
  g_clear_object (&token);
  g_clear_object (&self->hub);
}

static GBytes *
make_csr (ChToken *token, GBytes *spki, const char *key_id, GTlsInteraction *asker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSubject) subject = ch_subject_new ();
  g_autoptr (ChCsr) csr = NULL;
  g_autoptr (GBytes) signature = NULL;
  GBytes *der;

  ch_subject_add (subject, "CN", "Somebody else", NULL);
  csr = ch_csr_begin (spki, subject, &error);
  g_assert_no_error (error);
  signature = token_sign (token, key_id, ch_csr_get_tbs (csr), asker, &error);
  g_assert_no_error (error);
  der = ch_csr_close (csr, signature, NULL, &error);
  g_assert_no_error (error);
  return der;
}

static void
prove (UnlockWorld *self, ChToken *token, GTlsInteraction *asker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) nonce = NULL;
  g_autoptr (GBytes) statement = unlock_ca_make_statement (self->ca, self->cert, &nonce);
  g_autoptr (GBytes) signature = token_sign (token, self->key_id, statement, asker, &error);

  g_assert_no_error (error);
  unlock_ca_confirm (self->ca, nonce, signature);
}

/* Key, request, certificate, proof: the card is the handler’s from then on */
static void
install (UnlockWorld *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsInteraction) asker = make_asker (CARD_WORLD_PIN);
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) csr = NULL;

  open_hub (self);
  token = unlock_world_get_token (self);
  spki = token_generate (token, CH_KEY_RSA_2048, "certhall:A1", asker, &error);
  g_assert_no_error (error);
  self->key_id = ch_spki_get_key_id_hex (spki);
  csr = make_csr (token, spki, self->key_id, asker);
  self->cert = unlock_ca_issue (self->ca, csr);
  token_store (token, self->key_id, self->cert, asker, &error);
  g_assert_no_error (error);
  prove (self, token, asker);
}

UnlockWorld *
unlock_world_new (void)
{
  UnlockWorld *self = g_new0 (UnlockWorld, 1);

  self->ca = unlock_ca_new ();
  self->cards = card_world_new ();
  card_world_insert (self->cards, 0);
  initialise (self);
  install (self);
  unlock_world_sit_at_another (self, NULL);
  return self;
}

static void
leave_pc (UnlockWorld *self)
{
  if (self->ports == NULL)
    return;

  ch_local_vault_flush (CH_LOCAL_VAULT (ch_ports_get_vault (self->ports)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->ports);
}

void
unlock_world_free (UnlockWorld *self)
{
  leave_pc (self);
  g_object_unref (self->hub);
  card_world_free (self->cards);
  g_free (self->serial);
  g_bytes_unref (self->cert);
  g_free (self->key_id);
  unlock_ca_free (self->ca);
  g_free (self);
}

/* Wrong PINs until it takes no more, as it happens to people */
void
unlock_world_lock (UnlockWorld *self)
{
  const char *const wrong[] = { "111111", "111111", "111111", "111111", "111111", NULL };
  g_autoptr (ChToken) token = unlock_world_get_token (self);
  g_autoptr (GTlsInteraction) guesser = token_asker_new (wrong);
  g_autoptr (GError) error = NULL;

  card_world_tell (self->cards, "tries 0 pin 0");
  g_assert_null (token_sign (token, self->key_id, self->cert, guesser, &error));
  g_assert_nonnull (error);
}

/* A PC that has never seen the card nor the business; @asker: (nullable): who sits there */
void
unlock_world_sit_at_another (UnlockWorld *self, GTlsInteraction *asker)
{
  g_autofree char *name = g_strdup_printf ("pc-%u", self->n_pcs++);
  g_autofree char *state = g_build_filename (unlock_ca_get_dir (self->ca), name, "state", NULL);
  g_autofree char *runtime = g_build_filename (unlock_ca_get_dir (self->ca), name, "run", NULL);
  g_autofree char *trust = g_build_filename (unlock_ca_get_dir (self->ca), "tls-ca.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChApiServer) server = NULL;
  g_autoptr (ChLocalVault) vault = NULL;
  g_autoptr (ChFetcher) fetcher = ch_curl_fetcher_new (trust);

  leave_pc (self);
  server = ch_api_server_new (unlock_ca_get_url (self->ca), trust, &error);
  g_assert_no_error (error);
  vault = ch_local_vault_new (state, runtime, unlock_ca_get_url (self->ca), &error);
  g_assert_no_error (error);
  self->ports = ch_ports_new (CH_SERVER (server), self->hub, CH_VAULT (vault), fetcher, asker);
  ch_ports_take_profile (self->ports, ch_wire_copy (&ChProfile_wire, unlock_ca_get_profile (self->ca)));
}

/* Does the next step, and those that need nobody. Returns: whether it went well */
gboolean
unlock_world_next (ChRun *run)
{
  ch_run_next (run);
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
  return ch_run_get_state (run) != CH_RUN_FAILED;
}

/* Until the code is to be typed */
ChRun *
unlock_world_begin (UnlockWorld *self, const char *mobile)
{
  g_autoptr (GError) error = NULL;
  ChRun *run = ch_catalog_start ("unlock.enterprise.ukey.enterprise-pay", self->ports, &error);

  g_assert_no_error (error);
  unlock_ca_clear_phone (self->ca);
  ch_run_start (run);
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
  if (ch_run_get_state (run) == CH_RUN_FAILED)
    g_error ("%s: %s", ch_run_get_step (run)->id, ch_run_get_error (run)->message);
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, "unlock-mobile");
  ch_run_set_answer (run, "unlock-mobile", mobile);
  if (!unlock_world_next (run))
    g_error ("%s: %s", ch_run_get_step (run)->id, ch_run_get_error (run)->message);
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, "unlock-code");
  return run;
}

void
unlock_world_give_code (UnlockWorld *self, ChRun *run)
{
  g_autoptr (ChSecret) code = unlock_ca_await_code (self->ca);

  ch_run_set_secret (run, "unlock-code", code);
}

/* Whether the card signs with that PIN; asked as by somebody who has just plugged it in */
gboolean
unlock_world_signs (UnlockWorld *self, const char *pin)
{
  g_autoptr (GTlsInteraction) asker = make_asker (pin);
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GBytes) signature = NULL;

  card_world_remove (self->cards, 0);
  unlock_world_wait_for_tokens (self, 0);
  card_world_insert (self->cards, 0);
  unlock_world_wait_for_tokens (self, 1);
  token = unlock_world_get_token (self);
  signature = token_sign (token, self->key_id, self->cert, asker, NULL);
  return signature != NULL && token_asker_get_n_asked (asker) == 1;
}
