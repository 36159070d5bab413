#include "config.h"

#include "base/ch-clock.h"
#include "server/ch-handler.h"
#include "server/ch-holder-login.h"
#include "server/ch-login.h"
#include "server/ch-store-certificates.h"

static gpointer
handle_login (ChCall *call, gpointer request, GError **error)
{
  const ChHolderLogin *wanted = request;
  ChService *service = ch_call_get_service (call);
  g_autoptr (ChLoginRow) row = NULL;

  if (!ch_login_check_consents (service, "login", wanted->consents, error))
    return NULL;
  row = ch_holder_login (service, wanted, error);
  return row != NULL ? ch_session_start (service, row, NULL, wanted->consents, error) : NULL;
}

static gpointer
read_holder (ChDbTx *tx, gpointer data, GError **error)
{
  return ch_certificate_record_load (tx, data, error);
}

static gpointer
handle_get (ChCall *call, gpointer request, GError **error)
{
  const ChCaller *caller = ch_call_get_caller (call);
  g_autoptr (ChCertificateRecord) record
      = ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_holder, caller->certificate, error);
  ChHolder *holder;

  if (record == NULL)
    return NULL;

  holder = ch_wire_new (&ChHolder_wire);
  holder->certificate = g_strdup (record->serial);
  holder->name = g_strdup (record->name);
  holder->application = g_strdup (record->application);
  holder->not_after = record->not_after;
  holder->renewal_only = (caller->principals & CH_PRINCIPAL_HOLDER) == 0;
  return holder;
}

const ChHandlerRow ch_handlers_holder[] = {
  { &ch_route_holder_login, handle_login, CH_HANDLER_WORKER, 0 },
  { &ch_route_holder, handle_get, CH_HANDLER_INLINE, 0 },
  { NULL },
};
