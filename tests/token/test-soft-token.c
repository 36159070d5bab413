#include "config.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-csr.h"
#include "token/ch-soft-lock.h"
#include "token/ch-soft-token.h"
#include "token/token-asker.h"
#include "unit/pki-world.h"

#define PASSPHRASE "correct horse 电池"
#define OF_FILE    "another horse 电池"
#define SERIAL     "1234567890123456"

typedef struct
{
  PkiWorld *world;
  char *path;
  ChToken *token;
} Fixture;

static const char *program;

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

static GBytes *
generate (ChToken *token, ChKeySpec spec, const char *label, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_generate_key_async (token, spec, label, asker, NULL, on_done_cb, &result);
  return ch_token_generate_key_finish (token, wait_for (&result), error);
}

static GBytes *
sign (ChToken *token, const char *key_id, GBytes *data, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_sign_async (token, key_id, data, asker, NULL, on_done_cb, &result);
  return ch_token_sign_finish (token, wait_for (&result), error);
}

static gboolean
store (ChToken *token, const char *key_id, GBytes *cert, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_store_cert_async (token, key_id, cert, NULL, NULL, on_done_cb, &result);
  return ch_token_store_cert_finish (token, wait_for (&result), error);
}

static GPtrArray *
list (ChToken *token, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_list_objects_async (token, NULL, on_done_cb, &result);
  return ch_token_list_objects_finish (token, wait_for (&result), error);
}

static gboolean
delete_object (ChToken *token, const char *key_id, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_delete_object_async (token, key_id, asker, NULL, on_done_cb, &result);
  return ch_token_delete_object_finish (token, wait_for (&result), error);
}

static GBytes *
export_bundle (ChToken *token, GTlsInteraction *asker, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_token_export_bundle_async (token, NULL, asker, NULL, on_done_cb, &result);
  return ch_token_export_bundle_finish (token, wait_for (&result), error);
}

static GTlsInteraction *
right_asker (void)
{
  static const char *const answers[] = { PASSPHRASE, NULL };

  return token_asker_new (answers);
}

static GBytes *
read_file (const char *path)
{
  char *data = NULL;
  gsize len = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, len);
}

/* Deriving a key takes as long as it must: most tests begin with a copy of one token that has a key already.
 */
static GBytes *
make_template (void)
{
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GTlsInteraction) asker = right_asker ();
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("certhall-token-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, SERIAL ".token", NULL);
  g_autofree char *lock_path = g_build_filename (dir, "." SERIAL ".token.lock", NULL);
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GBytes) spki = NULL;
  GBytes *template;

  g_assert_true (ch_soft_token_create (path, "我的证书", passphrase, &error));
  token = CH_TOKEN (ch_soft_token_new (path));
  spki = generate (token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_assert_no_error (error);
  template = read_file (path);
  g_unlink (path);
  g_unlink (lock_path);
  g_rmdir (dir);
  return template;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static GBytes *template;

  if (template == NULL)
    template = make_template ();
  self->world = pki_world_new (CH_KEY_P256);
  self->path = pki_write (self->world, SERIAL ".token", template);
  g_assert_cmpint (g_chmod (self->path, 0600), ==, 0);
  self->token = CH_TOKEN (ch_soft_token_new (self->path));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->token);
  g_free (self->path);
  pki_world_free (self->world);
}

/* Returns: (transfer full): the id of the key that is there from the beginning. */
static char *
get_key (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = list (self->token, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, >, 0);
  return g_strdup (((ChTokenObject *) g_ptr_array_index (objects, 0))->key_id);
}

