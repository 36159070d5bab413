#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-access.h"
#include "server/ch-call-private.h"

#define JSON "application/json"

typedef struct
{
  ChCall *call;
  ChDbFunc func;
  gpointer data;
} Commit;

/* -- Repetition -- */

static gboolean
changes (ChCall *self)
{
  return (self->row->route->flags & CH_ROUTE_CHANGES) != 0;
}

/* The answer that was given to the same call before; leaves @answer alone when there was none. */
static gboolean
find_stored (ChDbTx *tx, ChCall *self, GBytes **answer, GError **error)
{
  g_autofree char *who = ch_caller_get_id (self->caller);
  g_autoptr (ChStmt) stmt = ch_db_query (
      tx, "SELECT request, answer FROM idempotency WHERE principal = $1 AND route = $2 AND key = $3",
      CH_BIND (CH_TEXT (who), CH_TEXT (self->row->route->id), CH_TEXT (self->key)), error);
  ChStep step = stmt != NULL ? ch_stmt_step (stmt, error) : CH_STEP_FAILED;
  g_autoptr (GBytes) mac = NULL;

  if (step != CH_STEP_ROW)
    return step == CH_STEP_DONE;

  mac = ch_stmt_dup_bytes (stmt, 0);
  if (!g_bytes_equal (mac, self->mac))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_KEY_REUSED, "the key was used for another request");
      return FALSE;
    }
  *answer = ch_stmt_dup_bytes (stmt, 1);
  return TRUE;
}

static gboolean
store_answer (ChDbTx *tx, ChCall *self, GError **error)
{
  g_autofree char *who = ch_caller_get_id (self->caller);

  return ch_db_run (tx,
                    "INSERT INTO idempotency (principal, route, key, request, answer, created) "
                    "VALUES ($1, $2, $3, $4, $5, $6)",
                    CH_BIND (CH_TEXT (who), CH_TEXT (self->row->route->id), CH_TEXT (self->key),
                             CH_BYTES (self->mac), CH_BYTES (self->committed), CH_INT (ch_clock_now ())),
                    error);
}

static gpointer
write_commit (ChDbTx *tx, gpointer data, GError **error)
{
  Commit *commit = data;
  ChCall *self = commit->call;
  const ChWireType *type = self->row->route->answer;
  g_autoptr (GBytes) stored = NULL;
  gpointer answer;

  g_clear_pointer (&self->committed, g_bytes_unref);

  /* the same call may have overtaken this one */
  if (!find_stored (tx, self, &stored, error))
    return NULL;
  if (stored != NULL)
    {
      self->committed = g_steal_pointer (&stored);
      return ch_wire_decode (type, self->committed, error);
    }

  answer = commit->func (tx, commit->data, error);
  if (answer == NULL)
    return NULL;

  self->committed = ch_wire_encode (type, answer);
  if (store_answer (tx, self, error))
    return answer;
  ch_wire_free (type, answer);
  return NULL;
}

/**
 * ch_call_commit:
 * @func: makes the change and returns the answer of the route, (transfer full)
 * @data: for @func
 * @error: why nothing was changed
 *
 * Makes the change of a call, and in the same transaction keeps its answer, so that a repetition with the
 * same Idempotency-Key is answered alike and changes nothing: then @func is not run and the kept answer is
 * returned. Called at most once per call, in a worker; what is returned is to be returned by the handler as
 * it is.
 *
 * Returns: (transfer full): the answer; %NULL with @error set when nothing was changed
 */
gpointer
ch_call_commit (ChCall *self, ChDbFunc func, gpointer data, GError **error)
{
  Commit commit = { self, func, data };

  g_return_val_if_fail (changes (self), NULL);

  return ch_db_write (ch_service_get_db (self->service), write_commit, &commit,
                      self->row->route->answer->free, error);
}

/* -- The way through -- */

static gpointer
read_admission (ChDbTx *tx, gpointer data, GError **error)
{
  ChCall *self = data;

  self->caller = ch_access_check (tx, self->service, self->row->route, self->token,
                                  (const char *const *) self->args, error);
  if (self->caller == NULL)
    return NULL;
  return !changes (self) || find_stored (tx, self, &self->committed, error) ? CH_DB_DONE : NULL;
}

