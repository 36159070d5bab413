#include "config.h"

#include "base/ch-error.h"
#include "server/ch-call-private.h"
#include "server/ch-store-certificates.h"

static gpointer
read_application (ChDbTx *tx, gpointer data, GError **error)
{
  g_autoptr (ChCertificateRecord) record = ch_certificate_record_load (tx, data, error);

  return record != NULL ? g_strdup (record->application) : NULL;
}

/* Who listens is told of what is the caller’s: all of an account, or the one application of a holder. */
static gpointer
handle_events (ChCall *call, gpointer request, GError **error)
{
  const ChCaller *caller = ch_call_get_caller (call);
  ChDb *db = ch_service_get_db (ch_call_get_service (call));
  g_autofree char *whose = caller->account != NULL
                               ? g_strdup (caller->account)
                               : ch_db_read (db, read_application, caller->certificate, error);

  if (whose == NULL)
    return NULL;
  if (!g_hash_table_contains (ch_call_get_headers (call), "sec-websocket-key"))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "this is for WebSockets");
      return NULL;
    }
  if (!ch_event_hub_check_room (ch_dispatch_get_events (call->dispatch), whose, error))
    return NULL;

  ch_call_set_watched (call, whose);
  return ch_wire_new (&ChEvent_wire);
}

static const char *const wanted[] = { "sec-websocket-key", NULL };

const ChHandlerRow ch_handlers_event[] = {
  { &ch_route_events, handle_events, CH_HANDLER_INLINE, 0, wanted },
  { NULL },
};