static void
test_life (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) asker = right_asker ();
  g_autoptr (GTlsInteraction) again = right_asker ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = list (self->token, &error);
  g_autoptr (ChSubject) subject = pki_subject ("某单位");
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (ChCsr) csr = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autoptr (ChToken) reopened = NULL;
  g_autofree char *key_id = NULL;
  g_autofree char *public_text = NULL;
  g_autofree char *public_pem = NULL;
  const ChTokenObject *object;
  struct stat st;

  g_assert_cmpuint (objects->len, ==, 1);
  g_clear_pointer (&objects, g_ptr_array_unref);
  g_assert_cmpstr (ch_token_get_info (self->token)->serial, ==, SERIAL);
  g_assert_cmpstr (ch_token_get_info (self->token)->label, ==, "我的证书");

  /* One question for key and request */
  spki = generate (self->token, CH_KEY_RSA_2048, "certhall:A2", asker, &error);
  g_assert_no_error (error);
  key_id = ch_spki_get_key_id_hex (spki);
  csr = ch_csr_begin (spki, subject, &error);
  signature = sign (self->token, key_id, ch_csr_get_tbs (csr), asker, &error);
  g_assert_no_error (error);
  request = ch_csr_close (csr, signature, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 1);
  g_assert_cmpint (token_asker_get_flags (asker, 0), ==, G_TLS_PASSWORD_NONE);
  g_assert_false (token_asker_was_new (asker, 0));

  cert = pki_issue (self->world, spki, "某单位");
  g_assert_true (store (self->token, key_id, cert, &error));
  g_assert_no_error (error);
  g_assert_true (store (self->token, key_id, cert, &error));

  /* Another program opens the file: all is there, the passphrase is asked again */
  reopened = CH_TOKEN (ch_soft_token_new (self->path));
  objects = list (reopened, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 2);
  object = g_ptr_array_index (objects, 1);
  g_assert_cmpstr (object->key_id, ==, key_id);
  g_assert_cmpstr (object->label, ==, "certhall:A2");
  g_assert_true (object->has_key);
  g_assert_cmpint (object->spec, ==, CH_KEY_RSA_2048);
  g_assert_true (g_bytes_equal (object->spki, spki));
  g_assert_true (g_bytes_equal (object->cert, cert));
  g_clear_pointer (&signature, g_bytes_unref);
  signature = sign (reopened, key_id, cert, again, &error);
  g_assert_no_error (error);
  g_assert_true (ch_spki_verify (spki, cert, signature, NULL, &error));
  g_assert_cmpuint (token_asker_get_n_asked (again), ==, 1);

  g_assert_cmpint (g_stat (self->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);

  /* People can do without us */
  g_clear_pointer (&public_text, g_free);
  g_assert_true (g_file_set_contents (public_pem = g_build_filename (self->world->dir, "pass", NULL),
                                      PASSPHRASE, -1, NULL));
  public_text = pki_openssl (self->world, 0,
                             "pkey -in " SERIAL ".token -passin file:pass -pubout -outform DER -out pub.der");
  g_assert_cmpstr (public_text, ==, "");
  {
    g_autofree char *path = g_build_filename (self->world->dir, "pub.der", NULL);
    g_autoptr (GBytes) taken = read_file (path);

    g_autofree char *first = get_key (self);
    g_autofree char *taken_id = ch_spki_get_key_id_hex (taken);

    g_assert_cmpstr (taken_id, ==, first);
  }
}

static void
test_sm2 (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsInteraction) asker = right_asker ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = generate (self->token, CH_KEY_SM2, "certhall:A2", asker, &error);
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  g_autoptr (GBytes) signature = sign (self->token, key_id, spki, asker, &error);
  g_autoptr (GPtrArray) objects = list (self->token, &error);

  g_assert_no_error (error);
  g_assert_true (ch_spki_verify (spki, spki, signature, NULL, &error));
  g_assert_cmpint (((ChTokenObject *) g_ptr_array_index (objects, 1))->spec, ==, CH_KEY_SM2);
}

