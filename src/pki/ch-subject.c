#include "config.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ch-openssl-private.h"
#include "pki/ch-subject.h"

typedef struct
{
  char *type;
  char *value;
} Row;

struct _ChSubject
{
  gatomicrefcount refs;
  GPtrArray *rows; /* (owned) (element-type Row) */
};

/* What may be put into a name. The limits are the upper bounds of X.520, in characters. */
/* clang-format off */
static const struct
{
  const char *type;
  const char *oid;
  guint8 tag;
  guint max;
} types[] = {
  { "C",            "2.5.4.6",              CH_DER_PRINTABLE_STRING, 2 },
  { "ST",           "2.5.4.8",              CH_DER_UTF8_STRING,      128 },
  { "L",            "2.5.4.7",              CH_DER_UTF8_STRING,      128 },
  { "street",       "2.5.4.9",              CH_DER_UTF8_STRING,      128 },
  { "O",            "2.5.4.10",             CH_DER_UTF8_STRING,      64 },
  { "OU",           "2.5.4.11",             CH_DER_UTF8_STRING,      64 },
  { "CN",           "2.5.4.3",              CH_DER_UTF8_STRING,      64 },
  { "SN",           "2.5.4.4",              CH_DER_UTF8_STRING,      64 },
  { "GN",           "2.5.4.42",             CH_DER_UTF8_STRING,      64 },
  { "title",        "2.5.4.12",             CH_DER_UTF8_STRING,      64 },
  { "serialNumber", "2.5.4.5",              CH_DER_PRINTABLE_STRING, 64 },
  { "emailAddress", "1.2.840.113549.1.9.1", CH_DER_IA5_STRING,       128 },
};
/* clang-format on */

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->type);
  g_free (row->value);
  g_free (row);
}

static void
add_row (ChSubject *self, const char *type, const char *value)
{
  Row *row = g_new0 (Row, 1);

  row->type = g_strdup (type);
  row->value = g_strdup (value);
  g_ptr_array_add (self->rows, row);
}

static int
find_type (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].type, type) == 0)
      return i;

  return -1;
}

static gboolean
fits_tag (const char *value, guint8 tag)
{
  for (const char *p = value; *p != 0; p++)
    {
      if (tag == CH_DER_PRINTABLE_STRING && !g_ascii_isalnum (*p) && strchr (" '()+,-./:=?", *p) == NULL)
        return FALSE;
      if (tag == CH_DER_IA5_STRING && (guchar) *p >= 0x80)
        return FALSE;
    }

  return TRUE;
}

/**
 * ch_subject_new:
 *
 * Returns: (transfer full): a name without rows
 */
ChSubject *
ch_subject_new (void)
{
  ChSubject *self = g_new0 (ChSubject, 1);

  g_atomic_ref_count_init (&self->refs);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  return self;
}

ChSubject *
ch_subject_ref (ChSubject *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ch_subject_unref (ChSubject *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->rows);
  g_free (self);
}

/**
 * ch_subject_add:
 * @self: a name
 * @type: `C`, `ST`, `L`, `O`, `OU`, `CN`, `serialNumber`, `SN`, `GN`, `title`, `street` or `emailAddress`
 * @value: UTF-8; whether people may have such a name is for the validators of base
 * @error: %CH_ERROR_INVALID_INPUT when @type is unknown, or @value empty, too long, or of characters that do
 * not fit
 *
 * Adds a row behind those there are.
 */
gboolean
ch_subject_add (ChSubject *self, const char *type, const char *value, GError **error)
{
  int i = find_type (type);

  if (i < 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "“%s” is no part of a name", type);
      return FALSE;
    }
  if (value == NULL || *value == 0 || !g_utf8_validate (value, -1, NULL) || !fits_tag (value, types[i].tag)
      || (guint) g_utf8_strlen (value, -1) > types[i].max)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "the value does not fit into “%s”", type);
      return FALSE;
    }

  add_row (self, type, value);
  return TRUE;
}

