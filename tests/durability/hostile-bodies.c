#include "config.h"

#include "hostile-bodies.h"

#include <string.h>

#define MAX_DEPTH 5

typedef enum
{
  DEED_NONE,
  DEED_REPLACE, /* by the text of the row */
  DEED_TEXT,    /* by the text of the row as a string, where one is wanted */
  DEED_OMIT,
  DEED_TWICE,
  DEED_LONG, /* one more than the table allows */
  DEED_MORE, /* a number one higher than the table allows */
} Deed;

typedef struct
{
  const char *name;
  Deed deed;
  const char *text; /* (nullable): as it stands in JSON; of TEXT between the quotes */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "null",            DEED_REPLACE, "null" },
  { "true",            DEED_REPLACE, "true" },
  { "zero",            DEED_REPLACE, "0" },
  { "negative",        DEED_REPLACE, "-1" },
  { "fraction",        DEED_REPLACE, "0.5" },
  { "exponent",        DEED_REPLACE, "1e400" },
  { "huge",            DEED_REPLACE, "9223372036854775808" },
  { "text",            DEED_REPLACE, "\"text\"" },
  { "empty text",      DEED_REPLACE, "\"\"" },
  { "list",            DEED_REPLACE, "[]" },
  { "lists",           DEED_REPLACE, "[[[[[[[[]]]]]]]]" },
  { "object",          DEED_REPLACE, "{}" },
  { "list of null",    DEED_REPLACE, "[null]" },
  { "bare word",       DEED_REPLACE, "NaN" },
  { "raw bytes",       DEED_REPLACE, "\"\xff\xfe\"" },
  { "overlong UTF-8",  DEED_REPLACE, "\"\xc0\x80\"" },
  { "half surrogate",  DEED_REPLACE, "\"\\ud800\"" },
  { "NUL",             DEED_REPLACE, "\"a\\u0000b\"" },
  { "raw control",     DEED_REPLACE, "\"a\nb\"" },
  { "control",         DEED_TEXT,    "a\\u0001\\u001b[2Jb" },
  { "lines",           DEED_TEXT,    "a\\r\\nSet-Cookie: b" },
  { "SQL",             DEED_TEXT,    "'; DROP TABLE account; --" },
  { "SQL wildcard",    DEED_TEXT,    "%' OR 1=1 --" },
  { "markup",          DEED_TEXT,    "<script>alert(1)</script>&amp;<b>" },
  { "template",        DEED_TEXT,    "{unit-name}{trust-id}%s%n" },
  { "bidi",            DEED_TEXT,    "\xe2\x80\xae" "abc\xe2\x80\xac" },
  { "zero width",      DEED_TEXT,    "a\xe2\x80\x8b" "b\xef\xbb\xbf" },
  { "private use",     DEED_TEXT,    "\xee\x80\x80" },
  { "path",            DEED_TEXT,    "../../../../etc/passwd" },
  { "name rows",       DEED_TEXT,    "x,CN=admin+O=\\\\00" },
  { "wrong date",      DEED_TEXT,    "9999-99-99T99:99:99Z" },
  { "early date",      DEED_TEXT,    "0000-00-00T00:00:00Z" },
  { "not base64",      DEED_TEXT,    "***=" },
  { "missing",         DEED_OMIT,    NULL },
  { "twice",           DEED_TWICE,   NULL },
  { "too long",        DEED_LONG,    NULL },
  { "too much",        DEED_MORE,    NULL },
};

/* In place of the whole */
static const Row wholes[] = {
  { "nothing at all",  DEED_NONE, "" },
  { "words",           DEED_NONE, "hello" },
  { "list",            DEED_NONE, "[]" },
  { "null",            DEED_NONE, "null" },
  { "half",            DEED_NONE, "{\"" },
  { "two",             DEED_NONE, "{}{}" },
  { "byte order mark", DEED_NONE, "\xef\xbb\xbf{}" },
  { "comment",         DEED_NONE, "{/* */}" },
  { "form",            DEED_NONE, "a=b&c=d" },
  { "XML",             DEED_NONE, "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" },
  { "unknown member",  DEED_NONE, "{\"__proto__\":{\"a\":[]}}" },
};
/* clang-format on */

