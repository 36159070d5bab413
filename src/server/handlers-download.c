#include "config.h"

#include "base/ch-error.h"
#include "base/ch-sniff.h"
#include "pki/ch-cert.h"
#include "pki/ch-crl.h"
#include "server/ch-crl-desk.h"
#include "server/ch-handler.h"

/* How long caches on the way may keep a form, seconds */
#define FILE_MAX_AGE 3600

/* @file: (transfer full) */
static ChDownload *
add (GPtrArray *items, ChDownloadKind kind, char *file, GBytes *content)
{
  ChDownload *item = ch_wire_new (&ChDownload_wire);

  item->kind = kind;
  item->file = file;
  item->size = g_bytes_get_size (content);
  g_ptr_array_add (items, item);
  return item;
}

static gboolean
add_certificate (GPtrArray *items,
                 ChService *service,
                 ChHierarchy hierarchy,
                 gboolean is_root,
                 GError **error)
{
  const char *id = ch_hierarchy_get_id (hierarchy);
  char *file = g_strdup_printf ("%s-%s.cer", is_root ? "root" : "issuing", id);
  GBytes *der = ch_ca_get_file (ch_service_get_ca (service), file);
  ChDownload *item = add (items, is_root ? CH_DOWNLOAD_ROOT : CH_DOWNLOAD_ISSUING, file, der);
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, error);

  if (info == NULL)
    return FALSE;
  item->algorithm = g_strdup (id);
  item->subject = g_strdup (info->subject_text);
  item->issuer = g_strdup_printf ("root-%s.cer", id);
  item->sha256 = g_strdup (info->sha256);
  return TRUE;
}

static gboolean
add_list (GPtrArray *items, ChService *service, ChHierarchy hierarchy, gboolean is_root, GError **error)
{
  const char *id = ch_hierarchy_get_id (hierarchy);
  g_autoptr (GBytes) der = is_root ? ch_crl_desk_get_root (service, hierarchy, error)
                                   : ch_crl_desk_get (service, hierarchy, error);
  g_autoptr (ChCrl) crl = der != NULL ? ch_crl_new (der, error) : NULL;
  g_autofree char *issuer = g_strdup_printf ("%s-%s.cer", is_root ? "root" : "issuing", id);
  g_autoptr (ChCertInfo) info = ch_cert_info_new (ch_ca_get_file (ch_service_get_ca (service), issuer), NULL);
  ChDownload *item;

  if (crl == NULL)
    return FALSE;
  item = add (items, is_root ? CH_DOWNLOAD_ROOT_LIST : CH_DOWNLOAD_LIST,
              g_strdup_printf (is_root ? "root-%s.crl" : "%s.crl", id), der);
  item->algorithm = g_strdup (id);
  item->subject = info != NULL ? g_strdup (info->subject_text) : NULL;
  item->issuer = g_steal_pointer (&issuer);
  item->made = ch_crl_get_this_update (crl);
  item->next = ch_crl_get_next_update (crl);
  item->revoked = ch_crl_get_n_revoked (crl);
  return TRUE;
}

static void
add_files (GPtrArray *items, ChService *service)
{
  const ChProfile *profile = ch_service_get_profile (service);

  for (guint i = 0; profile->files != NULL && i < profile->files->len; i++)
    {
      const ChOfferedFile *file = profile->files->pdata[i];
      GBytes *content = ch_service_get_offered (service, file->file);
      ChDownload *item;

      if (content == NULL)
        continue;
      item = add (items, CH_DOWNLOAD_FILE, g_strdup (file->file), content);
      item->name = ch_wire_copy (&ChText_wire, file->name);
      item->note = ch_wire_copy (&ChText_wire, file->note);
      item->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
    }
}

static gpointer
handle_downloads (ChCall *call, gpointer request, GError **error)
{
  ChService *service = ch_call_get_service (call);
  g_autoptr (ChDownloadList) list = ch_wire_new (&ChDownloadList_wire);

  list->items = ch_wire_list_new (&ChDownload_wire);
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    if (!add_certificate (list->items, service, i, TRUE, error)
        || !add_certificate (list->items, service, i, FALSE, error))
      return NULL;
  for (guint i = 0; i < CH_N_HIERARCHIES; i++)
    if (!add_list (list->items, service, i, FALSE, error) || !add_list (list->items, service, i, TRUE, error))
      return NULL;
  add_files (list->items, service);
  return g_steal_pointer (&list);
}

/* Only what the profile offers is known by its name: no path is made of what somebody asks for */
static gpointer
handle_offered_file (ChCall *call, gpointer request, GError **error)
{
  GBytes *content = ch_service_get_offered (ch_call_get_service (call), ch_call_get_arg (call, 0));
  gsize len = 0;
  const guint8 *data;

  if (content == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_FOUND, "there is no such file");
      return NULL;
    }

  data = g_bytes_get_data (content, &len);
  ch_call_set_raw (call, ch_content_get_mime (ch_sniff (data, len)), content, FILE_MAX_AGE);
  return ch_wire_new (&ChNothing_wire);
}

const ChHandlerRow ch_handlers_download[] = {
  { &ch_route_downloads, handle_downloads, CH_HANDLER_WORKER, 0 },
  { &ch_route_offered_file, handle_offered_file, CH_HANDLER_INLINE, 0 },
  { NULL },
};
