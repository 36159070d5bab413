#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-download-desk.h"
#include "pki/ch-crl-builder.h"
#include "unit/pki-world.h"
#include "wire/ch-route.h"

/* A server that says of its files what it likes: path → bytes */
#define TEST_TYPE_SERVER (test_server_get_type ())
G_DECLARE_FINAL_TYPE (TestServer, test_server, TEST, SERVER, GObject)

struct _TestServer
{
  GObject parent_instance;

  GHashTable *answers; /* (owned) */
};

static void
call_async (ChServer *server,
            const ChRoute *route,
            const char *const *args,
            GBytes *body,
            const char *key,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  TestServer *self = TEST_SERVER (server);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = ch_route_format_path (route, args);
  GBytes *answer = g_hash_table_lookup (self->answers, path);

  if (answer != NULL)
    g_task_return_pointer (task, g_bytes_ref (answer), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, CH_ERROR, CH_ERROR_NOT_FOUND, "%s", path);
}

static GBytes *
call_finish (ChServer *server, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
server_init (ChServerInterface *iface)
{
  iface->call_async = call_async;
  iface->call_finish = call_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestServer,
                               test_server,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SERVER, server_init))

static void
test_server_finalize (GObject *object)
{
  g_hash_table_unref (TEST_SERVER (object)->answers);
  G_OBJECT_CLASS (test_server_parent_class)->finalize (object);
}

static void
test_server_class_init (TestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_server_finalize;
}

static void
test_server_init (TestServer *self)
{
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

/* A CA, another one that would like to be it, and a PC that knows the first */
typedef struct
{
  PkiWorld *own;
  PkiWorld *other;
  TestServer *server;
  ChPorts *ports;
  ChDownloadList *list;
} World;

static ChDownload *
add (World *self, ChDownloadKind kind, const char *file, const char *issuer, GBytes *content)
{
  static const char *const folders[] = { "ca", "ca", "crl", "crl", "files" };
  ChDownload *item = ch_wire_new (&ChDownload_wire);

  item->kind = kind;
  item->file = g_strdup (file);
  item->issuer = g_strdup (issuer);
  item->size = g_bytes_get_size (content);
  if (kind == CH_DOWNLOAD_FILE)
    {
      item->name = ch_wire_new (&ChText_wire);
      item->name->zh = g_strdup ("表格");
      item->name->en = g_strdup ("Form");
    }
  if (kind == CH_DOWNLOAD_LIST || kind == CH_DOWNLOAD_ROOT_LIST)
    item->made = item->next = 1700000000;
  else
    item->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  g_ptr_array_add (self->list->items, item);
  g_hash_table_replace (self->server->answers, g_strdup_printf ("/%s/%s", folders[kind], file),
                        g_bytes_ref (content));
  return item;
}

static GBytes *
make_list (PkiWorld *pki)
{
  g_autoptr (ChCrlBuilder) builder = ch_crl_builder_new ();
  g_autoptr (GError) error = NULL;
  GBytes *der = ch_crl_builder_sign (builder, pki->issuer, 1, pki->now, pki->now + 86400, &error);

  g_assert_no_error (error);
  return der;
}

static void
world_init (World *self)
{
  ChProfile *profile = ch_wire_new (&ChProfile_wire);
  ChTrustedRoot *root = ch_wire_new (&ChTrustedRoot_wire);

  self->own = pki_world_new (CH_KEY_P256);
  self->other = pki_world_new (CH_KEY_P256);
  self->server = g_object_new (TEST_TYPE_SERVER, NULL);
  self->ports = ch_ports_new (CH_SERVER (self->server), NULL, NULL, NULL, NULL);
  self->list = ch_wire_new (&ChDownloadList_wire);
  self->list->items = ch_wire_list_new (&ChDownload_wire);
  profile->roots = ch_wire_list_new (&ChTrustedRoot_wire);
  root->der = g_bytes_ref (self->own->root);
  g_ptr_array_add (profile->roots, root);
  ch_ports_take_profile (self->ports, profile);
}

static void
world_clear (World *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  ch_download_list_free (self->list);
  g_object_unref (self->ports);
  g_object_unref (self->server);
  pki_world_free (self->own);
  pki_world_free (self->other);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* Returns: what was told as wrong; NULL when it is the CA’s */
static const char *
fetch (World *self, const ChDownload *item)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;

  ch_download_desk_fetch_async (self->ports, self->list, item, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  content = ch_download_desk_fetch_finish (self->ports, result, &error);
  g_assert_true ((content == NULL) == (error != NULL));
  return error != NULL ? ch_error_get_info (error)->id : NULL;
}

/* What is the CA’s own is taken, each kind of it */
static void
test_own (void)
{
  World world;
  g_autoptr (GBytes) form = g_bytes_new_static ("a form", 6);
  g_autoptr (GBytes) list = NULL;

  world_init (&world);
  list = make_list (world.own);
  add (&world, CH_DOWNLOAD_ROOT, "root.cer", NULL, world.own->root);
  add (&world, CH_DOWNLOAD_ISSUING, "issuing.cer", "root.cer", world.own->ca);
  add (&world, CH_DOWNLOAD_LIST, "list.crl", "issuing.cer", list);
  add (&world, CH_DOWNLOAD_FILE, "form.pdf", NULL, form);
  for (guint i = 0; i < world.list->items->len; i++)
    g_assert_cmpstr (fetch (&world, world.list->items->pdata[i]), ==, NULL);
  world_clear (&world);
}

/* Whatever the server says of it: another root is none of this CA, nor what it has issued, nor its list */
static void
test_other_ca (void)
{
  World world;
  g_autoptr (GBytes) list = NULL, own_list = NULL;

  world_init (&world);
  list = make_list (world.other);
  own_list = make_list (world.own);
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_ROOT, "root.cer", NULL, world.other->root)), ==,
                   "download-wrong");
  g_assert_cmpstr (
      fetch (&world, add (&world, CH_DOWNLOAD_ISSUING, "issuing.cer", "root.cer", world.other->ca)), ==,
      "download-wrong");
  /* Of a CA that is refused itself */
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_LIST, "list.crl", "issuing.cer", list)), ==,
                   "download-wrong");
  /* The CA is right, and the list is not its */
  add (&world, CH_DOWNLOAD_ISSUING, "own.cer", "root.cer", world.own->ca);
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_LIST, "other.crl", "own.cer", list)), ==,
                   "download-wrong");
  /* Nobody, or a file, is no issuer */
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_LIST, "nobody.crl", NULL, own_list)), ==,
                   "download-wrong");
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_LIST, "itself.crl", "itself.crl", own_list)), ==,
                   "download-wrong");
  /* A root of one’s own choice is none, even if it is called the issuing CA */
  g_assert_cmpstr (fetch (&world, add (&world, CH_DOWNLOAD_ISSUING, "self.cer", NULL, world.other->root)), ==,
                   "download-wrong");
  world_clear (&world);
}

