#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-scan-desk.h"
#include "steps/ch-account-desk.h"
#include "steps/ch-holder-desk.h"
#include "wire/ch-policy.h"

/* Between two looks at what the phone does, seconds */
#define LOOK_EVERY 2

/* A code is changed a little before it ends, so that nobody scans one that has */
#define TURN_BEFORE 3

struct _ChScanDesk
{
  GObject parent_instance;

  ChPorts *ports; /* (owned) */
  ChScanPurpose purpose;
  char *application;         /* (owned) (nullable) */
  ChServer *server;          /* (owned) (nullable): with the ticket of this code */
  GCancellable *cancellable; /* (owned): of this code’s calls */
  ChScanStanding standing;
  char *address;    /* (owned) (nullable) */
  char *mobile;     /* (owned) (nullable): masked, where the message went */
  GError *error;    /* (owned) (nullable) */
  ChSecret *number; /* (owned) (nullable): by which the account knows this PC */
  gint64 turns;
  guint look_id;       /* source */
  gboolean is_calling; /* one call at a time */
  gboolean is_cut_off; /* the server was not reached the last time */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChScanDesk, ch_scan_desk, G_TYPE_OBJECT)

static void
set_standing (ChScanDesk *self, ChScanStanding standing)
{
  self->standing = standing;
  if (standing == CH_SCAN_STANDING_DONE || standing == CH_SCAN_STANDING_FAILED
      || standing == CH_SCAN_STANDING_EXPIRED)
    g_clear_handle_id (&self->look_id, g_source_remove);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* @error: (transfer full) */
static void
fail (ChScanDesk *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_standing (self, CH_SCAN_STANDING_FAILED);
}

/* Whether the answer is still wanted; what a call that was given up says is not */
static gboolean
take_answer (ChScanDesk *self, GError *error)
{
  if (g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return FALSE;
    }
  self->is_calling = FALSE;
  if (error == NULL)
    return TRUE;
  if (self->server != NULL
      && (g_error_matches (error, CH_ERROR, CH_ERROR_TICKET_ENDED)
          || g_error_matches (error, CH_ERROR, CH_ERROR_NOT_LOGGED_IN)))
    {
      g_clear_error (&self->error);
      self->error = error;
      set_standing (self, CH_SCAN_STANDING_EXPIRED);
    }
  else
    fail (self, error);
  return FALSE;
}

static void
call (ChScanDesk *self, const ChRoute *route, gconstpointer request, GAsyncReadyCallback callback)
{
  self->is_calling = TRUE;
  ch_server_call_async (self->server, route, NULL, request, NULL, self->cancellable, callback,
                        g_object_ref (self));
}

/* -- Coming in -- */

static void
on_holder_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChScanDesk) self = user_data;
  GError *error = NULL;

  ch_holder_desk_recall_finish (CH_PORTS (source), result, &error);
  if (take_answer (self, error))
    set_standing (self, CH_SCAN_STANDING_DONE);
}

static void
on_session_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChScanDesk) self = user_data;
  GError *error = NULL;
  g_autoptr (ChSession) session = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (g_error_matches (error, CH_ERROR, CH_ERROR_PLACE_UNKNOWN)
      || g_error_matches (error, CH_ERROR, CH_ERROR_CODE_WRONG))
    {
      if (ch_error_get_detail (error, "mobile") != NULL)
        {
          g_free (self->mobile);
          self->mobile = g_strdup (ch_error_get_detail (error, "mobile"));
        }
      self->is_calling = FALSE;
      g_clear_error (&self->error);
      self->error = error;
      set_standing (self, CH_SCAN_STANDING_PLACE_UNKNOWN);
      return;
    }
  if (!take_answer (self, error))
    return;

  ch_account_desk_keep_installation (self->ports, self->number);
  if (!ch_vault_put_session (ch_ports_get_vault (self->ports), session->token, &error))
    {
      fail (self, error);
      return;
    }
  ch_server_set_session (ch_ports_get_server (self->ports), session->token);
  self->is_calling = TRUE;
  ch_holder_desk_recall_async (self->ports, self->cancellable, on_holder_cb, g_object_ref (self));
}

