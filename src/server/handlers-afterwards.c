#include "config.h"

#include "server/ch-handler.h"
#include "server/ch-listing.h"
#include "server/ch-notify.h"
#include "server/ch-notify.h"
#include "server/ch-service.h"
#include "server/ch-store-deliveries.h"
#include "server/ch-store-invoices.h"

/* What follows a payment and an approval: invoices and deliveries, on both sides of the counter */

typedef struct
{
  const ChProfile *profile;
  const char *account; /* whose lists */
  const char *application;
  const char *who;
  gpointer request;
} Job;

/* Each handler is one function of the store, read or written */
typedef gpointer (*Read) (ChDbTx *tx, Job *job, GError **error);
typedef gboolean (*Write) (ChDbTx *tx, Job *job, GError **error);

typedef struct
{
  Job job;
  Read read;
  Write write;
} Deed;

static Job
make_job (ChCall *call, gpointer request, const char *who)
{
  const ChCaller *caller = ch_call_get_caller (call);
  gboolean has_application = ch_call_get_route (call)->owned == CH_OWNED_APPLICATION;

  return (Job){ ch_service_get_profile (ch_call_get_service (call)),
                caller->staff != NULL ? CH_LISTING_EVERYBODY : caller->account,
                has_application ? ch_call_get_arg (call, 0) : NULL, who, request };
}

static gpointer
run_deed (ChDbTx *tx, gpointer data, GError **error)
{
  Deed *deed = data;

  if (deed->write != NULL && !deed->write (tx, &deed->job, error))
    return NULL;
  return deed->read (tx, &deed->job, error);
}

static gpointer
read_by (ChCall *call, gpointer request, Read read, GError **error)
{
  Deed deed = { make_job (call, request, NULL), read, NULL };

  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), run_deed, &deed, error);
}

static gpointer
write_by (ChCall *call, gpointer request, Write write, Read read, GError **error)
{
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (call));
  Deed deed = { make_job (call, request, who), read, write };

  return ch_call_commit (call, run_deed, &deed, error);
}

/* -- Invoices -- */

static gpointer
read_invoice (ChDbTx *tx, Job *job, GError **error)
{
  return ch_invoices_get (tx, job->application, error);
}

static gpointer
read_invoices (ChDbTx *tx, Job *job, GError **error)
{
  return ch_invoices_list (tx, job->account, job->request, error);
}

static gpointer
read_file (ChDbTx *tx, Job *job, GError **error)
{
  return ch_invoices_read_file (tx, job->application, error);
}

static gboolean
write_asked (ChDbTx *tx, Job *job, GError **error)
{
  const ChInvoiceNew *request = job->request;

  return ch_invoices_ask (tx, job->application, job->profile, request->answers, job->who, error);
}

static gboolean
write_made (ChDbTx *tx, Job *job, GError **error)
{
  return ch_invoices_make (tx, job->application, job->request, job->who, error);
}

static gpointer
handle_invoices (ChCall *call, gpointer request, GError **error)
{
  return read_by (call, request, read_invoices, error);
}

static gpointer
handle_invoice (ChCall *call, gpointer request, GError **error)
{
  return read_by (call, request, read_invoice, error);
}

static gpointer
handle_file (ChCall *call, gpointer request, GError **error)
{
  return read_by (call, request, read_file, error);
}

static gpointer
handle_asked (ChCall *call, gpointer request, GError **error)
{
  return write_by (call, request, write_asked, read_invoice, error);
}

static gpointer
handle_made (ChCall *call, gpointer request, GError **error)
{
  const ChInvoiceMade *made = request;
  ChInvoice *invoice = write_by (call, request, write_made, read_invoice, error);
  g_autofree char *name = g_strdup_printf ("%s.pdf", made->number);
  const char *const args[] = { made->number, invoice != NULL ? invoice->application : NULL, NULL };
  const ChMailFile file = { name, made->file };

  /* Who asked for it gets it by e-mail as well; it can be fetched here whether that arrives or not */
  if (invoice != NULL)
    ch_notify_post_mail (ch_call_get_service (call), g_hash_table_lookup (invoice->answers, "invoice-email"),
                         CH_MAIL_TEMPLATE_INVOICE, args, &file);
  return invoice;
}

