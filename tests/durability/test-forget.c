#include "config.h"

#include <signal.h>
#include <string.h>

#include "forgetful-audit.h"
#include "forgetful-server.h"
#include "server-world.h"

/* The power goes again and again under eight clients who do the whole business over HTTPS. What was
 * acknowledged must be there afterwards, and nothing may have happened twice. */

#define N_CLIENTS 8
#define MAX_STEPS 400 /* of the file system until it dies by itself */
#define MAX_TOLD  60  /* answers until it is killed */

typedef struct
{
  const char *name;
  ForgetMode mode;
  guint n_kills;
  guint n_kills_long;
} Row;

/* Together 1,000 */
static const Row rows[] = {
  { "all", FORGET_ALL, 12, 500 },
  { "half", FORGET_HALF, 12, 500 },
};

static void
assert_well (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len && i < 20; i++)
    g_test_message ("%s", (char *) problems->pdata[i]);
  if (problems->len > 0)
    g_printerr ("%s\n", (char *) problems->pdata[0]);
  g_assert_cmpuint (problems->len, ==, 0);
}

/* Half of them die in the middle of a write or a sync, half at any moment */
static void
live_and_die (ForgetfulServer *server, ForgetfulClients *clients, ForgetfulLife *life, GRand *dice)
{
  g_autofree char *url = NULL;

  life->seed = g_rand_int (dice);
  life->n_steps = g_rand_boolean (dice) ? g_rand_int_range (dice, 1, MAX_STEPS) : 0;
  url = forgetful_server_start (server, life);
  if (url == NULL)
    return;

  forgetful_clients_set_url (clients, url);
  if (life->n_steps == 0)
    {
      forgetful_clients_wait_told (clients, forgetful_clients_get_n_told (clients)
                                                + g_rand_int_range (dice, 1, MAX_TOLD));
      forgetful_server_cut_power (server);
    }
  g_assert_cmpint (forgetful_server_wait (server), ==, SIGKILL);
  forgetful_clients_set_url (clients, NULL);
}

static void
run_lives (const Row *row, gboolean is_careless, guint n_kills)
{
  g_autofree char *dir = server_world_make_dir ();
  ForgetfulServer *server = forgetful_server_new (dir, is_careless);
  ForgetfulClients *clients = forgetful_clients_new (dir, N_CLIENTS);
  ForgetfulLife life = { row->mode };
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) dice = g_rand_new_with_seed (g_test_rand_int ());
  g_autofree char *url = NULL;
  const char *rm[] = { "rm", "-rf", dir, NULL };
  guint n_told = 0;

  for (guint i = 0; i < n_kills; i++)
    {
      live_and_die (server, clients, &life, dice);
      n_told = forgetful_audit (dir, clients, n_told, problems);
      assert_well (problems);
    }

  /* once more, in peace: everybody comes to an end, and all that was ever acknowledged is there */
  life.n_steps = 0;
  url = forgetful_server_start (server, &life);
  forgetful_clients_set_url (clients, url);
  forgetful_clients_finish (clients);
  forgetful_server_cut_power (server);
  forgetful_server_wait (server);
  forgetful_audit (dir, clients, 0, problems);
  assert_well (problems);
  g_test_message ("%u kills, %u answers, %u certificates", n_kills, forgetful_clients_get_n_told (clients),
                  forgetful_clients_get_n_whole (clients));

  forgetful_server_free (server);
  forgetful_clients_free (clients);
  g_spawn_sync (NULL, (char **) rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
test_forget (gconstpointer data)
{
  const Row *row = data;

  run_lives (row, FALSE, g_getenv ("CERTHALL_LONG") != NULL ? row->n_kills_long : row->n_kills);
}

/* The same, synced as seldom as many programs find enough: that must be seen, or the test sees nothing. */
static void
test_caught (void)
{
  if (g_test_subprocess ())
    {
      run_lives (&rows[0], TRUE, 20);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*was acknowledged and is gone*");
}

int
main (int argc, char **argv)
{
  int status;

  if (argc > 3 && strcmp (argv[1], FORGETFUL_SERVE) == 0)
    return forgetful_serve (argv[2], strcmp (argv[3], "careless") == 0);

  server_world_init (&argc, &argv);
  server_world_set_keys ("p256");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/durability/forget/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_forget);
    }
  g_test_add_func ("/durability/forget/caught", test_caught);
  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