static void
claim (ChScanDesk *self, ChSecret *code)
{
  g_autoptr (GPtrArray) consents = ch_profile_accept_consents (ch_ports_get_profile (self->ports), "login");
  ChScanSession request = { .consents = consents, .sms_code = code };

  if (self->number == NULL)
    self->number = ch_account_desk_find_installation (self->ports);
  request.installation = self->number;
  call (self, &ch_route_scan_session, &request, on_session_cb);
}

/* -- Looking -- */

/* The next look may find the line again; until then it is said */
static void
pass_over_line (ChScanDesk *self, GError **error)
{
  gboolean was_cut_off = self->is_cut_off;

  if (g_error_matches (*error, CH_ERROR, CH_ERROR_CANCELLED))
    return;
  self->is_cut_off = g_error_matches (*error, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE)
                     || g_error_matches (*error, CH_ERROR, CH_ERROR_TIMED_OUT)
                     || g_error_matches (*error, CH_ERROR, CH_ERROR_BUSY);
  if (self->is_cut_off)
    g_clear_error (error);
  if (self->is_cut_off != was_cut_off)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_waiting_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChScanDesk) self = user_data;
  GError *error = NULL;
  g_autoptr (ChScanWaiting) waiting = ch_server_call_finish (CH_SERVER (source), result, &error);

  pass_over_line (self, &error);
  if (!take_answer (self, error) || waiting == NULL)
    return;

  if (waiting->state == CH_SCAN_REFUSED)
    fail (self, g_error_new (CH_ERROR, CH_ERROR_SCAN_REFUSED, "refused on the phone"));
  else if (waiting->state == CH_SCAN_SIGNED)
    claim (self, NULL);
  else if (waiting->state == CH_SCAN_DONE)
    set_standing (self, CH_SCAN_STANDING_DONE);
  else if (waiting->state == CH_SCAN_TAKEN && self->standing == CH_SCAN_STANDING_SHOWN)
    set_standing (self, CH_SCAN_STANDING_TAKEN);
}

static void
take_code (ChScanDesk *self, const ChScanCode *code)
{
  g_free (self->address);
  self->address = g_strdup (code->address);
  self->turns = code->turns;
  set_standing (self, CH_SCAN_STANDING_SHOWN);
}

static void
on_turned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChScanDesk) self = user_data;
  GError *error = NULL;
  g_autoptr (ChScanCode) code = ch_server_call_finish (CH_SERVER (source), result, &error);

  pass_over_line (self, &error);
  if (take_answer (self, error) && code != NULL)
    take_code (self, code);
}

static gboolean
on_look_cb (gpointer user_data)
{
  ChScanDesk *self = user_data;

  if (self->is_calling || self->standing == CH_SCAN_STANDING_PLACE_UNKNOWN)
    return G_SOURCE_CONTINUE;
  if (self->standing == CH_SCAN_STANDING_SHOWN && ch_clock_now () >= self->turns - TURN_BEFORE)
    call (self, &ch_route_scan_turn, NULL, on_turned_cb);
  else
    call (self, &ch_route_scan_waiting, NULL, on_waiting_cb);
  return G_SOURCE_CONTINUE;
}

static void
on_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChScanDesk) self = user_data;
  GError *error = NULL;
  g_autoptr (ChScanStarted) started = ch_server_call_finish (CH_SERVER (source), result, &error);

  if (!take_answer (self, error))
    return;
  self->server = ch_server_new_with_session (CH_SERVER (source), started->ticket);
  self->look_id = g_timeout_add_seconds (LOOK_EVERY, on_look_cb, self);
  take_code (self, started->code);
}

static void
ch_scan_desk_dispose (GObject *object)
{
  ChScanDesk *self = CH_SCAN_DESK (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_object (&self->server);
  g_clear_object (&self->ports);
  G_OBJECT_CLASS (ch_scan_desk_parent_class)->dispose (object);
}

static void
ch_scan_desk_finalize (GObject *object)
{
  ChScanDesk *self = CH_SCAN_DESK (object);

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->number, ch_secret_unref);
  g_free (self->application);
  g_free (self->address);
  g_free (self->mobile);
  G_OBJECT_CLASS (ch_scan_desk_parent_class)->finalize (object);
}

