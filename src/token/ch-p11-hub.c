#include "config.h"

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "token/ch-p11-hub.h"
#include "token/ch-p11-token.h"

/* Seconds between two looks at a module that cannot tell */
#define POLL_TIME 1
/* A module that could not be asked is asked again after its pause, and not more often than that */
#define MIN_RETRY_MS 1000

struct _ChP11Hub
{
  GObject parent_instance;

  ChP11Host *host;      /* (owned) */
  char *lock_dir;       /* (owned) */
  GPtrArray *tokens;    /* (owned) (element-type ChP11Token): by serial */
  GHashTable *missed;   /* (owned): serial → GWeakRef of the token that was unplugged */
  GPtrArray *waiting;   /* (owned) (element-type GTask): until the first look is over */
  gboolean has_begun;   /* somebody wanted to know */
  gboolean is_settled;  /* the first look is over */
  gboolean is_scanning; /* a thread asks the module */
  gboolean is_stale;    /* something happened since it began */
  guint poll_id;        /* source, 0 when none */
  guint retry_id;       /* source, 0 when none */
};

/* What one look found; the token of what is new */
typedef struct
{
  ChP11TokenInfo *info; /* (owned) */
  char *serial;         /* (owned) */
  ChP11Token *token;    /* (owned) (nullable) */
} Seen;

typedef struct
{
  ChP11Host *host;   /* (owned) */
  char *lock_dir;    /* (owned) */
  GHashTable *known; /* (owned): serials of which tokens are there */
} Look;

static void ch_p11_hub_list_iface_init (GListModelInterface *iface);
static void ch_p11_hub_hub_iface_init (ChTokenHubInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChP11Hub,
                               ch_p11_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_p11_hub_list_iface_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN_HUB, ch_p11_hub_hub_iface_init))

static void start_scan (ChP11Hub *self);

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  ch_p11_token_info_free (seen->info);
  g_free (seen->serial);
  g_clear_object (&seen->token);
  g_free (seen);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  ch_p11_host_unref (look->host);
  g_free (look->lock_dir);
  g_hash_table_unref (look->known);
  g_free (look);
}

static int
compare_seen (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(Seen *const *) a)->serial, (*(Seen *const *) b)->serial);
}

static Seen *
find_seen (GPtrArray *seen, const char *serial)
{
  for (guint i = 0; i < seen->len; i++)
    if (g_str_equal (((Seen *) seen->pdata[i])->serial, serial))
      return seen->pdata[i];
  return NULL;
}

/* Looks into one slot. A medium that fills several is the first of them; a slot that is neither initialised
 * nor has a serial holds nothing, as the one SoftHSM keeps free. */
static void
look_into (const Look *look, CK_SLOT_ID slot, GPtrArray *found)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChP11TokenInfo) info = ch_p11_get_token_info (look->host, slot, &error);
  g_autoptr (GArray) mechanisms = NULL;
  g_autofree char *serial = NULL;
  Seen *seen;

  if (info == NULL)
    {
      g_debug ("slot %lu: %s", slot, error->message);
      return;
    }
  if ((info->flags & CKF_TOKEN_INITIALIZED) == 0 && *info->serial == 0)
    return;
  serial = ch_p11_token_make_serial (info);
  if (find_seen (found, serial) != NULL)
    return;

  if (!g_hash_table_contains (look->known, serial))
    {
      mechanisms = ch_p11_get_mechanisms (look->host, slot, &error);
      if (mechanisms == NULL)
        {
          g_debug ("slot %lu: %s", slot, error->message);
          return;
        }
    }
  seen = g_new0 (Seen, 1);
  if (mechanisms != NULL)
    seen->token = ch_p11_token_new (look->host, info, mechanisms, look->lock_dir);
  seen->info = g_steal_pointer (&info);
  seen->serial = g_steal_pointer (&serial);
  g_ptr_array_add (found, seen);
}

static void
scan_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Look *look = data;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (seen_free);
  GError *error = NULL;
  g_autoptr (GArray) slots = ch_p11_get_slots (look->host, &error);

  if (slots == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < slots->len; i++)
    look_into (look, g_array_index (slots, gulong, i), found);
  g_ptr_array_sort (found, compare_seen);
  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) g_ptr_array_unref);
}

static const char *
get_serial (ChP11Token *token)
{
  return ch_token_get_info (CH_TOKEN (token))->serial;
}

/* A token keeps its object while it is there and is what it was: one that was initialised meanwhile has got
 * another name, or a PIN */
