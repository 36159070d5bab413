#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>

#include "pki-world.h"

#define DAY (24 * 3600)

static const ChIssuerUrls urls
    = { "http://ocsp.example/", "http://ca.example/ca.cer", "http://ca.example/ca.crl" };

static GBytes *
make_root (PkiWorld *self)
{
  g_autoptr (ChSubject) name = pki_subject ("测试根");
  g_autoptr (ChIssuer) issuer = ch_issuer_new_self (self->root_key, name, NULL);
  g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_ROOT);
  g_autoptr (GError) error = NULL;
  GBytes *cert;

  ch_builder_set_subject (builder, name);
  ch_builder_set_spki (builder, ch_key_get_spki (self->root_key));
  ch_builder_set_validity (builder, self->now - DAY, self->now + 3650 * DAY);
  cert = ch_builder_issue (builder, issuer, &error);
  g_assert_no_error (error);
  return cert;
}

static GBytes *
make_ca (PkiWorld *self)
{
  g_autoptr (ChSubject) name = pki_subject ("测试签发");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChIssuer) root = ch_issuer_new (self->root_key, self->root, NULL, NULL, &error);
  g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_ISSUING_CA);
  GBytes *cert;

  g_assert_no_error (error);
  ch_builder_set_subject (builder, name);
  ch_builder_set_spki (builder, ch_key_get_spki (self->ca_key));
  ch_builder_set_validity (builder, self->now - DAY, self->now + 1825 * DAY);
  cert = ch_builder_issue (builder, root, &error);
  g_assert_no_error (error);
  return cert;
}

PkiWorld *
pki_world_new (ChKeySpec spec)
{
  PkiWorld *self = g_new0 (PkiWorld, 1);
  g_autoptr (GError) error = NULL;

  self->now = g_get_real_time () / G_USEC_PER_SEC;
  self->dir = g_dir_make_tmp ("certhall-pki-XXXXXX", &error);
  g_assert_no_error (error);
  self->root_key = ch_key_generate (spec, &error);
  g_assert_no_error (error);
  self->ca_key = ch_key_generate (spec, &error);
  g_assert_no_error (error);
  self->root = make_root (self);
  self->ca = make_ca (self);
  self->issuer = ch_issuer_new (self->ca_key, self->ca, &urls, NULL, &error);
  g_assert_no_error (error);
  return self;
}

void
pki_world_free (PkiWorld *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->dir);
  g_free (self->dir);
  ch_key_unref (self->root_key);
  ch_key_unref (self->ca_key);
  g_bytes_unref (self->root);
  g_bytes_unref (self->ca);
  ch_issuer_unref (self->issuer);
  g_free (self);
}

/* A name as the Binhai profile makes it. */
ChSubject *
pki_subject (const char *common_name)
{
  static const char *const rows[][2] = {
    { "C", "CN" },      { "O", "TJCA" },   { "L", "东丽区" },
    { "ST", "天津市" }, { "OU", "i2021" }, { "OU", "91110108722619411A" },
  };
  ChSubject *subject = ch_subject_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    ch_subject_add (subject, rows[i][0], rows[i][1], &error);
  ch_subject_add (subject, "CN", common_name, &error);
  g_assert_no_error (error);
  return subject;
}

ChBuilder *
pki_holder (PkiWorld *self, GBytes *spki, const char *common_name)
{
  g_autoptr (ChSubject) subject = pki_subject (common_name);
  ChBuilder *builder = ch_builder_new (CH_CERT_HOLDER);

  ch_builder_set_subject (builder, subject);
  ch_builder_set_spki (builder, spki);
  ch_builder_set_validity (builder, self->now - 60, self->now + 365 * DAY);
  return builder;
}

GBytes *
pki_issue (PkiWorld *self, GBytes *spki, const char *common_name)
{
  g_autoptr (ChBuilder) builder = pki_holder (self, spki, common_name);
  g_autoptr (GError) error = NULL;
  GBytes *cert = ch_builder_issue (builder, self->issuer, &error);

  g_assert_no_error (error);
  return cert;
}

char *
pki_write (PkiWorld *self, const char *name, GBytes *bytes)
{
  char *path = g_build_filename (self->dir, name, NULL);
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, len, &error);
  g_assert_no_error (error);
  return path;
}

char *
pki_write_pem (PkiWorld *self, const char *name, GBytes *cert)
{
  char *pem = ch_cert_to_pem (cert);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pem, strlen (pem));

  return pki_write (self, name, bytes);
}

/* Writes root.pem and ca.pem. Returns the folder, which they are named from. */
char *
pki_write_chain (PkiWorld *self)
{
  g_autofree char *root = pki_write_pem (self, "root.pem", self->root);
  g_autofree char *ca = pki_write_pem (self, "ca.pem", self->ca);

  return g_strdup (self->dir);
}

/* Runs `openssl` in the folder of the world; arguments are separated by blanks. Returns what it printed,
 * errors too. */
char *
pki_openssl (PkiWorld *self, int expected_status, const char *arguments, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  va_list args;

  va_start (args, arguments);
  text = g_strdup_vprintf (arguments, args);
  va_end (args);
  whole = g_strconcat ("openssl ", text, NULL);
  argv = g_strsplit (whole, " ", -1);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_cwd (launcher, self->dir);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_if_exited (process) || g_subprocess_get_exit_status (process) != expected_status)
    g_test_message ("%s: %s", whole, output);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, expected_status);
  return output;
}
