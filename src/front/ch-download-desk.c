#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-download-desk.h"
#include "front/ch-format.h"
#include "pki/ch-chain.h"
#include "pki/ch-crl.h"
#include "wire/ch-policy.h"
#include "wire/ch-route.h"

/* Where each kind lies, and below which heading it is shown */
static const struct
{
  const ChRoute *route;
  ChDownloadGroup group;
} kinds[] = {
  [CH_DOWNLOAD_ROOT] = { &ch_route_ca_certificate, CH_DOWNLOAD_GROUP_CERTIFICATES },
  [CH_DOWNLOAD_ISSUING] = { &ch_route_ca_certificate, CH_DOWNLOAD_GROUP_CERTIFICATES },
  [CH_DOWNLOAD_LIST] = { &ch_route_crl, CH_DOWNLOAD_GROUP_LISTS },
  [CH_DOWNLOAD_ROOT_LIST] = { &ch_route_crl, CH_DOWNLOAD_GROUP_LISTS },
  [CH_DOWNLOAD_FILE] = { &ch_route_offered_file, CH_DOWNLOAD_GROUP_FILES },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == CH_N_DOWNLOAD_KINDS);

/* Something that is fetched. All members are owned. */
typedef struct
{
  ChDownloadList *list;
  ChDownload *item;
  GPtrArray *roots; /* (element-type GBytes): by which the CA is known, as its profile says */
  GBytes *content;  /* (nullable): until it has come */
  GBytes *issuer;   /* (nullable): certificate of who signed a list */
} Fetch;

/* -- In words -- */

const char *
ch_download_group_get_title (ChDownloadGroup group)
{
#define TITLE(code, id, title) title,
  static const char *const titles[] = { CH_DOWNLOAD_GROUPS (TITLE) };
#undef TITLE

  g_return_val_if_fail ((guint) group < CH_N_DOWNLOAD_GROUPS, "");

  return titles[group];
}

ChDownloadGroup
ch_download_get_group (const ChDownload *item)
{
  return kinds[item->kind].group;
}

static gboolean
is_list (const ChDownload *item)
{
  return item->kind == CH_DOWNLOAD_LIST || item->kind == CH_DOWNLOAD_ROOT_LIST;
}

/**
 * ch_download_format_title:
 *
 * Returns: (transfer full): what it is
 */
char *
ch_download_format_title (const ChDownload *item)
{
  const char *title = _ (ch_download_kind_get_title (item->kind));
  g_autofree char *algorithm = NULL;

  if (item->name != NULL)
    return g_strdup (ch_text_get (item->name));
  if (item->algorithm == NULL)
    return g_strdup (title);
  algorithm = g_ascii_strup (item->algorithm, -1);
  /* Translators: what it is, and the algorithm of the keys: Root certificate (RSA) */
  return g_strdup_printf (_ ("%1$s (%2$s)"), title, algorithm);
}

static char *
say_list (const ChDownload *item)
{
  g_autofree char *made = ch_format_iso_time (item->made);
  g_autofree char *next = ch_format_iso_time (item->next);

  /* Translators: how many certificates a list has, when it was made, when the next one comes at the latest */
  return g_strdup_printf (ngettext ("%1$d entry, made %2$s, the next one by %3$s",
                                    "%1$d entries, made %2$s, the next one by %3$s", (gulong) item->revoked),
                          (int) item->revoked, made, next);
}

/**
 * ch_download_format_about:
 *
 * Returns: (transfer full): whose it is or what for, and how large; lines
 */
char *
ch_download_format_about (const ChDownload *item)
{
  g_autofree char *size = ch_format_size (item->size);
  g_autofree char *list = is_list (item) ? say_list (item) : NULL;
  const char *what = item->note != NULL ? ch_text_get (item->note) : item->subject;
  g_autofree char *place = g_strdup_printf ("%s · %s", item->file, size);

  if (list != NULL)
    return g_strjoin ("\n", what != NULL ? what : list, what != NULL ? list : place,
                      what != NULL ? place : NULL, NULL);
  return what != NULL ? g_strjoin ("\n", what, place, NULL) : g_steal_pointer (&place);
}

