#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-escrow.h"
#include "server/ch-handler.h"
#include "server/ch-notify.h"
#include "server/ch-sms-code.h"
#include "server/ch-unlock.h"

/* So much of a medium’s number its owner recognises it by */
#define TAIL 4

typedef struct
{
  ChCall *call;
  ChService *service;
  gconstpointer request;
  char *mobile; /* (owned) (nullable): set when something was released just now */
} Work;

static const char *
get_tail (const char *serial)
{
  gsize len = strlen (serial);

  return len > TAIL && g_utf8_validate (serial + len - TAIL, TAIL, NULL) ? serial + len - TAIL : serial;
}

static ChCodeTarget
make_target (const ChUnlockRequest *request)
{
  return (ChCodeTarget){ request->mobile, CH_SMS_UNLOCK, request->token_serial };
}

static gpointer
write_ticket (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChUnlockRequest *request = work->request;
  ChCodeTarget target = make_target (request);

  return ch_sms_code_spend (tx, work->service, &target, request->code, error)
             ? ch_unlock_start (tx, work->service, request->token_serial, request->mobile, error)
             : NULL;
}

/* Who has no code that was sent is told nothing but that: whether the medium is known here, and whose it is,
 * decides only whether one is sent */
static gpointer
handle_ticket (ChCall *call, gpointer request, GError **error)
{
  const ChUnlockRequest *wanted = request;
  Work work = { call, ch_call_get_service (call), request };
  ChCodeTarget target = make_target (wanted);

  if (!ch_sms_code_check (work.service, &target, wanted->code, error))
    return NULL;
  return ch_db_write (ch_service_get_db (work.service), write_ticket, &work,
                      (GDestroyNotify) ch_unlock_ticket_free, error);
}

static gpointer
write_released (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_unlock_release (tx, work->service, ch_call_get_caller (work->call), work->request, &work->mobile,
                            error);
}

static gpointer
handle_release (ChCall *call, gpointer request, GError **error)
{
  const ChUnlockRelease *wanted = request;
  Work work = { call, ch_call_get_service (call), request };
  gpointer answer = ch_call_commit (call, write_released, &work, error);
  const char *const args[] = { get_tail (wanted->token_serial), NULL };

  /* A repeated call finds no mobile here: nobody is told twice */
  if (answer != NULL && work.mobile != NULL)
    ch_notify_post_sms (work.service, work.mobile, CH_SMS_TEMPLATE_UNLOCKING, args);
  g_free (work.mobile);
  return answer;
}

static gpointer
write_confirmed (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;

  return ch_unlock_confirm (tx, work->service, ch_call_get_caller (work->call), work->request, error)
             ? ch_wire_new (&ChNothing_wire)
             : NULL;
}

static gpointer
handle_confirm (ChCall *call, gpointer request, GError **error)
{
  Work work = { call, ch_call_get_service (call), request };

  return ch_call_commit (call, write_confirmed, &work, error);
}

/* -- Support -- */

static ChMediumStatus *
read_status (ChDbTx *tx, const char *serial, GError **error)
{
  g_autoptr (ChEscrow) escrow = ch_escrow_load (tx, serial, error);
  g_autoptr (GPtrArray) history = escrow != NULL ? ch_escrow_list_history (tx, serial, error) : NULL;
  ChMediumStatus *status;

  if (history == NULL)
    return NULL;
  status = ch_wire_new (&ChMediumStatus_wire);
  status->token_serial = g_strdup (serial);
  status->state = escrow->state;
  status->runs = escrow->runs;
  status->application = g_strdup (escrow->application);
  status->history = g_steal_pointer (&history);
  return status;
}

static gpointer
read_medium (ChDbTx *tx, gpointer data, GError **error)
{
  return read_status (tx, ch_call_get_arg (data, 0), error);
}

static gpointer
handle_medium (ChCall *call, gpointer request, GError **error)
{
  return ch_db_read (ch_service_get_db (ch_call_get_service (call)), read_medium, call, error);
}

static gpointer
write_allowed (ChDbTx *tx, gpointer data, GError **error)
{
  Work *work = data;
  const ChMediumAllow *request = work->request;
  g_autofree char *who = ch_caller_get_id (ch_call_get_caller (work->call));

  return ch_escrow_allow (tx, request->token_serial, who, error)
             ? read_status (tx, request->token_serial, error)
             : NULL;
}

static gpointer
handle_allow (ChCall *call, gpointer request, GError **error)
{
  Work work = { call, ch_call_get_service (call), request };

  return ch_call_commit (call, write_allowed, &work, error);
}

const ChHandlerRow ch_handlers_unlock[] = {
  { &ch_route_unlock_ticket, handle_ticket, CH_HANDLER_WORKER },
  { &ch_route_unlock_release, handle_release, CH_HANDLER_WORKER },
  { &ch_route_unlock_confirm, handle_confirm, CH_HANDLER_WORKER },
  { &ch_route_staff_medium, handle_medium, CH_HANDLER_WORKER },
  { &ch_route_staff_medium_allow, handle_allow, CH_HANDLER_WORKER },
  { NULL },
};
