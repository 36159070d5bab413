#include "config.h"

#include "server/pay/ch-pay-setup.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "pki/ch-sealed.h"
#include "server/pay/ch-alipay.h"
#include "server/pay/ch-gateway-set.h"
#include "server/pay/ch-pay-key.h"
#include "server/pay/ch-wechat.h"

#define MAX_FILE    65536
#define V3_KEY_SIZE 32

#define WECHAT        "wechat"
#define WECHAT_KEYS   "wechat-keys"
#define ALIPAY        "alipay"
#define SEALED_FOLDER "keys"
#define SEALED_ENDING ".sealed"

typedef struct
{
  const char *dir;
  ChSecret *passphrase;
  gboolean is_trial;
  GKeyFile *file;
} Setup;

static char *
make_path (const char *dir, const char *name)
{
  return g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (dir, name, NULL);
}

static char *
make_sealed_path (const char *dir, const char *name)
{
  g_autofree char *file = g_strconcat (name, SEALED_ENDING, NULL);

  return g_build_filename (dir, SEALED_FOLDER, file, NULL);
}

static gboolean
is_name (const char *name)
{
  if (name == NULL || *name == 0)
    return FALSE;
  for (const char *p = name; *p != 0; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      return FALSE;
  return TRUE;
}

/* @needed: whether it is an error that it is missing */
static gboolean
read_text (const Setup *self,
           const char *group,
           const char *name,
           gboolean needed,
           char **text,
           GError **error)
{
  g_autoptr (GError) local = NULL;

  *text = g_key_file_get_string (self->file, group, name, &local);
  if (*text != NULL)
    {
      g_strstrip (*text);
      return TRUE;
    }
  if (needed)
    g_set_error (error, CH_ERROR, CH_ERROR_FILE, "[%s] %s is missing", group, name);
  return !needed;
}

static GBytes *
read_spki (const Setup *self, const char *file, GError **error)
{
  g_autofree char *path = make_path (self->dir, file);
  g_autoptr (GBytes) pem = ch_file_read (path, MAX_FILE, error);
  GBytes *spki = pem != NULL ? ch_pay_spki_parse (pem, error) : NULL;

  if (spki == NULL)
    g_prefix_error (error, "%s: ", path);
  return spki;
}

/* As systemd gives it, else sealed in the store’s folder */
static ChSecret *
read_secret (const Setup *self, const char *group, const char *option, GError **error)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GBytes) file = NULL;
  ChSecret *secret;

  if (!read_text (self, group, option, TRUE, &name, error))
    return NULL;
  if (!is_name (name))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "[%s] %s is no name of a secret", group, option);
      return NULL;
    }

  path = credentials != NULL ? g_build_filename (credentials, name, NULL) : NULL;
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      file = ch_file_read (path, MAX_FILE, error);
      secret = file != NULL ? ch_secret_new (g_bytes_get_data (file, NULL), g_bytes_get_size (file)) : NULL;
      if (file != NULL)
        ch_secret_wipe ((gpointer) g_bytes_get_data (file, NULL), g_bytes_get_size (file));
      return secret;
    }

  g_free (path);
  path = make_sealed_path (self->dir, name);
  file = ch_file_read (path, MAX_FILE, error);
  secret = file != NULL ? ch_sealed_open (file, self->passphrase, error) : NULL;
  if (secret == NULL)
    g_prefix_error (error, "%s: ", path);
  return secret;
}

static ChKey *
read_key (const Setup *self, const char *group, GError **error)
{
  g_autoptr (ChSecret) pem = read_secret (self, group, "key", error);
  ChKey *key = pem != NULL ? ch_pay_key_parse (pem, error) : NULL;

  if (pem != NULL && key == NULL)
    g_prefix_error (error, "[%s] key: ", group);
  return key;
}

static gboolean
read_trust (const Setup *self, const char *group, char **trust_file, GError **error)
{
  g_autofree char *name = NULL;

  if (!read_text (self, group, "trust", FALSE, &name, error))
    return FALSE;
  *trust_file = name != NULL ? make_path (self->dir, name) : NULL;
  return TRUE;
}

/* Providers take no other: what is told to anything else could be told by anybody */
static gboolean
check_https (const char *group, const char *url, GError **error)
{
  if (g_str_has_prefix (url, "https://"))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "[%s] %s is no https address", group, url);
  return FALSE;
}

