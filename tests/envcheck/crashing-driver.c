#include <signal.h>

/* A driver that takes the program down as soon as it is loaded */
__attribute__ ((constructor)) static void
crash (void)
{
  raise (SIGKILL);
}
