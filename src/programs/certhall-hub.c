#include "config.h"

#include "base/ch-paths.h"
#include "envcheck/ch-driver-list.h"
#include "programs/certhall-hub.h"
#include "token/ch-empty-hub.h"
#include "token/ch-joined-hub.h"
#include "token/ch-p11-hub.h"
#include "token/ch-soft-hub.h"

#define MODULE_PROGRAM "certhall-module"
/* How long a usual call of a module may take; slow readers need seconds for their first */
#define MODULE_LIMIT_MS 10000

static guint
get_limit (void)
{
  const char *told = g_getenv ("CERTHALL_MODULE_LIMIT_MS");
  guint64 limit = told != NULL ? g_ascii_strtoull (told, NULL, 10) : 0;

  return limit > 0 && limit <= G_MAXUINT / 100 ? limit : MODULE_LIMIT_MS;
}

/* The tokens both window and terminal see: in files of this PC, then behind the modules that are set up. A PC
 * that many people share keeps no files. */
ChTokenHub *
certhall_make_hub (gboolean is_shared)
{
  GPtrArray *hubs = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) modules = ch_driver_list_find_modules ();
  g_autofree char *token_dir = ch_paths_get_token_dir ();
  g_autofree char *runtime_dir = ch_paths_get_runtime_dir ();
  g_autofree char *lock_dir = g_build_filename (runtime_dir, "media", NULL);
  g_autofree char *program = ch_paths_find_helper (MODULE_PROGRAM);

  if (is_shared)
    g_ptr_array_add (hubs, ch_empty_hub_new ());
  else
    g_ptr_array_add (hubs, ch_soft_hub_new (token_dir));
  for (gsize i = 0; modules[i] != NULL; i++)
    g_ptr_array_add (hubs, ch_p11_hub_new (program, modules[i], get_limit (), lock_dir));
  return CH_TOKEN_HUB (ch_joined_hub_new (hubs));
}