/* [wechat-keys] NUMBER=FILE for each key of theirs: two of them while they change it */
static gboolean
read_wechat_keys (const Setup *self, ChWechatSettings *settings, GError **error)
{
  g_auto (GStrv) numbers = g_key_file_get_keys (self->file, WECHAT_KEYS, NULL, NULL);

  settings->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; numbers != NULL && numbers[i] != NULL; i++)
    {
      g_autofree char *file = NULL;
      GBytes *spki;

      if (!read_text (self, WECHAT_KEYS, numbers[i], TRUE, &file, error))
        return FALSE;
      spki = read_spki (self, file, error);
      if (spki == NULL)
        return FALSE;
      g_hash_table_insert (settings->keys, g_strdup (numbers[i]), spki);
    }

  if (g_hash_table_contains (settings->keys, settings->platform))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "[" WECHAT_KEYS "] does not name the file of %s",
               settings->platform);
  return FALSE;
}

static ChGateway *
load_wechat (const Setup *self, GError **error)
{
  g_autoptr (ChWechatSettings) settings = g_new0 (ChWechatSettings, 1);

  settings->urls = g_key_file_get_string_list (self->file, WECHAT, "url", NULL, NULL);
  if (settings->urls == NULL)
    settings->urls = g_strsplit ("https://api.mch.weixin.qq.com https://api2.mch.weixin.qq.com", " ", -1);
  if (!read_text (self, WECHAT, "merchant", TRUE, &settings->merchant, error)
      || !read_text (self, WECHAT, "app", TRUE, &settings->app, error)
      || !read_text (self, WECHAT, "serial", TRUE, &settings->serial, error)
      || !read_text (self, WECHAT, "notify", TRUE, &settings->notify_url, error)
      || !read_text (self, WECHAT, "platform", TRUE, &settings->platform, error)
      || !check_https (WECHAT, settings->notify_url, error)
      || !read_trust (self, WECHAT, &settings->trust_file, error)
      || !read_wechat_keys (self, settings, error))
    return NULL;
  for (gsize i = 0; settings->urls[i] != NULL; i++)
    if (!check_https (WECHAT, settings->urls[i], error))
      return NULL;

  settings->key = read_key (self, WECHAT, error);
  settings->v3 = settings->key != NULL ? read_secret (self, WECHAT, "v3-key", error) : NULL;
  if (settings->v3 == NULL)
    return NULL;
  if (ch_secret_get_size (settings->v3) != V3_KEY_SIZE)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE,
                   "[" WECHAT "] v3-key has %" G_GSIZE_FORMAT " bytes, not 32",
                   ch_secret_get_size (settings->v3));
      return NULL;
    }
  return CH_GATEWAY (ch_wechat_new (g_steal_pointer (&settings)));
}

static ChGateway *
load_alipay (const Setup *self, GError **error)
{
  g_autoptr (ChAlipaySettings) settings = g_new0 (ChAlipaySettings, 1);
  g_autofree char *key_file = NULL;

  if (!read_text (self, ALIPAY, "url", FALSE, &settings->url, error)
      || !read_text (self, ALIPAY, "app", TRUE, &settings->app, error)
      || !read_text (self, ALIPAY, "seller", FALSE, &settings->seller, error)
      || !read_text (self, ALIPAY, "notify", TRUE, &settings->notify_url, error)
      || !read_text (self, ALIPAY, "app-cert-sn", FALSE, &settings->app_cert_sn, error)
      || !read_text (self, ALIPAY, "root-cert-sn", FALSE, &settings->root_cert_sn, error)
      || !read_text (self, ALIPAY, "alipay-key", TRUE, &key_file, error)
      || !check_https (ALIPAY, settings->notify_url, error)
      || !read_trust (self, ALIPAY, &settings->trust_file, error))
    return NULL;
  if (settings->url == NULL)
    settings->url = g_strdup (self->is_trial ? "https://openapi-sandbox.dl.alipaydev.com/gateway.do"
                                             : "https://openapi.alipay.com/gateway.do");
  if (!check_https (ALIPAY, settings->url, error))
    return NULL;

  settings->spki = read_spki (self, key_file, error);
  settings->key = settings->spki != NULL ? read_key (self, ALIPAY, error) : NULL;
  return settings->key != NULL ? CH_GATEWAY (ch_alipay_new (g_steal_pointer (&settings))) : NULL;
}

