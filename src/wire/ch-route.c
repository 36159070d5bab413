#include "config.h"

#include <string.h>

#include "wire/ch-route.h"

#define CH_PRINCIPAL_MEMBER_OR_REVIEWER   (CH_PRINCIPAL_MEMBER | CH_PRINCIPAL_REVIEWER)
#define CH_PRINCIPAL_MEMBER_OR_FRESH      (CH_PRINCIPAL_MEMBER | CH_PRINCIPAL_FRESH)
#define CH_PRINCIPAL_ANY_HOLDER           (CH_PRINCIPAL_HOLDER | CH_PRINCIPAL_LATE_HOLDER)
#define CH_PRINCIPAL_MEMBER_OR_HOLDER     (CH_PRINCIPAL_MEMBER | CH_PRINCIPAL_HOLDER)
#define CH_PRINCIPAL_MEMBER_OR_ANY_HOLDER (CH_PRINCIPAL_MEMBER | CH_PRINCIPAL_ANY_HOLDER)
/* Whoever adds documents: the applicant, or the applicant’s phone */
#define CH_PRINCIPAL_UPLOADER (CH_PRINCIPAL_MEMBER_OR_HOLDER | CH_PRINCIPAL_PHONE_PAPERS)
#define CH_PRINCIPAL_ANY_PHONE                                                                               \
  (CH_PRINCIPAL_PHONE_TICKET | CH_PRINCIPAL_PHONE_INSTALL | CH_PRINCIPAL_PHONE_PAPERS)
/* Whoever may install a certificate, and see what is needed for it */
#define CH_PRINCIPAL_INSTALLER                                                                               \
  (CH_PRINCIPAL_MEMBER | CH_PRINCIPAL_DOWNLOAD_TICKET | CH_PRINCIPAL_PHONE_INSTALL                           \
   | CH_PRINCIPAL_MAKING_TICKET)
#define CH_PRINCIPAL_INSTALLER_OR_ANY_HOLDER (CH_PRINCIPAL_INSTALLER | CH_PRINCIPAL_ANY_HOLDER)
/* The applicant, and those whom somebody with a receipt comes to */
#define CH_PRINCIPAL_MEMBER_HOLDER_OR_COUNTER                                                                \
  (CH_PRINCIPAL_MEMBER_OR_HOLDER | CH_PRINCIPAL_REVIEWER | CH_PRINCIPAL_MAKER | CH_PRINCIPAL_SUPPORT)
#define CH_PRINCIPAL_MAKER_OR_MAKING_TICKET (CH_PRINCIPAL_MAKER | CH_PRINCIPAL_MAKING_TICKET)
/* Who looks after money that goes back */
#define CH_PRINCIPAL_MONEY (CH_PRINCIPAL_REVIEWER | CH_PRINCIPAL_SUPPORT)
#define CH_PRINCIPAL_EVERY_SESSION                                                                           \
  (CH_PRINCIPAL_MEMBER_OR_ANY_HOLDER | CH_PRINCIPAL_REVIEWER | CH_PRINCIPAL_MAKER | CH_PRINCIPAL_SUPPORT     \
   | CH_PRINCIPAL_AUDITOR | CH_PRINCIPAL_FRESH)

#define R(name, id, method, path, request, answer, principals, owned, flags)                                 \
  const ChRoute ch_route_##name = { id,                                                                      \
                                    method,                                                                  \
                                    path,                                                                    \
                                    &request##_wire,                                                         \
                                    &answer##_wire,                                                          \
                                    CH_PRINCIPAL_##principals,                                               \
                                    CH_OWNED_##owned,                                                        \
                                    CH_ROUTE_##flags };
CH_ROUTES (R)
#undef R

static const ChRoute *const all[] = {
#define R(name, id, method, path, request, answer, principals, owned, flags) &ch_route_##name,
  CH_ROUTES (R)
#undef R
};

/**
 * ch_routes_get:
 * @n_routes: (out): how many
 *
 * Returns: (transfer none) (array length=n_routes): every route of every topic
 */
const ChRoute *const *
ch_routes_get (guint *n_routes)
{
  *n_routes = G_N_ELEMENTS (all);
  return all;
}

/**
 * ch_route_has_query:
 *
 * Returns: whether the request stands behind the `?` of the address, and not in a body
 */
gboolean
ch_route_has_query (const ChRoute *self)
{
  return g_str_equal (self->method, "GET") && self->request != &ChNothing_wire;
}

/**
 * ch_route_match:
 * @method: of a request
 * @path: of a request, still percent-encoded, without query
 * @args: (out) (transfer full): what stands for each {name}, decoded, in order
 *
 * The last {name} of a RAW route takes the rest of the path: OCSP requests in base64 have slashes in them.
 *
 * Returns: whether the request is for this route
 */
gboolean
ch_route_match (const ChRoute *self, const char *method, const char *path, GStrv *args)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  const char *pattern = self->path;

  if (!g_str_equal (self->method, method))
    return FALSE;

  builder = g_strv_builder_new ();
  while (*pattern != 0)
    {
      if (*pattern == '{')
        {
          const char *end = strchr (pattern, '}') + 1;
          gboolean is_rest = (self->flags & CH_ROUTE_RAW) != 0 && *end == 0;
          gsize len = is_rest ? strlen (path) : strcspn (path, "/");
          g_autofree char *segment = g_uri_unescape_segment (path, path + len, is_rest ? NULL : "/");

          if (len == 0 || segment == NULL)
            return FALSE;
          g_strv_builder_add (builder, segment);
          path += len;
          pattern = end;
        }
      else if (*pattern++ != *path++)
        return FALSE;
    }

  if (*path != 0)
    return FALSE;
  *args = g_strv_builder_end (builder);
  return TRUE;
}

/**
 * ch_route_format_path:
 * @args: (nullable) (array zero-terminated=1): what stands for each {name}, in order
 *
 * Returns: (transfer full): the path, percent-encoded
 */
char *
ch_route_format_path (const ChRoute *self, const char *const *args)
{
  GString *path = g_string_new (NULL);

  for (const char *p = self->path; *p != 0; p++)
    {
      if (*p != '{')
        {
          g_string_append_c (path, *p);
          continue;
        }

      if (args == NULL || *args == NULL)
        {
          g_critical ("route %s lacks an argument", self->id);
          break;
        }
      g_string_append_uri_escaped (path, *args++, NULL, FALSE);
      p = strchr (p, '}');
    }

  return g_string_free (path, FALSE);
}
