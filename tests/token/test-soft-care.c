#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "pki/ch-pkcs12.h"
#include "pki/ch-pkcs8.h"
#include "token/ch-soft-backup.h"
#include "token/ch-soft-hub.h"
#include "token/ch-soft-token.h"
#include "token/token-asker.h"
#include "unit/pki-world.h"

#define PASSPHRASE "correct horse 电池"
#define CHANGED    "quite another one 电"
#define OF_FILE    "what the file has"
#define WRONG      "what nobody chose"

/* Two PCs, and a token on the first of them */
typedef struct
{
  PkiWorld *world;
  char *here;
  char *there;
  ChTokenHub *hub;
  ChTokenHub *other_hub;
  ChToken *token;
  char *key_id;
  GBytes *cert;
} Fixture;

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static gboolean
change_pin (Fixture *self, const char *const *answers, GError **error)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean is_changed;

  ch_token_change_pin_async (self->token, asker, NULL, on_done_cb, &result);
  is_changed = ch_token_change_pin_finish (self->token, wait_for (&result), error);
  if (is_changed)
    {
      g_assert_cmpint (token_asker_get_kind (asker, 0), ==, CH_ASK_EXISTING);
      g_assert_cmpint (token_asker_get_kind (asker, token_asker_get_n_asked (asker) - 1), ==, CH_ASK_CHANGED);
    }
  return is_changed;
}

static GBytes *
back_up (Fixture *self, gboolean to_move, const char *const *answers, GError **error)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_back_up_async (self->token, to_move, asker, NULL, on_done_cb, &result);
  return ch_token_back_up_finish (self->token, wait_for (&result), error);
}

static GBytes *
export_bundle (Fixture *self, const char *key_id, const char *const *answers, GError **error)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_export_bundle_async (self->token, key_id, asker, NULL, on_done_cb, &result);
  return ch_token_export_bundle_finish (self->token, wait_for (&result), error);
}

static gboolean
remove_token (ChToken *token, const char *code, const char *const *answers, GError **error)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_remove_async (token, code, asker, NULL, on_done_cb, &result);
  return ch_token_remove_finish (token, wait_for (&result), error);
}

static ChToken *
import (ChTokenHub *hub, GBytes *file, GBytes *cert, const char *const *answers, char **code, GError **error)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_hub_import_async (hub, file, cert, asker, NULL, on_done_cb, &result);
  return ch_token_hub_import_finish (hub, wait_for (&result), code, error);
}

static void
assert_not_imported (ChTokenHub *hub,
                     GBytes *file,
                     GBytes *cert,
                     const char *const *answers,
                     ChErrorCode code)
{
  g_autoptr (GError) error = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (hub));

  g_assert_null (import (hub, file, cert, answers, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (hub)), ==, n);
}

/* Signs with the key of the token and lets the public key judge */
static void
assert_signs (ChToken *token, const char *key_id, const char *passphrase, const char *sm2_id)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (ANSWERS (passphrase));
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) signed_ = NULL;
  g_autoptr (GBytes) data = g_bytes_new_static ("a statement", 11);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  ch_soft_token_lock (CH_SOFT_TOKEN (token));
  ch_token_list_objects_async (token, NULL, on_done_cb, &listed);
  objects = ch_token_list_objects_finish (token, wait_for (&listed), &error);
  g_assert_no_error (error);
  ch_token_sign_as_async (token, key_id, data, sm2_id, asker, NULL, on_done_cb, &signed_);
  signature = ch_token_sign_finish (token, wait_for (&signed_), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];

      if (g_str_equal (object->key_id, key_id))
        g_assert_true (ch_spki_verify (object->spki, data, signature, sm2_id, &error));
    }
}