/**
 * ch_download_format_fingerprint:
 * @sha256: in hex
 *
 * Returns: (transfer full): in groups of four, which two people can read to each other
 */
char *
ch_download_format_fingerprint (const char *sha256)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; sha256[i] != 0; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, g_ascii_toupper (sha256[i]));
    }
  return g_string_free (text, FALSE);
}

/**
 * ch_downloads_find:
 *
 * Returns: (transfer none) (nullable): what is called @file
 */
const ChDownload *
ch_downloads_find (const ChDownloadList *list, const char *file)
{
  for (guint i = 0; i < list->items->len; i++)
    {
      const ChDownload *item = list->items->pdata[i];

      if (g_strcmp0 (item->file, file) == 0)
        return item;
    }
  return NULL;
}

/* -- What is offered -- */

/* The name is proposed for a file of this PC: one that leads elsewhere is not even shown */
static gboolean
is_usable (const ChDownload *item)
{
  return ch_file_name_is_plain (item->file) && (item->kind == CH_DOWNLOAD_FILE) == (item->name != NULL)
         && (is_list (item) || item->sha256 != NULL);
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChDownloadList) list = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (list == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = list->items->len; i > 0; i--)
    if (!is_usable (list->items->pdata[i - 1]))
      g_ptr_array_remove_index (list->items, i - 1);
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) ch_download_list_free);
}

/**
 * ch_download_desk_list_async:
 *
 * Asks what can be downloaded.
 */
void
ch_download_desk_list_async (ChPorts *ports,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (ports, cancellable, callback, user_data);

  g_task_set_source_tag (task, ch_download_desk_list_async);
  g_task_set_check_cancellable (task, FALSE);
  ch_server_call_async (ch_ports_get_server (ports), &ch_route_downloads, NULL, NULL, NULL, cancellable,
                        on_listed_cb, task);
}

/**
 * ch_download_desk_list_finish:
 *
 * Returns: (transfer full): what is offered
 */
ChDownloadList *
ch_download_desk_list_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* -- Whether it is what the CA published -- */

static gboolean
refuse (const ChDownload *item, const char *why, GError **error)
{
  g_set_error (error, CH_ERROR, CH_ERROR_DOWNLOAD_WRONG, "%s: %s", item->file, why);
  return FALSE;
}

static gboolean
check_sum (const Fetch *fetch, GError **error)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fetch->content);

  return g_ascii_strcasecmp (sum, fetch->item->sha256) == 0
             ? TRUE
             : refuse (fetch->item, "its checksum is not the one that was published", error);
}

/* A root is trusted because the profile names it, and for nothing it says of itself */
static gboolean
check_root (const Fetch *fetch, GError **error)
{
  for (guint i = 0; i < fetch->roots->len; i++)
    if (g_bytes_equal (fetch->roots->pdata[i], fetch->content))
      return TRUE;
  return refuse (fetch->item, "it is no root of this CA", error);
}

static gboolean
check_issuing (const Fetch *fetch, GError **error)
{
  g_autoptr (ChChainResult) chain
      = ch_chain_verify (fetch->content, NULL, fetch->roots, ch_clock_now (), NULL, NULL);

  return chain->reason == CH_CHAIN_OK ? TRUE
                                      : refuse (fetch->item, ch_chain_reason_get_id (chain->reason), error);
}

