#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

#include "base/ch-sentences.h"

/**
 * ch_sentences_join:
 * @first: a whole sentence, in the user’s language
 * @...: (nullable): those that follow, ended by %NULL
 *
 * Puts sentences behind each other as the user’s language does: Chinese leaves no blank between them.
 *
 * Returns: (transfer full): the text
 */
char *
ch_sentences_join (const char *first, ...)
{
  char *text = g_strdup (first);
  const char *next;
  va_list more;

  va_start (more, first);
  while ((next = va_arg (more, const char *)) != NULL)
    {
      /* Translators: two whole sentences, one behind the other */
      char *both = g_strdup_printf (_ ("%1$s %2$s"), text, next);

      g_free (text);
      text = both;
    }
  va_end (more);
  return text;
}