static void
make_token (Fixture *self, ChKeySpec spec)
{
  g_autoptr (GTlsInteraction) asker = token_asker_new (ANSWERS (PASSPHRASE));
  g_autoptr (GTlsInteraction) opener = token_asker_new (ANSWERS (PASSPHRASE));
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GAsyncResult) generated = NULL;
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GError) error = NULL;

  ch_token_hub_create_async (self->hub, "soft", "我的证书", asker, NULL, on_done_cb, &created);
  self->token = ch_token_hub_create_finish (self->hub, wait_for (&created), &error);
  g_assert_no_error (error);
  ch_token_generate_key_async (self->token, spec, "certhall:A1", opener, NULL, on_done_cb, &generated);
  spki = ch_token_generate_key_finish (self->token, wait_for (&generated), &error);
  g_assert_no_error (error);
  self->key_id = ch_spki_get_key_id_hex (spki);
  self->cert = pki_issue (self->world, spki, "某单位");
  ch_token_store_cert_async (self->token, self->key_id, self->cert, NULL, NULL, on_done_cb, &stored);
  g_assert_true (ch_token_store_cert_finish (self->token, wait_for (&stored), &error));
}

static GBytes *
read_token (Fixture *self)
{
  g_autofree char *path
      = g_strdup_printf ("%s/%s.token", self->here, ch_token_get_info (self->token)->serial);
  char *data = NULL;
  gsize len = 0;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  return g_bytes_new_take (data, len);
}

