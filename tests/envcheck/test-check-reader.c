#include "config.h"

#include <string.h>

#include "card-world.h"
#include "check-world.h"

/* The checks against a pcscd as it is, with readers and cards that come and go */

static void
test_real_service (void)
{
  g_autofree char *dir = check_make_dir ();
  g_autoptr (CardWorld) world = card_world_new ();
  g_autoptr (ChCheckContext) context = check_make_context (dir);
  g_autoptr (ChCheckRun) without = NULL;
  g_autoptr (ChCheckRun) with = NULL;

  context->wants_ukey = TRUE;
  without = check_run (context);
  check_expect (without, "card-service", CH_CHECK_PASSED);
  g_assert_nonnull (
      strstr (check_expect (without, "readers", CH_CHECK_PASSED)->detail, "Certhall test reader"));
  card_world_insert (world, 0);
  with = check_run (context);
  check_expect (with, "card-service", CH_CHECK_PASSED);
  check_expect (with, "readers", CH_CHECK_PASSED);
  check_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envcheck/reader/real-service", test_real_service);
  return g_test_run ();
}
