#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-envelope.h"
#include "pki/ch-spki.h"

#define SECRET "3537363231383830"
#define ABOUT  "certhall-so-pin/1 DECC0001"

typedef struct
{
  ChKey *key;
  ChSecret *clear;
  GBytes *sealed;
} World;

static void
set_up (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  world->key = ch_key_generate (CH_KEY_P256, &error);
  world->clear = ch_secret_new (SECRET, strlen (SECRET));
  world->sealed = ch_envelope_seal (ch_key_get_spki (world->key), ABOUT, world->clear, &error);
  g_assert_no_error (error);
}

static void
tear_down (World *world, gconstpointer data)
{
  ch_key_unref (world->key);
  ch_secret_unref (world->clear);
  g_bytes_unref (world->sealed);
}

static void
assert_shut (ChKey *key, const char *about, GBytes *sealed)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ch_envelope_open (key, about, sealed, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
}

static void
test_opened (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSecret) opened = ch_envelope_open (world->key, ABOUT, world->sealed, &error);
  g_autoptr (GBytes) again = ch_envelope_seal (ch_key_get_spki (world->key), ABOUT, world->clear, &error);

  g_assert_no_error (error);
  g_assert_true (ch_secret_equal (opened, world->clear));
  g_assert_null (
      memmem (g_bytes_get_data (world->sealed, NULL), g_bytes_get_size (world->sealed), SECRET, 8));
  /* A key of its own each time */
  g_assert_false (g_bytes_equal (again, world->sealed));
}

static void
test_others (World *world, gconstpointer data)
{
  g_autoptr (ChKey) other = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChKey) rsa = ch_key_generate (CH_KEY_RSA_2048, NULL);

  assert_shut (other, ABOUT, world->sealed);
  assert_shut (rsa, ABOUT, world->sealed);
  assert_shut (world->key, "certhall-so-pin/1 DECC0002", world->sealed);
  assert_shut (world->key, "", world->sealed);
}

/* Each bit of it counts, and each byte */
static void
test_changed (World *world, gconstpointer data)
{
  gsize size = g_bytes_get_size (world->sealed);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (world->sealed, NULL), size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GBytes) shorter = g_bytes_new (copy, i);

      copy[i] ^= 1 << (i % 8);
      changed = g_bytes_new (copy, size);
      assert_shut (world->key, ABOUT, changed);
      assert_shut (world->key, ABOUT, shorter);
    }
}

/* Only for keys that can agree on something */
static void
test_receivers (World *world, gconstpointer data)
{
  g_autoptr (ChKey) rsa = ch_key_generate (CH_KEY_RSA_2048, NULL);
  g_autoptr (ChKey) sm2 = ch_key_generate (CH_KEY_SM2, NULL);
  g_autoptr (GBytes) nonsense = g_bytes_new_static ("nonsense", 8);
  GBytes *receivers[] = { ch_key_get_spki (rsa), ch_key_get_spki (sm2), nonsense };

  for (gsize i = 0; i < G_N_ELEMENTS (receivers); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ch_envelope_seal (receivers[i], ABOUT, world->clear, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pki/envelope/opened", World, NULL, set_up, test_opened, tear_down);
  g_test_add ("/pki/envelope/others", World, NULL, set_up, test_others, tear_down);
  g_test_add ("/pki/envelope/changed", World, NULL, set_up, test_changed, tear_down);
  g_test_add ("/pki/envelope/receivers", World, NULL, set_up, test_receivers, tear_down);
  return g_test_run ();
}