/* Deriving keys takes as long as it must: a token is made once of each kind, and copied */
static void
put_token (Fixture *self, ChKeySpec spec)
{
  static struct
  {
    GBytes *file;
    GBytes *cert;
    char *key_id;
    char *name;
  } made[CH_N_KEY_SPECS];
  g_autofree char *path = NULL;

  if (made[spec].file == NULL)
    {
      self->hub = CH_TOKEN_HUB (ch_soft_hub_new (self->here));
      make_token (self, spec);
      made[spec].file = read_token (self);
      made[spec].cert = g_bytes_ref (self->cert);
      made[spec].key_id = g_strdup (self->key_id);
      made[spec].name = g_strconcat (ch_token_get_info (self->token)->serial, ".token", NULL);
      return;
    }

  path = g_build_filename (self->here, made[spec].name, NULL);
  g_assert_cmpint (g_mkdir (self->here, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (path, g_bytes_get_data (made[spec].file, NULL),
                                           g_bytes_get_size (made[spec].file), G_FILE_SET_CONTENTS_NONE, 0600,
                                           NULL));
  self->hub = CH_TOKEN_HUB (ch_soft_hub_new (self->here));
  self->token = g_list_model_get_item (G_LIST_MODEL (self->hub), 0);
  self->cert = g_bytes_ref (made[spec].cert);
  self->key_id = g_strdup (made[spec].key_id);
}

static void
set_up (Fixture *self, gconstpointer spec)
{
  self->world = pki_world_new (CH_KEY_P256);
  self->here = g_build_filename (self->world->dir, "here", NULL);
  self->there = g_build_filename (self->world->dir, "there", NULL);
  self->other_hub = CH_TOKEN_HUB (ch_soft_hub_new (self->there));
  put_token (self, GPOINTER_TO_INT (spec));
}

/* A scan under way holds its hub */
static void
drop_hub (ChTokenHub *hub)
{
  gpointer seen = hub;

  g_object_add_weak_pointer (G_OBJECT (hub), &seen);
  g_object_unref (hub);
  while (g_atomic_pointer_get (&seen) != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
tear_down (Fixture *self, gconstpointer spec)
{
  g_clear_object (&self->token);
  drop_hub (self->hub);
  drop_hub (self->other_hub);
  {
    g_autofree char *command = g_strdup_printf ("rm -rf '%s' '%s'", self->here, self->there);

    g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  }
  g_free (self->here);
  g_free (self->there);
  g_free (self->key_id);
  g_bytes_unref (self->cert);
  pki_world_free (self->world);
}

static void
write_pass (Fixture *self, const char *name, const char *passphrase)
{
  g_autofree char *path = g_build_filename (self->world->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, passphrase, -1, NULL));
}

static void
test_change (Fixture *self, gconstpointer spec)
{
  g_autoptr (GBytes) before = read_token (self);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) unchanged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *output = NULL;

  /* The old one must be right, the new one good */
  g_assert_false (change_pin (self, ANSWERS (WRONG), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (ch_token_get_tries (self->token), ==, 4);
  g_assert_false (change_pin (self, ANSWERS (PASSPHRASE, "short", "1234567890"), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (change_pin (self, ANSWERS (PASSPHRASE, "a", "b", "c", "d", "aaaaaaaaaa"), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSPHRASE_WEAK);
  g_clear_error (&error);
  unchanged = read_token (self);
  g_assert_true (g_bytes_equal (before, unchanged));

  g_assert_true (change_pin (self, ANSWERS (PASSPHRASE, CHANGED), &error));
  g_assert_no_error (error);
  after = read_token (self);
  g_assert_false (g_bytes_equal (before, after));
  assert_signs (self->token, self->key_id, CHANGED, NULL);
  /* Every key is under the new one, the lock too, and others open it */
  path = pki_write (self->world, "changed.token", after);
  write_pass (self, "old", PASSPHRASE);
  write_pass (self, "new", CHANGED);
  output = pki_openssl (self->world, 0, "pkey -in changed.token -passin file:new -noout");
  g_clear_pointer (&output, g_free);
  output = pki_openssl (self->world, 1, "pkey -in changed.token -passin file:old -noout");
}

/* The other PC has all of it; the file says what it is and shows nothing */
static void
test_backup (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = back_up (self, FALSE, ANSWERS (PASSPHRASE), &error);
  g_autofree char *label = NULL;
  g_autofree char *code = NULL;
  g_autofree char *text = NULL;
  g_autoptr (ChToken) restored = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_assert_true (g_str_has_prefix (text, "Certhall back-up of a software token 1\n"));
  g_assert_null (strstr (text, "PRIVATE KEY"));
  g_assert_null (strstr (text, "BEGIN CERTIFICATE"));
  label = ch_soft_backup_get_label (file);
  g_assert_cmpstr (label, ==, "我的证书");

  assert_not_imported (self->other_hub, file, NULL, ANSWERS (WRONG), CH_ERROR_CANCELLED);
  restored = import (self->other_hub, file, NULL, ANSWERS (WRONG, PASSPHRASE), &code, &error);
  g_assert_no_error (error);
  g_assert_null (code);
  g_assert_cmpstr (ch_token_get_info (restored)->serial, ==, ch_token_get_info (self->token)->serial);
  g_assert_cmpstr (ch_token_get_info (restored)->label, ==, "我的证书");
  assert_signs (restored, self->key_id, PASSPHRASE, NULL);
  ch_token_list_objects_async (restored, NULL, on_done_cb, &listed);
  objects = ch_token_list_objects_finish (restored, wait_for (&listed), &error);
  g_assert_true (g_bytes_equal (((ChTokenObject *) objects->pdata[0])->cert, self->cert));

  /* Here it is already, and there it is now */
  assert_not_imported (self->hub, file, NULL, ANSWERS (PASSPHRASE), CH_ERROR_TOKEN_EXISTS);
  assert_not_imported (self->other_hub, file, NULL, ANSWERS (PASSPHRASE), CH_ERROR_TOKEN_EXISTS);
}

/* A damaged token gets its content back; what was there is put aside */
static void
test_mend (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = back_up (self, FALSE, ANSWERS (PASSPHRASE), &error);
  g_autoptr (GBytes) whole = read_token (self);
  g_autoptr (ChToken) mended = NULL;
  g_autofree char *path
      = g_strdup_printf ("%s/%s.token", self->here, ch_token_get_info (self->token)->serial);
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);
  struct stat st;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "damaged", -1, NULL));
  mended = import (self->hub, file, NULL, ANSWERS (PASSPHRASE), NULL, &error);
  g_assert_no_error (error);
  assert_signs (mended, self->key_id, PASSPHRASE, NULL);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
}

/* Whatever byte of a back-up is wrong, it is said, and no token comes of it */
static void
test_damaged_backup (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = back_up (self, FALSE, ANSWERS (PASSPHRASE), &error);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (file, &len);

  g_assert_no_error (error);
  for (gsize i = 0; i < len; i += g_test_rand_int_range (1, 60))
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      ChErrorCode code;

      copy[i] ^= 1;
      changed = g_bytes_new_take (g_steal_pointer (&copy), len);
      code = ch_soft_backup_is_one (changed) ? CH_ERROR_FILE_DAMAGED : CH_ERROR_FILE_FOREIGN;
      assert_not_imported (self->other_hub, changed, NULL, ANSWERS (PASSPHRASE), code);
      code = ch_soft_backup_is_one (cut) ? CH_ERROR_FILE_DAMAGED : CH_ERROR_FILE_FOREIGN;
      assert_not_imported (self->other_hub, cut, NULL, ANSWERS (PASSPHRASE), code);
    }
}

/* Somebody who changes what stands in clear, checksum and all, is found out by the tag */
static void
test_forged_backup (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = back_up (self, FALSE, ANSWERS (PASSPHRASE), &error);
  g_autofree char *text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_autoptr (GString) forged = NULL;
  g_autofree char *checksum = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  *strstr (text, "Checksum: ") = 0;
  forged = g_string_new (text);
  g_string_replace (forged, "Label: 我的证书", "Label: 别的证书", 1);
  checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, forged->str, -1);
  g_string_append_printf (forged, "Checksum: %s\n", checksum);
  bytes = g_bytes_new (forged->str, forged->len);
  assert_not_imported (self->other_hub, bytes, NULL, ANSWERS (PASSPHRASE), CH_ERROR_CANCELLED);
}

/* The token stays here until the other PC has shown that it works there */
static void
test_move (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = back_up (self, TRUE, ANSWERS (PASSPHRASE), &error);
  g_autoptr (GBytes) file = back_up (self, TRUE, ANSWERS (PASSPHRASE), &error);
  g_autoptr (ChToken) moved = NULL;
  g_autofree char *code = NULL;
  g_autofree char *grouped = NULL;

  g_assert_no_error (error);
  g_assert_false (remove_token (self->token, "00000000", ANSWERS (PASSPHRASE), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_MOVE_CODE);
  g_clear_error (&error);
  assert_signs (self->token, self->key_id, PASSPHRASE, NULL);

  moved = import (self->other_hub, file, NULL, ANSWERS (PASSPHRASE), &code, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (code), ==, 8);
  grouped = g_strdup_printf ("%.4s %s", code, code + 4);
  g_assert_false (remove_token (self->token, grouped, ANSWERS (WRONG), &error));
  g_clear_error (&error);
  g_assert_true (remove_token (self->token, grouped, ANSWERS (PASSPHRASE), &error));
  g_assert_no_error (error);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) > 0)
    g_main_context_iteration (NULL, TRUE);
  assert_signs (moved, self->key_id, PASSPHRASE, NULL);
}

