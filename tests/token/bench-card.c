#include "config.h"

#include "base/ch-error.h"
#include "card-world.h"
#include "pki/ch-cert.h"
#include "token/token-asker.h"
#include "token/token-world.h"
#include "unit/pki-world.h"

/* A USB key in our programs against OpenSC’s own tool on the same card: plugged in until its certificate is
 * known, PIN and signature, and key, request and certificate */

#define ROUNDS   11
#define LIMIT_MS 20000

typedef struct
{
  CardWorld *cards;
  PkiWorld *pki;
  char *module;
  char *dir;
  char *key_id; /* of the key on the card */
} Bench;

/* Returns: milliseconds */
typedef double (*Work) (Bench *self, guint round);

static double
since (gint64 began)
{
  return (g_get_monotonic_time () - began) / 1e3;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
get_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

/* In turn, so that what else goes on strikes both */
static void
measure (Bench *self, const char *name, double aim, Work own, Work yardstick, const char *words)
{
  double ours[ROUNDS], theirs[ROUNDS];

  own (self, 0);
  yardstick (self, 0);
  for (guint i = 0; i < ROUNDS; i++)
    {
      ours[i] = own (self, 1 + i);
      theirs[i] = yardstick (self, 1 + i);
    }
  g_print ("ratio card/%s %.2f <= %.2f %.0f ms against %.0f ms %s\n", name,
           get_median (ours, ROUNDS) / get_median (theirs, ROUNDS), aim, get_median (ours, ROUNDS),
           get_median (theirs, ROUNDS), words);
}

/* pkcs11-tool with these words, NULL behind the last one; what it says is not looked at */
static void
run_tool (Bench *self, const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status = 0;
  va_list more;

  g_ptr_array_add (words, "pkcs11-tool");
  g_ptr_array_add (words, "--module");
  g_ptr_array_add (words, self->module);
  va_start (more, first);
  for (const char *word = first; word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (more);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static ChTokenHub *
open_hub (Bench *self)
{
  ChTokenHub *hub = token_world_open_module (self->dir, self->module, LIMIT_MS);

  token_world_settle (hub);
  return hub;
}

static ChToken *
wait_for_token (ChTokenHub *hub)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (hub)) == 0)
    g_main_context_iteration (NULL, TRUE);
  return g_list_model_get_item (G_LIST_MODEL (hub), 0);
}

/* -- Plugged in until its certificate is known */

static double
plug_in (Bench *self, guint round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChTokenHub) hub = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gint64 began;
  double took;

  card_world_remove (self->cards, 0);
  hub = open_hub (self);
  began = g_get_monotonic_time ();
  card_world_insert (self->cards, 0);
  token = wait_for_token (hub);
  objects = token_list (token, &error);
  took = since (began);
  g_assert_no_error (error);
  g_assert_nonnull (((ChTokenObject *) objects->pdata[0])->cert);
  return took;
}

static double
plug_in_tool (Bench *self, guint round)
{
  gint64 began;

  card_world_remove (self->cards, 0);
  began = g_get_monotonic_time ();
  card_world_insert (self->cards, 0);
  run_tool (self, "--list-objects", NULL);
  return since (began);
}

/* -- PIN and signature, as a login has it; the server’s part is the same whatever signs */

static double
sign (Bench *self, guint round)
{
  const char *const answers[] = { CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GBytes) statement = g_bytes_new_static ("certhall-login/1", 16);
  gint64 began = g_get_monotonic_time ();
  g_autoptr (ChTokenHub) hub = open_hub (self);
  g_autoptr (ChToken) token = wait_for_token (hub);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = token_sign (token, self->key_id, statement, asker, &error);

  g_assert_no_error (error);
  return since (began);
}

static double
sign_tool (Bench *self, guint round)
{
  g_autofree char *in = g_build_filename (self->dir, "in", NULL);
  g_autofree char *out = g_build_filename (self->dir, "out", NULL);
  gint64 began;

  g_assert_true (g_file_set_contents (in, "0123456789abcdef0123456789abcdef", 32, NULL));
  began = g_get_monotonic_time ();
  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--id", self->key_id, "--sign", "--mechanism", "ECDSA",
            "--input-file", in, "--output-file", out, NULL);
  return since (began);
}