static gboolean
is_same (ChP11Token *token, const Seen *seen)
{
  const ChTokenInfo *info = ch_token_get_info (CH_TOKEN (token));
  gboolean had_pin = (info->abilities & CH_TOKEN_CAN_CHANGE_PIN) != 0;
  gboolean has_pin = (seen->info->flags & CKF_USER_PIN_INITIALIZED) != 0;

  if (ch_p11_token_is_remade (token))
    return TRUE;
  return g_str_has_prefix (seen->info->label, info->label)
         && (had_pin == has_pin || (seen->info->flags & CKF_WRITE_PROTECTED) != 0);
}

static void
free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
remove_at (ChP11Hub *self, guint i)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  ch_p11_token_miss (self->tokens->pdata[i]);
  g_weak_ref_init (weak, self->tokens->pdata[i]);
  g_hash_table_replace (self->missed, g_strdup (get_serial (self->tokens->pdata[i])), weak);
  g_ptr_array_remove_index (self->tokens, i);
  g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
}

/* Whoever still works with a token that was unplugged goes on with it when it is back */
static ChP11Token *
take_token (ChP11Hub *self, Seen *seen)
{
  GWeakRef *weak = g_hash_table_lookup (self->missed, seen->serial);
  g_autoptr (ChP11Token) old = weak != NULL ? g_weak_ref_get (weak) : NULL;

  g_hash_table_remove (self->missed, seen->serial);
  if (old == NULL || !is_same (old, seen))
    return g_steal_pointer (&seen->token);
  ch_p11_token_see (old, seen->info);
  return g_steal_pointer (&old);
}

/* Makes the list what was seen, telling each difference. Both are sorted by serial. */
static void
apply (ChP11Hub *self, GPtrArray *found)
{
  guint i = 0;

  for (guint k = 0; k < found->len; k++)
    {
      Seen *seen = found->pdata[k];
      ChP11Token *token;

      while (i < self->tokens->len && g_strcmp0 (get_serial (self->tokens->pdata[i]), seen->serial) < 0)
        remove_at (self, i);
      token = i < self->tokens->len ? self->tokens->pdata[i] : NULL;
      if (token != NULL && g_str_equal (get_serial (token), seen->serial))
        {
          if (is_same (token, seen))
            {
              if (ch_p11_token_see (token, seen->info))
                g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 1);
              i++;
              continue;
            }
          /* The next look makes it anew */
          remove_at (self, i);
          self->is_stale = TRUE;
          continue;
        }
      if (seen->token == NULL)
        continue;
      g_ptr_array_insert (self->tokens, i, take_token (self, seen));
      g_list_model_items_changed (G_LIST_MODEL (self), i, 0, 1);
      i++;
    }
  while (i < self->tokens->len)
    remove_at (self, i);
}

static gboolean
on_retry_cb (gpointer user_data)
{
  ChP11Hub *self = user_data;

  self->retry_id = 0;
  start_scan (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: a module that crashes whenever it is asked would be started without end */
static void
retry_later (ChP11Hub *self)
{
  if (self->retry_id == 0)
    self->retry_id
        = g_timeout_add (MAX (ch_p11_host_get_pause (self->host), MIN_RETRY_MS), on_retry_cb, self);
}

static void
settle (ChP11Hub *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_settled = TRUE;
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_boolean (waiting->pdata[i], TRUE);
}

static void
on_scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChP11Hub *self = CH_P11_HUB (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean was_stale = self->is_stale;

  self->is_scanning = FALSE;
  self->is_stale = FALSE;
  if (self->host == NULL)
    return;

  if (found != NULL)
    {
      ch_p11_host_forgive (self->host);
      apply (self, found);
    }
  else
    {
      while (self->tokens->len > 0)
        remove_at (self, self->tokens->len - 1);
      if (!self->is_settled)
        g_message ("%s", error->message);
      retry_later (self);
    }

  if (found != NULL && (was_stale || self->is_stale))
    start_scan (self);
  else
    settle (self);
}

static void
start_scan (ChP11Hub *self)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  if (self->is_scanning)
    {
      self->is_stale = TRUE;
      return;
    }

  self->is_scanning = TRUE;
  self->is_stale = FALSE;
  look = g_new0 (Look, 1);
  look->host = ch_p11_host_ref (self->host);
  look->lock_dir = g_strdup (self->lock_dir);
  look->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < self->tokens->len; i++)
    g_hash_table_add (look->known, g_strdup (get_serial (self->tokens->pdata[i])));
  task = g_task_new (self, NULL, on_scanned_cb, NULL);
  g_task_set_source_tag (task, start_scan);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, scan_thread);
}

