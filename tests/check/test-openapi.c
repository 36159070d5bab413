#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ch-file.h"
#include "wire/ch-route.h"
#include "wire/messages-error.h"

/* Writes the route and message tables as OpenAPI 3.0 and compares data/openapi.yaml with it.
 * `test-openapi --print` prints what the file should be: ./dev openapi keeps it. */

static const char head[]
    = "# Written by ./dev openapi from the tables in src/wire; a test sees that it agrees with them.\n"
      "openapi: 3.0.3\n"
      "info:\n"
      "  title: Certhall\n"
      "  version: '1'\n"
      "  description: >-\n"
      "    The protocol between certhall, certhallctl and certhalld. JSON objects of UTF-8; times are RFC "
      "3339 in UTC,\n"
      "    bytes are base64, amounts are fen. Additive under /v1: members that are not known are passed "
      "over.\n"
      "    A call that changes something carries an Idempotency-Key; the same key again answers what was "
      "answered.\n"
      "paths:\n";

static const char security[] = "  securitySchemes:\n"
                               "    session:\n"
                               "      type: http\n"
                               "      scheme: bearer\n"
                               "  responses:\n"
                               "    failure:\n"
                               "      description: What went wrong; `error` is an id of the error table\n"
                               "      content:\n"
                               "        application/json:\n"
                               "          schema: { $ref: '#/components/schemas/failure' }\n";

static const struct
{
  ChPrincipals bit;
  const char *id;
} principals[] = {
  { CH_PRINCIPAL_ANYBODY, "anybody" },
  { CH_PRINCIPAL_MEMBER, "member" },
  { CH_PRINCIPAL_REVIEWER, "reviewer" },
  { CH_PRINCIPAL_MAKER, "maker" },
  { CH_PRINCIPAL_SUPPORT, "support" },
  { CH_PRINCIPAL_AUDITOR, "auditor" },
  { CH_PRINCIPAL_HOLDER, "holder" },
  { CH_PRINCIPAL_LATE_HOLDER, "late-holder" },
  { CH_PRINCIPAL_FRESH, "fresh" },
  { CH_PRINCIPAL_SCAN_TICKET, "scan" },
  { CH_PRINCIPAL_PHONE_TICKET, "phone" },
  { CH_PRINCIPAL_PHONE_INSTALL, "phone-install" },
  { CH_PRINCIPAL_PHONE_PAPERS, "phone-papers" },
};

static const char *const owned[]
    = { "none", "application", "upload", "order", "certificate", "session", "installation", "phone", "batch" };

static void
add_field_schema (GString *out, const ChWireField *field)
{
  switch (field->kind)
    {
    case CH_WIRE_STRING:
      g_string_append_printf (out, "{ type: string, maxLength: %" G_GINT64_FORMAT " }\n", field->max);
      break;
    case CH_WIRE_SECRET:
      g_string_append_printf (out, "{ type: string, format: password, maxLength: %" G_GINT64_FORMAT " }\n",
                              field->max);
      break;
    case CH_WIRE_INT:
      g_string_append_printf (
          out, "{ type: integer, format: int64, minimum: 0, maximum: %" G_GINT64_FORMAT " }\n", field->max);
      break;
    case CH_WIRE_BOOL:
      g_string_append (out, "{ type: boolean }\n");
      break;
    case CH_WIRE_BYTES:
      g_string_append (out, "{ type: string, format: byte }\n");
      break;
    case CH_WIRE_TIME:
      g_string_append (out, "{ type: string, format: date-time }\n");
      break;
    case CH_WIRE_ENUM:
      {
        const ChWireEnum *values = field->aux;
        g_autofree char *ids = NULL;

        g_autoptr (GPtrArray) row = g_ptr_array_new ();
        for (guint i = 0; i < values->n_ids; i++)
          g_ptr_array_add (row, (gpointer) values->ids[i]);
        g_ptr_array_add (row, NULL);
        ids = g_strjoinv (", ", (char **) row->pdata);
        g_string_append_printf (out, "{ type: string, enum: [%s] }\n", ids);
        break;
      }
    case CH_WIRE_OBJECT:
      g_string_append_printf (out, "{ $ref: '#/components/schemas/%s' }\n",
                              ((const ChWireType *) field->aux)->name);
      break;
    case CH_WIRE_LIST:
      g_string_append_printf (out,
                              "{ type: array, maxItems: %" G_GINT64_FORMAT
                              ", items: { $ref: '#/components/schemas/%s' } }\n",
                              field->max, ((const ChWireType *) field->aux)->name);
      break;
    case CH_WIRE_STRINGS:
      g_string_append_printf (
          out, "{ type: array, maxItems: %" G_GINT64_FORMAT ", items: { type: string } }\n", field->max);
      break;
    case CH_WIRE_MAP:
      g_string_append_printf (out,
                              "{ type: object, maxProperties: %" G_GINT64_FORMAT
                              ", additionalProperties: { type: string } }\n",
                              field->max);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
collect (GHashTable *types, const ChWireType *type)
{
  if (type == &ChNothing_wire || !g_hash_table_insert (types, (gpointer) type->name, (gpointer) type))
    return;

  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind == CH_WIRE_OBJECT || type->fields[i].kind == CH_WIRE_LIST)
      collect (types, type->fields[i].aux);
}

static void
add_schema (GString *out, const ChWireType *type)
{
  gboolean any = FALSE;

  g_string_append_printf (out, "    %s:\n      type: object\n", type->name);
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].need == CH_WIRE_REQUIRED)
      {
        g_string_append_printf (out, any ? ", %s" : "      required: [%s", type->fields[i].name);
        any = TRUE;
      }
  g_string_append (out, any ? "]\n      properties:\n" : "      properties:\n");

  for (guint i = 0; i < type->n_fields; i++)
    {
      g_string_append_printf (out, "        %s: ", type->fields[i].name);
      add_field_schema (out, &type->fields[i]);
    }
}