static void
test_wrong_passphrase (Fixture *self, gconstpointer data)
{
  static const char *const second[] = { "wrong one", PASSPHRASE, NULL };
  static const char *const never[] = { "1", "2", "3", "4", "", PASSPHRASE, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (second);
  g_autoptr (GTlsInteraction) hopeless = token_asker_new (never);
  g_autoptr (GTlsInteraction) silent = token_asker_new (never + 6);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = read_file (self->path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) spki = NULL;

  g_assert_null (generate (self->token, CH_KEY_P256, "certhall:A1", hopeless, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PIN_WRONG);
  g_clear_error (&error);
  g_assert_cmpuint (token_asker_get_n_asked (hopeless), ==, 5);
  g_assert_cmpint (token_asker_get_flags (hopeless, 1), ==, G_TLS_PASSWORD_RETRY);
  g_assert_cmpint (token_asker_get_flags (hopeless, 2), ==, G_TLS_PASSWORD_RETRY | G_TLS_PASSWORD_MANY_TRIES);
  g_assert_cmpint (token_asker_get_flags (hopeless, 4), ==,
                   G_TLS_PASSWORD_RETRY | G_TLS_PASSWORD_MANY_TRIES | G_TLS_PASSWORD_FINAL_TRY);

  /* Now each wrong one makes wait, and the right one too; nobody is asked meanwhile */
  g_assert_cmpint (ch_token_get_tries (self->token), ==, 0);
  g_assert_null (generate (self->token, CH_KEY_P256, "certhall:A1", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN);
  g_assert_cmpstr (ch_error_get_detail (error, "retry-after"), ==, "1");
  g_clear_error (&error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 0);
  ch_clock_set_offset (2);
  g_assert_cmpint (ch_token_get_tries (self->token), ==, 1);
  g_assert_null (generate (self->token, CH_KEY_P256, "certhall:A1", silent, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (generate (self->token, CH_KEY_P256, "certhall:A1", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
  g_clear_error (&error);
  after = read_file (self->path);
  g_assert_true (g_bytes_equal (before, after));

  /* One more wrong one doubles the wait; the right one forgets them all */
  g_assert_null (generate (self->token, CH_KEY_P256, "certhall:A1", asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOO_OFTEN);
  g_assert_cmpstr (ch_error_get_detail (error, "retry-after"), ==, "2");
  g_clear_error (&error);
  ch_clock_set_offset (10);
  spki = generate (self->token, CH_KEY_P256, "certhall:A1", asker, &error);
  ch_clock_set_offset (0);
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 2);
  g_assert_cmpint (ch_token_get_tries (self->token), ==, 5);
}

static void
test_lock_and_delete (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "wrong one", NULL };
  g_autofree char *key_id = get_key (self);
  g_autoptr (GTlsInteraction) asker = right_asker ();
  g_autoptr (GTlsInteraction) opener = right_asker ();
  g_autoptr (GTlsInteraction) guesser = token_asker_new (wrong);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GTlsInteraction) maker = right_asker ();
  g_autoptr (GBytes) second = NULL;
  g_autofree char *second_id = NULL;

  /* What was opened signs without a question until it is locked */
  signature = sign (self->token, key_id, word, opener, &error);
  g_clear_pointer (&signature, g_bytes_unref);
  signature = sign (self->token, key_id, word, NULL, &error);
  g_assert_no_error (error);
  ch_soft_token_lock (CH_SOFT_TOKEN (self->token));
  g_assert_null (sign (self->token, key_id, word, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
  g_clear_error (&error);

  /* Deleting asks unless the token is open; afterwards it is not */
  g_assert_false (delete_object (self->token, key_id, guesser, &error));
  g_clear_error (&error);
  second = generate (self->token, CH_KEY_P256, "second", maker, &error);
  g_assert_no_error (error);
  second_id = ch_spki_get_key_id_hex (second);
  g_assert_true (delete_object (self->token, key_id, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (delete_object (self->token, second_id, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
  g_clear_error (&error);
  g_assert_true (delete_object (self->token, second_id, asker, &error));
  g_assert_no_error (error);
  objects = list (self->token, &error);
  g_assert_cmpuint (objects->len, ==, 0);
  g_assert_null (sign (self->token, key_id, word, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
}

/* An opened key is forgotten after a while, and a clock that is set back does not make it longer. */
static void
test_forgotten (Fixture *self, gconstpointer data)
{
  static const struct
  {
    gint64 offset;
    gboolean is_open;
  } cases[] = { { 100, TRUE }, { 120, FALSE }, { -3600, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *key_id = get_key (self);
      g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);
      g_autoptr (GError) error = NULL;
      g_autoptr (GTlsInteraction) asker = right_asker ();
      g_autoptr (GBytes) first = sign (self->token, key_id, word, asker, &error);
      g_autoptr (GBytes) signature = NULL;

      g_assert_no_error (error);
      ch_clock_set_offset (cases[i].offset);
      signature = sign (self->token, key_id, word, NULL, &error);
      ch_clock_set_offset (0);
      g_assert_true ((signature != NULL) == cases[i].is_open);
      if (!cases[i].is_open)
        g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
    }
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *key_id = get_key (self);
  g_autoptr (GBytes) foreign = pki_issue (self->world, ch_key_get_spki (self->world->root_key), "别人");
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (ChSecret) weak = ch_secret_new ("1234567890", 10);
  g_autoptr (ChSecret) good = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autofree char *other_path = g_build_filename (self->world->dir, "6543210987654321.token", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChToken) renamed = NULL;

  g_assert_false (store (self->token, key_id, foreign, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_false (store (self->token, key_id, junk, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_false (store (self->token, "00", foreign, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_clear_error (&error);
  g_assert_false (ch_soft_token_create (other_path, "x", weak, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_PASSPHRASE_WEAK);
  g_clear_error (&error);
  g_assert_false (ch_soft_token_create (self->path, "x", good, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_cmpint (g_rename (self->path, other_path), ==, 0);
  g_assert_null (list (self->token, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_GONE);
  g_clear_error (&error);
  renamed = CH_TOKEN (ch_soft_token_new (other_path));
  g_assert_null (list (renamed, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *key_id = get_key (self);
  g_autoptr (GBytes) whole = read_file (self->path);
  gsize len = 0;
  const guint8 *bytes = g_bytes_get_data (whole, &len);
  g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);

  for (gsize i = 0; i < len; i += 37)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, len);
      g_autoptr (GError) error = NULL;

      copy[i] ^= 1;
      g_assert_true (
          g_file_set_contents (self->path, (char *) copy, i % 2 == 0 ? (gssize) len : (gssize) i, NULL));
      g_assert_null (sign (self->token, key_id, word, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
    }
}

static void
test_export (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = { PASSPHRASE, OF_FILE, NULL };
  g_autofree char *key_id = get_key (self);
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = list (self->token, &error);
  const ChTokenObject *object = g_ptr_array_index (objects, 0);
  g_autoptr (GBytes) cert = pki_issue (self->world, object->spki, "某单位");
  g_autoptr (GBytes) bundle = NULL;
  g_autofree char *path = NULL;
  g_autofree char *pass = g_build_filename (self->world->dir, "pass", NULL);
  g_autofree char *output = NULL;
  g_autofree char *pem = ch_cert_to_pem (cert);

  g_assert_true (store (self->token, key_id, cert, &error));
  bundle = export_bundle (self->token, asker, &error);
  g_assert_no_error (error);
  path = pki_write (self->world, "token.p12", bundle);
  g_assert_true (g_file_set_contents (pass, OF_FILE, -1, NULL));
  output = pki_openssl (self->world, 0, "pkcs12 -in token.p12 -passin file:pass -nodes -info");
  g_assert_nonnull (strstr (output, pem));
  g_assert_nonnull (strstr (output, "BEGIN PRIVATE KEY"));
  g_assert_nonnull (strstr (output, "Iteration 600000"));
}

/* Starts this program again in one of the modes of main(). */
static GSubprocess *
start_child (const char *mode, const char *path, const char *key_id, const char *file)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *child
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, program,
                          mode, path, key_id != NULL ? key_id : "", file != NULL ? file : "", NULL);

  g_assert_no_error (error);
  return child;
}

static guint
read_dots (GSubprocess *child, guint wanted)
{
  guint8 buffer[64];
  guint n = 0;

  while (n < wanted)
    {
      gssize got = g_input_stream_read (g_subprocess_get_stdout_pipe (child), buffer, MIN (wanted - n, 64),
                                        NULL, NULL);

      if (got <= 0)
        break;
      n += got;
    }
  return n;
}

static void
test_two_processes (Fixture *self, gconstpointer data)
{
  g_autofree char *key_id = get_key (self);
  g_autoptr (GSubprocess) child = start_child ("--hold", self->path, NULL, NULL);
  g_autoptr (GBytes) word = g_bytes_new_static ("word", 4);
  g_autoptr (GTlsInteraction) asker = right_asker ();
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (read_dots (child, 1), ==, 1);
  g_assert_null (sign (self->token, key_id, word, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BUSY);
  g_clear_error (&error);
  /* Looking is always allowed */
  objects = list (self->token, &error);
  g_assert_no_error (error);

  /* The lock dies with its holder */
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  signature = sign (self->token, key_id, word, asker, &error);
  g_assert_no_error (error);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autofree char *key_id = get_key (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = list (self->token, &error);
  GBytes *spki = ((ChTokenObject *) g_ptr_array_index (objects, 0))->spki;
  g_autoptr (GBytes) one = pki_issue (self->world, spki, "甲");
  g_autoptr (GBytes) two = pki_issue (self->world, spki, "乙");
  g_autofree char *one_path = pki_write (self->world, "certs-1", one);
  g_autofree char *two_path = pki_write (self->world, "certs-2", two);
  g_autofree char *both = g_build_filename (self->world->dir, "certs-", NULL);

  for (guint i = 0; i < 25; i++)
    {
      g_autoptr (GSubprocess) child = start_child ("--churn", self->path, key_id, both);
      g_autoptr (GPtrArray) after = NULL;
      const ChTokenObject *object;

      g_assert_cmpuint (read_dots (child, 1 + g_test_rand_int_range (0, 5)), >, 0);
      for (int spin = g_test_rand_int_range (0, 2000); spin > 0; spin--)
        getppid ();
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);

      after = list (self->token, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (after->len, ==, 1);
      object = g_ptr_array_index (after, 0);
      g_assert_true (g_bytes_equal (object->cert, one) || g_bytes_equal (object->cert, two));
    }
}

/* @mode makes the disk too small; what is there must stay whole, and nothing may lie beside it. */
static void
check_full (Fixture *self, const char *mode, const char *expected)
{
  g_autofree char *key_id = get_key (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = list (self->token, &error);
  GBytes *spki = ((ChTokenObject *) g_ptr_array_index (objects, 0))->spki;
  g_autoptr (GBytes) cert = pki_issue (self->world, spki, "甲");
  g_autofree char *cert_path = pki_write (self->world, "cert", cert);
  g_autoptr (GBytes) before = read_file (self->path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GSubprocess) child = start_child (mode, self->path, key_id, cert_path);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *output = NULL;
  const char *name;

  g_subprocess_communicate_utf8 (child, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_str_equal (output, "cannot"))
    g_assert_cmpstr (output, ==, expected);
  else
    g_test_message ("no file system of one’s own may be mounted here");
  after = read_file (self->path);
  g_assert_true (g_bytes_equal (before, after));
  dir = g_dir_open (self->world->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_suffix (name, ".tmp"));
}

static void
test_full (Fixture *self, gconstpointer data)
{
  check_full (self, "--limited", "failed whole");
}

static void
test_full_disk (Fixture *self, gconstpointer data)
{
  check_full (self, "--full", "no-space whole");
}

static gboolean
store_in_child (const char *path, const char *key_id, const char *cert_path, GError **error)
{
  g_autoptr (ChToken) token = CH_TOKEN (ch_soft_token_new (path));
  g_autoptr (GBytes) cert = read_file (cert_path);

  return store (token, key_id, cert, error);
}

static int
child_hold (const char *path)
{
  g_autoptr (ChSoftLock) lock = ch_soft_lock_new (path, NULL);
  char buffer[1];

  if (lock == NULL || write (STDOUT_FILENO, ".", 1) != 1)
    return 1;
  return read (STDIN_FILENO, buffer, 1) < 0;
}

static int
child_churn (const char *path, const char *key_id, const char *prefix)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *cert_path = g_strdup_printf ("%s%u", prefix, 1 + i % 2);

      if (!store_in_child (path, key_id, cert_path, NULL) || write (STDOUT_FILENO, ".", 1) != 1)
        return 1;
    }
}

static int
child_limited (const char *path, const char *key_id, const char *cert_path)
{
  g_autoptr (GBytes) before = read_file (path);
  g_autoptr (GBytes) after = NULL;
  struct rlimit limit = { g_bytes_get_size (before), g_bytes_get_size (before) };
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    return 1;
  printf ("%s", store_in_child (path, key_id, cert_path, &error) ? "stored" : "failed");
  after = read_file (path);
  printf (" %s", g_bytes_equal (before, after) ? "whole" : "torn");
  return 0;
}

static int
child_full (const char *path, const char *key_id, const char *cert_path)
{
  g_autoptr (GBytes) before = read_file (path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) filling = g_bytes_new_take (g_malloc0 (65536), 65536);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *mounted = g_build_filename (dir, "full", NULL);
  g_autofree char *copy = g_build_filename (mounted, SERIAL ".token", NULL);
  g_autofree char *fill = g_build_filename (mounted, "filling", NULL);
  g_autoptr (GError) error = NULL;
  FILE *file;

  if (g_mkdir (mounted, 0700) != 0
      || (unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
      || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("full", mounted, "tmpfs", 0, "size=32k") != 0)
    {
      g_rmdir (mounted);
      printf ("cannot");
      return 0;
    }

  g_file_set_contents (copy, g_bytes_get_data (before, NULL), g_bytes_get_size (before), NULL);
  store_in_child (copy, "00", cert_path, NULL); /* makes the lock file */
  file = fopen (fill, "w");
  if (file == NULL)
    return 1;
  setvbuf (file, NULL, _IONBF, 0);
  fwrite (g_bytes_get_data (filling, NULL), 1, 65536, file);
  fclose (file);

  if (store_in_child (copy, key_id, cert_path, &error))
    printf ("stored");
  else
    printf ("%s", ch_error_get_info (error)->id);
  after = read_file (copy);
  printf (" %s", g_bytes_equal (before, after) ? "whole" : "torn");
  umount (mounted);
  g_rmdir (mounted);
  return 0;
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/token/soft/life", test_life },
    { "/token/soft/sm2", test_sm2 },
    { "/token/soft/wrong-passphrase", test_wrong_passphrase },
    { "/token/soft/lock-and-delete", test_lock_and_delete },
    { "/token/soft/forgotten", test_forgotten },
    { "/token/soft/refused", test_refused },
    { "/token/soft/damaged", test_damaged },
    { "/token/soft/export", test_export },
    { "/token/soft/two-processes", test_two_processes },
    { "/token/soft/killed", test_killed },
    { "/token/soft/full", test_full },
    { "/token/soft/full-disk", test_full_disk },
  };

  program = argv[0];
  if (argc > 4 && g_str_equal (argv[1], "--hold"))
    return child_hold (argv[2]);
  if (argc > 4 && g_str_equal (argv[1], "--churn"))
    return child_churn (argv[2], argv[3], argv[4]);
  if (argc > 4 && g_str_equal (argv[1], "--limited"))
    return child_limited (argv[2], argv[3], argv[4]);
  if (argc > 4 && g_str_equal (argv[1], "--full"))
    return child_full (argv[2], argv[3], argv[4]);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