static gboolean
on_poll_cb (gpointer user_data)
{
  ChP11Hub *self = user_data;

  if (!self->is_scanning && self->retry_id == 0)
    start_scan (self);
  return G_SOURCE_CONTINUE;
}

static void
on_event_cb (char event, gpointer user_data)
{
  ChP11Hub *self = user_data;

  if (event == CH_P11_EVENT_POLL && self->poll_id == 0)
    self->poll_id = g_timeout_add_seconds (POLL_TIME, on_poll_cb, self);
  else if (event == CH_P11_EVENT_SLOTS)
    start_scan (self);
  else if (event == CH_P11_EVENT_GONE)
    retry_later (self);
}

static GType
ch_p11_hub_get_item_type (GListModel *list)
{
  return CH_TYPE_TOKEN;
}

static guint
ch_p11_hub_get_n_items (GListModel *list)
{
  return CH_P11_HUB (list)->tokens->len;
}

static gpointer
ch_p11_hub_get_item (GListModel *list, guint position)
{
  ChP11Hub *self = CH_P11_HUB (list);

  return position < self->tokens->len ? g_object_ref (self->tokens->pdata[position]) : NULL;
}

static void
ch_p11_hub_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_p11_hub_get_item_type;
  iface->get_n_items = ch_p11_hub_get_n_items;
  iface->get_item = ch_p11_hub_get_item;
}

static gboolean
ch_p11_hub_can_create (ChTokenHub *hub, const char *medium)
{
  return FALSE;
}

static void
ch_p11_hub_create_async (ChTokenHub *hub,
                         const char *medium,
                         const char *label,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_task_report_new_error (hub, callback, user_data, ch_p11_hub_create_async, CH_ERROR, CH_ERROR_TOKEN_UNABLE,
                           "media are bought, not made");
}

static ChToken *
ch_p11_hub_create_finish (ChTokenHub *hub, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ch_p11_hub_settle_async (ChTokenHub *hub, GAsyncReadyCallback callback, gpointer user_data)
{
  ChP11Hub *self = CH_P11_HUB (hub);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, ch_p11_hub_settle_async);
  if (self->is_settled)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  if (!self->has_begun)
    start_scan (self);
  self->has_begun = TRUE;
}

static void
ch_p11_hub_hub_iface_init (ChTokenHubInterface *iface)
{
  iface->can_create = ch_p11_hub_can_create;
  iface->create_async = ch_p11_hub_create_async;
  iface->create_finish = ch_p11_hub_create_finish;
  iface->settle_async = ch_p11_hub_settle_async;
}

static void
ch_p11_hub_dispose (GObject *object)
{
  ChP11Hub *self = CH_P11_HUB (object);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->host != NULL)
    {
      ch_p11_host_watch (self->host, NULL, NULL);
      ch_p11_host_stop (self->host);
    }
  g_clear_pointer (&self->host, ch_p11_host_unref);

  G_OBJECT_CLASS (ch_p11_hub_parent_class)->dispose (object);
}

static void
ch_p11_hub_finalize (GObject *object)
{
  ChP11Hub *self = CH_P11_HUB (object);

  g_ptr_array_unref (self->tokens);
  g_hash_table_unref (self->missed);
  g_ptr_array_unref (self->waiting);
  g_free (self->lock_dir);

  G_OBJECT_CLASS (ch_p11_hub_parent_class)->finalize (object);
}

static void
ch_p11_hub_class_init (ChP11HubClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_p11_hub_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_p11_hub_finalize;
}

static void
ch_p11_hub_init (ChP11Hub *self)
{
  self->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->missed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_weak);
}

/**
 * ch_p11_hub_new:
 * @program: certhall-module
 * @module: the PKCS#11 library
 * @limit_ms: how long a usual call of it may take
 * @lock_dir: where programs that work with media keep apart; made when it is missing
 *
 * The list is empty until ch_token_hub_settle_async() is called, which starts the module; from then on it
 * follows what is plugged in and out, in the main context of the caller.
 *
 * Returns: (transfer full): the hub
 */
ChP11Hub *
ch_p11_hub_new (const char *program, const char *module, guint limit_ms, const char *lock_dir)
{
  ChP11Hub *self = g_object_new (CH_TYPE_P11_HUB, NULL);
  g_autoptr (GError) error = NULL;

  if (!ch_file_make_dir (lock_dir, &error))
    g_warning ("%s", error->message);
  self->lock_dir = g_strdup (lock_dir);
  self->host = ch_p11_host_new (program, module, limit_ms);
  ch_p11_host_watch (self->host, on_event_cb, self);
  return self;
}