/* -- Key, request and certificate; what was made is taken away again outside of the time */

static double
make (Bench *self, guint round)
{
  const char *const answers[] = { CARD_WORLD_PIN, CARD_WORLD_PIN, CARD_WORLD_PIN, CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GBytes) request = g_bytes_new_static ("what is asked for", 17);
  gint64 began = g_get_monotonic_time ();
  g_autoptr (ChTokenHub) hub = open_hub (self);
  g_autoptr (ChToken) token = wait_for_token (hub);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (token, CH_KEY_P256, "certhall:A2", asker, &error);
  g_autofree char *key_id = spki != NULL ? ch_spki_get_key_id_hex (spki) : NULL;
  g_autoptr (GBytes) signature = key_id != NULL ? token_sign (token, key_id, request, asker, &error) : NULL;
  g_autoptr (GBytes) cert = signature != NULL ? pki_issue (self->pki, spki, "甲公司") : NULL;
  gboolean is_stored = cert != NULL && token_store (token, key_id, cert, asker, &error);
  double took = since (began);

  g_assert_no_error (error);
  g_assert_true (is_stored);
  g_assert_true (token_delete (token, key_id, asker, &error));
  return took;
}

static double
make_tool (Bench *self, guint round)
{
  g_autofree char *in = g_build_filename (self->dir, "in", NULL);
  g_autofree char *out = g_build_filename (self->dir, "out", NULL);
  g_autofree char *cert = g_build_filename (self->dir, "cert", NULL);
  gint64 began = g_get_monotonic_time ();
  double took;

  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--keypairgen", "--key-type", "EC:prime256v1", "--id",
            "a2", "--label", "certhall:A2", NULL);
  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--id", "a2", "--sign", "--mechanism", "ECDSA",
            "--input-file", in, "--output-file", out, NULL);
  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--write-object", cert, "--type", "cert", "--id", "a2",
            NULL);
  took = since (began);
  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--delete-object", "--type", "cert", "--id", "a2",
            NULL);
  run_tool (self, "--login", "--pin", CARD_WORLD_PIN, "--delete-object", "--type", "privkey", "--id", "a2",
            NULL);
  return took;
}

/* A key with its certificate on the card; the same certificate for the tool to write */
static void
set_up (Bench *self)
{
  const char *const answers[] = { CARD_WORLD_PIN, CARD_WORLD_PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autofree char *path = g_build_filename (self->dir, "cert", NULL);
  g_autoptr (ChTokenHub) hub = NULL;
  g_autoptr (ChToken) token = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) cert = NULL;

  card_world_insert (self->cards, 0);
  card_world_initialise (self->cards, 0, TOKEN_WORLD_LABEL);
  hub = open_hub (self);
  token = wait_for_token (hub);
  spki = token_generate (token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_assert_no_error (error);
  self->key_id = ch_spki_get_key_id_hex (spki);
  cert = pki_issue (self->pki, spki, "甲公司");
  token_store (token, self->key_id, cert, asker, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, g_bytes_get_data (cert, NULL), g_bytes_get_size (cert), &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  Bench bench = { .cards = card_world_new (), .pki = pki_world_new (CH_KEY_P256) };

  bench.module = card_world_get_module ();
  bench.dir = g_dir_make_tmp ("certhall-bench-XXXXXX", NULL);
  set_up (&bench);
  measure (&bench, "plugged-in", 1.2, plug_in, plug_in_tool,
           "of pkcs11-tool -O, plugged in until the certificate is known");
  measure (&bench, "login", 1.2, sign, sign_tool,
           "of pkcs11-tool --login --sign, from the start of the module");
  measure (&bench, "install", 1.0, make, make_tool,
           "of pkcs11-tool: key, signature, certificate, each by itself");
  token_world_remove_dir (bench.dir);
  g_free (bench.dir);
  g_free (bench.module);
  g_free (bench.key_id);
  pki_world_free (bench.pki);
  card_world_free (bench.cards);
  return 0;
}
