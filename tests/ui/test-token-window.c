#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "api/ch-api-server.h"
#include "local/ch-local-vault.h"
#include "token/ch-soft-hub.h"
#include "token/ch-soft-token.h"
#include "ui-hand.h"
#include "unit/pki-world.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-token-window.h"

#define PASSPHRASE "correct horse 电池"
#define CHANGED    "quite another one 电"
#define SERIAL     "1234567890123456"

/* A PC with one software token; its server does not answer */
typedef struct
{
  char *dir;
  ChFront *front;
  GtkWidget *window;
  PkiWorld *world;
} Fixture;

static void
set_up (Fixture *self, gconstpointer deed)
{
  g_autofree char *path = NULL;
  g_autoptr (ChSecret) passphrase = ch_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autofree char *trust = NULL;
  g_autoptr (ChApiServer) server = NULL;
  g_autoptr (ChSoftHub) hub = NULL;
  g_autoptr (ChLocalVault) vault = NULL;
  g_autoptr (ChPorts) ports = NULL;
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("certhall-window-XXXXXX", NULL);
  path = g_build_filename (self->dir, SERIAL ".token", NULL);
  g_assert_true (ch_soft_token_create (path, "我的证书", passphrase, &error));
  hub = ch_soft_hub_new (self->dir);
  vault = ch_local_vault_new (NULL, NULL, "", &error);
  g_assert_no_error (error);
  self->world = pki_world_new (CH_KEY_P256);
  trust = pki_write_pem (self->world, "trust.pem", self->world->root);
  server = ch_api_server_new ("https://127.0.0.1:1", trust, &error);
  g_assert_no_error (error);
  ports = ch_ports_new (CH_SERVER (server), CH_TOKEN_HUB (hub), CH_VAULT (vault), NULL, NULL);
  self->front = ch_front_new (ports);
  self->window = ch_token_window_new (self->front, deed, SERIAL);
  g_assert_nonnull (self->window);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer deed)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", self->dir);

  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->front);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (self->dir);
  pki_world_free (self->world);
}

static gboolean
has_text (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_label (GTK_LABEL (widget)), text) != NULL;
}

static void
wait_for_text (Fixture *self, const char *text)
{
  while (ui_find (self->window, has_text, text) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* What is missing is said before anything is tried; then the passphrase is another one */
static void
test_change (Fixture *self, gconstpointer deed)
{
  ui_press (self->window, "Change");
  wait_for_text (self, "still missing");
  ui_type_secret (self->window, "Passphrase of the token", "not the right one");
  ui_type_secret (self->window, "New passphrase", CHANGED);
  ui_type_secret (self->window, "New passphrase again", PASSPHRASE);
  ui_press (self->window, "Change");
  wait_for_text (self, "not the same");
  ui_type_secret (self->window, "New passphrase again", CHANGED);
  ui_press (self->window, "Change");
  wait_for_text (self, "pin-wrong");
  /* Who is wrong sees how many tries there are */
  wait_for_text (self, "4 more tries");
  ui_type_secret (self->window, "Passphrase of the token", PASSPHRASE);
  ui_press (self->window, "Change");
  wait_for_text (self, "The passphrase is changed.");
}

/* Nothing is deleted by pressing a button: the serial number is typed */
static void
test_delete (Fixture *self, gconstpointer deed)
{
  g_autofree char *path = g_build_filename (self->dir, SERIAL ".token", NULL);

  ui_type_secret (self->window, "Passphrase of the token", PASSPHRASE);
  ui_press (self->window, "Delete");
  wait_for_text (self, "not the serial number");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  ui_type (self->window, "Serial number", SERIAL);
  ui_press (self->window, "Delete");
  wait_for_text (self, "no longer on this PC");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The token was never moved: no code fits */
static void
test_moved (Fixture *self, gconstpointer deed)
{
  ui_type (self->window, "Code of the other PC", "1234 5678");
  ui_type_secret (self->window, "Passphrase of the token", PASSPHRASE);
  ui_press (self->window, "Remove here");
  wait_for_text (self, "move-code");
}

/* Every other deed has its window, which fits a narrow screen */
static void
test_fits (Fixture *self, gconstpointer deed)
{
  int minimum = 0;

  gtk_widget_measure (self->window, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

int
main (int argc, char **argv)
{
  static const char *const others[] = { "back-up", "export", "move", "import", "test" };

  g_test_init (&argc, &argv, NULL);
  ui_begin ();
  g_test_add ("/ui/token-window/change", Fixture, "change-passphrase", set_up, test_change, tear_down);
  g_test_add ("/ui/token-window/delete", Fixture, "delete", set_up, test_delete, tear_down);
  g_test_add ("/ui/token-window/moved", Fixture, "moved", set_up, test_moved, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strconcat ("/ui/token-window/fits/", others[i], NULL);

      g_test_add (path, Fixture, others[i], set_up, test_fits, tear_down);
    }
  return g_test_run ();
}
