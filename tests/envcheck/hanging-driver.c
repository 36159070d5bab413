#include <unistd.h>

/* A driver that never comes back from being loaded */
__attribute__ ((constructor)) static void
hang (void)
{
  for (;;)
    pause ();
}