static const struct
{
  const char *channel; /* and its group in the file */
  ChGateway *(*load) (const Setup *self, GError **error);
} channels[] = {
  { WECHAT, load_wechat },
  { ALIPAY, load_alipay },
};

static gboolean
load_file (GKeyFile *file, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s: %s", path, local->message);
  return FALSE;
}

/* A store for trying out takes no real money, and one in earnest no play money */
static gboolean
check_sandbox (const Setup *self, const char *group, GError **error)
{
  if (g_key_file_get_boolean (self->file, group, "sandbox", NULL) == self->is_trial)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_FILE,
               self->is_trial ? "[%s] this store is for trying out: only with sandbox=true"
                              : "[%s] this store is in earnest: not with sandbox=true",
               group);
  return FALSE;
}

/**
 * ch_pay_setup_load:
 * @dir: folder of the store
 * @passphrase: under which its secrets are sealed
 * @is_trial: the store is for trying out
 * @gateway: (out) (nullable): %NULL when the folder says nothing of payments
 * @error: %CH_ERROR_FILE with what is wrong
 *
 * Sets up the providers that the folder names.
 */
gboolean
ch_pay_setup_load (const char *dir,
                   ChSecret *passphrase,
                   gboolean is_trial,
                   ChGateway **gateway,
                   GError **error)
{
  g_autofree char *path = g_build_filename (dir, CH_PAY_SETUP_FILE, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (ChGatewaySet) set = ch_gateway_set_new ();
  const Setup self = { dir, passphrase, is_trial, file };

  *gateway = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!load_file (file, path, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_key_file_has_group (file, channels[i].channel))
      {
        g_autoptr (ChGateway) one
            = check_sandbox (&self, channels[i].channel, error) ? channels[i].load (&self, error) : NULL;

        if (one == NULL)
          {
            g_prefix_error (error, "%s: ", path);
            return FALSE;
          }
        ch_gateway_set_add (set, channels[i].channel, one);
      }

  if (ch_gateway_set_get_n_channels (set) == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FILE, "%s names neither [wechat] nor [alipay]", path);
      return FALSE;
    }
  *gateway = CH_GATEWAY (g_steal_pointer (&set));
  return TRUE;
}

static void
add_file (GPtrArray *names, char *name) /* (transfer full) (nullable) */
{
  if (name == NULL || g_ptr_array_find_with_equal_func (names, g_strstrip (name), g_str_equal, NULL))
    g_free (name);
  else
    g_ptr_array_add (names, name);
}

/**
 * ch_pay_setup_list_files:
 * @dir: folder of the store
 *
 * Returns: (transfer full) (element-type filename): what of the store says how payments are made, besides the
 * secrets: payment.conf and the files it names, as it names them; nothing where there is none
 */
GPtrArray *
ch_pay_setup_list_files (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, CH_PAY_SETUP_FILE, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) numbers = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&names);
  if (!load_file (file, path, error))
    return NULL;

  add_file (names, g_strdup (CH_PAY_SETUP_FILE));
  numbers = g_key_file_get_keys (file, WECHAT_KEYS, NULL, NULL);
  for (gsize i = 0; numbers != NULL && numbers[i] != NULL; i++)
    add_file (names, g_key_file_get_string (file, WECHAT_KEYS, numbers[i], NULL));
  add_file (names, g_key_file_get_string (file, ALIPAY, "alipay-key", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    add_file (names, g_key_file_get_string (file, channels[i].channel, "trust", NULL));
  return g_steal_pointer (&names);
}

/**
 * ch_pay_setup_seal:
 * @name: letters, digits, “-” and “_”; what payment.conf calls it by
 *
 * Keeps a secret in the store’s folder, under the passphrase.
 */
gboolean
ch_pay_setup_seal (const char *dir, const char *name, ChSecret *secret, ChSecret *passphrase, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) file = NULL;

  if (!is_name (name))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "“%s” is no name of a secret", name);
      return FALSE;
    }
  path = make_sealed_path (dir, name);
  file = ch_sealed_make (secret, passphrase, error);
  return file != NULL
         && ch_file_write_durably (path, g_bytes_get_data (file, NULL), g_bytes_get_size (file), 0600, error);
}