/* Which member, counted through the message, is treated how */
typedef struct
{
  const Row *row; /* (nullable) */
  guint at;
  guint n_seen;
  const char *name; /* (out): of the member, NULL when there are not so many */
} Target;

static void write_message (GString *out, const ChWireType *type, Target *target, guint depth);

/* @n different things, each with @ending after its name */
static void
write_times (GString *out, gint64 n, const char *ending)
{
  for (gint64 i = 0; i < n; i++)
    g_string_append_printf (out, "%s\"x%d\"%s", i > 0 ? "," : "", (int) i, ending);
}

static void
write_letters (GString *out, gint64 n)
{
  g_autofree char *letters = g_strnfill (n, 'A');

  g_string_append_printf (out, "\"%s\"", letters);
}

static void
write_good (GString *out, const ChWireField *field, Target *target, guint depth)
{
  switch (field->kind)
    {
    case CH_WIRE_INT:
      g_string_append_printf (out, "%d", (int) MIN (field->max, 1));
      break;
    case CH_WIRE_BOOL:
      g_string_append (out, "true");
      break;
    case CH_WIRE_BYTES:
      g_string_append (out, "\"AAAA\"");
      break;
    case CH_WIRE_TIME:
      g_string_append (out, "\"2026-01-01T00:00:00Z\"");
      break;
    case CH_WIRE_ENUM:
      g_string_append_printf (out, "\"%s\"", ((const ChWireEnum *) field->aux)->ids[0]);
      break;
    case CH_WIRE_OBJECT:
      write_message (out, field->aux, target, depth + 1);
      break;
    case CH_WIRE_LIST:
      g_string_append_c (out, '[');
      if (depth < MAX_DEPTH)
        write_message (out, field->aux, target, depth + 1);
      g_string_append_c (out, ']');
      break;
    case CH_WIRE_STRINGS:
      g_string_append (out, "[\"x\"]");
      break;
    case CH_WIRE_MAP:
      g_string_append (out, "{\"unit-name\":\"x\"}");
      break;
    default:
      g_string_append (out, "\"x\"");
      break;
    }
}

/* One more than the table allows */
static void
write_long (GString *out, const ChWireField *field)
{
  g_autoptr (GString) one = g_string_new (NULL);
  Target none = { NULL };

  switch (field->kind)
    {
    case CH_WIRE_BYTES:
      write_letters (out, ((field->max + 3) / 3) * 4);
      break;
    case CH_WIRE_LIST:
      write_message (one, field->aux, &none, 1);
      g_string_append_c (out, '[');
      for (gint64 i = 0; i <= field->max; i++)
        g_string_append_printf (out, "%s%s", i > 0 ? "," : "", one->str);
      g_string_append_c (out, ']');
      break;
    case CH_WIRE_STRINGS:
      g_string_append_c (out, '[');
      write_times (out, field->max + 1, "");
      g_string_append_c (out, ']');
      break;
    case CH_WIRE_MAP:
      g_string_append_c (out, '{');
      write_times (out, field->max + 1, ":\"x\"");
      g_string_append_c (out, '}');
      break;
    case CH_WIRE_STRING:
    case CH_WIRE_SECRET:
      write_letters (out, field->max + 1);
      break;
    default:
      write_letters (out, 5000);
      break;
    }
}

static gboolean
is_text (const ChWireField *field)
{
  return field->kind == CH_WIRE_STRING || field->kind == CH_WIRE_SECRET || field->kind == CH_WIRE_ENUM
         || field->kind == CH_WIRE_TIME || field->kind == CH_WIRE_BYTES;
}

