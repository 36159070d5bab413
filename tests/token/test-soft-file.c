#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-spki.h"
#include "token/ch-soft-file.h"
#include "unit/pki-world.h"

static ChSoftFile *
make_file (PkiWorld *world)
{
  g_autoptr (GBytes) lock = g_bytes_new_static ("lock", 4);
  g_autoptr (GBytes) sealed = g_bytes_new_static ("sealed", 6);
  ChSoftFile *file = ch_soft_file_new ("1234567890123456", "我的证书\n第二行", lock);
  ChSoftEntry *entry = ch_soft_file_add (file, "certhall:A1", sealed, ch_key_get_spki (world->root_key));

  entry->cert = pki_issue (world, entry->spki, "某单位");
  ch_soft_file_add (file, "", sealed, ch_key_get_spki (world->ca_key));
  return file;
}

static void
test_round_trip (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChSoftFile) file = make_file (world);
  g_autoptr (GBytes) text = ch_soft_file_format (file);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSoftFile) parsed = ch_soft_file_parse (text, &error);
  ChSoftEntry *entry;

  g_assert_no_error (error);
  g_assert_cmpstr (parsed->serial, ==, "1234567890123456");
  g_assert_cmpstr (parsed->label, ==, "我的证书 第二行");
  g_assert_cmpuint (parsed->entries->len, ==, 2);
  entry = ch_soft_file_find (parsed, ((ChSoftEntry *) g_ptr_array_index (file->entries, 0))->key_id);
  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->label, ==, "certhall:A1");
  g_assert_nonnull (entry->cert);
  g_assert_null (ch_soft_file_find (parsed, "00"));
  again = ch_soft_file_format (parsed);
  g_assert_true (g_bytes_equal (text, again));

  ch_soft_file_remove (parsed, entry);
  g_assert_cmpuint (parsed->entries->len, ==, 1);
}

static void
test_damaged (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChSoftFile) file = make_file (world);
  g_autoptr (GBytes) text = ch_soft_file_format (file);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (text, &len);

  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (ch_soft_file_parse (cut, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
      g_clear_error (&error);
      copy[i] ^= 1 << (i % 8);
      flipped = g_bytes_new (copy, len);
      g_assert_null (ch_soft_file_parse (flipped, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
    }
}

/* The checksum is right, the content is not: somebody wrote it by hand. */
static void
test_forged (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChSoftFile) file = make_file (world);
  ChSoftEntry *entry = g_ptr_array_index (file->entries, 0);
  g_autoptr (GBytes) other = pki_issue (world, ch_key_get_spki (world->ca_key), "别人");
  g_autofree char *key_id = g_strdup (entry->key_id);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;

  entry->key_id[0] = entry->key_id[0] == '0' ? '1' : '0';
  text = ch_soft_file_format (file);
  g_assert_null (ch_soft_file_parse (text, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
  g_clear_error (&error);
  g_clear_pointer (&text, g_bytes_unref);

  g_free (entry->key_id);
  entry->key_id = g_steal_pointer (&key_id);
  g_bytes_unref (entry->cert);
  entry->cert = g_steal_pointer (&other);
  text = ch_soft_file_format (file);
  g_assert_null (ch_soft_file_parse (text, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TOKEN_BROKEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token/soft-file/round-trip", test_round_trip);
  g_test_add_func ("/token/soft-file/damaged", test_damaged);
  g_test_add_func ("/token/soft-file/forged", test_forged);
  return g_test_run ();
}