static void
test_remove (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (remove_token (self->token, NULL, ANSWERS (WRONG), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (remove_token (self->token, NULL, ANSWERS (PASSPHRASE), &error));
  g_assert_no_error (error);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->hub)) > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Out by our export, in by our import and by openssl */
static void
test_export_import (Fixture *self, gconstpointer spec)
{
  const char *sm2_id = GPOINTER_TO_INT (spec) == CH_KEY_SM2 ? "TEST-CA@2026" : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *output = NULL;
  g_autofree char *pem = ch_cert_to_pem (self->cert);
  g_autoptr (ChToken) imported = NULL;

  g_assert_null (export_bundle (self, "00", ANSWERS (PASSPHRASE, OF_FILE), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_clear_error (&error);
  file = export_bundle (self, self->key_id, ANSWERS (PASSPHRASE, "short", OF_FILE), &error);
  g_assert_no_error (error);

  path = pki_write (self->world, "token.p12", file);
  write_pass (self, "pass", OF_FILE);
  output = pki_openssl (self->world, 0, "pkcs12 -in token.p12 -passin file:pass -nodes -info");
  g_assert_nonnull (strstr (output, pem));
  g_assert_nonnull (strstr (output, "BEGIN PRIVATE KEY"));
  g_assert_nonnull (strstr (output, "Iteration 600000"));
  g_assert_nonnull (strstr (output, "AES-256-CBC"));

  assert_not_imported (self->hub, file, NULL, ANSWERS (OF_FILE, PASSPHRASE), CH_ERROR_TOKEN_EXISTS);
  imported = import (self->other_hub, file, NULL, ANSWERS (WRONG, OF_FILE, "short", CHANGED), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ch_token_get_info (imported)->serial, !=, ch_token_get_info (self->token)->serial);
  g_assert_cmpstr (ch_token_get_info (imported)->label, ==, "某单位");
  assert_signs (imported, self->key_id, CHANGED, sm2_id);
}

/* What openssl made, of each kind and in each form */
static void
test_foreign (Fixture *self, gconstpointer spec)
{
  /* clang-format off */
  static const struct
  {
    const char *make;
    const char *options;
    ChKeySpec spec;
  } rows[] = {
    { "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem", "-passout file:pass", CH_KEY_RSA_2048 },
    { "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
      "-passout file:pass -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", CH_KEY_P256 },
    { "genpkey -algorithm SM2 -out key.pem", "-passout file:pass -certfile ca.pem", CH_KEY_SM2 },
  };
  /* clang-format on */
  g_autofree char *ca = pki_write_pem (self->world, "ca.pem", self->world->ca);

  write_pass (self, "pass", OF_FILE);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *made = pki_openssl (self->world, 0, "%s", rows[i].make);
      g_autofree char *public
          = pki_openssl (self->world, 0, "pkey -in key.pem -pubout -outform DER -out pub.der");
      g_autofree char *public_path = g_build_filename (self->world->dir, "pub.der", NULL);
      g_autofree char *cert_path = NULL;
      g_autofree char *bundled = NULL;
      g_autofree char *sealed = NULL;
      g_autofree char *key_id = NULL;
      g_autoptr (GBytes) spki = NULL;
      g_autoptr (GBytes) cert = NULL;
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GBytes) bare = NULL;
      g_autoptr (GBytes) cert_file = NULL;
      g_autoptr (ChToken) imported = NULL;
      g_autofree char *pem = NULL;
      char *data = NULL;
      gsize len = 0;

      g_assert_true (g_file_get_contents (public_path, &data, &len, NULL));
      spki = g_bytes_new_take (data, len);
      key_id = ch_spki_get_key_id_hex (spki);
      cert = pki_issue (self->world, spki, "别家单位");
      cert_path = pki_write_pem (self->world, "cert.pem", cert);
      bundled = pki_openssl (self->world, 0, "pkcs12 -export -inkey key.pem -in cert.pem -out foreign.p12 %s",
                             rows[i].options);
      sealed = pki_openssl (self->world, 0, "pkcs8 -topk8 -in key.pem -out sealed.pem -passout file:pass");
      {
        g_autofree char *path = g_build_filename (self->world->dir, "foreign.p12", NULL);
        g_autofree char *sealed_path = g_build_filename (self->world->dir, "sealed.pem", NULL);

        g_assert_true (g_file_get_contents (path, &data, &len, NULL));
        file = g_bytes_new_take (data, len);
        g_assert_true (g_file_get_contents (sealed_path, &data, &len, NULL));
        bare = g_bytes_new_take (data, len);
      }

      if (i == 0)
        {
          pem = ch_cert_to_pem (cert);
          cert_file = g_bytes_new (pem, strlen (pem));
          assert_not_imported (self->other_hub, bare, NULL, ANSWERS (OF_FILE, CHANGED),
                               CH_ERROR_FILE_NO_CERTIFICATE);
          assert_not_imported (self->other_hub, bare, self->cert, ANSWERS (OF_FILE, CHANGED),
                               CH_ERROR_KEY_MISMATCH);
          imported = import (self->other_hub, bare, cert_file, ANSWERS (OF_FILE, CHANGED), NULL, &error);
        }
      else
        imported = import (self->other_hub, file, NULL, ANSWERS (OF_FILE, CHANGED), NULL, &error);
      g_assert_no_error (error);
      assert_signs (imported, key_id, CHANGED, NULL);
    }
}

static void
test_refused (Fixture *self, gconstpointer spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) junk = g_bytes_new_static ("a letter to somebody", 20);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) file = export_bundle (self, NULL, ANSWERS (PASSPHRASE, OF_FILE), &error);
  g_autofree char *ca = pki_write_pem (self->world, "ca.pem", self->world->ca);
  g_autofree char *made = NULL;
  g_autofree char *dear = NULL;
  const char *const names[] = { "certs.p12", "dear.p12" };
  const ChErrorCode codes[] = { CH_ERROR_FILE_NO_KEY, CH_ERROR_FILE_DAMAGED };

  g_assert_no_error (error);
  assert_not_imported (self->other_hub, junk, NULL, ANSWERS (OF_FILE), CH_ERROR_FILE_FOREIGN);
  assert_not_imported (self->other_hub, nothing, NULL, ANSWERS (OF_FILE), CH_ERROR_FILE_FOREIGN);
  assert_not_imported (self->other_hub, self->cert, NULL, ANSWERS (OF_FILE), CH_ERROR_FILE_NO_KEY);

  /* without a key; and one whose key costs hours to derive */
  write_pass (self, "pass", OF_FILE);
  made = pki_openssl (self->world, 0, "pkcs12 -export -nokeys -in ca.pem -out certs.p12 -passout file:pass");
  dear = pki_openssl (
      self->world, 0,
      "pkcs12 -export -nokeys -in ca.pem -iter 11000000 -nomaciter -out dear.p12 -passout file:pass");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->world->dir, names[i], NULL);
      g_autoptr (GBytes) bytes = NULL;
      char *data = NULL;
      gsize len = 0;

      g_assert_true (g_file_get_contents (path, &data, &len, NULL));
      bytes = g_bytes_new_take (data, len);
      assert_not_imported (self->other_hub, bytes, NULL, ANSWERS (OF_FILE), codes[i]);
    }

  /* its certificate has ended */
  ch_clock_set_offset (40 * 365 * 86400LL);
  assert_not_imported (self->other_hub, file, NULL, ANSWERS (OF_FILE, CHANGED), CH_ERROR_CERTIFICATE_EXPIRED);
  ch_clock_set_offset (0);
}

int
main (int argc, char **argv)
{
  /* clang-format off */
  static const struct
  {
    const char *name;
    void (*test) (Fixture *self, gconstpointer spec);
    ChKeySpec spec;
  } tests[] = {
    { "change",             test_change,         CH_KEY_P256 },
    { "backup",             test_backup,         CH_KEY_P256 },
    { "mend",               test_mend,           CH_KEY_P256 },
    { "damaged",            test_damaged_backup, CH_KEY_P256 },
    { "forged",             test_forged_backup,  CH_KEY_P256 },
    { "move",               test_move,           CH_KEY_P256 },
    { "remove",             test_remove,         CH_KEY_P256 },
    { "export-import/rsa",  test_export_import,  CH_KEY_RSA_2048 },
    { "export-import/p256", test_export_import,  CH_KEY_P256 },
    { "export-import/sm2",  test_export_import,  CH_KEY_SM2 },
    { "foreign",            test_foreign,        CH_KEY_P256 },
    { "refused",            test_refused,        CH_KEY_P256 },
  };
  /* clang-format on */

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/token/soft-care/", tests[i].name, NULL);

      g_test_add (path, Fixture, GINT_TO_POINTER (tests[i].spec), set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