static void
write_hostile (GString *out, const ChWireField *field, const Row *row, Target *target, guint depth)
{
  if (row->deed == DEED_REPLACE)
    g_string_append (out, row->text);
  else if (row->deed == DEED_TEXT && field->kind == CH_WIRE_MAP)
    g_string_append_printf (out, "{\"unit-name\":\"%s\",\"%s\":\"x\"}", row->text, row->text);
  else if (row->deed == DEED_TEXT && field->kind == CH_WIRE_STRINGS)
    g_string_append_printf (out, "[\"%s\"]", row->text);
  else if (row->deed == DEED_TEXT && is_text (field))
    g_string_append_printf (out, "\"%s\"", row->text);
  else if (row->deed == DEED_LONG)
    write_long (out, field);
  else if (row->deed == DEED_MORE && field->kind == CH_WIRE_INT && field->max < G_MAXINT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, field->max + 1);
  else
    write_good (out, field, target, depth);
}

static void
write_message (GString *out, const ChWireType *type, Target *target, guint depth)
{
  gboolean is_first = TRUE;

  g_string_append_c (out, '{');
  for (guint i = 0; depth < MAX_DEPTH && i < type->n_fields; i++)
    {
      const ChWireField *field = &type->fields[i];
      gboolean is_hit = target->row != NULL && target->n_seen++ == target->at;
      guint n = !is_hit ? 1 : target->row->deed == DEED_OMIT ? 0 : target->row->deed == DEED_TWICE ? 2 : 1;

      if (is_hit)
        target->name = field->name;
      for (guint j = 0; j < n; j++)
        {
          g_string_append_printf (out, "%s\"%s\":", is_first ? "" : ",", field->name);
          is_first = FALSE;
          if (is_hit)
            write_hostile (out, field, target->row, target, depth);
          else
            write_good (out, field, target, depth);
        }
    }
  g_string_append_c (out, '}');
}

static void
hostile_body_free (gpointer data)
{
  HostileBody *self = data;

  g_free (self->name);
  g_bytes_unref (self->body);
  g_free (self);
}

static void
add (GPtrArray *list, char *name, GString *body)
{
  HostileBody *self = g_new0 (HostileBody, 1);

  self->name = name;
  self->body = g_string_free_to_bytes (body);
  g_ptr_array_add (list, self);
}

/* What the table accepts */
GBytes *
hostile_bodies_make_good (const ChWireType *type)
{
  GString *out = g_string_new (NULL);
  Target none = { NULL };

  write_message (out, type, &none, 0);
  return g_string_free_to_bytes (out);
}

static GString *
make_deep (void)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < 60000; i++)
    g_string_append_c (out, '[');
  return out;
}

/* Each member treated in each way, and what is no message at all */
GPtrArray *
hostile_bodies_make (const ChWireType *type)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (hostile_body_free);

  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    add (list, g_strdup (wholes[i].name), g_string_new (wholes[i].text));
  add (list, g_strdup ("deep lists"), make_deep ());

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint at = 0;; at++)
      {
        Target target = { &rows[i], at };
        GString *out = g_string_new (NULL);

        write_message (out, type, &target, 0);
        if (target.name == NULL)
          {
            g_string_free (out, TRUE);
            break;
          }
        add (list, g_strdup_printf ("%s: %s", target.name, rows[i].name), out);
      }
  return list;
}

/* The same for what is asked in the address */
GPtrArray *
hostile_queries_make (const ChWireType *type)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (hostile_body_free);

  for (guint i = 0; i < type->n_fields; i++)
    for (guint j = 0; j < G_N_ELEMENTS (rows); j++)
      {
        const char *text = rows[j].text != NULL ? rows[j].text : "1";
        g_autofree char *value = g_uri_escape_bytes ((const guint8 *) text, strlen (text), NULL);
        const char *name = type->fields[i].name;
        GString *out = g_string_new (NULL);

        g_string_printf (out, "%s=%s", name, value);
        if (rows[j].deed == DEED_TWICE)
          g_string_append_printf (out, "&%s=%s", name, value);
        if (rows[j].deed == DEED_LONG)
          for (gint64 k = 0; k < MIN (type->fields[i].max, 5000) + 1; k++)
            g_string_append_c (out, '9');
        add (list, g_strdup_printf ("?%s: %s", name, rows[j].name), out);
      }
  add (list, g_strdup ("NUL"), g_string_new ("a=%00"));
  return list;
}
