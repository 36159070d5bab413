#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-crl-desk.h"
#include "server/ch-handler.h"

/* How long caches on the way may keep things, seconds: a revocation is to be seen soon */
#define CERT_MAX_AGE 86400
#define CRL_MAX_AGE  60

#define MAX_OCSP     4096
#define OCSP_MAX_AGE 0

static gpointer
answer_raw (ChCall *call, const char *content_type, GBytes *body, guint max_age)
{
  ch_call_set_raw (call, content_type, body, max_age);
  return ch_wire_new (&ChNothing_wire);
}

static gpointer
handle_certificate (ChCall *call, gpointer request, GError **error)
{
  GBytes *der = ch_ca_get_file (ch_service_get_ca (ch_call_get_service (call)), ch_call_get_arg (call, 0));

  if (der != NULL)
    return answer_raw (call, "application/pkix-cert", der, CERT_MAX_AGE);

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such certificate");
  return NULL;
}

static GBytes *
find_crl (ChService *service, const char *name, GError **error)
{
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    {
      g_autofree char *own = g_strdup_printf ("%s.crl", ch_hierarchy_get_id (i));
      g_autofree char *of_root = g_strdup_printf ("root-%s.crl", ch_hierarchy_get_id (i));

      if (g_str_equal (name, own))
        return ch_crl_desk_get (service, i, error);
      if (g_str_equal (name, of_root))
        return ch_crl_desk_get_root (service, i, error);
    }

  g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such list");
  return NULL;
}

static gpointer
handle_crl (ChCall *call, gpointer request, GError **error)
{
  g_autoptr (GBytes) der = find_crl (ch_call_get_service (call), ch_call_get_arg (call, 0), error);

  return der != NULL ? answer_raw (call, "application/pkix-crl", der, CRL_MAX_AGE) : NULL;
}

static gpointer
answer_ocsp (ChCall *call, GBytes *request)
{
  g_autoptr (GBytes) answer = ch_crl_desk_answer (ch_call_get_service (call), request);

  return answer_raw (call, "application/ocsp-response", answer, OCSP_MAX_AGE);
}

static gpointer
handle_ocsp (ChCall *call, gpointer request, GError **error)
{
  return answer_ocsp (call, ch_call_get_body (call));
}

static gpointer
handle_ocsp_get (ChCall *call, gpointer request, GError **error)
{
  gsize len = 0;
  guchar *data = g_base64_decode (ch_call_get_arg (call, 0), &len);
  g_autoptr (GBytes) der = g_bytes_new_take (data, len);

  return answer_ocsp (call, der);
}

const ChHandlerRow ch_handlers_ca[] = {
  { &ch_route_ca_certificate, handle_certificate, CH_HANDLER_INLINE, 0 },
  { &ch_route_crl, handle_crl, CH_HANDLER_WORKER, 0 },
  { &ch_route_ocsp, handle_ocsp, CH_HANDLER_WORKER, MAX_OCSP },
  { &ch_route_ocsp_get, handle_ocsp_get, CH_HANDLER_WORKER, 0 },
  { NULL },
};
