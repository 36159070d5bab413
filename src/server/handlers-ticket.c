#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "base/ch-validate.h"
#include "server/ch-crl-desk.h"
#include "server/ch-download.h"
#include "server/ch-handler.h"
#include "server/ch-lookup.h"
#include "server/ch-random.h"
#include "server/ch-sms-code.h"
#include "server/ch-ticket.h"

typedef struct
{
  ChService *service;
  const ChLookupRequest *request;
  ChCodeTarget target;
  char *number; /* (owned): as it is kept */
} Lookup;

/* What was looked for, without being kept */
static char *
name_object (const Lookup *lookup)
{
  g_autofree char *text = g_strdup_printf ("%s\n%s", lookup->target.mobile, lookup->number);
  g_autoptr (GBytes) mac = ch_service_make_mac (lookup->service, "lookup", text, strlen (text));

  return g_base64_encode (g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
}

/* There is a ticket whether anything is found or not: who holds the mobile but does not know the number is
 * told nothing. */
static gpointer
write_ticket (ChDbTx *tx, gpointer data, GError **error)
{
  const Lookup *lookup = data;
  g_autofree char *object = name_object (lookup);
  g_autoptr (GPtrArray) ids = NULL;

  if (!ch_sms_code_spend (tx, lookup->service, &lookup->target, lookup->request->code, error))
    return NULL;
  ids = ch_lookup_find (tx, lookup->target.mobile, lookup->number, error);
  return ids != NULL ? ch_ticket_start (tx, CH_PRINCIPAL_LOOKUP_TICKET, object, ids, error) : NULL;
}

static gboolean
check_lookup (const Lookup *lookup, GError **error)
{
  ChReason number = ch_validate_document_number (lookup->number);
  ChReason mobile = ch_validate_mobile (lookup->target.mobile);
  GError *wrong;

  if (!ch_service_get_profile (lookup->service)->order_lookup)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "nothing is looked up without an account here");
      return FALSE;
    }
  if (number == CH_REASON_OK && mobile == CH_REASON_OK)
    return TRUE;

  wrong = ch_error_new_fields ();
  if (number != CH_REASON_OK)
    ch_error_add_field (wrong, "document-number", number, NULL);
  if (mobile != CH_REASON_OK)
    ch_error_add_field (wrong, "handler-mobile", mobile, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static gpointer
handle_lookup_ticket (ChCall *call, gpointer request, GError **error)
{
  const ChLookupRequest *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autofree char *number = ch_normalize_code (wanted->document_number);
  Lookup lookup = { service, wanted, { wanted->mobile, CH_SMS_LOOKUP, "" }, number };

  if (!check_lookup (&lookup, error) || !ch_sms_code_check (service, &lookup.target, wanted->code, error))
    return NULL;
  return ch_db_write (ch_service_get_db (service), write_ticket, &lookup, (GDestroyNotify) ch_ticket_free,
                      error);
}

static gpointer
read_lookup (ChDbTx *tx, gpointer data, GError **error)
{
  ChCall *call = data;

  return ch_lookup_read (tx, ch_service_get_profile (ch_call_get_service (call)),
                         ch_call_get_caller (call)->ticket, error);
}

static gpointer
handle_lookup (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_lookup, call, error);
}

/* -- Remote download -- */

typedef struct
{
  ChService *service;
  const ChDownloadCodeNew *request;
  const char *who;
  GBytes *mac;
} Work;

static gpointer
write_code (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_download_make_code (tx, work->service, work->request, work->who, error);
}

/* The code is told once: who asks again gets another, and this one ends */
static gpointer
handle_download_code (ChCall *call, gpointer request, GError **error)
{
  const ChDownloadCodeNew *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  Work work = { service, wanted, who };
  gpointer answer = ch_db_write (ch_service_get_db (service), write_code, &work,
                                 (GDestroyNotify) ch_download_code_free, error);

  if (answer != NULL && wanted->again)
    ch_crl_desk_renew_all (service);
  return answer;
}

static gpointer
write_redeemed (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_download_redeem (tx, work->service, work->mac, error);
}

static gpointer
handle_download_ticket (ChCall *call, gpointer request, GError **error)
{
  const ChDownloadRequest *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autoptr (GBytes) mac = ch_download_make_mac (service, wanted->code);
  Work work = { .service = service, .mac = mac };

  if (!ch_download_count_try (service, ch_call_get_address (call), error))
    return NULL;
  return ch_db_write (ch_service_get_db (service), write_redeemed, &work,
                      (GDestroyNotify) ch_install_ticket_free, error);
}

const ChHandlerRow ch_handlers_ticket[] = {
  { &ch_route_lookup_ticket, handle_lookup_ticket, CH_HANDLER_WORKER },
  { &ch_route_lookup, handle_lookup, CH_HANDLER_WORKER },
  { &ch_route_staff_download_code, handle_download_code, CH_HANDLER_WORKER },
  { &ch_route_download_ticket, handle_download_ticket, CH_HANDLER_WORKER },
  { NULL },
};