/* What was changed on the way, or since the list was made */
static void
test_altered (void)
{
  World world;
  g_autoptr (GBytes) form = g_bytes_new_static ("a form", 6);
  const ChDownload *file, *root;

  world_init (&world);
  file = add (&world, CH_DOWNLOAD_FILE, "form.pdf", NULL, form);
  root = add (&world, CH_DOWNLOAD_ROOT, "root.cer", NULL, world.own->root);
  g_hash_table_replace (world.server->answers, g_strdup ("/files/form.pdf"),
                        g_bytes_new_static ("another", 7));
  g_hash_table_replace (world.server->answers, g_strdup ("/ca/root.cer"), g_bytes_new_static ("", 0));
  g_assert_cmpstr (fetch (&world, file), ==, "download-wrong");
  g_assert_cmpstr (fetch (&world, root), ==, "download-wrong");
  g_hash_table_remove_all (world.server->answers);
  g_assert_cmpstr (fetch (&world, file), ==, "not-found");
  world_clear (&world);
}

/* A name that leads to another folder is not even shown, nor what cannot be compared */
static void
test_names (void)
{
  World world;
  g_autoptr (GBytes) form = g_bytes_new_static ("a form", 6);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDownloadList) list = NULL;
  ChDownload *bare;

  world_init (&world);
  add (&world, CH_DOWNLOAD_FILE, "../../.bashrc", NULL, form);
  add (&world, CH_DOWNLOAD_FILE, "form.pdf", NULL, form);
  add (&world, CH_DOWNLOAD_FILE, "/etc/passwd", NULL, form);
  bare = add (&world, CH_DOWNLOAD_FILE, "bare.pdf", NULL, form);
  g_clear_pointer (&bare->sha256, g_free);
  g_hash_table_replace (world.server->answers, g_strdup ("/v1/downloads"),
                        ch_wire_encode (&ChDownloadList_wire, world.list));
  ch_download_desk_list_async (world.ports, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  list = ch_download_desk_list_finish (world.ports, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->items->len, ==, 1);
  g_assert_nonnull (ch_downloads_find (list, "form.pdf"));
  world_clear (&world);
}

static void
test_words (void)
{
  ChDownload item = { .kind = CH_DOWNLOAD_LIST,
                      .file = (char *) "rsa.crl",
                      .algorithm = (char *) "rsa",
                      .subject = (char *) "Issuing CA",
                      .size = 2097152,
                      .revoked = 1,
                      .made = 1700000000,
                      .next = 1700086400 };
  g_autofree char *title = ch_download_format_title (&item);
  g_autofree char *about = ch_download_format_about (&item);
  g_autofree char *print = ch_download_format_fingerprint ("00ff1a2b3c4d");

  g_assert_cmpstr (title, ==, "List of revoked certificates (RSA)");
  g_assert_true (g_str_has_prefix (about, "Issuing CA\n1 entry, made 2023-11-1"));
  g_assert_true (g_str_has_suffix (about, "\nrsa.crl · 2.0 MB"));
  g_assert_cmpstr (print, ==, "00FF 1A2B 3C4D");
  g_assert_cmpint (ch_download_get_group (&item), ==, CH_DOWNLOAD_GROUP_LISTS);
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/downloads/own", test_own);
  g_test_add_func ("/downloads/other-ca", test_other_ca);
  g_test_add_func ("/downloads/altered", test_altered);
  g_test_add_func ("/downloads/names", test_names);
  g_test_add_func ("/downloads/words", test_words);
  return g_test_run ();
}