/* A key is 36 characters of a UUID; without one a change cannot be repeated safely. */
static gboolean
check_key (ChCall *self, GError **error)
{
  g_autoptr (GString) text = NULL;
  gsize size;

  if (!changes (self))
    return TRUE;
  if (self->key == NULL || !g_uuid_string_is_valid (self->key))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER, "an Idempotency-Key with a UUID is missing");
      return FALSE;
    }

  text = g_string_new (self->row->route->id);
  for (gsize i = 0; self->args[i] != NULL; i++)
    {
      g_string_append_c (text, '\n');
      g_string_append (text, self->args[i]);
    }
  g_string_append_c (text, '\n');
  g_string_append_len (text, g_bytes_get_data (self->body, &size), g_bytes_get_size (self->body));
  self->mac = ch_service_make_mac (self->service, "request", text->str, text->len);
  ch_secret_wipe (text->str, text->len);
  return TRUE;
}

static gpointer
decode_request (ChCall *self, GError **error)
{
  const ChWireType *type = self->row->route->request;
  gboolean is_empty = g_bytes_get_size (self->body) == 0;

  if (ch_route_has_query (self->row->route))
    return ch_wire_decode_query (type, self->query, error);

  if (type == &ChNothing_wire && (is_empty || (self->row->route->flags & CH_ROUTE_RAW) != 0))
    return ch_wire_new (type);

  /* nothing is as good as {} where all may be left out */
  for (guint i = 0; is_empty && i < type->n_fields; i++)
    is_empty = type->fields[i].need == CH_WIRE_OPTIONAL;
  return is_empty ? ch_wire_new (type) : ch_wire_decode (type, self->body, error);
}

static gboolean
run (ChCall *self, GError **error)
{
  const ChRoute *route = self->row->route;
  gpointer request, answer;

  if (!check_key (self, error))
    return FALSE;

  if (route->principals == CH_PRINCIPAL_ANYBODY && route->owned == CH_OWNED_NONE && !changes (self))
    self->caller = ch_caller_new ();
  else if (ch_db_read (ch_service_get_db (self->service), read_admission, self, error) == NULL)
    return FALSE;

  self->content_type = JSON;
  if (self->committed != NULL)
    {
      self->answer = g_bytes_ref (self->committed);
      return TRUE;
    }

  request = decode_request (self, error);
  if (request == NULL)
    return FALSE;
  answer = self->row->func (self, request, error);
  ch_wire_free (route->request, request);
  if (answer == NULL)
    return FALSE;

  if (self->answer == NULL)
    self->answer
        = self->committed != NULL ? g_bytes_ref (self->committed) : ch_wire_encode (route->answer, answer);
  ch_wire_free (route->answer, answer);
  return TRUE;
}

/* From the body to the answer, in whatever thread: the message itself is not touched. */
void
ch_call_run (ChCall *self)
{
  if (!run (self, &self->error) && self->error == NULL)
    g_set_error (&self->error, CH_ERROR, CH_ERROR_INTERNAL, "a handler failed without a word");
  if (self->error != NULL)
    g_clear_pointer (&self->answer, g_bytes_unref);
}

static void
make_id (ChCall *self)
{
  static guint64 counter;
  guint64 n = __atomic_add_fetch (&counter, 1, __ATOMIC_RELAXED);

  g_snprintf (self->id, sizeof self->id, "%08x-%06" G_GINT64_MODIFIER "x",
              (guint) (g_get_real_time () / G_USEC_PER_SEC), n);
}

ChCall *
ch_call_new (ChDispatch *dispatch, ChService *service, SoupServerMessage *message)
{
  ChCall *self = g_new0 (ChCall, 1);

  self->dispatch = dispatch;
  self->service = service;
  self->message = message;
  self->started = g_get_monotonic_time ();
  make_id (self);
  return self;
}

static void
wipe_body (gpointer data)
{
  GByteArray *array = data;

  ch_secret_wipe (array->data, array->len);
  g_byte_array_unref (array);
}