static void
ch_scan_desk_class_init (ChScanDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_scan_desk_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_scan_desk_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", CH_TYPE_SCAN_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ch_scan_desk_init (ChScanDesk *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * ch_scan_desk_new:
 * @purpose: what the phone is to do
 * @application: (nullable): id, where it is about one
 *
 * Returns: (transfer full): a desk that shows nothing yet
 */
ChScanDesk *
ch_scan_desk_new (ChPorts *ports, ChScanPurpose purpose, const char *application)
{
  ChScanDesk *self = g_object_new (CH_TYPE_SCAN_DESK, NULL);

  self->ports = g_object_ref (ports);
  self->purpose = purpose;
  self->application = g_strdup (application);
  return self;
}

/**
 * ch_scan_desk_start:
 *
 * Asks for a code to show; one that was shown before is good no longer.
 */
void
ch_scan_desk_start (ChScanDesk *self)
{
  const char *const args[] = { self->application, NULL };
  ChScanNew request = { .installation_name = (char *) g_get_host_name (), .purpose = self->purpose };
  const ChRoute *route = self->application != NULL        ? &ch_route_scan_application
                         : self->purpose == CH_SCAN_LOGIN ? &ch_route_scan_login
                                                          : &ch_route_scan_pair;

  g_return_if_fail (CH_IS_SCAN_DESK (self));

  ch_scan_desk_cancel (self);
  g_clear_error (&self->error);
  self->is_cut_off = FALSE;
  self->is_calling = TRUE;
  set_standing (self, CH_SCAN_STANDING_STARTING);
  ch_server_call_async (ch_ports_get_server (self->ports), route, args, &request, NULL, self->cancellable,
                        on_started_cb, g_object_ref (self));
}

static void
on_cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree ChNothing *answer = ch_server_call_finish (CH_SERVER (source), result, &error);

  /* it ends by itself too */
  if (answer == NULL)
    g_debug ("a code was not taken back: %s", error->message);
}

/**
 * ch_scan_desk_cancel:
 *
 * Takes the code back: nothing that a phone does with it counts any more.
 */
void
ch_scan_desk_cancel (ChScanDesk *self)
{
  g_return_if_fail (CH_IS_SCAN_DESK (self));

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_calling = FALSE;
  if (self->server != NULL && self->standing != CH_SCAN_STANDING_DONE)
    ch_server_call_async (self->server, &ch_route_scan_cancel, NULL, NULL, NULL, NULL, on_cancelled_cb, NULL);
  g_clear_object (&self->server);
}

/**
 * ch_scan_desk_give_code:
 * @code: of the message that went to the account’s mobile
 *
 * Makes this PC known to the account.
 */
void
ch_scan_desk_give_code (ChScanDesk *self, ChSecret *code)
{
  g_return_if_fail (CH_IS_SCAN_DESK (self) && self->standing == CH_SCAN_STANDING_PLACE_UNKNOWN);

  if (!self->is_calling)
    claim (self, code);
}

ChScanStanding
ch_scan_desk_get_standing (ChScanDesk *self)
{
  return self->standing;
}

/**
 * ch_scan_desk_get_address:
 *
 * Returns: (transfer none) (nullable): what the code says, while one is shown
 */
const char *
ch_scan_desk_get_address (ChScanDesk *self)
{
  return self->address;
}

/**
 * ch_scan_desk_get_turns:
 *
 * Returns: when the code is changed
 */
gint64
ch_scan_desk_get_turns (ChScanDesk *self)
{
  return self->turns;
}

/**
 * ch_scan_desk_is_cut_off:
 *
 * Returns: whether the server cannot be reached just now; a code whose time is over is worth nothing then
 */
gboolean
ch_scan_desk_is_cut_off (ChScanDesk *self)
{
  return self->is_cut_off;
}

/**
 * ch_scan_desk_get_mobile:
 *
 * Returns: (transfer none) (nullable): masked, where the message for this PC went
 */
const char *
ch_scan_desk_get_mobile (ChScanDesk *self)
{
  return self->mobile;
}

/**
 * ch_scan_desk_get_error:
 *
 * Returns: (transfer none) (nullable): what went wrong last
 */
const GError *
ch_scan_desk_get_error (ChScanDesk *self)
{
  return self->error;
}
