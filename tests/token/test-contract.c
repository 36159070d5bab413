#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "token/token-asker.h"
#include "token/token-world.h"
#include "unit/pki-world.h"

/* What every back end must keep, tried on each of them alike */

typedef struct
{
  TokenWorld *world;
  PkiWorld *pki;
} Fixture;

static const ChKeySpec specs[] = { CH_KEY_RSA_2048, CH_KEY_P256 };

static void
set_up (Fixture *self, gconstpointer backend)
{
  self->world = token_world_new (backend);
  self->pki = pki_world_new (CH_KEY_P256);
}

static void
tear_down (Fixture *self, gconstpointer backend)
{
  token_world_free (self->world);
  pki_world_free (self->pki);
}

static const ChTokenObject *
find (GPtrArray *objects, const char *key_id)
{
  for (guint i = 0; i < objects->len; i++)
    if (g_str_equal (((ChTokenObject *) objects->pdata[i])->key_id, key_id))
      return objects->pdata[i];
  return NULL;
}

static void
test_info (Fixture *self, gconstpointer data)
{
  const TokenBackend *backend = data;
  const ChTokenInfo *info = ch_token_get_info (self->world->token);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = token_list (self->world->token, &error);
  g_autoptr (ChToken) found = ch_token_hub_find (self->world->hub, info->serial);

  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 0);
  g_assert_true (found == self->world->token);
  g_assert_cmpstr (info->label, ==, TOKEN_WORLD_LABEL);
  g_assert_cmpstr (info->medium, ==, backend->medium);
  g_assert_cmpstr (info->serial, !=, "");
  g_assert_cmpuint (info->abilities & (CH_TOKEN_CAN_GENERATE | CH_TOKEN_CAN_CHANGE_PIN), ==,
                    CH_TOKEN_CAN_GENERATE | CH_TOKEN_CAN_CHANGE_PIN);
  g_assert_cmpuint (info->abilities & CH_TOKEN_HAS_PIN_PAD, ==, 0);
  g_assert_true (backend->asks_for_pin == (ch_token_get_pin_state (self->world->token) == CH_PIN_GOOD));
  g_assert_cmpuint (info->key_specs & (1 << CH_KEY_RSA_2048), !=, 0);
  g_assert_cmpuint (info->key_specs & (1 << CH_KEY_P256), !=, 0);
}

/* Key, request, certificate, proof: with one PIN; then all of it is there for whoever comes later */
static void
test_life (Fixture *self, gconstpointer data)
{
  const TokenBackend *backend = data;
  ChToken *token = self->world->token;
  g_autoptr (ChSubject) subject = pki_subject ("甲公司");

  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      g_autoptr (GTlsInteraction) asker = token_world_asker (self->world);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) spki = token_generate (token, specs[i], "certhall:A1", asker, &error);
      g_autofree char *key_id = spki != NULL ? ch_spki_get_key_id_hex (spki) : NULL;
      g_autoptr (GPtrArray) objects = NULL;
      g_autoptr (ChCsr) csr = NULL;
      g_autoptr (GBytes) signature = NULL;
      g_autoptr (GBytes) request = NULL;
      g_autoptr (GBytes) cert = NULL;
      const ChTokenObject *object;

      g_assert_no_error (error);
      objects = token_list (token, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (objects->len, ==, i + 1);
      object = find (objects, key_id);
      g_assert_nonnull (object);
      g_assert_cmpstr (object->label, ==, "certhall:A1");
      g_assert_true (object->has_key);
      g_assert_cmpint (object->spec, ==, specs[i]);
      g_assert_true (g_bytes_equal (object->spki, spki));
      g_assert_null (object->cert);
      g_clear_pointer (&objects, g_ptr_array_unref);

      csr = ch_csr_begin (spki, subject, &error);
      g_assert_no_error (error);
      signature = token_sign (token, key_id, ch_csr_get_tbs (csr), asker, &error);
      g_assert_no_error (error);
      request = ch_csr_close (csr, signature, NULL, &error);
      g_assert_no_error (error);

      cert = pki_issue (self->pki, spki, "甲公司");
      g_assert_true (token_store (token, key_id, cert, asker, &error));
      g_assert_no_error (error);
      /* Once more is success, and not twice there */
      g_assert_true (token_store (token, key_id, cert, asker, &error));
      objects = token_list (token, &error);
      g_assert_cmpuint (objects->len, ==, i + 1);
      object = find (objects, key_id);
      g_assert_true (g_bytes_equal (object->cert, cert));
      g_assert_true (object->has_key);

      g_clear_pointer (&signature, g_bytes_unref);
      signature = token_sign (token, key_id, cert, asker, &error);
      g_assert_no_error (error);
      g_assert_true (ch_spki_verify (spki, cert, signature, NULL, &error));
      /* A medium stays open for a while, and so does the key of a file */
      g_assert_cmpuint (token_asker_get_n_asked (asker), ==, i == 0 || !backend->asks_for_pin ? 1 : 0);
    }
}

