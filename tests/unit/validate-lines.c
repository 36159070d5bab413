#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ch-validate.h"

/* For validate-oracle.py: lines `KIND VALUE`, answered by `1` where the value is accepted, else `0` */
static const struct
{
  const char *kind;
  ChReason (*validate) (const char *value);
} kinds[] = {
  { "uscc", ch_validate_uscc },
  { "resident-id", ch_validate_resident_id },
};

int
main (void)
{
  char line[256];

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      char *value = strchr (g_strchomp (line), ' ');

      if (value == NULL)
        return 1;
      *value++ = 0;
      for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (g_str_equal (kinds[i].kind, line))
          printf ("%d\n", kinds[i].validate (value) == CH_REASON_OK);
    }

  return 0;
}
