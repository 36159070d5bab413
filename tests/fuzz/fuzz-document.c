#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "fuzz/fuzz.h"
#include "papers/ch-content-look.h"
#include "papers/ch-document-check.h"

/* A file somebody uploads: what is taken is of a kind that was asked for and within the limits; what is not
 * is refused with a reason at its document. */
static void
check (GBytes *bytes, ChDocumentRule *rule)
{
  g_autoptr (GError) error = NULL;
  ChContent content = CH_CONTENT_UNKNOWN;
  guint64 width = 0, height = 0;

  if (ch_document_check (bytes, rule, &content, &error))
    {
      g_assert_true (ch_document_takes (rule, content));
      g_assert_cmpuint (g_bytes_get_size (bytes), <=, (gsize) rule->max_bytes);
      if (ch_picture_get_size (content, bytes, &width, &height))
        g_assert_cmpuint (width * height, <=, CH_DOCUMENT_MAX_PIXELS);
    }
  else
    {
      g_assert_error (error, CH_ERROR, CH_ERROR_DOCUMENT_TYPE);
      g_assert_cmpuint (ch_error_get_fields (error)->len, ==, 1);
    }
}

/* Its name: one line without folders that can be shown and stored, and cleaning it twice changes nothing */
static void
check_name (const uint8_t *data, size_t size)
{
  g_autofree char *given = g_strndup ((const char *) data, size);
  g_autofree char *name = ch_document_clean_name (given);
  g_autofree char *again = ch_document_clean_name (name);

  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_true (name[0] != 0 && name[0] != '.');
  g_assert_null (strpbrk (name, "/\\\n\r"));
  g_assert_cmpstr (again, ==, name);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *pictures[] = { (char *) "jpeg", (char *) "png", (char *) "bmp", (char *) "pdf", NULL };
  char *bundles[] = { (char *) "zip", (char *) "rar", NULL };
  ChDocumentRule rules[] = {
    { .id = (char *) "licence", .formats = pictures, .max_bytes = 1 << 20 },
    { .id = (char *) "bundle", .formats = bundles, .max_bytes = 1 << 20 },
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  for (size_t i = 0; i < G_N_ELEMENTS (rules); i++)
    check (bytes, &rules[i]);
  check_name (data, size);
  return 0;
}