static void
test_wrong_pin (Fixture *self, gconstpointer data)
{
  const TokenBackend *backend = data;
  const char *const answers[] = { backend->wrong_pin, backend->pin, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GTlsInteraction) silent = token_asker_new (answers + 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = NULL;

  g_assert_null (token_generate (self->world->token, CH_KEY_P256, "certhall:A1", silent, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (token_generate (self->world->token, CH_KEY_P256, "certhall:A1", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_RESTING);
  g_clear_error (&error);

  spki = token_generate (self->world->token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 2);
  g_assert_cmpint (token_asker_get_kind (asker, 0), ==, backend->asks_for_pin ? CH_ASK_PIN : CH_ASK_EXISTING);
  g_assert_cmpint (token_asker_get_flags (asker, 0), ==, G_TLS_PASSWORD_NONE);
  g_assert_cmpint (token_asker_get_flags (asker, 1) & G_TLS_PASSWORD_RETRY, ==, G_TLS_PASSWORD_RETRY);
  /* Media say that a wrong one was entered before the next is */
  if (backend->asks_for_pin)
    g_assert_cmpint (token_asker_get_flags (asker, 1) & G_TLS_PASSWORD_MANY_TRIES, !=, 0);
}

static void
test_foreign (Fixture *self, gconstpointer data)
{
  static const char nobody[] = "0123456789abcdef0123456789abcdef01234567";
  g_autoptr (GTlsInteraction) asker = token_world_asker (self->world);
  g_autoptr (GTlsInteraction) again = token_world_asker (self->world);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = token_generate (self->world->token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_autofree char *key_id = ch_spki_get_key_id_hex (spki);
  g_autoptr (ChKey) other = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (GBytes) cert = pki_issue (self->pki, ch_key_get_spki (other), "乙公司");
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (GPtrArray) objects = NULL;

  g_assert_false (token_store (self->world->token, key_id, cert, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CERTIFICATE_WRONG);
  g_clear_error (&error);
  g_assert_false (token_store (self->world->token, key_id, junk, again, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (token_store (self->world->token, nobody, cert, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_clear_error (&error);
  g_assert_null (token_sign (self->world->token, nobody, cert, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_clear_error (&error);

  objects = token_list (self->world->token, &error);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_null (((ChTokenObject *) objects->pdata[0])->cert);
}

static void
test_delete (Fixture *self, gconstpointer data)
{
  const TokenBackend *backend = data;
  const char *const answers[] = { backend->pin, backend->pin, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = token_generate (self->world->token, CH_KEY_P256, "certhall:A1", asker, &error);
  g_autoptr (GBytes) second = token_generate (self->world->token, CH_KEY_P256, "certhall:A2", asker, &error);
  g_autofree char *first_id = ch_spki_get_key_id_hex (first);
  g_autofree char *second_id = ch_spki_get_key_id_hex (second);
  g_autoptr (GBytes) cert = pki_issue (self->pki, first, "甲公司");
  g_autoptr (GTlsInteraction) last = token_world_asker (self->world);
  g_autoptr (GPtrArray) objects = NULL;

  g_assert_no_error (error);
  g_assert_true (token_store (self->world->token, first_id, cert, asker, &error));
  g_assert_no_error (error);
  g_assert_true (token_delete (self->world->token, first_id, last, &error));
  g_assert_no_error (error);
  objects = token_list (self->world->token, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_cmpstr (((ChTokenObject *) objects->pdata[0])->key_id, ==, second_id);
  g_assert_false (token_delete (self->world->token, first_id, last, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
}

static void
test_change_pin (Fixture *self, gconstpointer data)
{
  const TokenBackend *backend = data;
  const char *const answers[] = { backend->wrong_pin, backend->pin, "1", backend->other_pin, NULL };
  const char *const after[] = { backend->pin, backend->other_pin, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GTlsInteraction) later = token_asker_new (after);
  g_autoptr (GError) error = NULL;

  g_assert_true (token_change_pin (self->world->token, asker, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 4);
  g_assert_cmpint (token_asker_get_kind (asker, 2), ==,
                   backend->asks_for_pin ? CH_ASK_PIN_CHANGED : CH_ASK_CHANGED);
  g_assert_cmpint (token_asker_get_flags (asker, 3), ==, G_TLS_PASSWORD_RETRY);

  /* The old one opens nothing any more: changing asks for it always, open or not */
  g_assert_false (token_change_pin (self->world->token, later, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (token_asker_get_n_asked (later), ==, 3);
  g_assert_cmpint (token_asker_get_flags (later, 1) & G_TLS_PASSWORD_RETRY, ==, G_TLS_PASSWORD_RETRY);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "info", test_info },       { "life", test_life },     { "wrong-pin", test_wrong_pin },
    { "foreign", test_foreign }, { "delete", test_delete }, { "change-pin", test_change_pin },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < n_token_backends; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (tests); k++)
      {
        g_autofree char *path
            = g_strdup_printf ("/token/contract/%s/%s", token_backends[i].name, tests[k].name);

        g_test_add (path, Fixture, &token_backends[i], set_up, tests[k].func, tear_down);
      }
  return g_test_run ();
}