static char *
expand (const char *pattern, ChSubjectLookup lookup, gpointer user_data)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *p = pattern;

  while (*p != 0)
    {
      const char *end = *p == '{' ? strchr (p, '}') : NULL;

      if (end != NULL)
        {
          g_autofree char *name = g_strndup (p + 1, end - p - 1);
          g_autofree char *value = lookup (name, user_data);

          /* A row about something that is not there is left out as a whole */
          if (value == NULL || *value == 0)
            return NULL;
          g_string_append (out, value);
          p = end + 1;
        }
      else
        g_string_append_c (out, *p++);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * ch_subject_new_from_template:
 * @rows: (array zero-terminated=1): `TYPE=pattern`, where `{name}` stands for a value; in the order of the
 * encoding
 * @lookup: (scope call): gives the values
 * @user_data: for @lookup
 * @error: as ch_subject_add()
 *
 * Builds a name as a profile wants it. A row whose value is missing is left out.
 *
 * Returns: (transfer full): the name
 */
ChSubject *
ch_subject_new_from_template (const char *const *rows,
                              ChSubjectLookup lookup,
                              gpointer user_data,
                              GError **error)
{
  g_autoptr (ChSubject) self = ch_subject_new ();

  for (guint i = 0; rows[i] != NULL; i++)
    {
      const char *equals = strchr (rows[i], '=');
      g_autofree char *type = equals != NULL ? g_strndup (rows[i], equals - rows[i]) : g_strdup (rows[i]);
      g_autofree char *value = equals != NULL ? expand (equals + 1, lookup, user_data) : NULL;

      if (value == NULL && equals != NULL)
        continue;
      if (!ch_subject_add (self, type, value, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

static char *
get_type_name (const ASN1_OBJECT *oid)
{
  char dotted[128] = "";

  OBJ_obj2txt (dotted, sizeof dotted, oid, 1);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].oid, dotted) == 0)
      return g_strdup (types[i].type);

  return g_strdup (dotted);
}

static char *
get_value_text (const ASN1_STRING *string)
{
  guint8 *text = NULL;
  int len = ASN1_STRING_to_UTF8 (&text, string);
  g_autofree char *copy = NULL;

  if (len < 0)
    {
      ERR_clear_error ();
      return NULL;
    }

  /* A NUL would show less than was signed */
  copy = memchr (text, 0, len) == NULL ? g_strndup ((char *) text, len) : NULL;
  OPENSSL_free (text);
  return copy != NULL && g_utf8_validate (copy, -1, NULL) ? g_steal_pointer (&copy) : NULL;
}

/**
 * ch_subject_new_from_der:
 * @der: a Name from outside
 * @error: %CH_ERROR_BAD_ANSWER
 *
 * Reads any name; types unknown here are given as dotted numbers.
 *
 * Returns: (transfer full): the name
 */
ChSubject *
ch_subject_new_from_der (GBytes *der, GError **error)
{
  ChDerSpan in = ch_der_span (der);
  const guint8 *p = in.data;
  g_autoptr (X509_NAME) name = d2i_X509_NAME (NULL, &p, in.len);
  g_autoptr (ChSubject) self = ch_subject_new ();

  if (name == NULL || p != in.data + in.len)
    {
      ch_openssl_fail (error, CH_ERROR_BAD_ANSWER, "reading a name");
      return NULL;
    }

  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    {
      const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
      g_autofree char *type = get_type_name (X509_NAME_ENTRY_get_object (entry));
      g_autofree char *value = get_value_text (X509_NAME_ENTRY_get_data (entry));

      if (value == NULL)
        {
          g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "a part of a name is no text");
          return NULL;
        }
      add_row (self, type, value);
    }

  return g_steal_pointer (&self);
}

/**
 * ch_subject_get_n_rows:
 * @self: a name
 *
 * Returns: how many rows it has
 */
guint
ch_subject_get_n_rows (ChSubject *self)
{
  return self->rows->len;
}

/**
 * ch_subject_get_type_at:
 * @self: a name
 * @i: less than ch_subject_get_n_rows()
 *
 * Returns: (transfer none): the type of a row
 */
const char *
ch_subject_get_type_at (ChSubject *self, guint i)
{
  g_return_val_if_fail (i < self->rows->len, NULL);

  return ((Row *) g_ptr_array_index (self->rows, i))->type;
}

/**
 * ch_subject_get_value_at:
 * @self: a name
 * @i: less than ch_subject_get_n_rows()
 *
 * Returns: (transfer none): the value of a row
 */
const char *
ch_subject_get_value_at (ChSubject *self, guint i)
{
  g_return_val_if_fail (i < self->rows->len, NULL);

  return ((Row *) g_ptr_array_index (self->rows, i))->value;
}

/**
 * ch_subject_find:
 * @self: a name
 * @type: e.g. `CN`
 *
 * Returns: (transfer none) (nullable): the last value of @type, which is the most specific one
 */
const char *
ch_subject_find (ChSubject *self, const char *type)
{
  for (guint i = self->rows->len; i > 0; i--)
    if (strcmp (ch_subject_get_type_at (self, i - 1), type) == 0)
      return ch_subject_get_value_at (self, i - 1);

  return NULL;
}

/**
 * ch_subject_to_der:
 * @self: a name whose rows came through ch_subject_add()
 *
 * Returns: (transfer full): the Name in DER: country, numbers and addresses as PrintableString and IA5String,
 * the rest as UTF8String
 */
GBytes *
ch_subject_to_der (ChSubject *self)
{
  GByteArray *out = g_byte_array_new ();
  gsize name = ch_der_begin (out, CH_DER_SEQUENCE);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = g_ptr_array_index (self->rows, i);
      int type = find_type (row->type);
      gsize set = ch_der_begin (out, CH_DER_SET);
      gsize pair = ch_der_begin (out, CH_DER_SEQUENCE);

      ch_der_add_oid (out, type >= 0 ? types[type].oid : row->type);
      ch_der_add (out, type >= 0 ? types[type].tag : CH_DER_UTF8_STRING, row->value, strlen (row->value));
      ch_der_end (out, pair);
      ch_der_end (out, set);
    }

  ch_der_end (out, name);
  return ch_der_finish (out);
}

/**
 * ch_subject_format:
 * @self: a name
 *
 * Writes a name for people, last row first (RFC 2253), e.g. `CN=天津某某有限公司,O=TJCA,C=CN`. Separators
 * within a value are escaped, letters of any script are not.
 *
 * Returns: (transfer full): the text
 */
char *
ch_subject_format (ChSubject *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = self->rows->len; i > 0; i--)
    {
      const Row *row = g_ptr_array_index (self->rows, i - 1);
      gsize len = strlen (row->value);

      if (out->len > 0)
        g_string_append_c (out, ',');
      g_string_append_printf (out, "%s=", row->type);
      for (gsize k = 0; k < len; k++)
        {
          gboolean is_edge_blank = row->value[k] == ' ' && (k == 0 || k == len - 1);

          if (is_edge_blank || strchr (",+\"\\<>;", row->value[k]) != NULL
              || (k == 0 && row->value[k] == '#'))
            g_string_append_c (out, '\\');
          g_string_append_c (out, row->value[k]);
        }
    }

  return g_string_free (out, FALSE);
}