/* The whole body has arrived. It wipes itself: there may be a password in it. */
void
ch_call_take_body (ChCall *self)
{
  GByteArray *array = self->arriving != NULL ? g_steal_pointer (&self->arriving) : g_byte_array_new ();

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_with_free_func (array->data, array->len, wipe_body, array);
}

void
ch_call_free (ChCall *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->arriving, wipe_body);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->args, g_strfreev);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->token, g_bytes_unref);
  g_clear_pointer (&self->caller, ch_caller_free);
  g_clear_pointer (&self->mac, g_bytes_unref);
  g_clear_pointer (&self->committed, g_bytes_unref);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_clear_error (&self->error);
  g_free (self->address);
  g_free (self->place);
  g_free (self->key);
  g_free (self->watched);
  g_free (self);
}

/* -- What handlers ask -- */

ChService *
ch_call_get_service (ChCall *self)
{
  return self->service;
}

const ChRoute *
ch_call_get_route (ChCall *self)
{
  return self->row->route;
}

/**
 * ch_call_get_caller:
 *
 * Returns: (transfer none): who calls; may do so
 */
const ChCaller *
ch_call_get_caller (ChCall *self)
{
  return self->caller;
}

/**
 * ch_call_get_arg:
 * @i: from 0
 *
 * Returns: (transfer none): what stands for the {name} at @i in the path
 */
const char *
ch_call_get_arg (ChCall *self, guint i)
{
  g_return_val_if_fail (i < g_strv_length (self->args), "");

  return self->args[i];
}

/**
 * ch_call_get_place:
 *
 * Returns: (transfer none) (nullable): what the other side calls its PC, for its own owner’s eyes
 */
const char *
ch_call_get_place (ChCall *self)
{
  return self->place;
}

/**
 * ch_call_get_address:
 *
 * Returns: (transfer none): the address of the other side
 */
const char *
ch_call_get_address (ChCall *self)
{
  return self->address;
}

/**
 * ch_call_get_body:
 *
 * Returns: (transfer none): the request as it came
 */
GBytes *
ch_call_get_body (ChCall *self)
{
  return self->body;
}

/**
 * ch_call_get_headers:
 *
 * Returns: (transfer none) (nullable): those that the handler’s row wants to see: name in small letters →
 * value
 */
GHashTable *
ch_call_get_headers (ChCall *self)
{
  return self->headers;
}

/**
 * ch_call_set_json:
 * @json: the answer of the route, written already
 *
 * Answers with what need not be written anew each time; the handler then returns an empty message.
 */
void
ch_call_set_json (ChCall *self, GBytes *json)
{
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = g_bytes_ref (json);
}

/**
 * ch_call_set_raw:
 * @content_type: (transfer none): static
 * @body: what is answered instead of JSON
 * @max_age: how long others may keep it, seconds; 0 for not at all
 */
void
ch_call_set_raw (ChCall *self, const char *content_type, GBytes *body, guint max_age)
{
  g_return_if_fail ((self->row->route->flags & CH_ROUTE_RAW) != 0);

  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = g_bytes_ref (body);
  self->content_type = content_type;
  self->max_age = max_age;
}

/**
 * ch_call_set_policy:
 * @policy: (transfer none): static: the Content-Security-Policy of a page
 */
void
ch_call_set_policy (ChCall *self, const char *policy)
{
  g_return_if_fail ((self->row->route->flags & CH_ROUTE_RAW) != 0);

  self->policy = policy;
}

/**
 * ch_call_set_status:
 * @status: of a RAW answer, where others expect one of their own
 */
void
ch_call_set_status (ChCall *self, guint status)
{
  g_return_if_fail ((self->row->route->flags & CH_ROUTE_RAW) != 0);

  self->status = status;
}

/**
 * ch_call_set_watched:
 * @whose: account, or application of a holder
 *
 * Answers a SOCKET route: from now on the caller is told what happens to @whose; the handler then returns an
 * empty message.
 */
void
ch_call_set_watched (ChCall *self, const char *whose)
{
  g_return_if_fail ((self->row->route->flags & CH_ROUTE_SOCKET) != 0);

  g_free (self->watched);
  self->watched = g_strdup (whose);
}