static void
add_query (GString *out, const ChWireType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    {
      const ChWireField *field = &type->fields[i];

      g_string_append_printf (out,
                              "        - name: %s\n          in: query\n          required: %s\n"
                              "          schema: ",
                              field->name, field->need == CH_WIRE_REQUIRED ? "true" : "false");
      add_field_schema (out, field);
    }
}

static void
add_parameters (GString *out, const ChRoute *route)
{
  gboolean changes = (route->flags & CH_ROUTE_CHANGES) != 0;

  if (strchr (route->path, '{') == NULL && !changes && !ch_route_has_query (route))
    return;

  g_string_append (out, "      parameters:\n");
  for (const char *p = strchr (route->path, '{'); p != NULL; p = strchr (p + 1, '{'))
    g_string_append_printf (out,
                            "        - { name: %.*s, in: path, required: true, schema: { type: string } }\n",
                            (int) strcspn (p + 1, "}"), p + 1);
  if (ch_route_has_query (route))
    add_query (out, route->request);
  if (changes)
    g_string_append (out,
                     "        - { name: Idempotency-Key, in: header, required: true, schema: { type: string, "
                     "format: uuid } }\n");
}

static void
add_route (GString *out, const ChRoute *route)
{
  g_autofree char *method = g_ascii_strdown (route->method, -1);
  GString *who = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (principals); i++)
    if ((route->principals & principals[i].bit) != 0)
      g_string_append_printf (who, "%s%s", who->len > 0 ? ", " : "", principals[i].id);

  g_string_append_printf (out, "    %s:\n      operationId: %s\n", method, route->id);
  g_string_append_printf (out, "      x-principals: [%s]\n      x-owned: %s\n", who->str,
                          owned[route->owned]);
  g_string_free (who, TRUE);
  if ((route->principals & CH_PRINCIPAL_ANYBODY) == 0)
    g_string_append (out, "      security: [{ session: [] }]\n");
  add_parameters (out, route);
  if (route->request != &ChNothing_wire && !ch_route_has_query (route))
    g_string_append_printf (out,
                            "      requestBody:\n        required: true\n        content:\n"
                            "          application/json:\n"
                            "            schema: { $ref: '#/components/schemas/%s' }\n",
                            route->request->name);

  g_string_append (out, "      responses:\n");
  if ((route->flags & CH_ROUTE_RAW) != 0)
    g_string_append (
        out, "        '200': { description: DER of a certificate, a CRL or an OCSP answer, or a file }\n");
  else if ((route->flags & CH_ROUTE_SOCKET) != 0)
    g_string_append_printf (out,
                            "        '101': { description: A WebSocket whose frames are of schema %s }\n",
                            route->answer->name);
  else if (route->answer == &ChNothing_wire)
    g_string_append (out, "        '200': { description: done }\n");
  else
    g_string_append_printf (out,
                            "        '200':\n          description: %s\n          content:\n"
                            "            application/json:\n"
                            "              schema: { $ref: '#/components/schemas/%s' }\n",
                            route->answer->name, route->answer->name);
  g_string_append (out, "        default: { $ref: '#/components/responses/failure' }\n");
}

static char *
write_openapi (void)
{
  GString *out = g_string_new (head);
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) names = NULL;
  guint n;
  const ChRoute *const *routes = ch_routes_get (&n);

  collect (types, &ChFailure_wire);
  for (guint i = 0; i < n; i++)
    {
      if (!ch_route_has_query (routes[i]))
        collect (types, routes[i]->request);
      collect (types, routes[i]->answer);
      if (!g_hash_table_add (paths, (gpointer) routes[i]->path))
        continue;

      /* Every method of one path stands under it */
      g_string_append_printf (out, "  %s:\n", routes[i]->path);
      for (guint j = i; j < n; j++)
        if (g_str_equal (routes[j]->path, routes[i]->path))
          add_route (out, routes[j]);
    }

  g_string_append (out, "components:\n");
  g_string_append (out, security);
  g_string_append (out, "  schemas:\n");
  names = g_list_sort (g_hash_table_get_keys (types), (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    add_schema (out, g_hash_table_lookup (types, l->data));
  return g_string_free (out, FALSE);
}

static void
test_agrees (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_SOURCE_ROOT"), "data", "openapi.yaml", NULL);
  g_autofree char *wanted = write_openapi ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ch_file_read (path, 1 << 20, &error);
  g_autofree char *text = NULL;
  g_auto (GStrv) is = NULL;
  g_auto (GStrv) should = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  is = g_strsplit (text, "\n", -1);
  should = g_strsplit (wanted, "\n", -1);
  for (gsize i = 0; is[i] != NULL && should[i] != NULL; i++)
    g_assert_cmpstr (is[i], ==, should[i]);
  g_assert_cmpstr (text, ==, wanted);
}

int
main (int argc, char *argv[])
{
  if (argc == 2 && g_str_equal (argv[1], "--print"))
    {
      g_autofree char *text = write_openapi ();

      fputs (text, stdout);
      return 0;
    }

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openapi/agrees", test_agrees);
  return g_test_run ();
}