/* -- Deliveries -- */

static gpointer
read_delivery (ChDbTx *tx, Job *job, GError **error)
{
  return ch_deliveries_get (tx, job->application, error);
}

static gpointer
read_deliveries (ChDbTx *tx, Job *job, GError **error)
{
  return ch_deliveries_list (tx, job->account, job->request, error);
}

static gboolean
write_sent (ChDbTx *tx, Job *job, GError **error)
{
  return ch_deliveries_send (tx, job->application, job->request, job->who, error);
}

static gboolean
write_received (ChDbTx *tx, Job *job, GError **error)
{
  return ch_deliveries_receive (tx, job->application, job->who, error);
}

static gpointer
handle_deliveries (ChCall *call, gpointer request, GError **error)
{
  return read_by (call, request, read_deliveries, error);
}

static gpointer
handle_delivery (ChCall *call, gpointer request, GError **error)
{
  return read_by (call, request, read_delivery, error);
}

static gpointer
read_mobile (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (ChStmt) row
      = ch_db_query_row (tx, "SELECT value FROM answer WHERE application = $1 AND field = 'handler-mobile'",
                         CH_BIND (CH_TEXT (data)), error);

  return row != NULL ? ch_stmt_dup_text (row, 0) : NULL;
}

/* That it could not be told changes nothing: the list says it too */
static void
tell_sent (ChService *service, const ChDelivery *delivery)
{
  g_autofree char *mobile
      = ch_db_read (ch_service_get_db (service), read_mobile, delivery->application, NULL);
  gboolean by_courier = delivery->way == CH_DELIVERY_BY_COURIER;
  const char *const args[] = { delivery->application, by_courier ? delivery->courier : delivery->place,
                               by_courier ? delivery->number : NULL, NULL };

  if (mobile != NULL)
    ch_notify_post_sms (service, mobile, by_courier ? CH_SMS_TEMPLATE_SENT : CH_SMS_TEMPLATE_READY, args);
}

static gpointer
handle_sent (ChCall *call, gpointer request, GError **error)
{
  ChDelivery *answer = write_by (call, request, write_sent, read_delivery, error);

  if (answer != NULL)
    tell_sent (ch_call_get_service (call), answer);
  return answer;
}

static gpointer
handle_received (ChCall *call, gpointer request, GError **error)
{
  return write_by (call, request, write_received, read_delivery, error);
}

const ChHandlerRow ch_handlers_afterwards[] = {
  { &ch_route_invoice_list, handle_invoices, CH_HANDLER_WORKER, 0 },
  { &ch_route_invoice, handle_invoice, CH_HANDLER_WORKER, 0 },
  { &ch_route_invoice_new, handle_asked, CH_HANDLER_WORKER, 0 },
  { &ch_route_invoice_file, handle_file, CH_HANDLER_WORKER, 0 },
  { &ch_route_staff_invoice_list, handle_invoices, CH_HANDLER_WORKER, 0 },
  /* 2 MB of PDF in base64 */
  { &ch_route_staff_invoice_made, handle_made, CH_HANDLER_WORKER, 3 * 1024 * 1024 },
  { &ch_route_delivery_list, handle_deliveries, CH_HANDLER_WORKER, 0 },
  { &ch_route_delivery, handle_delivery, CH_HANDLER_WORKER, 0 },
  { &ch_route_delivery_received, handle_received, CH_HANDLER_WORKER, 0 },
  { &ch_route_staff_delivery_list, handle_deliveries, CH_HANDLER_WORKER, 0 },
  { &ch_route_staff_delivery_sent, handle_sent, CH_HANDLER_WORKER, 0 },
  { NULL },
};