static gboolean
check_list (const Fetch *fetch, GError **error)
{
  g_autoptr (ChCrl) crl = ch_crl_new (fetch->content, NULL);

  return crl != NULL && ch_crl_verify (crl, fetch->issuer, NULL, NULL)
             ? TRUE
             : refuse (fetch->item, "it is not signed by its CA", error);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Fetch *fetch = data;
  g_autoptr (GError) error = NULL;
  gboolean is_right = is_list (fetch->item) || check_sum (fetch, &error);

  if (is_right && fetch->item->kind == CH_DOWNLOAD_ROOT)
    is_right = check_root (fetch, &error);
  if (is_right && fetch->item->kind == CH_DOWNLOAD_ISSUING)
    is_right = check_issuing (fetch, &error);
  if (is_right && is_list (fetch->item))
    is_right = check_list (fetch, &error);

  if (is_right)
    g_task_return_pointer (task, g_bytes_ref (fetch->content), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* -- Fetching -- */

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  ch_download_list_free (fetch->list);
  ch_download_free (fetch->item);
  g_ptr_array_unref (fetch->roots);
  g_clear_pointer (&fetch->content, g_bytes_unref);
  g_clear_pointer (&fetch->issuer, g_bytes_unref);
  g_free (fetch);
}

static void
check (GTask *task)
{
  g_autoptr (GTask) owned = task;

  g_task_run_in_thread (task, check_thread);
}

static void
on_issuer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  fetch->issuer = ch_download_desk_fetch_finish (CH_PORTS (source), result, &error);
  if (fetch->issuer != NULL)
    {
      check (task);
      return;
    }
  g_task_return_error (task, g_steal_pointer (&error));
  g_object_unref (task);
}

static void
on_content_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  const ChDownload *issuer = NULL;
  g_autoptr (GError) error = NULL;

  fetch->content = ch_server_fetch_finish (CH_SERVER (source), result, &error);
  if (fetch->content != NULL && is_list (fetch->item))
    {
      issuer = ch_downloads_find (fetch->list, fetch->item->issuer);
      if (issuer == NULL || ch_download_get_group (issuer) != CH_DOWNLOAD_GROUP_CERTIFICATES)
        {
          g_clear_pointer (&fetch->content, g_bytes_unref);
          refuse (fetch->item, "nobody knows who signs it", &error);
        }
    }

  if (fetch->content == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
  else if (issuer != NULL)
    ch_download_desk_fetch_async (g_task_get_source_object (task), fetch->list, issuer,
                                  g_task_get_cancellable (task), on_issuer_cb, task);
  else
    check (task);
}

static GPtrArray *
list_roots (const ChProfile *profile)
{
  GPtrArray *roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; profile != NULL && profile->roots != NULL && i < profile->roots->len; i++)
    g_ptr_array_add (roots, g_bytes_ref (((const ChTrustedRoot *) profile->roots->pdata[i])->der));
  return roots;
}

/**
 * ch_download_desk_fetch_async:
 * @list: what is offered
 * @item: one of it
 *
 * Fetches it and finds out whether it is what the CA published: a file by its checksum, a root by the
 * profile, the issuing CA by a root, a list by the signature of its CA.
 */
void
ch_download_desk_fetch_async (ChPorts *ports,
                              const ChDownloadList *list,
                              const ChDownload *item,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const char *const args[] = { item->file, NULL };
  GTask *task = g_task_new (ports, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  g_task_set_source_tag (task, ch_download_desk_fetch_async);
  g_task_set_check_cancellable (task, FALSE);
  fetch->list = ch_wire_copy (&ChDownloadList_wire, list);
  fetch->item = ch_wire_copy (&ChDownload_wire, item);
  fetch->roots = list_roots (ch_ports_get_profile (ports));
  g_task_set_task_data (task, fetch, fetch_free);
  ch_server_fetch_async (ch_ports_get_server (ports), kinds[item->kind].route, args, cancellable,
                         on_content_cb, task);
}

/**
 * ch_download_desk_fetch_finish:
 * @error: %CH_ERROR_DOWNLOAD_WRONG when something else came than what was published
 *
 * Returns: (transfer full): the content
 */
GBytes *
ch_download_desk_fetch_finish (ChPorts *ports, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ports), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
